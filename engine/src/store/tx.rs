//! Every write that there is. What it touches it notes in [`Changes`]. The unread counts are adjusted here and nowhere else.

use crate::border::{Flags, MailboxId, MessageId, MessageView};
use crate::store::actions::PendingAction;
use crate::store::changes::{Changes, Delta};
use crate::store::folders::Identity;
use crate::store::listed::Listed;
use crate::store::mailboxes::Counts;
use crate::store::messages::Message;
use crate::store::order::{Grown, Order};
use crate::store::tables::Store;
use std::collections::BTreeSet;
use std::ops::Deref;

/// A write under way. Reads see what it wrote so far.
#[derive(Debug)]
pub(crate) struct Tx<'s> {
    store: &'s mut Store,
    changes: Changes,
}

impl Deref for Tx<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        self.store
    }
}

/// Who changes what is shown of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    User,
    /// A count that is on its way may hold this already.
    Server,
}

impl<'s> Tx<'s> {
    /// Begins a write.
    pub(crate) fn begin(store: &'s mut Store) -> Self {
        Self { store, changes: Changes::default() }
    }

    /// Ends the write and gives what it touched.
    pub(crate) fn commit(self) -> Changes {
        self.changes
    }

    /// The server listed its mailboxes.
    pub(crate) fn put_mailboxes(&mut self, listed: Vec<Listed>) {
        self.store.mailboxes.replace(listed);
        self.changes.mailboxes = true;
    }

    /// The mailbox has this many messages, of which so many are unread.
    pub(crate) fn set_counts(&mut self, mailbox: MailboxId, counts: Counts) {
        if self.store.mailboxes.set_counts(mailbox, counts) {
            self.changes.counts.insert(mailbox);
        }
    }

    /// Only the server can tell how many messages are unread here.
    pub(crate) fn doubt_unread(&mut self, mailbox: MailboxId) {
        self.changes.doubted.insert(mailbox);
    }

    /// Somebody looks at this mailbox from now on. Those that were not looked at for long are forgotten.
    pub(crate) fn open_mailbox(&mut self, mailbox: MailboxId) {
        for stale in self.store.folders.open(mailbox) {
            self.forget_messages(stale);
            self.store.folders.remove(stale);
        }
        let total = self.store.mailboxes.counts(mailbox).total;
        let folder = self.store.folders.get_mut(mailbox);
        if folder.identity.uid_validity.is_none() {
            folder.order = Order::with_len(total.unwrap_or(0));
        }
        self.doubt_unread(mailbox);
    }

    /// What SELECT says of the mailbox: its UIDs may be compared only while its UIDVALIDITY stays the same.
    pub(crate) fn set_identity(&mut self, mailbox: MailboxId, identity: Identity) {
        self.store.folders.get_mut(mailbox).identity = identity;
    }

    /// Nobody follows what the server reports any more: the link is gone.
    pub(crate) fn lose_step(&mut self) {
        self.store.folders.lose_step();
    }

    /// Our numbers and the server's no longer agree, or its UIDs mean other messages: forgets all of the mailbox.
    pub(crate) fn reset_mailbox(&mut self, mailbox: MailboxId) {
        self.forget_messages(mailbox);
        self.store.folders.forget(mailbox);
        self.changes.reset(mailbox);
    }

    /// The mailbox has this many messages now.
    pub(crate) fn grow(&mut self, mailbox: MailboxId, len: u32) -> Grown {
        let folder = self.store.folders.get_mut(mailbox);
        let grown = folder.order.exists(len);
        if let Grown::By(splice) = grown {
            folder.new_on_top = folder.new_on_top.saturating_add(splice.inserted);
            self.changes.list(mailbox).splices.push(splice);
            self.count_total(mailbox);
        }
        grown
    }

    /// The message at this sequence number is gone; `false` if there was none.
    pub(crate) fn expunge(&mut self, mailbox: MailboxId, seq: u32) -> bool {
        let folder = self.store.folders.get_mut(mailbox);
        let Some((splice, gone)) = folder.order.expunge(seq) else { return false };
        if splice.at < folder.new_on_top {
            folder.new_on_top -= 1;
        }
        self.changes.list(mailbox).splices.push(splice);
        match gone {
            Some(id) => self.remove_message(id),
            None => self.doubt_unread(mailbox),
        }
        self.count_total(mailbox);
        true
    }

