//! `ImapClient`'s methods that read, mark, copy, move and remove messages.

use super::ImapClient;
use super::abort::{signal_of, unless_aborted};
use super::body::Body;
use super::mailboxes::mailbox_name;
use super::messages::Messages;
use super::pull::{async_iterator, byte_stream};
use super::read::{Read, attachment, read};
use super::types::{
    BodyOptions, ConditionalStore, CopiedMessages, FetchOptions, FetchQuery, MailboxChanges, MessageFlags,
    StoreAction, StoreOptions,
};
use super::{section, set};
use crate::error::Error;
use crate::glue;
use crate::imap::options::from_js_exact;
use crate::value::{from_js, to_js};
use postern_protocol::imap::command::{
    ChangedSince, Command, Copy, Expunge, Fetch, FetchAttribute, Move, Store, StoreAnnotations, StoreLabels,
};
use postern_protocol::imap::{Annotation, Done, Flag, Item, ModSeq, UidSet};
use std::collections::BTreeMap;
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
        #[wasm_bindgen(unchecked_optional_param_type = "FetchQuery")] query: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "FetchOptions & CallOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let query: FetchQuery = from_js_exact("query", query, &[])?;
        let how: FetchOptions = from_js_exact("options", options, &["signal"])?;
        let messages =
            Messages::new(Rc::clone(&self.session), set::from_js(set)?, query.attributes(), how.partial)?;
        Ok(async_iterator(messages, signal_of(options)?))
    }

    /// Reads a part of a message as it travels: `"1.2"`, `"HEADER"`, `"TEXT"`, or `""` for the whole of it. Does not
    /// mark it as read. Never more than about a megabyte is on its way, however slowly the stream is read;
    /// cancelling the stream stops it.
    ///
    /// With `decoded`, a part such as `"1.2"` comes without its transfer encoding: the server undoes it where it can
    /// (BINARY, RFC 3516), and else the client does. Without it, all comes as it travels.
    ///
    /// A stream that fails does so with an `ImapError`: `gone` where there is no such message or part. Note that
    /// `new Response(stream)` hides it behind a `TypeError` of its own.
    #[wasm_bindgen(js_name = fetchBody, unchecked_return_type = "ReadableStream<Uint8Array<ArrayBuffer>>")]
    pub fn fetch_body(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] uid: &JsValue,
        section: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "BodyOptions & CallOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: BodyOptions = from_js_exact("options", options, &["signal"])?;
        let uid = set::uid_from_js(uid)?;
        let session = Rc::clone(&self.session);
        let body = if how.decoded == Some(true) {
            Body::decoded(session, uid, section::part(section)?)
        } else {
            Body::new(session, uid, section::parse(section)?)
        };
        Ok(byte_stream(body, signal_of(options)?))
    }

    /// Reads a message as a person would: its text and HTML, decoded, with the images that the HTML draws, and what is
    /// attached. Attachments are read when one of their methods is called, as long as the mailbox is open. Does not mark
    /// it as read.
    ///
    /// A text of more than a megabyte, or images of more than five in all, are cut, and are among the attachments whole.
    /// Rejects with `gone` where there is no such message.
    #[wasm_bindgen(js_name = readMessage, unchecked_return_type = "MessageContent")]
    pub async fn read_message(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] uid: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let uid = set::uid_from_js(&uid)?;
        let Read { message, structure } =
            unless_aborted(signal_of(&options)?, read(&self.session, uid)).await?;
        let session = Rc::clone(&self.session);
        let open = move |part: String, options: JsValue| -> Result<JsValue, JsValue> {
            let body = attachment(&session, uid, structure.as_ref(), &part)?;
            Ok(byte_stream(body, signal_of(&options)?))
        };
        let open = Closure::<dyn Fn(String, JsValue) -> Result<JsValue, JsValue>>::new(open);
        Ok(glue::message_content(to_js(&message), open.into_js_value()))
    }

    /// Tells what happened to messages of the open mailbox since a modification sequence, such as its
    /// `highestModSeq` was (CONDSTORE and QRESYNC, RFC 7162; without the first, the flags of all messages come). `known`
    /// are the messages that are asked about; all that there may be where it is left out.
    #[wasm_bindgen(unchecked_return_type = "MailboxChanges")]
    pub async fn changes(
        &self,
        #[wasm_bindgen(js_name = modSeq, unchecked_param_type = "number")] mod_seq: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "MessageSet | null")] known: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let mod_seq = ModSeq(from_js("modSeq", mod_seq)?);
        let known = set::from_js_or_all(&known)?;
        if known.is_empty() {
            return self.nothing::<MailboxChanges>(&options);
        }
        let changed_since = Some(ChangedSince { mod_seq, vanished: true });
        let command = Fetch { changed_since, ..Fetch::new(known, vec![FetchAttribute::Flags]) };
        self.gather(command, &options, |item, changes: &mut MailboxChanges| changes.take_in(item)).await
    }

    /// Changes flags, and resolves with all flags of the messages that the server told of.
    #[wasm_bindgen(unchecked_return_type = "MessageFlags[]")]
    pub async fn store(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: JsValue,
        #[wasm_bindgen(unchecked_param_type = "StoreAction")] action: JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly string[]")] flags: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "StoreOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: StoreOptions = from_js_exact("options", &options, &["signal"])?;
        let command = Store { silent: how.silent == Some(true), ..store(&set, action, flags)? };
        if command.set.is_empty() {
            return self.nothing::<Vec<MessageFlags>>(&options);
        }
        self.gather(command, &options, |item, found: &mut Vec<MessageFlags>| {
            if let Item::Message(message) = item {
                found.extend(MessageFlags::from_data(&message));
            }
        })
        .await
    }

    /// Changes flags of those messages alone that did not change since a modification sequence (CONDSTORE, RFC 7162
    /// section 3.1.3), and tells which did. Rejects with `unsupported` where the server lacks it: such a change must
    /// not be made blindly.
    #[wasm_bindgen(js_name = storeUnlessChanged, unchecked_return_type = "ConditionalStore")]
    pub async fn store_unless_changed(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: JsValue,
        #[wasm_bindgen(unchecked_param_type = "StoreAction")] action: JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly string[]")] flags: JsValue,
        #[wasm_bindgen(js_name = modSeq, unchecked_param_type = "number")] mod_seq: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let unchanged_since = Some(ModSeq(from_js("modSeq", mod_seq)?));
        let command = Store { unchanged_since, ..store(&set, action, flags)? };
        if command.set.is_empty() {
            return self.nothing::<ConditionalStore>(&options);
        }
        self.gather(command, &options, |item, outcome: &mut ConditionalStore| match item {
            Item::Message(message) => outcome.messages.extend(MessageFlags::from_data(&message)),
            Item::Modified(uids) => outcome.modified = Some(uids.to_string()),
            _ => {}
        })
        .await
    }

    /// Changes Gmail's labels of messages: names of mailboxes, and `\Inbox`, `\Starred` and the like (X-GM-EXT-1).
    /// Rejects with `unsupported` elsewhere.
    #[wasm_bindgen(js_name = storeLabels)]
    pub async fn store_labels(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: JsValue,
        #[wasm_bindgen(unchecked_param_type = "StoreAction")] action: JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly string[]")] labels: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let action: StoreAction = from_js("action", action)?;
        let labels: Vec<String> = from_js("labels", labels)?;
        let labels = labels.iter().map(|label| mailbox_name(label)).collect::<Result<_, _>>()?;
        let set = set::from_js(&set)?;
        if set.is_empty() {
            return self.unless_over(&options);
        }
        self.change(StoreLabels { set, action: action.into(), labels }, &options).await
    }

    /// Writes notes on messages: entries such as `/comment`, each with `value.priv` or `value.shared` and its text;
    /// `null` removes one (ANNOTATE, RFC 5257). Rejects with `unsupported` where the server lacks it.
    #[wasm_bindgen(js_name = storeAnnotations)]
    pub async fn store_annotations(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Record<string, Record<string, string | null>>")]
        annotations: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let annotations: BTreeMap<String, BTreeMap<String, Option<String>>> =
            from_js("annotations", annotations)?;
        let attribute =
            |(name, text): (String, Option<String>)| (name.into(), text.map(|text| text.into_bytes().into()));
        let note = |(entry, attributes): (String, BTreeMap<_, _>)| Annotation {
            entry: entry.into(),
            attributes: attributes.into_iter().map(attribute).collect(),
        };
        let annotations = annotations.into_iter().map(note).collect();
        let set = set::from_js(&set)?;
        if set.is_empty() {
            return self.unless_over(&options);
        }
        self.change(StoreAnnotations { set, annotations }, &options).await
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
        if command.set.is_empty() {
            return self.nothing::<Option<CopiedMessages>>(&options);
        }
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
        if command.set.is_empty() {
            return self.nothing::<Option<CopiedMessages>>(&options);
        }
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
        // An empty list is none, and by no means all.
        if command.set.as_ref().is_some_and(UidSet::is_empty) {
            return self.unless_over(&options);
        }
        self.change(command, &options).await
    }
}

impl ImapClient {
    /// What COPY and MOVE came to.
    async fn put_elsewhere(
        &self,
        command: impl Into<Command>,
        options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let (_, done) = self.run(command.into(), options).await?;
        let code = if let Done::Ok(text) = done { text.code } else { None };
        Ok(to_js(&code.as_ref().and_then(CopiedMessages::from_code)))
    }
}

/// A change of flags, without conditions.
fn store(set: &JsValue, action: JsValue, flags: JsValue) -> Result<Store, Error> {
    let action: StoreAction = from_js("action", action)?;
    let flags: Vec<String> = from_js("flags", flags)?;
    let flags = flags.iter().map(|flag| Flag::from(flag.as_str())).collect();
    Ok(Store::new(set::from_js(set)?, action.into(), flags))
}
