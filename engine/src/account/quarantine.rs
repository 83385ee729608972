//! What ended a link: it is tried once more, or set aside while all else goes on.

use crate::account::desk::Desk;
use crate::account::jobs::{details, list_mailboxes, rows, select, store_flags};
use crate::account::key::{Body, JobKey, Listing};
use crate::account::role::Role;
use crate::account::trials::Verdict;
use crate::account::{empty_rows, job::JobLink};
use crate::border::{MailboxId, Problem, ProblemCode};

/// A link ended: what it ended over may be to blame. What ended two of them is set aside.
pub(crate) fn blame(desk: &mut Desk<'_, '_>, link: &JobLink) {
    let Some(key) = link.ended_over() else { return };
    match key {
        JobKey::Rows => return rows::ended_link(desk),
        JobKey::Details(mailbox) => return details::ended_link(desk, mailbox),
        // A server that lets nobody idle for long is no reason to stop: the link is just made again.
        JobKey::Idle if link.has_lived(desk.now) || desk.role == Role::Foreground => return,
        JobKey::ListMailboxes(Listing::Counted) => desk.work.schedule.make_plain(),
        JobKey::Previews | JobKey::Headers | JobKey::Noop => return,
        _ => {}
    }
    if desk.work.trials.ended_link(key, desk.now) == Verdict::SetAside {
        set_aside(desk, key);
    } else if let JobKey::Window(Body::Piece(message, _), _) = key {
        desk.work.reads.move_to_background(message);
    }
}

/// A person refreshes: whatever waited or was set aside is asked again.
pub(crate) fn forgive(desk: &mut Desk<'_, '_>) {
    desk.work.trials.forgive();
    desk.report(crate::report::Report::TroublesForgiven);
    empty_rows::retry_all(desk);
    if let Some(open) = desk.demand.open_mailbox() {
        desk.work.details.ask_again(open, desk.tx);
    }
}

/// This ended two links, and is left out from now on.
fn set_aside(desk: &mut Desk<'_, '_>, key: JobKey) {
    let problem = |detail: &str| Problem { code: ProblemCode::SetAside, detail: detail.to_owned() };
    match key {
        JobKey::ListMailboxes(Listing::Plain) => {
            desk.trouble(ProblemCode::SetAside, "the list of folders".to_owned());
            list_mailboxes::do_with_inbox(desk);
        }
        JobKey::Status(mailbox) => {
            let detail = format!("the number of messages in “{}”", path(desk, mailbox));
            desk.trouble(ProblemCode::SetAside, detail);
        }
        JobKey::Select(mailbox) => {
            let detail = format!("opening the folder “{}”", path(desk, mailbox));
            select::give_up(desk, mailbox, &problem(&detail));
            desk.trouble(ProblemCode::SetAside, detail);
        }
        JobKey::Compare(mailbox) => desk.start_over(mailbox),
        JobKey::StoreFlags(number) => {
            store_flags::give_up(desk, number, problem("changing marks of messages"));
        }
        JobKey::Window(Body::Piece(message, _), _) => {
            desk.fail_message(message, problem("the text of this message"));
        }
        JobKey::Window(Body::Download(download), _) => {
            desk.fail_download(download, problem("this attachment"));
        }
        // What is new comes by polling, ID is left out, and the list is asked for without its counts.
        JobKey::Introduce
        | JobKey::Idle
        | JobKey::ListMailboxes(Listing::Counted)
        | JobKey::Rows
        | JobKey::Details(_)
        | JobKey::Previews
        | JobKey::Headers
        | JobKey::Noop => {}
    }
}

fn path(desk: &Desk<'_, '_>, mailbox: MailboxId) -> String {
    desk.tx.mailboxes().name(mailbox).map(ToString::to_string).unwrap_or_default()
}
