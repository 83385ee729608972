//! A day, as searches compare by.

use crate::error::Error;
use crate::input::shown;
use postern_protocol::imap::command::Date;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use wasm_bindgen::{JsCast, JsValue};

/// A day: `"2026-11-23"`, or what a `Date` has here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day(pub(crate) String);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // By serde_wasm_bindgen's own way around serde: of a Date, serde has no idea.
        let value: JsValue = serde_wasm_bindgen::preserve::deserialize(deserializer)?;
        day_of(&value).map_err(D::Error::custom)
    }
}

fn day_of(value: &JsValue) -> Result<Day, String> {
    if let Some(date) = value.dyn_ref::<js_sys::Date>() {
        let (year, month, day) = (date.get_full_year(), date.get_month() + 1, date.get_date());
        return match date.get_time().is_nan() {
            true => Err("the Date is not a valid one".into()),
            false => Ok(Day(format!("{year:04}-{month:02}-{day:02}"))),
        };
    }
    let text = value.as_string();
    text.map(Day)
        .ok_or_else(|| format!("{} is no day; write one like \"2026-11-23\", or give a Date", shown(value)))
}

/// # Errors
/// If it is none that is written like this.
impl TryFrom<&Day> for Date {
    type Error = Error;

    fn try_from(Day(text): &Day) -> Result<Self, Error> {
        let mut parts = text.splitn(3, '-');
        let mut date = || {
            let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
            Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        };
        date().ok_or_else(|| {
            Error::invalid(format!("query: “{text}” is no day; write one like \"2026-11-23\""))
        })
    }
}
