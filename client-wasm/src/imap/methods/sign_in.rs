//! `login()`, `authenticate()`, `unauthenticate()`: what JavaScript brings to sign in with, and how it goes to the server.

use crate::error::{Error, ImapErrorCode};
use crate::glue;
use crate::imap::ImapClient;
use crate::imap::abort::{race, signal_of};
use crate::imap::options::from_js_exact;
use crate::imap::session::Session;
use crate::input::from_js;
use js_sys::{Function, Promise, Reflect};
use postern_protocol::imap::command::{Authenticate, Mechanism, Unauthenticate};
use postern_protocol::imap::sasl::{self, Account, ITERATIONS, Nonce, Token};
use serde::Deserialize;
use std::ops::RangeInclusive;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
impl ImapClient {
    /// Signs in by user name and password, by the best way that the server offers: SCRAM, which shows the password to
    /// nobody, if it can.
    ///
    /// @throws `wrongPassword`; `signInRefused` if the server lets nobody in now, or asks for fewer iterations of SCRAM
    /// than are safe; `unsupported` if it offers no mechanism that is known here; `wrongState` if somebody is signed in
    /// already.
    pub async fn login(
        &self,
        user: String,
        password: String,
        #[wasm_bindgen(unchecked_optional_param_type = "LoginOptions & CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let how: LoginOptions = from_js_exact("options", &options, &["signal"])?;
        let credentials = Credentials::password(user, password, how.iterations);
        race(signal_of(&options)?, run(&self.session, credentials)).await
    }

    /// Signs in by an OAuth token (OAUTHBEARER, RFC 7628, or XOAUTH2), by one certain mechanism, or as nobody.
    ///
    /// `accessToken` is asked for the token when it is needed, and once more if the server refuses the first one
    /// (past its time, most often).
    ///
    /// @throws `wrongPassword`; `tokenRefused` if the second token is refused as well; `signInRefused` if the server
    /// lets nobody in now; `unsupported` if it lacks the mechanism; `wrongState` if somebody is signed in already;
    /// `invalidArgument` if `accessToken` gives no string. What it throws comes as it is.
    pub async fn authenticate(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ImapCredentials")] credentials: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let credentials = Credentials::from_js(&credentials)?;
        race(signal_of(&options)?, run(&self.session, credentials)).await
    }

    /// Signs out, so that somebody else can sign in over the same connection (RFC 8437).
    ///
    /// @throws `unsupported` if the server can't; `wrongState` if nobody is signed in.
    pub async fn unauthenticate(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Unauthenticate, &options).await
    }
}

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
    /// The fewest; 4,096 if it is left out. With fewer, whoever took the server's place finds the password out of the
    /// proof (RFC 7677 section 4).
    pub min: Option<u32>,
    /// The most; 1,000,000 if it is left out, which takes a second or two.
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

/// Credentials.
enum Credentials {
    /// A password, by the strongest mechanism or by this one.
    Password(Account, Option<PasswordMechanism>, ScramIterations),
    /// A token for this user, from this function, by the best mechanism or by this one.
    Token(String, Function, Option<TokenMechanism>),
    /// Nothing, and a word for the server's log.
    Anonymous(String),
}

/// The plain part of `ImapCredentials`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    user: Option<String>,
    password: Option<String>,
    act_as: Option<String>,
    mechanism: Option<AnyMechanism>,
    anonymous: Option<String>,
    iterations: Option<ScramIterations>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum AnyMechanism {
    Password(PasswordMechanism),
    Token(TokenMechanism),
}

impl Credentials {
    fn password(user: String, password: String, iterations: Option<ScramIterations>) -> Self {
        Self::Password(Account::new(user, password), None, iterations.unwrap_or_default())
    }

