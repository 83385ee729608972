//! Mail's own formats, read as strangers write them: what a message is made of, and how its bytes become text, HTML,
//! images and files. It knows nothing of connections, and has no I/O, clock or thread.
//!
//! The structure of a message comes from an IMAP server's BODYSTRUCTURE: [`Part`]. Four steps lead from it to
//! something to show:
//!
//! 1. [`pieces`] says which parts have to be read;
//! 2. each [`Piece`] takes the bytes of its part as they come, in any portions, encoded as they travel;
//! 3. [`more`] says what else has to be read, now that the text is there;
//! 4. [`body`] makes text, HTML, inline images and attachments of them, and says what it could not read.
//!
//! ```
//! use postern_mime::{Part, body, pieces};
//!
//! let part = Part {
//!     section: "1".to_owned(),
//!     mime_type: "text/plain".to_owned(),
//!     parameters: vec![("charset".to_owned(), b"iso-8859-1".to_vec())],
//!     encoding: "quoted-printable".to_owned(),
//!     octets: 9,
//!     ..Part::default()
//! };
//! let mut pieces = pieces(Some(&part), 300);
//! pieces[0].push(b"Gr=FC=DFe");
//! let body = body(Some(&part), 300, pieces, None);
//! assert_eq!(body.text.as_deref(), Some("Grüße"));
//! ```
//!
//! Nothing here fails: what can't be read becomes U+FFFD or a [`Notice`], and a part that is not text on screen is
//! an [`Attachment`].

mod address;
mod base64;
mod base_subject;
mod charset;
mod choice;
mod compared;
mod date;
mod enriched;
mod entity;
mod file_name;
mod flowed;
mod guess;
mod header;
mod html;
mod image;
mod kind;
mod label;
mod letter;
mod mailbox_use;
mod message_id;
mod mixed;
mod parameters;
mod part;
mod preview;
mod quoted_printable;
mod stateful;
mod tables;
mod transfer;
mod uuencode;
mod words;

pub use address::{Mailbox, is_stand_in, parse as addresses};
pub use base_subject::BaseSubject;
pub use base64::Base64;
pub use charset::{DecodeCharset, Decoded, decode as decode_charset};
pub use choice::{Choice, Text};
pub use compared::{folded, text as compared_text};
pub use date::parse as date;
pub use entity::Entity;
pub use header::Header;
pub use image::drawable_type;
pub use label::canonical as canonical_charset;
pub use letter::{Attachment, Body, Form, InlineImage, Notice, Piece, WHOLE, body, more, pieces};
pub use mailbox_use::MailboxUse;
pub use message_id::message_ids;
pub use parameters::{Parameters, value as parameter};
pub use part::{Part, content_id};
pub use preview::{preview, preview_part, server_preview};
pub use quoted_printable::QuotedPrintable;
pub use transfer::{Transfer, decoded_size};
pub use uuencode::Uuencode;
pub use words::{decode as decode_words, decode_beside as decode_words_beside, is_deceptive, one_line};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
