//! Ways to sign in.

use serde::Deserialize;

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
