//! How a connection waits: at `connect()` and `idle()`.

use crate::error::Error;
use postern_protocol::imap::Deadlines;
use serde::Deserialize;
use std::time::Duration;

/// How long `connect` and what follows wait, in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct ConnectOptions {
    /// For the server's greeting; 30,000 where it is left out.
    pub greeting_timeout: Option<f64>,
    /// For the answer to a command, counted anew with each part of it that arrives; 60,000 where it is left out. A
    /// connection on which it does not come is given up: everything that waits rejects with `timedOut`.
    pub answer_timeout: Option<f64>,
    /// How often a server is asked for news during `idle()` that lacks IDLE, or was seen to say nothing in it; 60,000
    /// where it is left out.
    pub poll_interval: Option<f64>,
}

/// How `idle` waits.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct IdleOptions {
    /// When to leave IDLE and enter it again, in milliseconds, so that a dead link shows; 300,000 (five minutes) where it
    /// is left out, and 28 minutes at most.
    pub renew_after: Option<f64>,
}

impl ConnectOptions {
    /// # Errors
    /// Where a time is none.
    pub(crate) fn apply(&self, deadlines: &mut Deadlines) -> Result<(), Error> {
        let set = |given: Option<f64>, name, place: &mut Duration| {
            given.map_or(Ok(()), |given| duration(name, given).map(|duration| *place = duration))
        };
        set(self.greeting_timeout, "greetingTimeout", &mut deadlines.greeting)?;
        set(self.answer_timeout, "answerTimeout", &mut deadlines.answer)?;
        set(self.poll_interval, "pollInterval", &mut deadlines.poll)
    }
}

impl IdleOptions {
    /// # Errors
    /// Where the time is none.
    pub(crate) fn renew_after(&self) -> Result<Duration, Error> {
        self.renew_after.map_or(Ok(Deadlines::default().idle_renewal), |given| duration("renewAfter", given))
    }
}

/// A time in milliseconds, as `setTimeout` takes it.
fn duration(name: &str, milliseconds: f64) -> Result<Duration, Error> {
    let is_time = (1.0..=LONGEST).contains(&milliseconds);
    let wrong =
        || Error::invalid(format!("options.{name}: give milliseconds, at least 1 and less than 25 days"));
    if is_time { Ok(Duration::from_secs_f64(milliseconds / 1000.0)) } else { Err(wrong()) }
}

/// What `setTimeout` can wait.
const LONGEST: f64 = 2_147_483_647.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_milliseconds() {
        let mut deadlines = Deadlines::default();
        let options = ConnectOptions { answer_timeout: Some(1500.0), ..ConnectOptions::default() };
        options.apply(&mut deadlines).ok().unwrap();
        assert_eq!(deadlines.answer, Duration::from_millis(1500));
        assert_eq!(deadlines.greeting, Deadlines::default().greeting);
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY, 3e9] {
            let options = ConnectOptions { poll_interval: Some(wrong), ..ConnectOptions::default() };
            assert!(options.apply(&mut deadlines).is_err(), "{wrong}");
        }
    }
}
