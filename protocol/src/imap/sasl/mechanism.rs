//! Which mechanism to sign in by, as asked for and as the server offers it.

use super::bearer::{Bearer, Dialect};
use super::cram_md5::CramMd5;
use super::login::Login;
use super::scram::{Hash, Scram};
use super::{Account, Credentials, Sasl, Token, one_message};

/// How to prove who one is.
///
/// [`Strongest`](Self::Strongest) is what a mail program wants for a password, and [`Bearer`](Self::Bearer) for a
/// token: each takes the best that the server offers. The others are one mechanism each, and fail with
/// [`CommandError::Unsupported`](crate::imap::CommandError::Unsupported) where the server lacks it.
///
/// ```
/// use postern_protocol::imap::command::{Authenticate, Mechanism};
/// use postern_protocol::imap::sasl::{Account, Credentials, Nonce};
///
/// let nonce = Nonce::from_random([7; 18]); // From the driver's random source.
/// let credentials = Credentials::new(Account::new("ann", "secret"), nonce);
/// let command = Authenticate(Mechanism::Strongest(credentials));
/// assert!(!format!("{command:?}").contains("secret"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mechanism {
    /// The first that the server offers of: SCRAM-SHA-256-PLUS and SCRAM-SHA-1-PLUS (with a binding only),
    /// SCRAM-SHA-256, SCRAM-SHA-1, PLAIN, LOGIN, the LOGIN command, CRAM-MD5.
    ///
    /// It is chosen once: where the server refuses the password under one, no weaker one is tried.
    Strongest(Credentials),
    /// OAUTHBEARER where the server offers it, else XOAUTH2.
    Bearer(Token),
    /// SCRAM-SHA-256 (RFC 7677), and with a binding SCRAM-SHA-256-PLUS where the server offers it.
    ScramSha256(Credentials),
    /// SCRAM-SHA-1 (RFC 5802), and with a binding SCRAM-SHA-1-PLUS where the server offers it.
    ScramSha1(Credentials),
    /// PLAIN (RFC 4616): user name and password, inside TLS. Where the server lacks it, the LOGIN command.
    Plain(Account),
    /// The mechanism LOGIN, which a few servers offer alone, and which can't act as somebody else. The command
    /// is [`Login`](crate::imap::command::Login).
    Login(Account),
    /// CRAM-MD5 (RFC 2195), which can't act as somebody else.
    CramMd5(Account),
    /// OAUTHBEARER (RFC 7628).
    OAuthBearer(Token),
    /// XOAUTH2, of Google and Microsoft.
    XOAuth2(Token),
    /// EXTERNAL (RFC 4422 appendix A): the TLS certificate or the link tells who this is.
    External {
        /// Whose mail to read, where that is not clear.
        act_as: Option<String>,
    },
    /// ANONYMOUS (RFC 4505).
    Anonymous {
        /// A mail address or another word that the server may log; may be empty.
        trace: String,
    },
}

/// What a server's offer makes of a [`Mechanism`].
pub(crate) enum Choice {
    /// An exchange.
    Sasl(Box<dyn Sasl>),
    /// The LOGIN command with this account.
    LoginCommand(Account),
    /// Nothing: the server lacks the mechanism of this name.
    Lacking(&'static str),
}

impl Mechanism {
    /// Every string that goes to the server, secret or not.
    pub(crate) fn strings(&self) -> Vec<&str> {
        match self {
            Self::Strongest(Credentials { account, .. })
            | Self::ScramSha256(Credentials { account, .. })
            | Self::ScramSha1(Credentials { account, .. })
            | Self::Plain(account)
            | Self::Login(account)
            | Self::CramMd5(account) => {
                let Account { user, password, act_as } = account;
                [Some(user), Some(password), act_as.as_ref()]
                    .into_iter()
                    .flatten()
                    .map(String::as_str)
                    .collect()
            }
            Self::Bearer(token) | Self::OAuthBearer(token) | Self::XOAuth2(token) => {
                let host = token.server.as_ref().map(|(host, _)| host.as_str());
                [Some(&*token.user), Some(&*token.token), host].into_iter().flatten().collect()
            }
            Self::External { act_as } => act_as.as_deref().into_iter().collect(),
            Self::Anonymous { trace } => vec![trace],
        }
    }

