//! `connect()` and the end of it: `logout()`, `close()`, `onClose`; and where the session stands.

use crate::address::Address;
use crate::error::Error;
use crate::imap::ImapClient;
use crate::imap::abort::{signal_of, unless_aborted};
use crate::imap::options::{from_js_exact, milliseconds};
use crate::imap::session::Session;
use crate::value::plain_to_js;
use postern_protocol::imap::command::Logout;
use postern_protocol::imap::{Config, Deadlines, Security, State};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Connects and waits for the server's greeting.
    ///
    /// `url` is the WebSocket of one server, such as `wss://mail.example.com/imap`, or the address of a proxy alone:
    /// then `/imap` is added. One without a scheme must begin with `/`, and lies on this page's own server.
    ///
    /// @throws `invalidArgument` if the address is not a valid one; `proxyUnreachable`, `serverUnreachable`,
    /// `certificateUntrusted`, `tlsFailed`, `starttlsMissing`, `tooMany` or `notAllowed` if there is no way to the
    /// server; `timedOut` if it does not greet; `serverEnded` if it hangs up instead.
    #[wasm_bindgen(unchecked_return_type = "ImapClient")]
    pub async fn connect(
        url: String,
        #[wasm_bindgen(unchecked_optional_param_type = "ConnectOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let signal = signal_of(&options)?;
        let how: ConnectOptions = from_js_exact("options", &options, &["signal"])?;
        let address = Address::parse(&url).map_err(Error::invalid)?;
        let mut config = Config::default();
        how.apply(&mut config.deadlines)?;
        config.login_over = if address.is_private() { Security::Protected } else { Security::Cleartext };
        let session = unless_aborted(signal, Session::connect(address.endpoint(), config)).await?;
        Ok(Self { session }.into())
    }

    /// What the server says it can do, in its own words.
    #[wasm_bindgen(getter)]
    pub fn capabilities(&self) -> Vec<String> {
        self.session.capabilities()
    }

    /// Where the session stands.
    #[wasm_bindgen(getter, unchecked_return_type = "ImapState")]
    pub fn state(&self) -> JsValue {
        plain_to_js(&ImapState::from(self.session.state()))
    }

    /// Calls `callback` once, when the connection has ended; at once if it has already. Not after `close()` or
    /// `logout()`: that is no loss.
    #[wasm_bindgen(js_name = onClose)]
    pub fn on_close(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(reason: ImapError) => void")] callback: js_sys::Function,
    ) {
        self.session.on_close(callback);
    }

    /// Says goodbye to the server. The client is of no more use then, and `onClose` is not called.
    ///
    /// @throws `closed` if that is done already, and otherwise why the connection ended before.
    pub async fn logout(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Logout, &options).await
    }

    /// Hangs up without a word. Whatever waits is rejected with the code `closed`.
    pub fn close(&self) {
        self.session.close();
    }
}

/// How long `connect` and what follows wait, in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct ConnectOptions {
    /// For the server's greeting; 30,000 if it is left out.
    pub greeting_timeout: Option<f64>,
    /// For the answer to a command, counted anew with each part of it that arrives; 60,000 if it is left out. A
    /// connection on which it does not come is given up: everything that waits rejects with `timedOut`.
    pub answer_timeout: Option<f64>,
    /// How often a server is polled during `idle()` that lacks IDLE, or was found to say nothing in it; 60,000
    /// if it is left out.
    pub poll_interval: Option<f64>,
}

impl ConnectOptions {
    /// # Errors
    /// If a time is not a valid one.
    pub(crate) fn apply(&self, deadlines: &mut Deadlines) -> Result<(), Error> {
        let set = |given: Option<f64>, name, place: &mut Duration| {
            given.map_or(Ok(()), |given| milliseconds(name, given).map(|duration| *place = duration))
        };
        set(self.greeting_timeout, "greetingTimeout", &mut deadlines.greeting)?;
        set(self.answer_timeout, "answerTimeout", &mut deadlines.answer)?;
        set(self.poll_interval, "pollInterval", &mut deadlines.poll)
    }
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ImapState {
    /// The server has not greeted yet.
    Connecting,
    /// Nobody is signed in: `login` comes next.
    NotAuthenticated,
    /// Signed in; no mailbox is open.
    Authenticated,
    /// A mailbox is open.
    Selected,
    /// The session is over.
    Closed,
}

impl From<State> for ImapState {
    fn from(state: State) -> Self {
        match state {
            State::Connecting => Self::Connecting,
            State::NotAuthenticated => Self::NotAuthenticated,
            State::Authenticated => Self::Authenticated,
            State::Selected => Self::Selected,
            State::LoggedOut => Self::Closed,
        }
    }
}

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
