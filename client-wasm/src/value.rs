//! Plain data to JavaScript, the way the generated types say: numbers are numbers, bytes are `Uint8Array`, what is missing is
//! `null`, maps are objects.

use serde::Serialize;
use wasm_bindgen::JsValue;

/// Our data as JavaScript sees it, piece by piece: each field of each object is a call into JavaScript.
pub(crate) fn to_js(value: &impl Serialize) -> JsValue {
    let serializer =
        serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true).serialize_maps_as_objects(true);
    // Ours are structs, enums, strings, bytes and numbers below 2^53: none of them fails.
    value.serialize(&serializer).unwrap_or(JsValue::NULL)
}

/// The same of data without bytes, several times as fast: it goes over as one text of JSON, and the browser itself makes the
/// objects. A number that JavaScript can't hold exactly becomes the nearest one that it can.
#[cfg(feature = "imap-client")]
pub(crate) fn plain_to_js(value: &impl Serialize) -> JsValue {
    // Ours are structs, enums, strings, numbers, and maps whose keys are strings: none of them fails.
    let text = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
    js_sys::JSON::parse(&text).unwrap_or(JsValue::NULL)
}

/// An array that is to become JavaScript's at once, the way of [`plain_to_js`].
#[cfg(feature = "imap-client")]
pub(crate) struct PlainArray {
    text: Vec<u8>,
}

#[cfg(feature = "imap-client")]
impl PlainArray {
    /// An empty one, with room for a text of this many octets: growing it bit by bit would copy it several times.
    pub(crate) fn with_capacity(octets: usize) -> Self {
        Self { text: Vec::with_capacity(octets) }
    }

    pub(crate) fn push(&mut self, value: &impl Serialize) {
        self.text.push(if self.text.is_empty() { b'[' } else { b',' });
        // To memory, of such data as above: it can't fail.
        let _ = serde_json::to_writer(&mut self.text, value);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// How long its text is.
    pub(crate) fn octets(&self) -> usize {
        self.text.len()
    }
}

#[cfg(feature = "imap-client")]
impl From<PlainArray> for JsValue {
    fn from(PlainArray { mut text }: PlainArray) -> Self {
        text.extend_from_slice(if text.is_empty() { b"[]" } else { b"]" });
        // JSON is UTF-8.
        let text = str::from_utf8(&text).unwrap_or("null");
        js_sys::JSON::parse(text).unwrap_or(Self::NULL)
    }
}
