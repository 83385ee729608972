//! What the engine asks by itself, and when: the list of mailboxes, how many messages they have, whether there is anything
//! new. Knows no connection.

use crate::border::MailboxId;
use crate::store::Store;
use postern_protocol::Time;
use std::collections::VecDeque;
use std::time::Duration;

/// What is to be asked.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    /// The list of mailboxes was asked on this link.
    is_listed: bool,
    /// The server would not list and count in one.
    is_plain: bool,
    /// Mailboxes to count, in this order.
    waiting: VecDeque<MailboxId>,
    /// All of them are to be counted.
    is_count_wanted: bool,
    /// Those that the server would not count for now: they are counted with the next poll.
    uncounted: Vec<MailboxId>,
    is_poll_wanted: bool,
    next: Option<Time>,
    counted_at: Option<Time>,
    /// If nothing came by then, the link is dead.
    probe_until: Option<Time>,
    /// The unread count of the open mailbox is uncertain: the server is asked at this time.
    recount_at: Option<Time>,
}

impl Schedule {
    /// A new link knows nothing of what was asked on the old one.
    pub(crate) fn restart(&mut self) {
        *self = Self { is_plain: self.is_plain, ..Self::default() };
    }

    /// A person asks for whatever is new: of mailboxes, counts, and the open mailbox.
    pub(crate) fn refresh(&mut self, now: Time) {
        (self.is_listed, self.is_plain) = (false, false);
        (self.is_poll_wanted, self.is_count_wanted) = (true, true);
        self.recount_soon(now);
    }

    /// Whether the link still lives is to be found out soon: the machine slept, or changed its network.
    pub(crate) fn probe(&mut self, now: Time) {
        self.probe_until = Some(now + PROBE);
    }

    /// The link lives.
    pub(crate) fn probe_answered(&mut self) {
        self.probe_until = None;
    }

    /// Whether a link that was probed has said nothing.
    pub(crate) fn is_dead(&self, now: Time) -> bool {
        self.probe_until.is_some_and(|at| at <= now)
    }

    /// Something happened on the second link, or may have: ask on the first.
    pub(crate) fn poll_soon(&mut self, now: Time) {
        self.is_poll_wanted = true;
        // Mail that moves (a filter, another client) shows in other mailboxes, too.
        if self.counted_at.is_none_or(|at| now >= at + COUNTS_APART) {
            self.is_count_wanted = true;
        }
    }

    /// The unread count of the open mailbox is uncertain. Whatever made it so may come in numbers: wait a bit.
    pub(crate) fn recount_soon(&mut self, now: Time) {
        self.recount_at.get_or_insert(now + RECOUNT_DELAY);
    }

    /// When something is due.
    pub(crate) fn next(&self) -> Option<Time> {
        [self.next, self.probe_until, self.recount_at].into_iter().flatten().min()
    }

    /// Plans what is due: `open` is the open mailbox, and `is_idling` tells whether what is new there comes by itself.
    pub(crate) fn run_due(
        &mut self,
        now: Time,
        open: Option<MailboxId>,
        inbox: Option<MailboxId>,
        is_idling: bool,
    ) {
        if self.recount_at.is_some_and(|at| at <= now) {
            self.recount_at = None;
            self.waiting.extend(open);
        }
        if self.next.is_some_and(|at| at <= now) {
            self.next = Some(now + POLL_EVERY);
            self.is_poll_wanted |= !is_idling;
            self.waiting.extend(inbox.filter(|inbox| Some(*inbox) != open));
            self.waiting.extend(std::mem::take(&mut self.uncounted));
        }
    }

    /// Plans to count all mailboxes, if that is wanted. `followed` is the mailbox whose messages are followed: once it was
    /// counted it counts itself.
    pub(crate) fn count_if_wanted(&mut self, store: &Store, followed: Option<MailboxId>, now: Time) {
        if std::mem::take(&mut self.is_count_wanted) {
            self.counted_at = Some(now);
            let counts_itself = followed.filter(|id| store.mailboxes().counts(*id).unread.is_some());
            let others = store.mailboxes().selectable().filter(|id| Some(*id) != counts_itself);
            self.waiting = others.take(MOST_COUNTED).collect();
        }
    }

    /// All mailboxes are to be counted.
    pub(crate) fn want_counts(&mut self) {
        self.is_count_wanted = true;
    }

    /// The next mailbox to count.
    pub(crate) fn next_count(&self, may_ask: impl Fn(MailboxId) -> bool) -> Option<MailboxId> {
        self.waiting.iter().copied().find(|id| may_ask(*id))
    }

    /// These are not counted, for all that they wait for it.
    pub(crate) fn drop_counts(&mut self, is_meant: impl Fn(MailboxId) -> bool) {
        self.waiting.retain(|mailbox| !is_meant(*mailbox));
    }

    /// This mailbox is being counted. Those before it can't be.
    pub(crate) fn count_asked(&mut self, mailbox: MailboxId) {
        while self.waiting.pop_front().is_some_and(|first| first != mailbox) {}
    }

    /// This mailbox could not be counted now.
    pub(crate) fn count_later(&mut self, mailbox: MailboxId) {
        self.uncounted.push(mailbox);
    }

    pub(crate) fn is_poll_wanted(&self) -> bool {
        self.is_poll_wanted
    }

    /// The server is being asked for whatever is new.
    pub(crate) fn poll_asked(&mut self) {
        self.is_poll_wanted = false;
    }

    pub(crate) fn is_listed(&self) -> bool {
        self.is_listed
    }

    /// The list of mailboxes is being asked for.
    pub(crate) fn list_asked(&mut self, now: Time) {
        self.is_listed = true;
        self.next.get_or_insert(now + POLL_EVERY);
    }

    /// The list of mailboxes is to be asked for again.
    pub(crate) fn list_again(&mut self) {
        self.is_listed = false;
    }

    /// Whether the list is asked for without its counts.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// The list is asked for without its counts from now on.
    pub(crate) fn make_plain(&mut self) {
        self.is_plain = true;
    }
}

/// NOOP if nothing idles, and a look at the inbox while another mailbox is open.
const POLL_EVERY: Duration = Duration::from_secs(60);
/// How long a link may be silent that is asked whether it lives.
const PROBE: Duration = Duration::from_secs(10);
const RECOUNT_DELAY: Duration = Duration::from_millis(300);
/// All mailboxes are counted after something new at most this often.
const COUNTS_APART: Duration = Duration::from_secs(30);
const MOST_COUNTED: usize = 200;
