//! Plain data to JavaScript and back, the way the generated types say: numbers are numbers, bytes are
//! `Uint8Array`, what is missing is `null`, maps are objects.

use crate::error::Error;
use js_sys::Object;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor, value};
use serde::{Serialize, forward_to_deserialize_any};
use wasm_bindgen::{JsCast, JsValue};

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

/// The same for an argument that may be left out.
///
/// # Errors
/// Likewise.
pub(crate) fn from_js_or_default<T: DeserializeOwned + Default>(
    what: &str,
    value: JsValue,
) -> Result<T, Error> {
    if value.is_undefined() || value.is_null() { Ok(T::default()) } else { from_js(what, value) }
}

/// The same for an object of options, where a misspelt name is told instead of being left out. `others` are names
/// that somebody else reads.
///
/// # Errors
/// Says which name is none, or what is wrong with a value.
pub(crate) fn from_js_exact<T: DeserializeOwned + Default>(
    what: &str,
    value: &JsValue,
    others: &[&str],
) -> Result<T, Error> {
    if let Some(object) = value.dyn_ref::<Object>() {
        let known = fields_of::<T>();
        for name in Object::keys(object).iter().filter_map(|name| name.as_string()) {
            if !known.contains(&name.as_str()) && !others.contains(&name.as_str()) {
                return Err(Error::invalid(format!("{what}: there is no “{name}”")));
            }
        }
    }
    from_js_or_default(what, value.clone())
}

/// The names of a struct's fields, as JavaScript has them.
fn fields_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // Always an error: the names are all that is wanted of it.
    let _ = T::deserialize(Fields(&mut names));
    names
}

/// Asks a type for the names of its fields, and gives it nothing.
struct Fields<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Fields<'_> {
    type Error = value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
        Err(value::Error::custom("only names are asked for"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
