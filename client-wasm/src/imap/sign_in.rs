//! `login()` and `authenticate()`: what JavaScript brings to sign in with, and how it goes to the server.

use super::session::Session;
use super::types::{PasswordMechanism, ScramIterations, TokenMechanism};
use crate::error::{Error, ImapErrorCode};
use crate::glue;
use crate::value::from_js;
use js_sys::{Function, Promise, Reflect};
use postern_protocol::imap::command::{Authenticate, Mechanism};
use postern_protocol::imap::sasl::{self, Account, Nonce, Token};
use serde::Deserialize;
use std::ops::RangeInclusive;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// What to prove who one is with.
pub(crate) enum Credentials {
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
    pub(crate) fn password(user: String, password: String, iterations: Option<ScramIterations>) -> Self {
        Self::Password(Account::new(user, password), None, iterations.unwrap_or_default())
    }

    /// Reads a JavaScript `ImapCredentials`.
    ///
    /// # Errors
    /// Where it is none.
    pub(crate) fn from_js(value: &JsValue) -> Result<Self, Error> {
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
pub(crate) async fn run(session: &Rc<Session>, credentials: Credentials) -> Result<(), JsValue> {
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

/// Asks for a token, and for another one where the server refuses it; not for a third.
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