    /// This message stands at this sequence number; `false` if the mailbox ends before it.
    pub(crate) fn place(&mut self, mailbox: MailboxId, seq: u32, id: MessageId) -> bool {
        let is_placed = self.store.folders.get_mut(mailbox).order.place(seq, id).is_some();
        if is_placed {
            self.changes.message(id).row = true;
        }
        is_placed
    }

    /// The server's order is whole: ours becomes the same. Gives whether a sequence number means another message now.
    pub(crate) fn adopt(&mut self, mailbox: MailboxId, order: &Order) -> bool {
        let folder = self.store.folders.get_mut(mailbox);
        let mut left: Vec<_> = order.known_by_seq().collect();
        let have_moved = order.len() < folder.order.len()
            || left.iter().any(|(seq, id)| folder.order.at_seq(*seq) != Some(*id));
        if have_moved {
            folder.blanks.clear();
        } else {
            // The server does not send these; their places are the same.
            left.extend(folder.order.known_by_seq().filter(|(_, id)| folder.blanks.contains(id)));
            left.sort_unstable();
        }
        folder.is_in_step = true;
        let (splices, gone) = folder.order.reconcile(order.len(), left);
        let Delta { is_in_step, splices: all, .. } = self.changes.list(mailbox);
        *is_in_step = true;
        all.extend(splices);
        gone.into_iter().for_each(|id| self.remove_message(id));
        self.count_total(mailbox);
        self.doubt_unread(mailbox);
        have_moved
    }

    /// The server gives no row at this sequence number: an empty one holds its place. Gives the row's number.
    pub(crate) fn put_blank(&mut self, mailbox: MailboxId, seq: u32) -> MessageId {
        let id = self.store.messages.next_id();
        self.store.folders.get_mut(mailbox).blanks.insert(id);
        self.place(mailbox, seq, id);
        id
    }

    /// These empty rows are asked for again.
    pub(crate) fn remove_blanks(&mut self, mailbox: MailboxId, ids: &BTreeSet<MessageId>) {
        let folder = self.store.folders.get_mut(mailbox);
        folder.blanks.retain(|id| !ids.contains(id));
        folder.order.remove(ids);
    }

    /// A message that was not known before.
    pub(crate) fn put_message(&mut self, message: Message) -> MessageId {
        let (mailbox, uid, is_unread) = (message.mailbox, message.uid.value(), !message.flags.seen);
        let id = self.store.messages.put(message);
        self.changes.message(id).row = true;
        let folder = self.store.folders.get_mut(mailbox);
        let first_new = folder.identity.uid_next;
        if first_new != 0 && uid >= first_new && is_unread {
            folder.arrived.push(id);
            self.adjust_unread(mailbox, 1, By::Server);
        }
        id
    }

    /// Changes what is known of a message but for its flags.
    pub(crate) fn edit_message(&mut self, id: MessageId, edit: impl FnOnce(&mut Message) -> bool) {
        if self.store.messages.get_mut(id).is_some_and(edit) {
            self.changes.message(id).row = true;
        }
    }

    /// The message's preview is being asked for.
    pub(crate) fn note_preview_asked(&mut self, id: MessageId) {
        if let Some(message) = self.store.messages.get_mut(id) {
            message.preview_asked = true;
        }
    }

    /// All rows came that were asked for: the new messages among them can be shown.
    pub(crate) fn finish_arrivals(&mut self, mailbox: MailboxId) {
        let Store { messages, folders, .. } = &mut *self.store;
        let uid = |id: MessageId| messages.get(id).map_or(0, |message| message.uid.value());
        let folder = folders.get_mut(mailbox);
        let mut arrived = std::mem::take(&mut folder.arrived);
        arrived.sort_by_key(|id| uid(*id));
        let next = folder.order.known().next().map_or(0, |(_, id)| uid(id).saturating_add(1));
        folder.identity.uid_next = folder.identity.uid_next.max(next);
        let still_coming = folder.new_on_top.min(folder.order.len());
        if folder.order.first_gap(0, still_coming, 1).is_none() {
            folder.new_on_top = 0;
        }
        if !arrived.is_empty() {
            self.changes.arrived.entry(mailbox).or_default().extend(arrived);
        }
    }

    /// What the server says of a message's flags.
    pub(crate) fn set_server_flags(&mut self, id: MessageId, flags: Flags) {
        self.change_shown(By::Server, &[id], |store| {
            if let Some(message) = store.messages.get_mut(id) {
                message.flags = flags;
            }
        });
    }

    /// A message was read.
    pub(crate) fn put_body(&mut self, view: Box<MessageView>) {
        self.changes.message(view.id).body = true;
        self.store.bodies.put(view);
    }

