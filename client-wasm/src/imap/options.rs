//! Arguments that may be left out, and objects of options.

use crate::error::Error;
use crate::input::from_js;
use js_sys::Object;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor, value};
use serde::forward_to_deserialize_any;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};

/// As [`from_js`], for an argument that may be left out.
///
/// # Errors
/// Likewise.
pub(crate) fn from_js_or_default<T: DeserializeOwned + Default>(
    what: &str,
    value: JsValue,
) -> Result<T, Error> {
    if value.is_undefined() || value.is_null() { Ok(T::default()) } else { from_js(what, value) }
}

/// The same for an object of options, if a misspelt name is reported instead of being ignored. `others` are names
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

/// A time in milliseconds, as `setTimeout` takes it.
///
/// # Errors
/// If the time is not a valid one.
pub(crate) fn milliseconds(name: &str, milliseconds: f64) -> Result<Duration, Error> {
    let is_time = (1.0..=LONGEST).contains(&milliseconds);
    let wrong =
        || Error::invalid(format!("options.{name}: give milliseconds, at least 1 and less than 25 days"));
    if is_time { Ok(Duration::from_secs_f64(milliseconds / 1000.0)) } else { Err(wrong()) }
}

/// What `setTimeout` can wait.
const LONGEST: f64 = 2_147_483_647.0;
