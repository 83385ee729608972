//! One message, as it is read.

use super::MessageId;
use serde::{Deserialize, Serialize};

/// A message, decoded, with what is needed to show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MessageView {
    /// The same as in its row.
    pub id: MessageId,
    /// The decoded subject; empty where there is none.
    pub subject: String,
    /// `From:`.
    pub from: Vec<Address>,
    /// `Sender:`, where it differs from `From:`.
    pub sender: Vec<Address>,
    /// `Reply-To:`, where it differs from `From:`.
    pub reply_to: Vec<Address>,
    /// `To:`.
    pub to: Vec<Address>,
    /// `Cc:`.
    pub cc: Vec<Address>,
    /// `Bcc:`.
    pub bcc: Vec<Address>,
    /// Milliseconds since 1970-01-01 UTC; the server's arrival date where the message has no valid `Date:`, and none
    /// where the server told none either.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub date: Option<i64>,
    /// The text.
    pub body: MessageBody,
    /// Images that the HTML may draw, by `cid:` or by their location, decoded. Each is among the attachments too.
    pub inline_images: Vec<InlineImage>,
    /// Every part that is not text on screen, in the message's order, to download.
    pub attachments: Vec<Attachment>,
    /// What could not be shown as it was meant.
    pub notices: Vec<Notice>,
}

/// The text of a message. Both alternatives are given where both are there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MessageBody {
    /// `text/plain`, decoded to Unicode, lines ended by `\n`.
    pub text: Option<String>,
    /// `text/html`, decoded to Unicode and otherwise as it came: **not sanitised**.
    pub html: Option<String>,
}

/// A mailbox address (RFC 5322 section 3.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Address {
    /// The decoded display name; empty where there is none. Control and bidi-override characters are removed.
    pub name: String,
    /// `local@domain`.
    pub address: String,
}

/// A part to download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Attachment {
    /// What [`Intent::Download`](super::Intent::Download) names it by.
    pub part: String,
    /// A file name fit for any system; never empty.
    pub name: String,
    /// `type/subtype`, lower case.
    pub mime_type: String,
    /// The decoded size in bytes, as near as can be told before it is read.
    pub size: u32,
    /// It is there to be drawn within the HTML: once it was, a list may leave it out. Never true of what the sender
    /// called an attachment.
    pub hide_if_drawn: bool,
}

/// An image that is part of the HTML.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InlineImage {
    /// The same part as [`Attachment::part`].
    pub part: String,
    /// Its `Content-ID` without the angle brackets; empty where it has none.
    pub content_id: String,
    /// Its `Content-Location` (RFC 2557), as it stands in the message; empty where it has none.
    pub content_location: String,
    /// What browsers call it, by its first bytes, whatever the message says: one of `image/png`, `image/jpeg`,
    /// `image/gif`, `image/webp`, `image/avif`, `image/bmp`, `image/x-icon`.
    pub mime_type: String,
    /// The decoded image.
    #[serde(with = "serde_bytes")]
    #[cfg_attr(feature = "ts", ts(type = "Uint8Array<ArrayBuffer>"))]
    pub bytes: Vec<u8>,
}

/// What could not be shown as it was meant, and what kind of message it is where that is not opened here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum Notice {
    /// The text was cut: it is longer than the engine reads at once. The whole is among the attachments.
    Truncated,
    /// The message's structure is broken; what could be read is shown.
    BrokenStructure,
    /// A character set is unknown; some characters are wrong.
    UnknownCharset,
    /// More parts, or deeper ones, than the limits allow (1,000 parts, depth 20). The rest is not shown; the
    /// whole message is among the attachments.
    TooManyParts,
    /// It is signed (OpenPGP or S/MIME), and the text can be read. The signature was not verified.
    Signed,
    /// It is signed in a form that wraps the text (S/MIME `signed-data`), which is not opened.
    OpaquelySigned,
    /// It is encrypted with OpenPGP.
    EncryptedPgp,
    /// It is encrypted with S/MIME.
    EncryptedSmime,
    /// There is an invitation or another calendar entry in it.
    Invitation,
    /// Files are wrapped in a `winmail.dat` (TNEF), which is not opened.
    Tnef,
    /// A file stands in its text, uuencoded.
    Uuencoded,
}
