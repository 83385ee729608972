//! SASL mechanisms: what a client says to prove who it is, RFC 4422. They know no IMAP, no random source and no
//! clock: whoever signs in hands in the [`Nonce`], and the [`ChannelBinding`] where TLS is its own.
//!
//! The mechanisms are our own: rsasl, the library that has most of them, draws its nonces by itself and collects its
//! mechanisms at link time, and neither goes with a sans-IO crate that is compiled to wasm. The hashes, the key
//! derivation, the normalisation of passwords and the reading of JSON are libraries'.
//!
//! | mechanism | RFC | says |
//! | --- | --- | --- |
//! | SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS | 7677, 5802, 9266 | a proof, bound to the TLS connection |
//! | SCRAM-SHA-256, SCRAM-SHA-1 | 7677, 5802 | a proof; the server gives its own in return |
//! | PLAIN | 4616 | the password |
//! | LOGIN | none | the password, when asked for |
//! | CRAM-MD5 | 2195 | a proof; the server gives none, and must keep what equals the password |
//! | OAUTHBEARER, XOAUTH2 | 7628, Google's | a token |
//! | EXTERNAL | 4422 | who to be: TLS or the link told the rest |
//! | ANONYMOUS | 4505 | nothing |

mod bearer;
mod cram_md5;
mod login;
mod mechanism;
mod one_message;
mod scram;
mod secret;

pub(crate) use mechanism::Choice;
pub use mechanism::Mechanism;
pub use secret::{Account, ChannelBinding, Credentials, ITERATIONS, Nonce, Token};

/// One exchange of one mechanism.
pub(crate) trait Sasl: Send {
    /// The mechanism's registered name.
    fn name(&self) -> &'static str;

    /// What the client says first, on an empty challenge or with the command; none where the server begins.
    fn initial(&mut self) -> Option<Vec<u8>>;

    /// The answer to a challenge. An error calls the exchange off.
    fn answer(&mut self, _challenge: &[u8]) -> Result<Vec<u8>, SaslError> {
        Err(SaslError::UnexpectedChallenge)
    }

    /// Whether the server's word that all went well may be believed.
    fn is_proven(&self) -> bool {
        true
    }

    /// What the server told of its refusal, for a program.
    fn refusal(&mut self) -> Option<TokenRefusal> {
        None
    }
}

/// Why an exchange was called off by the client. Nothing that it says afterwards tells the secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SaslError {
    /// The server asked when all was said.
    #[error("the server asked for more than the mechanism has to say")]
    UnexpectedChallenge,
    /// What the server asked can't be read.
    #[error("the server's challenge could not be read")]
    UnreadableChallenge,
    /// The server's nonce does not go on from ours: an answer to another exchange (RFC 5802 section 5).
    #[error("the server's nonce does not follow from ours")]
    ForeignNonce,
    /// More rounds than [`Credentials::iterations`] allows: so many could hold the client up for minutes (security.md S6).
    #[error("the server asks for {0} iterations, more than are allowed")]
    TooManyIterations(u64),
    /// Fewer rounds than [`Credentials::iterations`] allows: the password could be found out of the proof (RFC 7677
    /// section 4).
    #[error("the server asks for {0} iterations only, fewer than are safe")]
    TooFewIterations(u32),
    /// The server does not know the password itself: it may be another server (RFC 5802 section 3).
    #[error("the server could not prove that it knows the password")]
    WrongServerSignature,
    /// The server said what is wrong in the exchange itself: a value of RFC 5802 section 7, such as
    /// `invalid-proof`.
    #[error("the server ended the exchange: {0}")]
    Server(String),
}

/// Why a server refused a token (RFC 7628 section 3.2.2). Fields that it left out are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenRefusal {
    /// `invalid_token`, `insufficient_scope` and their like; Google's and Microsoft's XOAUTH2 has a number as of
    /// HTTP: `400`, `401`.
    pub status: String,
    /// The scope that a token must have.
    pub scope: Option<String>,
    /// Where the provider says how to get a token.
    pub openid_configuration: Option<String>,
}

/// A challenge as text.
fn text(challenge: &[u8]) -> Result<&str, SaslError> {
    std::str::from_utf8(challenge).map_err(|_| SaslError::UnreadableChallenge)
}
