//! `notify()`: what the server reports unsolicited. RFC 5465.

use crate::error::Error;
use crate::imap::ImapClient;
use crate::imap::argument::mailbox::MailboxFilter;
use crate::imap::data::mailbox_status::MailboxStatus;
use crate::imap::options::from_js_exact;
use crate::input::from_js;
use postern_protocol::imap::Item;
use postern_protocol::imap::command::{Notify, NotifyEvent, Watch};
use serde::Deserialize;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Says what the server is to report unsolicited, also of mailboxes that are not open (NOTIFY, RFC 5465); `null` for
    /// nothing at all. The events come by `idle()` and `noop()`. Resolves with the numbers of all mailboxes to begin
    /// with, if `status` asks for them.
    ///
    /// @throws `unsupported` if the server lacks NOTIFY; `refused` if it can't tell of these events; `invalidArgument`
    /// if a name can't be a mailbox's; `wrongState` if nobody is signed in.
    #[wasm_bindgen(unchecked_return_type = "Record<string, MailboxStatus>")]
    pub async fn notify(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly NotifyWatch[] | null")] watches: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "NotifyOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: NotifyOptions = from_js_exact("options", &options, &["signal"])?;
        let watches: Option<Vec<NotifyWatch>> = from_js("watches", watches)?;
        let command = match watches {
            None => Notify::None,
            Some(watches) => {
                let watches = watches.into_iter().map(Watch::try_from).collect::<Result<_, _>>()?;
                Notify::Set { watches, status: how.status == Some(true) }
            }
        };
        self.gather(command, &options, |item, found: &mut BTreeMap<String, MailboxStatus>| {
            if let Item::Status(status) = item {
                found.insert(status.mailbox.as_str().to_owned(), MailboxStatus::from(&status));
            }
        })
        .await
    }
}

/// How to begin with `notify`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NotifyOptions {
    /// Tell the numbers of all these mailboxes to begin with.
    #[cfg_attr(test, ts(optional = nullable))]
    pub status: Option<bool>,
}

/// What the server is to report unsolicited of a group of mailboxes (RFC 5465).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NotifyWatch {
    /// The mailboxes that this is about.
    pub mailboxes: MailboxFilter,
    /// What. `messageExpunge` goes together with `messageNew`, and `flagChange` and `annotationChange` need both.
    pub events: Vec<WatchedEvent>,
}

/// # Errors
/// If a name can't be a mailbox's.
impl TryFrom<NotifyWatch> for Watch {
    type Error = Error;

    fn try_from(watch: NotifyWatch) -> Result<Self, Error> {
        let events = watch.events.into_iter().map(NotifyEvent::from).collect();
        Ok(Self { mailboxes: watch.mailboxes.try_into()?, events })
    }
}

/// One kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum WatchedEvent {
    /// A message came in.
    MessageNew,
    /// Messages are gone.
    MessageExpunge,
    /// Flags changed.
    FlagChange,
    /// Annotations of messages changed.
    AnnotationChange,
    /// Mailboxes were made, renamed or removed.
    MailboxName,
    /// The user subscribed to mailboxes, or no longer.
    SubscriptionChange,
    /// METADATA entries of a mailbox changed.
    MailboxMetadataChange,
    /// METADATA entries of the server changed.
    ServerMetadataChange,
}

impl From<WatchedEvent> for NotifyEvent {
    fn from(event: WatchedEvent) -> Self {
        match event {
            WatchedEvent::MessageNew => Self::MessageNew(Vec::new()),
            WatchedEvent::MessageExpunge => Self::MessageExpunge,
            WatchedEvent::FlagChange => Self::FlagChange,
            WatchedEvent::AnnotationChange => Self::AnnotationChange,
            WatchedEvent::MailboxName => Self::MailboxName,
            WatchedEvent::SubscriptionChange => Self::SubscriptionChange,
            WatchedEvent::MailboxMetadataChange => Self::MailboxMetadataChange,
            WatchedEvent::ServerMetadataChange => Self::ServerMetadataChange,
        }
    }
}