    /// A message that was read is looked at again.
    pub(crate) fn touch_body(&mut self, id: MessageId) {
        self.changes.message(id).body = true;
        self.store.bodies.touch(id);
    }

    /// The user did something: it shows at once.
    pub(crate) fn push_action(&mut self, action: PendingAction) {
        let messages: Vec<_> = action.messages.iter().copied().collect();
        self.change_shown(By::User, &messages, |store| store.actions.push(action));
    }

    /// The action leaves for the server.
    pub(crate) fn send_action(&mut self, number: u64) {
        self.store.actions.set_sent(number, true);
    }

    /// The server would not do it now: it is sent again.
    pub(crate) fn unsend_action(&mut self, number: u64) {
        self.store.actions.set_sent(number, false);
    }

    /// The link broke: what was not answered is sent again.
    pub(crate) fn unsend_actions(&mut self) {
        self.store.actions.unsend_all();
    }

    /// The server did it.
    pub(crate) fn confirm_action(&mut self, number: u64) {
        let Some(action) = self.store.actions.remove(number) else { return };
        for id in &action.messages {
            // Most servers said so already, in a FETCH of their own.
            if let Some(message) = self.store.messages.get_mut(*id) {
                message.flags = action.applied_to(message.flags);
            }
        }
    }

    /// The server won't do it: what is shown is as it was.
    pub(crate) fn revert_action(&mut self, number: u64) {
        let Some(action) = self.store.actions.get(number) else { return };
        let messages: Vec<_> = action.messages.iter().copied().collect();
        self.change_shown(By::Server, &messages, |store| drop(store.actions.remove(number)));
    }

    /// This upstream's server is asked by the LOGIN command first from now on.
    pub(crate) fn remember_login_first(&mut self, upstream: Option<String>) {
        self.store.login_first.insert(upstream);
    }

    /// Nobody is signed in any more: nothing of the account is kept, and no number is used again.
    pub(crate) fn forget_account(&mut self) {
        self.store.mailboxes.clear();
        self.store.messages.clear();
        self.store.folders.clear();
        self.store.bodies.clear();
        self.store.actions.clear();
        self.changes = Changes::default();
    }

    fn forget_messages(&mut self, mailbox: MailboxId) {
        for id in self.store.messages.of(mailbox) {
            self.drop_message(id);
        }
    }

    fn remove_message(&mut self, id: MessageId) {
        if let (Some(flags), Some(message)) = (self.store.shown_flags(id), self.store.messages.get(id))
            && !flags.seen
        {
            self.adjust_unread(message.mailbox, -1, By::Server);
        }
        self.drop_message(id);
    }

    fn drop_message(&mut self, id: MessageId) {
        if let Some(message) = self.store.messages.get(id) {
            self.store.folders.get_mut(message.mailbox).arrived.retain(|new| *new != id);
        }
        self.store.actions.forget(id);
        self.store.bodies.remove(id);
        self.store.messages.remove(id);
        self.changes.message(id).gone = true;
    }

    /// Does something that may change how these messages' flags are shown, and notes what did change.
    fn change_shown(&mut self, by: By, messages: &[MessageId], change: impl FnOnce(&mut Store)) {
        let before: Vec<_> =
            messages.iter().filter_map(|id| Some((*id, self.store.shown_flags(*id)?))).collect();
        change(self.store);
        for (id, before) in before {
            let Some(flags) = self.store.shown_flags(id).filter(|flags| *flags != before) else { continue };
            self.changes.message(id).flags = true;
            if flags.seen != before.seen
                && let Some(mailbox) = self.store.messages.get(id).map(|message| message.mailbox)
            {
                self.adjust_unread(mailbox, if flags.seen { -1 } else { 1 }, by);
            }
        }
    }

    /// One more or one less is unread.
    fn adjust_unread(&mut self, mailbox: MailboxId, by: i32, whose: By) {
        self.changes.unread.insert(mailbox);
        if whose == By::Server {
            self.doubt_unread(mailbox);
        }
        let counts = self.store.mailboxes.counts(mailbox);
        let unread = counts.unread.map(|unread| unread.saturating_add_signed(by));
        self.set_counts(mailbox, Counts { unread, ..counts });
    }

    /// The mailbox has as many messages as its order.
    fn count_total(&mut self, mailbox: MailboxId) {
        let total = Some(self.store.folders.get_mut(mailbox).order.len());
        let counts = Counts { total, ..self.store.mailboxes.counts(mailbox) };
        self.set_counts(mailbox, counts);
    }
}
