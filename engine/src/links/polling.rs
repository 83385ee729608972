//! What the engine asks by itself: the list of mailboxes, how many messages they have, whether there is news.

use crate::border::{MailboxId, MailboxRole, Problem, ProblemCode, Update};
use crate::engine::Engine;
use crate::links::link::{Link, Listing, Purpose, Role};
use crate::links::quarantine::Next;
use crate::links::session::Phase;
use crate::links::sign_in::{is_link_gone, words};
use crate::links::trials::Subject;
use crate::mailbox::mailboxes::{Counts, Listed};
use postern_protocol::Time;
use postern_protocol::imap::command::{self, Noop, Status, StatusAttribute};
use postern_protocol::imap::{Capability, CommandError, Done, ListItem, MailboxAttribute, StatusItem};
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

/// What is to be asked, and when.
#[derive(Debug, Default)]
pub(crate) struct Polling {
    /// The list of mailboxes was asked on this link.
    is_listed: bool,
    /// The server would not list and count in one.
    pub(crate) is_plain: bool,
    listing: Vec<Listed>,
    /// What came with the list, for mailboxes that may not have a number yet.
    listed_counts: Vec<StatusItem>,
    /// Mailboxes to count, in this order.
    waiting: VecDeque<MailboxId>,
    /// Those that the server would not count for now: they are counted with the next poll.
    uncounted: Vec<MailboxId>,
    /// Mailboxes whose counts changed and are to be told.
    changed: BTreeSet<MailboxId>,
    is_poll_wanted: bool,
    next: Option<Time>,
    counted_at: Option<Time>,
    /// If nothing came by then, the link is dead.
    probe_until: Option<Time>,
}

impl Polling {
    /// A new work link knows nothing of what was asked on the old one.
    pub(crate) fn restart(&mut self) {
        let changed = std::mem::take(&mut self.changed);
        *self = Self { changed, is_plain: self.is_plain, ..Self::default() };
    }

    /// A person asks anew: what was given up is tried again.
    pub(crate) fn forgive(&mut self) {
        self.is_plain = false;
    }

    /// This mailbox could not be counted now.
    pub(crate) fn count_later(&mut self, mailbox: MailboxId) {
        self.uncounted.push(mailbox);
    }
}

impl Engine {
    /// The user asks for news: of mailboxes, counts, and the open mailbox.
    pub(crate) fn refresh(&mut self) {
        self.forgive();
        self.polling.is_listed = false;
        self.polling.is_poll_wanted = true;
        self.count_all();
        self.recount_soon();
    }

    /// Whether the work link still lives is to be found out soon: the machine slept, or changed its network.
    pub(crate) fn probe(&mut self) {
        self.refresh();
        self.polling.probe_until = Some(self.now + PROBE);
    }

    /// Bytes came over the work link.
    pub(crate) fn probe_answered(&mut self) {
        self.polling.probe_until = None;
    }

    /// Something happened on the side link, or may have: ask on the work link.
    pub(crate) fn poll_soon(&mut self) {
        self.polling.is_poll_wanted = true;
        // Mail that moves (a filter, another client) shows in other mailboxes, too.
        if self.polling.counted_at.is_none_or(|at| self.now >= at + COUNTS_APART) {
            self.count_all();
        }
    }

    /// The unread count of the open mailbox is uncertain. Whatever made it so may come in numbers: wait a bit.
    pub(crate) fn recount_soon(&mut self) {
        self.view.recount_at.get_or_insert(self.now + RECOUNT_DELAY);
    }

    pub(crate) fn next_poll(&self) -> Option<Time> {
        let times = [self.polling.next, self.polling.probe_until, self.view.recount_at];
        times.into_iter().flatten().min().filter(|_| self.phase == Phase::Online)
    }

    pub(crate) fn poll_if_due(&mut self) {
        if self.polling.probe_until.is_some_and(|at| at <= self.now) {
            let detail = "the server did not answer".to_owned();
            return self.fail_link(Role::Work, Problem { code: ProblemCode::ConnectionLost, detail });
        }
        if self.view.recount_at.is_some_and(|at| at <= self.now) {
            self.view.recount_at = None;
            let open = self.view.mailbox;
            self.polling.waiting.extend(open);
        }
        if self.polling.next.is_some_and(|at| at <= self.now) {
            self.polling.next = Some(self.now + POLL_EVERY);
            self.polling.is_poll_wanted |= !self.is_idling();
            let inbox = self
                .mailboxes
                .with_role(MailboxRole::Inbox)
                .filter(|inbox| Some(*inbox) != self.view.mailbox);
            self.polling.waiting.extend(inbox);
            let uncounted = std::mem::take(&mut self.polling.uncounted);
            self.polling.waiting.extend(uncounted);
        }
    }

