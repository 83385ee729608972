//! Ways to sign in.

use crate::error::Error;
use postern_protocol::imap::sasl::ITERATIONS;
use serde::Deserialize;
use std::ops::RangeInclusive;

/// How `login` signs in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LoginOptions {
    /// How many iterations of SCRAM the server may ask for.
    #[cfg_attr(test, ts(optional = nullable))]
    pub iterations: Option<ScramIterations>,
}

/// How many iterations of SCRAM a server may ask for: with another number, nothing is proved to it and the code is
/// `signInRefused`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct ScramIterations {
    /// The fewest; 4,096 where it is left out. With fewer, whoever took the server's place finds the password out of the
    /// proof (RFC 7677 section 4).
    pub min: Option<u32>,
    /// The most; 1,000,000 where it is left out, which takes a second or two.
    pub max: Option<u32>,
}

impl ScramIterations {
    /// # Errors
    /// If the least is more than the most.
    pub(crate) fn bounds(self) -> Result<RangeInclusive<u32>, Error> {
        let bounds = self.min.unwrap_or(*ITERATIONS.start())..=self.max.unwrap_or(*ITERATIONS.end());
        if bounds.is_empty() {
            return Err(Error::invalid("iterations: `min` must not be more than `max`"));
        }
        Ok(bounds)
    }
}

/// One certain way to prove that one knows a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum PasswordMechanism {
    /// SCRAM-SHA-256 (RFC 7677): nobody sees the password, and the server proves that it knows it, too.
    ScramSha256,
    /// SCRAM-SHA-1 (RFC 5802): likewise, with an older hash.
    ScramSha1,
    /// PLAIN (RFC 4616): the password itself, inside TLS.
    Plain,
    /// LOGIN: the password itself, when asked for.
    Login,
    /// CRAM-MD5 (RFC 2195): a proof, by a hash that is broken.
    CramMd5,
}

/// One certain way to sign in by an OAuth 2 token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum TokenMechanism {
    /// OAUTHBEARER (RFC 7628).
    #[serde(rename = "oauthbearer")]
    OAuthBearer,
    /// XOAUTH2, of Google and Microsoft.
    #[serde(rename = "xoauth2")]
    XOAuth2,
}
