//! `ImapClient`'s methods that find, open, make and change mailboxes.

use super::ImapClient;
use super::types::{
    COUNTED, ChangesSince, CreateOptions, ListEntry, ListOptions, MailboxChanges, MailboxInfo, MailboxStatus,
    Namespaces, SelectOptions, StatusOptions,
};
use crate::error::Error;
use crate::imap::options::from_js_exact;
use crate::value::to_js;
use postern_protocol::imap::command::{
    Check, Close, Create, Delete, List, Mode, Namespace, Rename, Select, Status, Subscribe, Unselect,
    Unsubscribe,
};
use postern_protocol::imap::{Done, Item, MailboxName, UidValidity};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Finds mailboxes, in the server's order.
    #[wasm_bindgen(unchecked_return_type = "ListEntry[]")]
    pub async fn list(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ListOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = list_command(from_js_exact("options", &options, &["signal"])?)?;
        self.gather(command, &options, |item, entries: &mut Vec<ListEntry>| ListEntry::take_in(entries, item))
            .await
    }

    /// Counts the messages of a mailbox that is not open.
    #[wasm_bindgen(unchecked_return_type = "MailboxStatus")]
    pub async fn status(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "StatusOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: StatusOptions = from_js_exact("options", &options, &["signal"])?;
        let command = Status { mailbox: mailbox_name(&mailbox)?, attributes: how.attributes() };
        self.gather(command, &options, |item, status: &mut MailboxStatus| {
            if let Item::Status(item) = item {
                status.take_in(&item);
            }
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
        let (items, done) = self.run(command.into(), &options).await?;
        let Done::Selected(selected) = done else { return Ok(JsValue::NULL) };
        let known = how.changes_since.map(|since| since.uid_validity);
        let is_same = known.is_some() && known == selected.uid_validity.map(UidValidity::value);
        let mut changes = MailboxChanges::default();
        items.into_iter().for_each(|item| changes.take_in(item));
        Ok(to_js(&MailboxInfo::new(mailbox, &selected, is_same.then_some(changes))))
    }

    /// Closes the open mailbox, and removes nothing from it.
    pub async fn unselect(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Unselect, &options).await
    }

    /// Closes the open mailbox, and removes for good what anybody marked `\Deleted` in it, unless it is read-only.
    #[wasm_bindgen(js_name = closeMailbox)]
    pub async fn close_mailbox(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Close, &options).await
    }

    /// Asks the server to put the open mailbox in order, whatever that is to it; most do nothing.
    pub async fn check(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Check, &options).await
    }

    /// Tells where the user's, other users' and shared mailboxes lie.
    #[wasm_bindgen(unchecked_return_type = "Namespaces")]
    pub async fn namespace(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (_, done) = self.run(Namespace.into(), &options).await?;
        let Done::Namespaces(namespaces) = done else { return Ok(JsValue::NULL) };
        Ok(to_js(&Namespaces::from_data(&namespaces)))
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

    /// Puts a mailbox on the user's list: `list({ which: "subscribed" })` has it from here on.
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

/// # Errors
/// Where no mailbox can be called that.
pub(super) fn mailbox_name(text: &str) -> Result<MailboxName, Error> {
    MailboxName::try_from(text)
        .map_err(|_| Error::invalid(format!("“{}” is no name that a mailbox can have", text.escape_debug())))
}

fn list_command(options: ListOptions) -> Result<List, Error> {
    Ok(List {
        pattern: mailbox_name(options.pattern.as_deref().unwrap_or("*"))?,
        which: options.which.map(Into::into).unwrap_or_default(),
        status: if options.status == Some(true) { COUNTED.to_vec() } else { Vec::new() },
        rights: options.rights == Some(true),
        entries: options.metadata.unwrap_or_default(),
    })
}
