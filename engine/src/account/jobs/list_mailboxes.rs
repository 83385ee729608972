//! LIST: all mailboxes, with their counts if the server can do both in one (LIST-STATUS, RFC 5819).

use crate::account::desk::Desk;
use crate::account::job::{Job, JobLink};
use crate::account::jobs::status;
use crate::account::key::{JobKey, Listing};
use crate::account::refusals::{Retry, refused};
use crate::border::{MailboxRole, ProblemCode};
use crate::link::{is_link_gone, words};
use crate::store::Listed;
use postern_protocol::imap::command::List;
use postern_protocol::imap::{CommandError, Done, Item, ListItem, MailboxAttribute, StatusItem};
use std::time::Duration;

#[derive(Debug)]
struct ListMailboxes {
    listing: Listing,
    listed: Vec<Listed>,
    /// What came with the list, for mailboxes that may not have a number yet.
    counts: Vec<StatusItem>,
}

pub(super) fn start(listing: Listing, desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    let status = match listing {
        Listing::Counted => status::attributes(),
        Listing::Plain => Vec::new(),
    };
    desk.work.schedule.list_asked(desk.now);
    let job = ListMailboxes { listing, listed: Vec::new(), counts: Vec::new() };
    link.send(List { status, ..List::all() }, Box::new(job), desk.now);
}

impl Job for ListMailboxes {
    fn key(&self) -> JobKey {
        JobKey::ListMailboxes(self.listing)
    }

    fn item(&mut self, item: Item, _: &mut Desk<'_, '_>) {
        match item {
            Item::Mailbox(item) => self.listed.push(listed(&item)),
            Item::Status(status) => self.counts.push(status),
            _ => {}
        }
    }

    fn done(&mut self, result: &Result<Done, CommandError>, desk: &mut Desk<'_, '_>) {
        match result {
            Ok(_) => self.finish(desk),
            Err(error) if is_link_gone(error) => {}
            Err(error) => self.refused(error, desk),
        }
    }
}

impl ListMailboxes {
    fn finish(&mut self, desk: &mut Desk<'_, '_>) {
        let mut listed = std::mem::take(&mut self.listed);
        // RFC 9051 section 5.1: it is always there, whatever the list says.
        if !listed.iter().any(|one| one.name.is_inbox()) {
            listed.push(Listed::inbox());
        }
        desk.tx.put_mailboxes(listed);
        self.counts.iter().for_each(|counts| status::counted(desk, counts));
        // Without LIST-STATUS each mailbox is counted by itself.
        if self.counts.is_empty() {
            desk.work.schedule.want_counts();
        }
    }

    /// The server would not list its mailboxes. It is asked again; INBOX is there meanwhile.
    fn refused(&mut self, error: &CommandError, desk: &mut Desk<'_, '_>) {
        let key = JobKey::ListMailboxes(Listing::Plain);
        desk.work.schedule.list_again();
        match refused(desk, key, error) {
            Retry::Later(times) => {
                if times > 0 && self.listing == Listing::Counted {
                    desk.work.schedule.make_plain();
                    desk.work.trials.allow(|other| other == key);
                }
                if times > 1 {
                    desk.trouble(ProblemCode::NotNow, words(error));
                    do_with_inbox(desk);
                }
            }
            Retry::Never => {
                desk.trouble(ProblemCode::NotNow, words(error));
                do_with_inbox(desk);
                desk.work.trials.refused(key, Some(AGAIN), desk.now);
            }
        }
    }
}

/// Nothing is known of the mailboxes but that there is an INBOX.
pub(crate) fn do_with_inbox(desk: &mut Desk<'_, '_>) {
    if desk.tx.mailboxes().rows().is_empty() {
        desk.tx.put_mailboxes(vec![Listed::inbox()]);
    }
}

fn listed(item: &ListItem) -> Listed {
    let role = ROLES.into_iter().find(|(attribute, _)| item.has(attribute)).map(|(_, role)| role);
    let (name, delimiter, selectable) = (item.name.clone(), item.delimiter, item.is_selectable());
    Listed { name, delimiter, role, selectable }
}

const ROLES: [(MailboxAttribute, MailboxRole); 7] = [
    (MailboxAttribute::Drafts, MailboxRole::Drafts),
    (MailboxAttribute::Sent, MailboxRole::Sent),
    (MailboxAttribute::Archive, MailboxRole::Archive),
    (MailboxAttribute::Junk, MailboxRole::Junk),
    (MailboxAttribute::Trash, MailboxRole::Trash),
    (MailboxAttribute::All, MailboxRole::All),
    (MailboxAttribute::Flagged, MailboxRole::Flagged),
];

/// A list that the server refused for good is asked for again all the same: it can't be done without.
const AGAIN: Duration = Duration::from_secs(60);
