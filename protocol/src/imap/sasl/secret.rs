//! What a person or a driver brings to sign in with. Printing any of it shows no secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::fmt;
use std::ops::RangeInclusive;

/// A user name and a password.
///
/// ```
/// use postern_protocol::imap::sasl::Account;
///
/// let account = Account::new("ann", "hunter2").acting_as("shared");
/// assert_eq!(account.act_as.as_deref(), Some("shared"));
/// assert!(!format!("{account:?}").contains("hunter2"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// What the server calls the user.
    pub user: String,
    /// The password.
    pub password: String,
    /// Whose mail to read, where that is somebody else (the authorization identity, RFC 4422 section 2): an
    /// administrator in a user's place, or a shared mailbox.
    pub act_as: Option<String>,
}

impl Account {
    /// A user who reads their own mail.
    #[must_use]
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self { user: user.into(), password: password.into(), act_as: None }
    }

    /// The same user, reading somebody else's mail.
    #[must_use]
    pub fn acting_as(self, other: impl Into<String>) -> Self {
        Self { act_as: Some(other.into()), ..self }
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut account = f.debug_struct("Account");
        account.field("user", &self.user).field("act_as", &self.act_as).finish_non_exhaustive()
    }
}

/// An OAuth 2 access token and whose it is.
///
/// ```
/// use postern_protocol::imap::sasl::Token;
///
/// let token = Token::new("ann@example.org", "ya29.vF9dft4qmT").for_server("imap.example.org", 993);
/// assert!(!format!("{token:?}").contains("ya29"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// Whose mail to read: most often a mail address.
    pub user: String,
    /// The token itself, as the provider gave it.
    pub token: String,
    /// The server's name and port as they were dialled, which OAUTHBEARER may tell (RFC 7628 section 3.1).
    pub server: Option<(String, u16)>,
}

impl Token {
    /// A token for this user's mail.
    #[must_use]
    pub fn new(user: impl Into<String>, token: impl Into<String>) -> Self {
        Self { user: user.into(), token: token.into(), server: None }
    }

    /// The same, and which server was dialled.
    #[must_use]
    pub fn for_server(self, host: impl Into<String>, port: u16) -> Self {
        Self { server: Some((host.into(), port)), ..self }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut token = f.debug_struct("Token");
        token.field("user", &self.user).field("server", &self.server).finish_non_exhaustive()
    }
}

/// Random bytes for one exchange of SCRAM: a server that sees them twice could replay what went before.
///
/// ```
/// use postern_protocol::imap::sasl::Nonce;
///
/// // The driver draws them: `crypto.getRandomValues` in a browser.
/// let nonce = Nonce::from_random([7; 18]);
/// assert_eq!(format!("{nonce:?}"), "Nonce(..)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// Takes 18 bytes from a cryptographic random source, drawn anew for each exchange.
    #[must_use]
    pub fn from_random(bytes: [u8; 18]) -> Self {
        Self(BASE64.encode(bytes))
    }

    /// One from an RFC's example.
    #[cfg(test)]
    pub(crate) fn known(text: &str) -> Self {
        Self(text.into())
    }

    /// Printable, and without a comma (RFC 5802 section 5.1).
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(..)")
    }
}

/// An account and what SCRAM needs beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Who signs in.
    pub account: Account,
    /// Drawn for this exchange alone.
    pub nonce: Nonce,
    /// What names the TLS connection, where the driver knows.
    pub binding: Option<ChannelBinding>,
    /// How many rounds of hashing the server may ask for; another number calls the exchange off. [`ITERATIONS`] unless
    /// it is set.
    pub iterations: RangeInclusive<u32>,
}

/// RFC 5802 section 5.1 and RFC 7677 section 4 ask for 4,096 at least: with fewer, whoever took the server's place finds
/// the password out of the proof. Careful servers ask for some hundred thousand; a million takes a second or two in a
/// browser, and four thousand million would take hours (security.md S6).
pub const ITERATIONS: RangeInclusive<u32> = 4096..=1_000_000;

impl Credentials {
    /// Credentials that are bound to no TLS connection.
    #[must_use]
    pub fn new(account: Account, nonce: Nonce) -> Self {
        Self { account, nonce, binding: None, iterations: ITERATIONS }
    }

    /// The same with other bounds for the rounds of hashing: fewer for a server that is known to ask for few, more for a
    /// machine that has the time.
    ///
    /// ```
    /// use postern_protocol::imap::sasl::{Account, Credentials, Nonce};
    ///
    /// let nonce = Nonce::from_random([7; 18]);
    /// let lenient = Credentials::new(Account::new("ann", "secret"), nonce).iterations(1000..=1_000_000);
    /// assert_eq!(lenient.iterations, 1000..=1_000_000);
    /// ```
    #[must_use]
    pub fn iterations(self, bounds: RangeInclusive<u32>) -> Self {
        Self { iterations: bounds, ..self }
    }

    /// The same, good on this TLS connection alone where the server offers a -PLUS.
    #[must_use]
    pub fn bound_to(self, binding: ChannelBinding) -> Self {
        Self { binding: Some(binding), ..self }
    }
}

/// What names the TLS connection, so that a proof holds on it alone (RFC 5056). The driver has it where it does
/// the TLS itself.
///
/// `tls-unique` of RFC 5929 is not here: TLS 1.3 has none.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChannelBinding {
    /// 32 octets of keying material with the label `EXPORTER-Channel-Binding` (RFC 9266).
    TlsExporter(Vec<u8>),
    /// The hash of the server's certificate (RFC 5929 section 4.1).
    TlsServerEndPoint(Vec<u8>),
}

impl ChannelBinding {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::TlsExporter(_) => "tls-exporter",
            Self::TlsServerEndPoint(_) => "tls-server-end-point",
        }
    }

    pub(super) fn data(&self) -> &[u8] {
        let (Self::TlsExporter(data) | Self::TlsServerEndPoint(data)) = self;
        data
    }
}
