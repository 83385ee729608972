//! FETCH of the rows of the open list, by sequence numbers. What comes is taken in by `follow`, as is what nobody asked for.

use crate::account::desk::Desk;
use crate::account::empty_rows::{self, Cause};
use crate::account::follow;
use crate::account::ingest;
use crate::account::job::{Job, JobLink};
use crate::account::key::JobKey;
use crate::account::refusals::slow_down;
use crate::account::rows::next_gap;
use crate::account::stubborn::{Detail, Next};
use crate::border::{MailboxId, ProblemCode};
use crate::link::{Refusal, is_link_gone, words};
use postern_protocol::imap::command::Fetch;
use postern_protocol::imap::{CommandError, Done, SeqNo, SeqSet};
use std::ops::RangeInclusive;

#[derive(Debug)]
struct Rows {
    detail: Detail,
}

pub(super) fn start(desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    let Some(list) = desk.demand.list else { return };
    let Some(gap) = desk.tx.folder(list.mailbox).and_then(|folder| next_gap(&list, folder)) else { return };
    let (gap, detail) = desk.work.rows.plan(gap);
    let mut set = SeqSet::new();
    if let (Some(low), Some(high)) = (SeqNo::new(*gap.start()), SeqNo::new(*gap.end())) {
        set.push_range(low, high);
    }
    desk.work.rows.begin(gap, detail);
    link.send(Fetch::new(set, ingest::attributes(detail)), Box::new(Rows { detail }), desk.now);
}

impl Job for Rows {
    fn key(&self) -> JobKey {
        JobKey::Rows
    }

    fn done(&mut self, result: &Result<Done, CommandError>, desk: &mut Desk<'_, '_>) {
        let Some(mailbox) = desk.followed() else { return };
        // What never came of these rows will not come any more.
        for (seq, part) in desk.work.rows.take_parts() {
            if let Some(uid) = part.uid.filter(|_| result.is_ok()) {
                follow::take_new(desk, mailbox, seq, uid, &part);
            }
        }
        if result.as_ref().is_err_and(asks_again) {
            return;
        }
        if let Some(asked) = desk.work.rows.take_asked() {
            self.judge(mailbox, asked, result, desk);
        }
        desk.work.rows.want_extras();
        desk.tx.finish_arrivals(mailbox);
    }
}

impl Rows {
    /// Whether what was asked for came, and what follows if it did not.
    fn judge(
        &self,
        mailbox: MailboxId,
        asked: RangeInclusive<u32>,
        result: &Result<Done, CommandError>,
        desk: &mut Desk<'_, '_>,
    ) {
        let rows = &mut desk.work.rows;
        match result {
            Ok(_) if rows.has_brought_rows() => self.note_lean(mailbox, &asked, desk),
            Ok(_) => {
                if rows.stubborn().gave_nothing(&asked) == Next::GiveUp {
                    empty_rows::give_up(desk, mailbox, asked, Cause::Broken);
                }
            }
            // What did not come is asked for by itself.
            Err(_) if rows.has_brought_rows() => {}
            Err(error) => refused(mailbox, asked, error, desk),
        }
    }

    /// Rows came without their details, since a link ended over them or the server would not give them: those are asked
    /// for by themselves.
    fn note_lean(&self, mailbox: MailboxId, asked: &RangeInclusive<u32>, desk: &mut Desk<'_, '_>) {
        if self.detail == Detail::Full {
            return;
        }
        let is_risky = desk.work.rows.stubborn().is_over_a_link(asked);
        let Some(order) = desk.tx.order(mailbox) else { return };
        let ids: Vec<_> = asked.clone().filter_map(|seq| order.at_seq(seq)).collect();
        desk.work.details.add(mailbox, &ids, is_risky, desk.now);
    }
}

/// What has other numbers now is asked for by these.
fn asks_again(error: &CommandError) -> bool {
    is_link_gone(error) || matches!(error, CommandError::Cancelled | CommandError::Renumbered)
}

fn refused(mailbox: MailboxId, asked: RangeInclusive<u32>, error: &CommandError, desk: &mut Desk<'_, '_>) {
    let (patience, wait) = match Refusal::of(error) {
        Refusal::SlowDown(wait) => return slow_down(desk, wait, error),
        Refusal::ForNow(wait) => (PATIENCE_FOR_NOW, wait),
        Refusal::Unclear => (PATIENCE, None),
        Refusal::Final => (0, None),
    };
    match desk.work.rows.stubborn().refused(&asked, patience) {
        Next::Otherwise => {}
        Next::Later => {
            if desk.work.trials.refused(JobKey::Rows, wait, desk.now) > 1 {
                desk.trouble(ProblemCode::NotNow, words(error));
            }
        }
        Next::GiveUp => empty_rows::give_up(desk, mailbox, asked, Cause::Refused),
    }
}

/// A link ended over the rows that were asked for. Servers send them in order: the first that did not come is the one,
/// unless none came at all.
pub(crate) fn ended_link(desk: &mut Desk<'_, '_>) {
    let (Some(mailbox), Some(asked)) = (desk.demand.open_mailbox(), desk.work.rows.take_asked()) else {
        return;
    };
    let Some(order) = desk.tx.order(mailbox) else { return };
    let blamed = match asked.clone().find(|seq| order.at_seq(*seq).is_none()) {
        Some(first) if desk.work.rows.has_brought_rows() => first..=first,
        Some(_) => asked,
        None => return,
    };
    if desk.work.rows.stubborn().ended_link(&blamed) == Next::GiveUp {
        empty_rows::give_up(desk, mailbox, blamed, Cause::Broken);
        desk.trouble(ProblemCode::SetAside, "the row of one message".to_owned());
    }
}

/// How often a range is refused before it is split.
const PATIENCE: u32 = 2;
/// The same if the server says that it passes.
const PATIENCE_FOR_NOW: u32 = 3;
