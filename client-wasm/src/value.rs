//! Plain data to JavaScript and back, the way the generated types say: numbers are numbers, bytes are
//! `Uint8Array`, what is missing is `null`, maps are objects.

use crate::error::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// Our data as JavaScript sees it.
pub(crate) fn to_js(value: &impl Serialize) -> JsValue {
    let serializer =
        serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true).serialize_maps_as_objects(true);
    // Ours are structs, enums, strings, bytes and numbers below 2^53: none of them fails.
    value.serialize(&serializer).unwrap_or(JsValue::NULL)
}

/// What JavaScript gave, as our data.
///
/// # Errors
/// Says which argument, and what is wrong with it.
pub(crate) fn from_js<T: DeserializeOwned>(what: &str, value: JsValue) -> Result<T, Error> {
    serde_wasm_bindgen::from_value(value).map_err(|error| Error::invalid(format!("{what}: {error}")))
}
