//! How a message is built. RFC 9051 section 7.5.2.

use crate::charset;
use crate::imap::data::text::{decoded, is_bare, lower, plain};
use postern_mime::Parameters;
use postern_protocol::imap::{Part, Text};
use serde::Serialize;
use std::collections::BTreeMap;

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
    /// The name of the file that it is, without path and control characters; `null` if none is given.
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

impl From<Part<'_>> for BodyPart {
    fn from(part: Part<'_>) -> Self {
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
            children: part.children().map(Self::from).collect(),
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

/// Parameters as they came.
fn raw<'a>(parameters: impl Iterator<Item = (Text<'a>, Text<'a>)>) -> Parameters {
    parameters.map(|(name, value)| (lower(&name), value.into_owned())).collect()
}

/// Each parameter once, put together and decoded.
fn values(parameters: &Parameters) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for (name, raw) in parameters {
        let name = name.split('*').next().unwrap_or_default();
        if !values.contains_key(name) {
            values.insert(name.to_owned(), value(parameters, name).unwrap_or_else(|| decoded(raw)));
        }
    }
    values
}

/// One parameter, put together and decoded.
fn value(parameters: &Parameters, name: &str) -> Option<String> {
    if parameters.iter().any(|(key, _)| key.contains('*')) {
        return postern_mime::parameter(parameters, name, Some(charset::decode));
    }
    let (_, raw) = parameters.iter().find(|(key, _)| key == name)?;
    // Without RFC 2231, most values are themselves.
    if is_bare(raw) && !raw.contains(&b'%') {
        return Some(plain(raw));
    }
    postern_mime::parameter(parameters, name, Some(charset::decode))
}

fn file_name(mime_type: &str, disposition: &Parameters, content_type: &Parameters) -> Option<String> {
    let is_given = value(disposition, "filename").or_else(|| value(content_type, "name")).is_some();
    let part = || postern_mime::Part {
        mime_type: mime_type.to_owned(),
        disposition_parameters: disposition.clone(),
        parameters: content_type.clone(),
        ..postern_mime::Part::default()
    };
    is_given.then(|| part().file_name(Some(charset::decode)))
}
