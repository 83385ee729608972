//! What a message is stored with: flags, a time, and what kind of bytes it is made of.

use crate::error::Error;
use postern_protocol::imap::command::{Form, NewMessage};
use postern_protocol::imap::{DateTime, Flag};
use serde::{Deserialize, Deserializer};
use wasm_bindgen::{JsCast, JsValue};

/// How to store a message.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct AppendOptions {
    /// The flags that it begins with, such as `\Seen` and `\Draft`.
    pub flags: Option<Vec<String>>,
    /// When it was received: a `Date`, or milliseconds since 1970-01-01 UTC; now if it is left out.
    #[cfg_attr(test, ts(optional, type = "number | Date | null"))]
    pub received: Option<Instant>,
    /// What kind of bytes it is made of; `text` if it is left out.
    pub form: Option<MessageForm>,
}

impl AppendOptions {
    /// # Errors
    /// If the date is not a valid one.
    pub(crate) fn apply(&self, message: NewMessage) -> Result<NewMessage, Error> {
        let flags = self.flags.iter().flatten().map(|flag| Flag::from(flag.as_str()));
        let form = self.form.map(Into::into).unwrap_or_default();
        let message = message.flags(flags.collect::<Vec<_>>()).form(form);
        let Some(Instant(received)) = self.received else { return Ok(message) };
        let seconds = (received / 1000.0).floor();
        if !(0.0..=LATEST).contains(&seconds) {
            return Err(Error::invalid(
                "options.received: give a Date, or milliseconds since 1970 as Date.now() does",
            ));
        }
        #[expect(clippy::cast_possible_truncation, reason = "it was just looked at")]
        let unix_seconds = seconds as i64;
        Ok(message.received(DateTime { unix_seconds, offset_minutes: 0 }))
    }
}

/// What kind of bytes a message is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum MessageForm {
    /// Without NUL: what mail is made of.
    Text,
    /// Any bytes at all (BINARY, RFC 3516).
    Binary,
    /// With UTF-8 in its header (RFC 6855), which `enable(["UTF8=ACCEPT"])` must have turned on.
    Utf8,
}

impl From<MessageForm> for Form {
    fn from(form: MessageForm) -> Self {
        match form {
            MessageForm::Text => Self::Text,
            MessageForm::Binary => Self::Binary,
            MessageForm::Utf8 => Self::Utf8,
        }
    }
}

/// A `Date`, or milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Instant(f64);

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value: JsValue = serde_wasm_bindgen::preserve::deserialize(deserializer)?;
        let date = value.dyn_ref::<js_sys::Date>().map(js_sys::Date::get_time);
        // What is no date is refused later on, with better words.
        Ok(Self(date.or_else(|| value.as_f64()).unwrap_or(f64::NAN)))
    }
}

/// The end of the year 9999, in seconds.
const LATEST: f64 = 253_402_300_799.0;
