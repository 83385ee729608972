//! `readMessage()`: a message as a person reads it, by [`postern_mime`]. Its texts and the images within them are read at
//! once; its attachments when somebody asks for them.

use crate::charset;
use crate::error::{Error, ImapErrorCode};
use crate::glue;
use crate::imap::ImapClient;
use crate::imap::abort::{signal_of, unless_aborted};
use crate::imap::argument::{section, set};
use crate::imap::body::Body;
use crate::imap::data::envelope::Envelope;
use crate::imap::data::message::milliseconds;
use crate::imap::pull::byte_stream;
use crate::imap::session::Session;
use crate::value::to_js;
use futures::future::try_join_all;
use postern_engine::border::{Attachment, InlineImage, Notice};
use postern_engine::mime;
use postern_mime::{Form, Part, Piece};
use postern_protocol::imap::command::{Fetch, FetchAttribute};
use postern_protocol::imap::{Item, MessageData, Section, Uid, UidSet};
use serde::Serialize;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Reads a message as a person would: its text and HTML, decoded, with the images that the HTML draws, and what is
    /// attached. Attachments are read when one of their methods is called, as long as the mailbox is open. Does not
    /// mark it as read.
    ///
    /// A text of more than a megabyte, or images of more than five in all, are cut, and are among the attachments
    /// whole.
    ///
    /// @throws `gone` if there is no such message; `wrongState` if no mailbox is open.
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
}

/// A message as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReadMessage {
    /// What names it as long as the mailbox keeps its `uidValidity`.
    pub uid: u32,
    /// Its header, as the server read it; `null` if it could not.
    pub envelope: Option<Envelope>,
    /// When it arrived: milliseconds since 1970-01-01 UTC.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub internal_date: Option<i64>,
    /// Its size in bytes, as the server counts.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub size: Option<u64>,
    /// The subject as the message itself has it, if the server could not take the message apart; else empty, and
    /// `envelope` has it.
    pub subject: String,
    /// Its text, decoded, lines ended by `\n`; `null` if it has only HTML.
    pub text: Option<String>,
    /// Its HTML, decoded and otherwise as it came: **sanitise it** before a page shows it. `null` if it has none.
    pub html: Option<String>,
    /// The images that the HTML draws, with their bytes.
    pub inline_images: Vec<InlineImage>,
    /// Every part that is not text on screen, those images too.
    pub attachments: Vec<Attachment>,
    /// What could not be shown as it was meant.
    pub notices: Vec<Notice>,
}

/// A message, and how its attachments travel.
struct Read {
    message: ReadMessage,
    structure: Option<Part>,
}

/// Reads a message.
///
/// # Errors
/// Why it can't be.
async fn read(session: &Rc<Session>, uid: Uid) -> Result<Read, Error> {
    let data = fetch(session, uid).await?;
    let structure = data.body_structure.as_ref().and_then(mime::part);
    let size = data.size.and_then(|size| u32::try_from(size).ok()).unwrap_or(u32::MAX);
    let pieces = postern_mime::pieces(structure.as_ref(), size);
    let pieces = try_join_all(pieces.into_iter().map(|piece| fill(session, uid, piece))).await?;
    let pieces = pieces.into_iter().flatten().collect();
    let shown = mime::shown(structure.as_ref(), size, pieces, Some(charset::decode));
    let message = ReadMessage {
        uid: uid.value(),
        envelope: data.envelope.as_ref().map(Envelope::from),
        internal_date: data.internal_date.map(milliseconds),
        size: data.size,
        subject: shown.subject,
        text: shown.body.text,
        html: shown.body.html,
        inline_images: shown.inline_images,
        attachments: shown.attachments,
        notices: shown.notices,
    };
    Ok(Read { message, structure })
}

/// What there is to know before its parts are read.
async fn fetch(session: &Rc<Session>, uid: Uid) -> Result<MessageData, Error> {
    use FetchAttribute as A;
    let items = vec![A::BodyStructure, A::Envelope, A::InternalDate, A::Size];
    let mut found: Option<MessageData> = None;
    let each = |item| {
        if let Item::Message(message) = item {
            // A server may tell it in several responses (RFC 9051 section 7.5.2).
            let known = found.get_or_insert_default();
            known.envelope = message.envelope.or(known.envelope.take());
            known.body_structure = message.body_structure.or(known.body_structure.take());
            known.internal_date = message.internal_date.or(known.internal_date);
            known.size = message.size.or(known.size);
        }
    };
    session.call(Fetch::new(UidSet::from(uid), items)).finish(each).await?;
    found.ok_or_else(|| {
        Error::new(ImapErrorCode::Gone, "there is no such message; it may have been deleted meanwhile")
    })
}

/// Reads the bytes of a part. None of an image or a start that is not there: the text is all the same.
async fn fill(session: &Rc<Session>, uid: Uid, mut piece: Piece) -> Result<Option<Piece>, Error> {
    let section = match piece.form {
        Form::Whole => Section::whole(),
        _ => section::parse(&piece.part.section)?,
    };
    let mut body = Body::new(Rc::clone(session), uid, section);
    if piece.form != Form::Whole {
        body = body.of_size(piece.part.octets);
    }
    let is_extra = matches!(piece.form, Form::Image | Form::Kind);
    while !piece.is_full() {
        match body.next_bytes().await {
            Ok(Some(bytes)) => piece.push(&bytes),
            Ok(None) => break,
            Err(error) if is_extra && error.code == ImapErrorCode::Gone => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(piece))
}

/// An attachment's bytes, decoded: `part` is what `ReadMessage` calls it.
///
/// # Errors
/// If it is no part of the message.
fn attachment(session: &Rc<Session>, uid: Uid, structure: Option<&Part>, part: &str) -> Result<Body, Error> {
    let session = Rc::clone(session);
    if part == postern_mime::WHOLE {
        return Ok(Body::new(session, uid, Section::whole()));
    }
    let body = Body::new(session, uid, section::parse(part)?);
    Ok(match structure.and_then(|root| root.find(part)) {
        Some(part) => body.of_size(part.octets).encoded_by(&part.encoding),
        None => body,
    })
}
