//! `ImapClient`'s methods that find, open, make and change mailboxes.

use super::ImapClient;
use super::abort::{signal_of, unless_aborted};
use super::types::{
    ChangesSince, CreateOptions, ListEntry, ListOptions, MailboxChanges, MailboxInfo, MailboxStatus,
    Namespaces, SelectOptions,
};
use crate::error::Error;
use crate::imap::options::{from_js_exact, from_js_or_default};
use crate::value::to_js;
use postern_protocol::imap::command::{
    Command, Create, Delete, List, Mode, Namespace, Rename, Select, Status, StatusAttribute, Subscribe,
    Unselect, Unsubscribe, Which,
};
use postern_protocol::imap::{Done, Item, MailboxName, StatusItem, UidValidity};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Finds mailboxes, in the server's order.
    #[wasm_bindgen(unchecked_return_type = "ListEntry[]")]
    pub async fn list(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ListOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = list_command(&from_js_or_default("options", options.clone())?)?;
        unless_aborted(signal_of(&options)?, async {
            let mut entries: Vec<ListEntry> = Vec::new();
            let each = |item| match item {
                Item::Mailbox(mailbox) => entries.push(ListEntry::from_item(&mailbox)),
                Item::Status(status) => note_status(&mut entries, &status),
                _ => {}
            };
            self.session.call(command).finish(each).await?;
            Ok(to_js(&entries))
        })
        .await
    }

    /// Counts the messages of a mailbox that is not open.
    #[wasm_bindgen(unchecked_return_type = "MailboxStatus")]
    pub async fn status(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = Status { mailbox: mailbox_name(&mailbox)?, attributes: COUNTED.to_vec() };
        unless_aborted(signal_of(&options)?, async {
            let mut status = MailboxStatus::default();
            let each = |item| {
                if let Item::Status(item) = item {
                    status = MailboxStatus::from_item(&item);
                }
            };
            self.session.call(command).finish(each).await?;
            Ok(to_js(&status))
        })
        .await
    }

    /// Opens a mailbox. The one that was open is closed, also where this fails.
    ///
    /// With `changesSince`, whatever happened since comes along in `changes` (QRESYNC, RFC 7162; where the server
    /// lacks it, by reading what changed, or else all flags). It is `null` where the mailbox was made anew meanwhile:
    /// then nothing that was known of it holds.
    #[wasm_bindgen(unchecked_return_type = "MailboxInfo")]
    pub async fn select(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "SelectOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: SelectOptions = from_js_exact("options", &options, &["signal"])?;
        let mode = if how.read_only == Some(true) { Mode::ReadOnly } else { Mode::ReadWrite };
        let resync = how.changes_since.as_ref().map(ChangesSince::resync).transpose()?;
        let command = Select { resync, ..Select::new(mailbox_name(&mailbox)?, mode) };
        unless_aborted(signal_of(&options)?, async {
            let mut changes = MailboxChanges::default();
            let done = self.session.call(command).finish(|item| changes.take_in(item)).await?;
            let Done::Selected(selected) = done else { return Ok(JsValue::NULL) };
            let known = how.changes_since.map(|since| since.uid_validity);
            let is_same = known.is_some() && known == selected.uid_validity.map(UidValidity::value);
            Ok(to_js(&MailboxInfo::new(mailbox, &selected, is_same.then_some(changes))))
        })
        .await
    }

    /// Closes the open mailbox, and removes nothing from it.
    pub async fn unselect(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Unselect, &options).await
    }

    /// Tells where the user's, other users' and shared mailboxes lie.
    #[wasm_bindgen(unchecked_return_type = "Namespaces")]
    pub async fn namespace(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        unless_aborted(signal_of(&options)?, async {
            let done = self.session.call(Namespace).finish(drop).await?;
            let Done::Namespaces(namespaces) = done else { return Ok(JsValue::NULL) };
            Ok(to_js(&Namespaces::from_data(&namespaces)))
        })
        .await
    }

    /// Makes a mailbox, and those above it where they are missing. A server that can't be told what it is for
    /// (CREATE-SPECIAL-USE, RFC 6154) makes it all the same.
    pub async fn create(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CreateOptions & CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let how: CreateOptions = from_js_exact("options", &options, &["signal"])?;
        let special_use = how.special_use.map(Into::into);
        self.change(Create { mailbox: mailbox_name(&mailbox)?, special_use }, &options).await
    }

    /// Gives a mailbox, and with it those below it, another name.
    pub async fn rename(
        &self,
        from: String,
        to: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Rename { from: mailbox_name(&from)?, to: mailbox_name(&to)? }, &options).await
    }

    /// Removes a mailbox with all messages in it, for good.
    pub async fn delete(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Delete { mailbox: mailbox_name(&mailbox)? }, &options).await
    }

    /// Puts a mailbox on the user's list: `list({ subscribed: true })` has it from here on.
    pub async fn subscribe(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Subscribe { mailbox: mailbox_name(&mailbox)? }, &options).await
    }

    /// Takes a mailbox off the user's list. The mailbox stays.
    pub async fn unsubscribe(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Unsubscribe { mailbox: mailbox_name(&mailbox)? }, &options).await
    }
}

impl ImapClient {
    /// Runs a command of which only the end is of interest.
    pub(super) async fn change(&self, command: impl Into<Command>, options: &JsValue) -> Result<(), JsValue> {
        unless_aborted(signal_of(options)?, async {
            self.session.call(command).finish(drop).await?;
            Ok(())
        })
        .await
    }
}

/// The counts of a mailbox come behind the mailbox itself.
fn note_status(entries: &mut [ListEntry], status: &StatusItem) {
    if let Some(entry) = entries.iter_mut().find(|entry| entry.name == status.mailbox.as_str()) {
        entry.status = Some(MailboxStatus::from_item(status));
    }
}

/// # Errors
/// Where no mailbox can be called that.
pub(super) fn mailbox_name(text: &str) -> Result<MailboxName, Error> {
    MailboxName::try_from(text)
        .map_err(|_| Error::invalid(format!("{text:?} is no name that a mailbox can have")))
}

fn list_command(options: &ListOptions) -> Result<List, Error> {
    Ok(List {
        pattern: mailbox_name(options.pattern.as_deref().unwrap_or("*"))?,
        which: if options.subscribed == Some(true) { Which::Subscribed } else { Which::All },
        status: if options.status == Some(true) { COUNTED.to_vec() } else { Vec::new() },
        ..List::all()
    })
}

/// What [`MailboxStatus`] has room for.
const COUNTED: [StatusAttribute; 4] = [
    StatusAttribute::Messages,
    StatusAttribute::Unseen,
    StatusAttribute::UidNext,
    StatusAttribute::UidValidity,
];