    /// Chooses by what the server `offers`; `has_login` says whether the LOGIN command is allowed.
    pub(crate) fn choose(self, offers: impl Fn(&str) -> bool, has_login: bool) -> Choice {
        match self {
            Self::Strongest(credentials) => strongest(credentials, offers, has_login),
            Self::ScramSha256(credentials) => only(Scram::new(Hash::Sha256, credentials, &offers), &offers),
            Self::ScramSha1(credentials) => only(Scram::new(Hash::Sha1, credentials, &offers), &offers),
            Self::Bearer(token) if offers("OAUTHBEARER") => {
                only(Bearer::new(Dialect::OAuthBearer, token), offers)
            }
            Self::Bearer(token) | Self::XOAuth2(token) => only(Bearer::new(Dialect::XOAuth2, token), offers),
            Self::OAuthBearer(token) => only(Bearer::new(Dialect::OAuthBearer, token), offers),
            Self::Plain(account) if !offers("PLAIN") && has_login && account.act_as.is_none() => {
                Choice::LoginCommand(account)
            }
            Self::Plain(account) => only(one_message::plain(&account), offers),
            Self::Login(account) | Self::CramMd5(account) if account.act_as.is_some() => {
                Choice::Lacking("PLAIN")
            }
            Self::Login(account) => only(Login::new(account), offers),
            Self::CramMd5(account) => only(CramMd5::new(account), offers),
            Self::External { act_as } => only(one_message::external(act_as.as_deref()), offers),
            Self::Anonymous { trace } => only(one_message::anonymous(&trace), offers),
        }
    }
}

/// This one or none.
fn only(sasl: impl Sasl + 'static, offers: impl Fn(&str) -> bool) -> Choice {
    if offers(sasl.name()) { Choice::Sasl(Box::new(sasl)) } else { Choice::Lacking(sasl.name()) }
}

fn strongest(credentials: Credentials, offers: impl Fn(&str) -> bool, has_login: bool) -> Choice {
    // A binding is worth more than a longer hash.
    let hashes = [Hash::Sha256, Hash::Sha1];
    let bound = hashes.iter().find(|hash| credentials.binding.is_some() && offers(hash.plus_name()));
    if let Some(&hash) = bound.or_else(|| hashes.iter().find(|hash| offers(hash.name()))) {
        return only(Scram::new(hash, credentials, &offers), &offers);
    }
    let account = credentials.account;
    let is_own = account.act_as.is_none();
    if offers("PLAIN") {
        only(one_message::plain(&account), offers)
    } else if offers("LOGIN") && is_own {
        only(Login::new(account), offers)
    } else if has_login && is_own {
        Choice::LoginCommand(account)
    } else if offers("CRAM-MD5") && is_own {
        only(CramMd5::new(account), offers)
    } else {
        Choice::Lacking("PLAIN")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::sasl::{ChannelBinding, Nonce};

    fn credentials(account: Account) -> Credentials {
        Credentials::new(account, Nonce::from_random([7; 18]))
    }

    fn check(offered: &str, binding: Option<&ChannelBinding>, expected: &str) {
        let mut credentials = credentials(Account::new("ann", "secret"));
        credentials.binding = binding.cloned();
        let mechanism = Mechanism::Strongest(credentials);
        let words: Vec<_> = offered.split(' ').collect();
        let choice = mechanism.choose(|name| words.contains(&name), !words.contains(&"LOGINDISABLED"));
        let chosen = match choice {
            Choice::Sasl(sasl) => sasl.name(),
            Choice::LoginCommand(_) => "the command",
            Choice::Lacking(_) => "nothing",
        };
        assert_eq!(chosen, expected, "of {offered}");
    }

    #[test]
    fn the_strongest_is_taken() {
        let key = ChannelBinding::TlsExporter(vec![1; 32]);
        let all = "CRAM-MD5 LOGIN PLAIN SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS";
        check(all, Some(&key), "SCRAM-SHA-256-PLUS");
        check(all, None, "SCRAM-SHA-256");
        check("PLAIN SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256", Some(&key), "SCRAM-SHA-1-PLUS");
        check("PLAIN SCRAM-SHA-1", Some(&key), "SCRAM-SHA-1");
        check("CRAM-MD5 LOGIN PLAIN", None, "PLAIN");
        check("CRAM-MD5 LOGIN", None, "LOGIN");
        check("CRAM-MD5", None, "the command");
        check("CRAM-MD5 LOGINDISABLED", None, "CRAM-MD5");
        check("GSSAPI LOGINDISABLED", None, "nothing");
    }

    #[test]
    fn acting_as_somebody_else_needs_a_mechanism_that_can_say_so() {
        let account = Account::new("ann", "secret").acting_as("bob");
        for mechanism in [
            Mechanism::Strongest(credentials(account.clone())),
            Mechanism::Plain(account.clone()),
            Mechanism::Login(account.clone()),
            Mechanism::CramMd5(account),
        ] {
            let choice = mechanism.choose(|name| ["LOGIN", "CRAM-MD5"].contains(&name), true);
            assert!(matches!(choice, Choice::Lacking("PLAIN")));
        }
    }
}
