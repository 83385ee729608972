//! What one write touched. `Tx` fills it in as it writes, so that nobody can forget to report anything; views and the
//! account read it afterwards. Plain data.

use crate::border::{MailboxId, MessageId};
use crate::store::order::Splice;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that was touched since the write began.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// The list of mailboxes was replaced.
    pub(crate) mailboxes: bool,
    /// Mailboxes whose total or unread count is another one now.
    pub(crate) counts: BTreeSet<MailboxId>,
    /// Mailboxes in which one message more or less is unread: a count that is on its way from the server may or may not
    /// know of it.
    pub(crate) unread: BTreeSet<MailboxId>,
    /// Mailboxes whose unread count may be wrong: only the server can tell.
    pub(crate) doubted: BTreeSet<MailboxId>,
    /// Lists whose rows came, went or moved.
    pub(crate) lists: BTreeMap<MailboxId, Delta>,
    pub(crate) messages: BTreeMap<MessageId, Facets>,
    /// New messages whose rows are known, by mailbox; oldest first.
    pub(crate) arrived: BTreeMap<MailboxId, Vec<MessageId>>,
}

/// What became of one list.
#[derive(Debug, Default)]
pub(crate) struct Delta {
    /// Its UIDs mean other messages now, or our numbers no longer agree with the server's: it begins anew.
    pub(crate) is_reset: bool,
    /// It agrees with the server's again.
    pub(crate) is_in_step: bool,
    /// What came and went, each in the list that the one before it left. Those before a reset are left out.
    pub(crate) splices: Vec<Splice>,
}

/// What of a message was touched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Facets {
    /// What its row shows, or where that stands.
    pub(crate) row: bool,
    /// The flags to show.
    pub(crate) flags: bool,
    /// It was read and can be shown.
    pub(crate) body: bool,
    /// It is no longer there.
    pub(crate) gone: bool,
}

impl Changes {
    /// What is noted of a list so far.
    pub(super) fn list(&mut self, mailbox: MailboxId) -> &mut Delta {
        self.lists.entry(mailbox).or_default()
    }

    /// What is noted of a message so far.
    pub(super) fn message(&mut self, id: MessageId) -> &mut Facets {
        self.messages.entry(id).or_default()
    }

    /// The list begins anew: what was noted of it before is of no interest.
    pub(super) fn reset(&mut self, mailbox: MailboxId) {
        self.lists.insert(mailbox, Delta { is_reset: true, ..Delta::default() });
    }
}
