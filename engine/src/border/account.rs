//! The account: how it stands with the server, and the password.

use super::Problem;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How it stands between us and the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum Session {
    /// Nobody is signed in.
    SignedOut {
        /// Why, where it was not the user who asked.
        problem: Option<Problem>,
    },
    /// The first connection is being made.
    SigningIn,
    /// Connected and in step.
    Online,
    /// Was online, is trying again by itself. What was read stays readable.
    Reconnecting {
        /// Why the connection was lost, or the last try failed.
        problem: Problem,
        /// Milliseconds from now to the next try; 0 while one is under way.
        retry_in: u32,
    },
    /// Was online, and the server refuses the password now. What was read stays readable; nothing is tried until
    /// [`Intent::Unlock`](super::Intent::Unlock) or [`Intent::Reconnect`](super::Intent::Reconnect).
    Locked {
        /// What the server answered to the password.
        problem: Problem,
    },
}

/// A password. Whoever prints it sees that there is one, never which.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}
