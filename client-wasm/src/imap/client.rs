//! The class itself: reads its arguments, asks the session, writes the answers.

use super::abort::{signal_of, unless_aborted};
use super::body::Body;
use super::idle::Idling;
use super::messages::Messages;
use super::pull::{async_iterator, byte_stream};
use super::session::Session;
use super::types::{
    FetchQuery, ImapState, ListEntry, ListOptions, MailboxInfo, MailboxStatus, MessageFlags, SelectOptions,
    StoreAction,
};
use super::{section, set};
use crate::address::Address;
use crate::error::{Error, ImapErrorCode};
use crate::value::{from_js, from_js_or_default, to_js};
use postern_protocol::imap::command::{
    Authenticate, List, Logout, Mechanism, Mode, Noop, Select, Status, StatusAttribute, Store, Which,
};
use postern_protocol::imap::sasl::Account;
use postern_protocol::imap::{Config, Done, Flag, Item, MailboxName, Security, StatusItem};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A connection to one IMAP server, through a WebSocket.
///
/// All messages are named by UID. Commands may be asked without waiting for each other; they go out in that
/// order. Everything that fails is an `ImapError` with a `code`.
///
/// A client that nobody holds, and of which nothing is awaited, may hang up at any time.
#[wasm_bindgen]
pub struct ImapClient {
    session: Rc<Session>,
}

#[wasm_bindgen]
impl ImapClient {
    /// Connects and waits for the server's greeting.
    ///
    /// `url` is the WebSocket of one server, such as `wss://mail.example.com/imap`, or the address of a proxy
    /// alone: then `/imap` is added.
    #[wasm_bindgen(unchecked_return_type = "ImapClient")]
    pub async fn connect(
        url: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let signal = signal_of(&options)?;
        let address = Address::parse(&url).map_err(Error::invalid)?;
        let mut config = Config::default();
        config.login_over = if address.is_private() { Security::Protected } else { Security::Cleartext };
        let session = unless_aborted(signal, Session::connect(address.endpoint(), config)).await?;
        Ok(Self { session }.into())
    }

    /// What the server says it can do, in its own words.
    #[wasm_bindgen(getter)]
    pub fn capabilities(&self) -> Vec<String> {
        self.session.capabilities()
    }

    /// Where the session stands.
    #[wasm_bindgen(getter, unchecked_return_type = "ImapState")]
    pub fn state(&self) -> JsValue {
        to_js(&ImapState::from(self.session.state()))
    }

    /// Calls `callback` once, when the connection has ended; at once where it has already. Not after `close()`.
    #[wasm_bindgen(js_name = onClose)]
    pub fn on_close(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(reason: ImapError) => void")] callback: js_sys::Function,
    ) {
        self.session.on_close(callback);
    }

    /// Signs in, by the best way that the server offers.
    pub async fn login(
        &self,
        user: String,
        password: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let call = || self.session.call(Authenticate(Mechanism::Plain(Account::new(user, password))));
        unless_aborted(signal_of(&options)?, async {
            match call().finish(drop).await {
                Ok(_) => Ok(()),
                Err(failure) => Err(Error::at_sign_in(failure.error, failure.code.as_ref())),
            }
        })
        .await
    }

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
    #[wasm_bindgen(unchecked_return_type = "MailboxInfo")]
    pub async fn select(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "SelectOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: SelectOptions = from_js_or_default("options", options.clone())?;
        let mode = if how.read_only == Some(true) { Mode::ReadOnly } else { Mode::ReadWrite };
        let command = Select::new(mailbox_name(&mailbox)?, mode);
        unless_aborted(signal_of(&options)?, async {
            match self.session.call(command).finish(drop).await? {
                Done::Selected(selected) => Ok(to_js(&MailboxInfo::new(mailbox, &selected))),
                _ => Err(Error::new(ImapErrorCode::Unreadable, "the server did not say what it opened")),
            }
        })
        .await
    }

    /// Reads messages, each as it arrives. Large sets are asked for in pieces, and only as fast as they are
    /// taken. Leaving the loop cancels what is still to come.
    #[wasm_bindgen(unchecked_return_type = "AsyncGenerator<FetchedMessage, void, undefined>")]
    pub fn fetch(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "FetchQuery")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let query = FetchQuery::from_names(from_js_or_default("query", query)?)?;
        let messages = Messages::new(Rc::clone(&self.session), set::from_js(set)?, query.attributes());
        Ok(async_iterator(messages, signal_of(options)?))
    }

    /// Reads a part of a message, undecoded: `"1.2"`, `"HEADER"`, `"TEXT"`, or `""` for the whole of it. Does not
    /// mark it as read. Never more than about a megabyte is on its way, however slowly the stream is read;
    /// cancelling the stream stops it.
    #[wasm_bindgen(js_name = fetchBody, unchecked_return_type = "ReadableStream<Uint8Array<ArrayBuffer>>")]
    pub fn fetch_body(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] uid: &JsValue,
        section: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let uid = set::uid_from_js(uid)?;
        let section = section::parse(section)?;
        Ok(byte_stream(Body::new(Rc::clone(&self.session), uid, section), signal_of(options)?))
    }

    /// Changes flags, and resolves with all flags of the messages that the server told of.
    #[wasm_bindgen(unchecked_return_type = "MessageFlags[]")]
    pub async fn store(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: JsValue,
        #[wasm_bindgen(unchecked_param_type = "StoreAction")] action: JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly string[]")] flags: Vec<String>,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let action: StoreAction = from_js("action", action)?;
        let flags = flags.iter().map(|flag| Flag::from(flag.as_str())).collect();
        let command = Store::new(set::from_js(&set)?, action.into(), flags);
        unless_aborted(signal_of(&options)?, async {
            let messages = self.session.call(command).messages().await?;
            Ok(to_js(&messages.iter().filter_map(MessageFlags::from_data).collect::<Vec<_>>()))
        })
        .await
    }

    /// Tells what happens in the open mailbox, as it happens, beginning with what was missed since the last
    /// `idle()` or `noop()`. Other commands may be asked meanwhile. Ends quietly with `break` or the signal.
    #[wasm_bindgen(unchecked_return_type = "AsyncGenerator<MailboxEvent, void, undefined>")]
    pub fn idle(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        Ok(async_iterator(Idling::new(Rc::clone(&self.session)), signal_of(options)?))
    }

    /// Asks the server for news, and resolves with what happened in the open mailbox since the last time.
    #[wasm_bindgen(unchecked_return_type = "MailboxEvent[]")]
    pub async fn noop(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        unless_aborted(signal_of(&options)?, async {
            self.session.call(Noop).finish(drop).await?;
            Ok(to_js(&self.session.take_news()))
        })
        .await
    }

    /// Says goodbye to the server. The client is of no more use then.
    pub async fn logout(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        unless_aborted(signal_of(&options)?, async {
            self.session.call(Logout).finish(drop).await?;
            Ok(())
        })
        .await
    }

    /// Hangs up without a word. Whatever waits is rejected with the code `closed`.
    pub fn close(&self) {
        self.session.close();
    }
}

/// The counts of a mailbox come behind the mailbox itself.
fn note_status(entries: &mut [ListEntry], status: &StatusItem) {
    if let Some(entry) = entries.iter_mut().find(|entry| entry.name == status.mailbox.as_str()) {
        entry.status = Some(MailboxStatus::from_item(status));
    }
}

fn mailbox_name(text: &str) -> Result<MailboxName, Error> {
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