    /// Asks for the mailboxes, once on each link and again on each refresh.
    pub(crate) fn ask_mailboxes(&mut self) {
        if self.polling.is_listed {
            return;
        }
        let now = self.now;
        let is_plain = self.polling.is_plain || !self.trials.allows(Subject::CountedMailboxes, now);
        let may_ask = self.trials.allows(Subject::Mailboxes, now);
        let Some(link) = self.ready_link(Role::Work).filter(|_| may_ask) else { return };
        let can_count = !is_plain && link.connection.capabilities().contains(&Capability::ListStatus);
        let (status, listing) = match can_count {
            true => (counted_attributes(), Listing::Counted),
            false => (Vec::new(), Listing::Plain),
        };
        link.send(command::List { status, ..command::List::all() }, Purpose::Mailboxes(listing), now);
        self.polling.is_listed = true;
        self.polling.listing.clear();
        self.polling.listed_counts.clear();
        self.polling.next.get_or_insert(now + POLL_EVERY);
    }

    /// Asks for news and counts, few at a time: the user's own wishes must not queue behind them.
    pub(crate) fn ask_counts(&mut self) {
        let now = self.now;
        let Some(link) = self.work.as_mut().filter(|link| link.is_signed_in()) else { return };
        if self.polling.is_poll_wanted && !link.any(|purpose| purpose == Purpose::Poll) {
            self.polling.is_poll_wanted = false;
            link.send(Noop, Purpose::Poll, now);
        }
        while link.count(|purpose| matches!(purpose, Purpose::Counts(_))) < COUNTED_AT_ONCE
            && let Some(id) = self.polling.waiting.pop_front()
        {
            if !self.trials.allows(Subject::Counts(id), now) {
                continue;
            }
            if let Some(mailbox) = self.mailboxes.name(id).cloned() {
                link.send(Status { mailbox, attributes: counted_attributes() }, Purpose::Counts(id), now);
            }
        }
    }

    pub(crate) fn mailbox_listed(&mut self, item: &ListItem) {
        let role = ROLES.into_iter().find(|(attribute, _)| item.has(attribute)).map(|(_, role)| role);
        let selectable = item.is_selectable();
        let name = item.name.clone();
        self.polling.listing.push(Listed { name, delimiter: item.delimiter, role, selectable });
    }

    pub(crate) fn mailboxes_answered(&mut self, how: Listing, result: &Result<Done, CommandError>) {
        let mut listing = std::mem::take(&mut self.polling.listing);
        match result {
            Ok(_) => {
                // RFC 9051 section 5.1: it is always there, whatever the list says.
                if !listing.iter().any(|one| one.name.is_inbox()) {
                    listing.push(Listed::inbox());
                }
                self.mailboxes.replace(listing);
                let counts = std::mem::take(&mut self.polling.listed_counts);
                counts.iter().for_each(|status| self.counted(status));
                let mailboxes = self.mailboxes.rows();
                self.tell(Update::Mailboxes { mailboxes });
                // Without LIST-STATUS each mailbox is asked for.
                if counts.is_empty() {
                    self.count_all();
                }
            }
            Err(error) if is_link_gone(error) => {}
            Err(error) => self.mailboxes_refused(how, error),
        }
    }

    /// The server would not list its mailboxes. It is asked again; INBOX is there meanwhile.
    fn mailboxes_refused(&mut self, how: Listing, error: &CommandError) {
        match self.refused(Subject::Mailboxes, error) {
            Next::Later(times) => {
                self.polling.is_listed = false;
                if times > 0 && how == Listing::Counted {
                    self.polling.is_plain = true;
                    self.trials.allow(|subject| subject == Subject::Mailboxes);
                }
                if times > 1 {
                    self.tell_trouble(ProblemCode::NotNow, words(error));
                    self.do_with_inbox();
                }
            }
            Next::Never => {
                self.tell_trouble(ProblemCode::NotNow, words(error));
                self.do_with_inbox();
                self.trials.refused(Subject::Mailboxes, Some(LIST_AGAIN), self.now);
                self.polling.is_listed = false;
            }
        }
    }

