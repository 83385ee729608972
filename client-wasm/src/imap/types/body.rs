//! What a message is made of, and the message as it is read.

use super::message::{Envelope, decoded, lower, plain};
use crate::charset;
use postern_engine::border::{Attachment, InlineImage, Notice};
use postern_mime::Parameters;
use postern_protocol::imap::{Part, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How to read a part of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BodyOptions {
    /// Without the part's transfer encoding (base64, quoted-printable): the server undoes it where it can (BINARY, RFC
    /// 3516), else the client does. For parts such as `"1.2"` alone. Where it is `false` or left out, the bytes come as
    /// they travel. A charset is never decoded.
    #[cfg_attr(test, ts(optional = nullable))]
    pub decoded: Option<bool>,
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BodyPart {
    /// What `fetchBody` names it by: `"1.2"`. Empty for a multipart that is the whole message.
    pub section: String,
    /// `type/subtype`, lower case.
    pub mime_type: String,
    /// The parameters of the type, such as `charset`, decoded (RFC 2231, RFC 2047); names in lower case, without the `*`
    /// of RFC 2231.
    #[cfg_attr(test, ts(type = "Record<string, string>"))]
    pub parameters: BTreeMap<String, String>,
    /// The name of the file that it is, without path and control characters; `null` where none is given.
    pub file_name: Option<String>,
    /// The `Content-ID`, in its angle brackets.
    pub id: Option<String>,
    /// The decoded `Content-Description`.
    pub description: Option<String>,
    /// How it travels: `base64`, `quoted-printable`, `7bit`; lower case. `fetchBody` with `decoded` undoes it.
    pub encoding: Option<String>,
    /// Its size in bytes as it travels.
    #[cfg_attr(test, ts(type = "number"))]
    pub size: u64,
    /// How it is meant to be shown.
    pub disposition: Option<Disposition>,
    /// The parts of a multipart, or the body of an embedded message.
    pub children: Vec<Self>,
}

impl BodyPart {
    pub(crate) fn from_part(part: Part<'_>) -> Self {
        let parameters = raw(part.parameters());
        let disposition_parameters = raw(part.disposition_parameters());
        let mime_type = format!("{}/{}", lower(&part.media_type()), lower(&part.subtype()));
        Self {
            section: part.number(),
            file_name: file_name(&mime_type, &disposition_parameters, &parameters),
            mime_type,
            parameters: values(&parameters),
            id: part.id().map(|text| plain(&text)),
            description: part.description().map(|text| decoded(&text)),
            encoding: part.encoding().map(|text| lower(&text)),
            size: part.size(),
            disposition: part
                .disposition()
                .map(|kind| Disposition { kind: lower(&kind), parameters: values(&disposition_parameters) }),
            // The reader bounds how deep a structure may be.
            children: part.children().map(Self::from_part).collect(),
        }
    }
}

/// How a part is meant to be shown (RFC 2183).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Disposition {
    /// `inline`, `attachment`; lower case.
    pub kind: String,
    /// Its parameters, such as `filename`, decoded (RFC 2231, RFC 2047); names in lower case, without the `*` of RFC 2231.
    #[cfg_attr(test, ts(type = "Record<string, string>"))]
    pub parameters: BTreeMap<String, String>,
}

/// A message as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReadMessage {
    /// What names it as long as the mailbox keeps its `uidValidity`.
    pub uid: u32,
    /// Its header, as the server read it; `null` where it could not.
    pub envelope: Option<Envelope>,
    /// When it arrived: milliseconds since 1970-01-01 UTC.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub internal_date: Option<i64>,
    /// Its size in bytes, as the server counts.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub size: Option<u64>,
    /// The subject as the message itself has it, where the server could not take the message apart; else empty, and
    /// `envelope` has it.
    pub subject: String,
    /// Its text, decoded, lines ended by `\n`; `null` where it has only HTML.
    pub text: Option<String>,
    /// Its HTML, decoded and otherwise as it came: **sanitise it** before a page shows it. `null` where it has none.
    pub html: Option<String>,
    /// The images that the HTML draws, with their bytes.
    pub inline_images: Vec<InlineImage>,
    /// Every part that is not text on screen, those images too.
    pub attachments: Vec<Attachment>,
    /// What could not be shown as it was meant.
    pub notices: Vec<Notice>,
}

/// Parameters as they came.
fn raw<'a>(parameters: impl Iterator<Item = (Text<'a>, Text<'a>)>) -> Parameters {
    parameters.map(|(name, value)| (lower(&name), value.into_owned())).collect()
}

/// Each parameter once, put together and decoded.
fn values(parameters: &Parameters) -> BTreeMap<String, String> {
    let value = |(name, raw): &(String, Vec<u8>)| {
        let name = name.split('*').next().unwrap_or_default().to_owned();
        let value = postern_mime::parameter(parameters, &name, Some(charset::decode));
        let value = value.unwrap_or_else(|| decoded(raw));
        (name, value)
    };
    parameters.iter().map(value).collect()
}

fn file_name(mime_type: &str, disposition: &Parameters, content_type: &Parameters) -> Option<String> {
    let value = |parameters, name| postern_mime::parameter(parameters, name, Some(charset::decode));
    let is_given = value(disposition, "filename").or_else(|| value(content_type, "name")).is_some();
    let part = || postern_mime::Part {
        mime_type: mime_type.to_owned(),
        disposition_parameters: disposition.clone(),
        parameters: content_type.clone(),
        ..postern_mime::Part::default()
    };
    is_given.then(|| part().file_name(Some(charset::decode)))
}