    /// Reads a JavaScript `ImapCredentials`.
    ///
    /// # Errors
    /// If it is not a valid one.
    fn from_js(value: &JsValue) -> Result<Self, Error> {
        let given: Given = from_js("credentials", value.clone())?;
        let token = Reflect::get(value, &JsValue::from_str("accessToken")).unwrap_or_default();
        let (by_password, by_token) = match given.mechanism {
            Some(AnyMechanism::Password(mechanism)) => (Some(mechanism), None),
            Some(AnyMechanism::Token(mechanism)) => (None, Some(mechanism)),
            None => (None, None),
        };
        match (given.user, given.password, token.dyn_into(), given.anonymous) {
            (Some(user), None, Ok(token), None) if by_password.is_none() => {
                Ok(Self::Token(user, token, by_token))
            }
            (Some(user), Some(password), Err(_), None) if by_token.is_none() => {
                let account = Account { act_as: given.act_as, ..Account::new(user, password) };
                Ok(Self::Password(account, by_password, given.iterations.unwrap_or_default()))
            }
            (None, None, Err(_), Some(trace)) => Ok(Self::Anonymous(trace)),
            _ => Err(Error::invalid(
                "credentials: give { user, password }, { user, accessToken: () => … } or { anonymous }, and a \
                 mechanism for what you give",
            )),
        }
    }
}

/// Signs in.
///
/// # Errors
/// Why it can't be, or what `accessToken` threw.
async fn run(session: &Rc<Session>, credentials: Credentials) -> Result<(), JsValue> {
    let mechanism = match credentials {
        Credentials::Token(user, ask, mechanism) => return by_token(session, &user, &ask, mechanism).await,
        Credentials::Password(account, mechanism, iterations) => {
            by_password(account, mechanism, iterations.bounds()?)
        }
        Credentials::Anonymous(trace) => Mechanism::Anonymous { trace },
    };
    attempt(session, mechanism).await.map_err(JsValue::from)
}

fn by_password(
    account: Account,
    mechanism: Option<PasswordMechanism>,
    iterations: RangeInclusive<u32>,
) -> Mechanism {
    let with_nonce = |account| sasl::Credentials::new(account, nonce()).iterations(iterations);
    match mechanism {
        None => Mechanism::Strongest(with_nonce(account)),
        Some(PasswordMechanism::ScramSha256) => Mechanism::ScramSha256(with_nonce(account)),
        Some(PasswordMechanism::ScramSha1) => Mechanism::ScramSha1(with_nonce(account)),
        Some(PasswordMechanism::Plain) => Mechanism::Plain(account),
        Some(PasswordMechanism::Login) => Mechanism::Login(account),
        Some(PasswordMechanism::CramMd5) => Mechanism::CramMd5(account),
    }
}

/// Asks for a token, and for another one if the server refuses it; not for a third.
async fn by_token(
    session: &Rc<Session>,
    user: &str,
    ask: &Function,
    mechanism: Option<TokenMechanism>,
) -> Result<(), JsValue> {
    let bearer = |token: &str| {
        let token = Token::new(user, token);
        match mechanism {
            None => Mechanism::Bearer(token),
            Some(TokenMechanism::OAuthBearer) => Mechanism::OAuthBearer(token),
            Some(TokenMechanism::XOAuth2) => Mechanism::XOAuth2(token),
        }
    };
    let token = token_from(ask).await?;
    let refused = match attempt(session, bearer(&token)).await {
        Err(error) if error.code == ImapErrorCode::WrongPassword => error.of_token(),
        Err(error) if error.code == ImapErrorCode::TokenRefused => error,
        result => return result.map_err(JsValue::from),
    };
    let next = token_from(ask).await?;
    if next == token {
        return Err(refused.into());
    }
    let result = attempt(session, bearer(&next)).await;
    result.map_err(|error| match error.code {
        ImapErrorCode::WrongPassword => error.of_token().into(),
        _ => error.into(),
    })
}

async fn token_from(ask: &Function) -> Result<String, JsValue> {
    let answer = JsFuture::from(Promise::resolve(&ask.call0(&JsValue::UNDEFINED)?)).await?;
    answer.as_string().ok_or_else(|| Error::invalid("accessToken: must give a string").into())
}

async fn attempt(session: &Rc<Session>, mechanism: Mechanism) -> Result<(), Error> {
    match session.call(Authenticate(mechanism)).finish(drop).await {
        Ok(_) => Ok(()),
        Err(failure) => Err(Error::at_sign_in(failure.error, failure.code.as_ref())),
    }
}

fn nonce() -> Nonce {
    let mut bytes = [0; 18];
    glue::random_bytes(18).copy_to(&mut bytes);
    Nonce::from_random(bytes)
}
