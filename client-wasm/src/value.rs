//! Plain data to JavaScript, the way the generated types say: numbers are numbers, bytes are `Uint8Array`, what is missing is
//! `null`, maps are objects.

use serde::Serialize;
use wasm_bindgen::JsValue;

/// Our data as JavaScript sees it.
pub(crate) fn to_js(value: &impl Serialize) -> JsValue {
    let serializer =
        serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true).serialize_maps_as_objects(true);
    // Ours are structs, enums, strings, bytes and numbers below 2^53: none of them fails.
    value.serialize(&serializer).unwrap_or(JsValue::NULL)
}
