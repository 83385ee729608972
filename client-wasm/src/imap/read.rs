//! `readMessage()`: a message as a person reads it, by [`postern_mime`]. Its texts and the images within them are read at
//! once; its attachments when somebody asks for them.

use super::body::Body;
use super::section;
use super::session::Session;
use super::types::{Envelope, ReadMessage, milliseconds};
use crate::charset;
use crate::error::{Error, ImapErrorCode};
use futures::future::try_join_all;
use postern_engine::mime;
use postern_mime::{Form, Part, Piece};
use postern_protocol::imap::command::{Fetch, FetchAttribute};
use postern_protocol::imap::{Item, MessageData, Section, Uid, UidSet};
use std::rc::Rc;

/// A message, and how its attachments travel.
pub(crate) struct Read {
    pub(crate) message: ReadMessage,
    pub(crate) structure: Option<Part>,
}

/// Reads a message.
///
/// # Errors
/// Why it can't be.
pub(crate) async fn read(session: &Rc<Session>, uid: Uid) -> Result<Read, Error> {
    let data = fetch(session, uid).await?;
    let structure = data.body_structure.as_ref().and_then(mime::part);
    let size = data.size.and_then(|size| u32::try_from(size).ok()).unwrap_or(u32::MAX);
    let pieces = postern_mime::pieces(structure.as_ref(), size);
    let pieces = try_join_all(pieces.into_iter().map(|piece| fill(session, uid, piece))).await?;
    let pieces = pieces.into_iter().flatten().collect();
    let shown = mime::shown(structure.as_ref(), size, pieces, Some(charset::decode));
    let message = ReadMessage {
        uid: uid.value(),
        envelope: data.envelope.as_ref().map(Envelope::from_data),
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
/// Where it is no part of the message.
pub(crate) fn attachment(
    session: &Rc<Session>,
    uid: Uid,
    structure: Option<&Part>,
    part: &str,
) -> Result<Body, Error> {
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
