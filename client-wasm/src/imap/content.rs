//! `ImapClient`'s methods that read, find, mark, copy, move and remove messages.

use super::ImapClient;
use super::abort::{race, signal_of, unless_aborted};
use super::body::Body;
use super::mailboxes::mailbox_name;
use super::messages::Messages;
use super::pull::{async_iterator, byte_stream};
use super::types::{
    AppendOptions, CopiedMessages, FetchQuery, MessageFlags, SearchQuery, SortCriterion, StoreAction,
    ThreadOptions, ThreadedMessage,
};
use super::upload::Upload;
use super::{section, set};
use crate::error::{Error, ImapErrorCode};
use crate::imap::options::{from_js_exact, from_js_or_default};
use crate::value::{from_js, to_js};
use postern_protocol::imap::command::{
    Append, Command, Copy, Expunge, Move, Replace, Search, Sort, Store, Thread,
};
use postern_protocol::imap::{Done, Flag, UidSet};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
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

    /// Finds messages in the open mailbox, and resolves with their UIDs in ascending order.
    ///
    /// All that the query says must hold; `{}` finds every message. Texts are found anywhere in a field, in whatever
    /// case.
    #[wasm_bindgen(unchecked_return_type = "number[]")]
    pub async fn search(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SearchQuery")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = Search::new(SearchQuery::read(&query)?.key()?);
        unless_aborted(signal_of(&options)?, async {
            let done = self.session.call(command).finish(drop).await?;
            self.found(done)
        })
        .await
    }

    /// Finds messages like `search`, and resolves with their UIDs in the order of these criteria, the most important
    /// first. Where the server lacks SORT (RFC 5256), they are sorted here.
    #[wasm_bindgen(unchecked_return_type = "number[]")]
    pub async fn sort(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly SortCriterion[]")] criteria: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "SearchQuery | null")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let criteria: Vec<SortCriterion> = from_js("criteria", criteria)?;
        let keys = criteria.into_iter().map(Into::into).collect();
        let command = Sort::new(keys, SearchQuery::read_or_all(&query)?.key()?);
        unless_aborted(signal_of(&options)?, async {
            let done = self.session.call(command).finish(drop).await?;
            self.found(done)
        })
        .await
    }

    /// Finds messages like `search`, and resolves with the conversations that they are part of. Where the server
    /// lacks THREAD (RFC 5256), they are joined here.
    #[wasm_bindgen(unchecked_return_type = "ThreadedMessage[]")]
    pub async fn thread(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "SearchQuery | null")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ThreadOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: ThreadOptions = from_js_exact("options", &options, &["signal"])?;
        let by = how.by.map(Into::into).unwrap_or_default();
        let command = Thread { by, search: SearchQuery::read_or_all(&query)?.key()? };
        unless_aborted(signal_of(&options)?, async {
            let done = self.session.call(command).finish(drop).await?;
            let Done::Threads(threads) = done else { return Ok(JsValue::NULL) };
            Ok(to_js(&threads.nodes.iter().map(ThreadedMessage::from).collect::<Vec<_>>()))
        })
        .await
    }

    /// Stores a message in a mailbox, and resolves with its UID, where the server tells (UIDPLUS, RFC 4315).
    ///
    /// Aborting it, or a stream that ends too early or fails, ends the connection where bytes are on their way
    /// already: the server must not store half a message.
    #[wasm_bindgen(unchecked_return_type = "AppendedMessages")]
    pub async fn append(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_param_type = "MessageSource")] message: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AppendOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: AppendOptions = from_js_exact("options", &options, &["signal"])?;
        let mailbox = mailbox_name(&mailbox)?;
        let upload = Upload::new(&message)?;
        let command = Append::new(mailbox, upload.message(&how)?);
        race(signal_of(&options)?, upload.run(&self.session, command)).await
    }

    /// Stores a message in the place of one of the open mailbox: the next version of a draft. A server without
    /// REPLACE (RFC 8508) is asked to append the one and to expunge the other.
    #[wasm_bindgen(unchecked_return_type = "AppendedMessages")]
    pub async fn replace(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] uid: JsValue,
        mailbox: String,
        #[wasm_bindgen(unchecked_param_type = "MessageSource")] message: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AppendOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: AppendOptions = from_js_exact("options", &options, &["signal"])?;
        let (uid, mailbox) = (set::uid_from_js(&uid)?, mailbox_name(&mailbox)?);
        let upload = Upload::new(&message)?;
        let command = Replace { uid, mailbox, message: upload.message(&how)? };
        race(signal_of(&options)?, upload.run(&self.session, command)).await
    }

    /// Copies messages into another mailbox, and resolves with where the copies are, where the server tells
    /// (UIDPLUS, RFC 4315).
    #[wasm_bindgen(unchecked_return_type = "CopiedMessages | null")]
    pub async fn copy(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: JsValue,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = Copy { set: set::from_js(&set)?, mailbox: mailbox_name(&mailbox)? };
        self.put_elsewhere(command, &options).await
    }

    /// Moves messages into another mailbox, and resolves with where they are, where the server tells. A server
    /// without MOVE (RFC 6851) is asked to copy, mark and expunge them.
    #[wasm_bindgen(js_name = move, unchecked_return_type = "CopiedMessages | null")]
    pub async fn move_messages(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: JsValue,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = Move { set: set::from_js(&set)?, mailbox: mailbox_name(&mailbox)? };
        self.put_elsewhere(command, &options).await
    }

    /// Removes for good those messages that are marked `\Deleted`: of `set`, or all of them.
    pub async fn expunge(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "MessageSet | null")] set: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let is_all = set.is_undefined() || set.is_null();
        let command = Expunge { set: if is_all { None } else { Some(set::from_js(&set)?) } };
        unless_aborted(signal_of(&options)?, async {
            self.session.call(command).finish(drop).await?;
            Ok(())
        })
        .await
    }
}

impl ImapClient {
    /// What COPY and MOVE came to.
    async fn put_elsewhere(
        &self,
        command: impl Into<Command>,
        options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        unless_aborted(signal_of(options)?, async {
            let done = self.session.call(command).finish(drop).await?;
            let code = if let Done::Ok(text) = done { text.code } else { None };
            let copied = code.as_ref().and_then(CopiedMessages::from_code);
            Ok(to_js(&copied))
        })
        .await
    }

    /// What a search came to.
    fn found(&self, done: Done) -> Result<JsValue, Error> {
        let Done::Found(result) = done else { return Ok(JsValue::NULL) };
        Ok(to_js(&self.listed(&result.all.unwrap_or_default())?))
    }

    /// A set as a list, where there may be as many messages: a server can name four thousand million in ten bytes.
    fn listed(&self, uids: &UidSet) -> Result<Vec<u32>, Error> {
        let most = self.session.exists().map_or(0, u64::from) + NEW_MEANWHILE;
        if uids.count() > most {
            let words = "the server found more messages than the mailbox has";
            return Err(Error::new(ImapErrorCode::ServerMisbehaved, words));
        }
        Ok(uids.ranges().flat_map(|range| range.start().value()..=range.end().value()).collect())
    }
}

/// How many messages a server may have found that it did not tell of before.
const NEW_MEANWHILE: u64 = 10_000;