    /// Nothing is known of the mailboxes but that there is an INBOX.
    pub(crate) fn do_with_inbox(&mut self) {
        if self.mailboxes.rows().is_empty() {
            self.mailboxes.replace(vec![Listed::inbox()]);
            let mailboxes = self.mailboxes.rows();
            self.tell(Update::Mailboxes { mailboxes });
        }
    }

    /// A mailbox was counted along with the list (RFC 5819).
    pub(crate) fn counted_with_list(&mut self, status: StatusItem) {
        self.polling.listed_counts.push(status);
    }

    /// What STATUS said.
    pub(crate) fn counted(&mut self, status: &StatusItem) {
        let Some(id) = self.mailboxes.id(&status.mailbox) else { return };
        // What the server counts does not hold what was not sent yet.
        let unread = if self.wishes.any_for(id) { None } else { status.unseen };
        if self.wishes.any_for(id) && self.view.mailbox == Some(id) {
            self.recount_soon();
        }
        let known = self.mailboxes.counts(id);
        let is_listed = self.listed_mailbox() == Some(id);
        let total = if is_listed { known.total } else { status.messages.or(known.total) };
        self.set_counts(id, Counts { total, unread: unread.or(known.unread) });
    }

    /// The server tells of a message that came, went, was read or not. A STATUS on its way may have counted that
    /// already, so that the count is made sure of afterwards.
    pub(crate) fn adjust_unread_and_recount(&mut self, mailbox: MailboxId, by: i32) {
        self.adjust_unread(mailbox, by);
        if self.view.mailbox == Some(mailbox) {
            self.recount_soon();
        }
    }

    /// One more or one less is unread.
    pub(crate) fn adjust_unread(&mut self, mailbox: MailboxId, by: i32) {
        let is_asked = |link: &Link| link.any(|purpose| purpose == Purpose::Counts(mailbox));
        if self.work.as_ref().is_some_and(is_asked) {
            self.recount_soon();
        }
        let counts = self.mailboxes.counts(mailbox);
        let unread = counts.unread.map(|unread| unread.saturating_add_signed(by));
        self.set_counts(mailbox, Counts { unread, ..counts });
    }

    pub(crate) fn set_counts(&mut self, mailbox: MailboxId, counts: Counts) {
        if self.mailboxes.set_counts(mailbox, counts) {
            self.polling.changed.insert(mailbox);
        }
    }

    /// Tells each count that changed, once, as it is now.
    pub(crate) fn flush_counts(&mut self) {
        for mailbox in std::mem::take(&mut self.polling.changed) {
            let Counts { total, unread } = self.mailboxes.counts(mailbox);
            self.tell(Update::MailboxCounts { mailbox, total, unread });
        }
    }

    /// The open mailbox counts itself, once it was counted.
    fn count_all(&mut self) {
        self.polling.counted_at = Some(self.now);
        let counts_itself = self.listed_mailbox().filter(|id| self.mailboxes.counts(*id).unread.is_some());
        let others = self.mailboxes.selectable().filter(|id| Some(*id) != counts_itself);
        self.polling.waiting = others.take(MOST_COUNTED).collect();
    }
}

fn counted_attributes() -> Vec<StatusAttribute> {
    vec![StatusAttribute::Messages, StatusAttribute::Unseen]
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

/// NOOP where nothing idles, and a look at the inbox where another mailbox is open.
const POLL_EVERY: Duration = Duration::from_secs(60);
/// How long a link may be silent that is asked whether it lives.
const PROBE: Duration = Duration::from_secs(10);
/// A list that the server refused for good is asked for again all the same: it can't be done without.
const LIST_AGAIN: Duration = Duration::from_secs(60);
const RECOUNT_DELAY: Duration = Duration::from_millis(300);
/// All mailboxes are counted after news at most this often.
const COUNTS_APART: Duration = Duration::from_secs(30);
const COUNTED_AT_ONCE: usize = 4;
const MOST_COUNTED: usize = 200;
