//! `select()` and what closes a mailbox again. RFC 9051 section 6.3.2; QRESYNC, RFC 7162.

use crate::error::Error;
use crate::imap::ImapClient;
use crate::imap::argument::mailbox::mailbox_name;
use crate::imap::argument::uids::Uids;
use crate::imap::data::message_flags::MailboxChanges;
use crate::imap::data::text::names_of;
use crate::imap::options::from_js_exact;
use crate::value::plain_to_js;
use postern_protocol::imap::command::{Check, Close, Mode, Resync, Select, Unselect};
use postern_protocol::imap::{Done, ModSeq, Selected, SeqNo, Uid, UidSet, UidValidity};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Opens a mailbox. The one that was open is closed, also if this fails.
    ///
    /// With `changesSince`, whatever happened since comes along in `changes` (QRESYNC, RFC 7162; if the server lacks
    /// it, by reading what changed, or else all flags). It is `null` if the mailbox was made anew meanwhile: then
    /// nothing that was known of it holds.
    ///
    /// @throws `gone` or `refused` if there is no such mailbox; `wrongState` if nobody is signed in; `invalidArgument`
    /// if a number of `changesSince` is not a valid one.
    #[wasm_bindgen(unchecked_return_type = "MailboxInfo")]
    pub async fn select(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "SelectOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: SelectOptions = from_js_exact("options", &options, &["signal"])?;
        let mode = if how.read_only == Some(true) { Mode::ReadOnly } else { Mode::ReadWrite };
        let resync = how.changes_since.as_ref().map(Resync::try_from).transpose()?;
        let command = Select { resync, ..Select::new(mailbox_name(&mailbox)?, mode) };
        let (items, done) = self.run(command.into(), &options).await?;
        let Done::Selected(selected) = done else { return Ok(JsValue::NULL) };
        let known = how.changes_since.map(|since| since.uid_validity);
        let is_same = known.is_some() && known == selected.uid_validity.map(UidValidity::value);
        let mut changes = MailboxChanges::default();
        items.into_iter().for_each(|item| changes.accept(item));
        Ok(plain_to_js(&MailboxInfo::new(mailbox, &selected, is_same.then_some(changes))))
    }

    /// Closes the open mailbox, and removes nothing from it.
    ///
    /// @throws `wrongState` if no mailbox is open.
    pub async fn unselect(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Unselect, &options).await
    }

    /// Closes the open mailbox, and removes for good what anybody marked `\Deleted` in it, unless it is read-only.
    ///
    /// @throws `wrongState` if no mailbox is open.
    #[wasm_bindgen(js_name = closeMailbox)]
    pub async fn close_mailbox(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Close, &options).await
    }

    /// Asks the server to put the open mailbox in order, whatever that is to it; most do nothing.
    ///
    /// @throws `wrongState` if no mailbox is open.
    pub async fn check(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Check, &options).await
    }
}

/// How to open a mailbox.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SelectOptions {
    /// Change nothing in it (EXAMINE).
    #[cfg_attr(test, ts(optional = nullable))]
    pub read_only: Option<bool>,
    /// Tell what happened since it was last open.
    #[cfg_attr(test, ts(optional = nullable))]
    pub changes_since: Option<ChangesSince>,
}

/// What is known of a mailbox from before.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangesSince {
    /// Its `uidValidity` then.
    pub uid_validity: u32,
    /// Its `highestModSeq` then.
    #[cfg_attr(test, ts(type = "number"))]
    pub mod_seq: u64,
    /// The messages that are known; all that there may be if it is left out.
    #[serde(default)]
    #[cfg_attr(test, ts(optional, type = "number | readonly number[] | string | null"))]
    pub known: Option<Uids>,
}

/// # Errors
/// If a number is not a valid one.
impl TryFrom<&ChangesSince> for Resync {
    type Error = Error;

    fn try_from(since: &ChangesSince) -> Result<Self, Error> {
        let validity = UidValidity::new(since.uid_validity)
            .ok_or_else(|| Error::invalid("options.changesSince.uidValidity: must not be 0"))?;
        // Of no message nothing can have happened: the others are asked about.
        let known = since.known.clone().map(UidSet::try_from).transpose()?.filter(|known| !known.is_empty());
        Ok(Self { known, ..Self::new(validity, ModSeq(since.mod_seq)) })
    }
}

/// The mailbox that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MailboxInfo {
    /// Its whole name, decoded.
    pub name: String,
    /// How many messages it has.
    pub exists: u32,
    /// UIDVALIDITY: UIDs may be compared only while this stays the same.
    pub uid_validity: Option<u32>,
    /// The UID that the next message will have at least.
    pub uid_next: Option<u32>,
    /// The flags that it knows.
    pub flags: Vec<String>,
    /// The flags that can be changed for good; `null` if the server did not say, and then all can.
    pub permanent_flags: Option<Vec<String>>,
    /// The sequence number of the first unread message, if the server reports it.
    pub first_unseen: Option<u32>,
    /// The number of its last change (RFC 7162), if the server keeps one.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub highest_mod_seq: Option<u64>,
    /// Its identifier, which survives a rename (RFC 8474), if the server has one.
    pub mailbox_id: Option<String>,
    /// Nothing can be changed in it.
    pub read_only: bool,
    /// What happened since, if that was asked for and it is still the same mailbox.
    pub changes: Option<MailboxChanges>,
}

impl MailboxInfo {
    fn new(name: String, selected: &Selected, changes: Option<MailboxChanges>) -> Self {
        Self {
            name,
            exists: selected.exists,
            uid_validity: selected.uid_validity.map(UidValidity::value),
            uid_next: selected.uid_next.map(Uid::value),
            flags: names_of(&selected.flags),
            permanent_flags: selected.permanent_flags.as_ref().map(names_of),
            first_unseen: selected.unseen.map(SeqNo::value),
            highest_mod_seq: selected.highest_mod_seq.map(|mod_seq| mod_seq.0),
            mailbox_id: selected.mailbox_id.as_deref().map(str::to_owned),
            read_only: selected.read_only,
            changes,
        }
    }
}
