//! The class itself, and what belongs to the session as a whole: connecting, signing in, news, the end. Its other
//! methods stand in [`mailboxes`](super::mailboxes), [`content`](super::content), [`finding`](super::finding),
//! [`storing`](super::storing) and [`account`](super::account).

use super::abort::{race, signal_of, unless_aborted};
use super::idle::Idling;
use super::pull::async_iterator;
use super::session::Session;
use super::sign_in::{self, Credentials};
use super::types::{ConnectOptions, IdleOptions, ImapState, LoginOptions};
use crate::address::Address;
use crate::error::Error;
use crate::imap::options::{from_js_exact, from_js_or_default};
use crate::value::{from_js, to_js};
use postern_protocol::imap::command::{Compress, Enable, Id, Logout, Noop, Unauthenticate};
use postern_protocol::imap::{Capability, Config, Done, Security};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A connection to one IMAP server, through a WebSocket.
///
/// All messages are named by UID. Commands may be asked without waiting for each other; they go out in that
/// order. Everything that fails is an `ImapError` with a `code`.
///
/// A client that nobody holds, and of which nothing is awaited, may hang up at any time.
#[wasm_bindgen]
pub struct ImapClient {
    pub(super) session: Rc<Session>,
}

#[wasm_bindgen]
impl ImapClient {
    /// Connects and waits for the server's greeting.
    ///
    /// `url` is the WebSocket of one server, such as `wss://mail.example.com/imap`, or the address of a proxy
    /// alone: then `/imap` is added. One without a scheme must begin with `/`, and lies on this page's own server.
    ///
    /// Rejects with `invalidArgument` where the address is none, with `proxyUnreachable`, `serverUnreachable`,
    /// `certificateUntrusted`, `tlsFailed`, `starttlsMissing`, `tooMany` or `notAllowed` where there is no way to the
    /// server, and with `timedOut` where it does not greet.
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
        to_js(&ImapState::from(self.session.state()))
    }

    /// Calls `callback` once, when the connection has ended; at once where it has already. Not after `close()` or
    /// `logout()`: that is no loss.
    #[wasm_bindgen(js_name = onClose)]
    pub fn on_close(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(reason: ImapError) => void")] callback: js_sys::Function,
    ) {
        self.session.on_close(callback);
    }

    /// Signs in by user name and password, by the best way that the server offers: SCRAM, which shows the password to
    /// nobody, where it can.
    ///
    /// Rejects with `wrongPassword`; with `signInRefused` where the server lets nobody in now, or asks for fewer
    /// iterations of SCRAM than are safe; with `wrongState` where somebody is signed in already.
    pub async fn login(
        &self,
        user: String,
        password: String,
        #[wasm_bindgen(unchecked_optional_param_type = "LoginOptions & CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let how: LoginOptions = from_js_exact("options", &options, &["signal"])?;
        let credentials = Credentials::password(user, password, how.iterations);
        race(signal_of(&options)?, sign_in::run(&self.session, credentials)).await
    }

    /// Signs in by an OAuth token (OAUTHBEARER, RFC 7628, or XOAUTH2), by one certain mechanism, or as nobody.
    ///
    /// `accessToken` is asked for the token when it is needed, and once more where the server refuses the first one
    /// (past its time, most often). Where that is refused as well, the code is `tokenRefused`.
    pub async fn authenticate(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ImapCredentials")] credentials: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let credentials = Credentials::from_js(&credentials)?;
        race(signal_of(&options)?, sign_in::run(&self.session, credentials)).await
    }

    /// Tells the server who this is and asks who it is (RFC 2971): field names and values, such as `name` and
    /// `version`. Rejects with `unsupported` where the server has no ID.
    #[wasm_bindgen(unchecked_return_type = "Record<string, string | null>")]
    pub async fn id(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "Record<string, string>")] fields: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let fields: BTreeMap<String, String> = from_js_or_default("fields", fields)?;
        let command = Id { fields: fields.into_iter().collect() };
        let (_, done) = self.run(command.into(), &options).await?;
        let fields = if let Done::Id(fields) = done { fields } else { Vec::new() };
        Ok(to_js(&fields.into_iter().collect::<BTreeMap<_, _>>()))
    }

    /// Tells what happens in the open mailbox, as it happens, beginning with what was missed since the last
    /// `idle()` or `noop()`. Other commands may be asked meanwhile. Ends quietly with `break` or the signal.
    ///
    /// A link that is dead shows when IDLE is renewed and the answer does not come: after `renewAfter` (five minutes) and
    /// `answerTimeout` of `connect` (one minute) the code is `timedOut`. Where the server said nothing since the last
    /// time, it is asked for news then as well.
    #[wasm_bindgen(unchecked_return_type = "AsyncGenerator<MailboxEvent, void, undefined>")]
    pub fn idle(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "IdleOptions & CallOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: IdleOptions = from_js_exact("options", options, &["signal"])?;
        self.session.renew_idle_after(how.renew_after()?);
        Ok(async_iterator(Idling::new(Rc::clone(&self.session)), signal_of(options)?))
    }

    /// Asks the server for news, and resolves with what happened in the open mailbox since the last time.
    #[wasm_bindgen(unchecked_return_type = "MailboxEvent[]")]
    pub async fn noop(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        self.change(Noop, &options).await?;
        Ok(to_js(&self.session.take_news()))
    }

    /// Lets both sides compress what they send from here on (COMPRESS=DEFLATE, RFC 4978). Rejects with `unsupported`
    /// where the server can't.
    pub async fn compress(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Compress, &options).await
    }

    /// Turns capabilities on, such as `UTF8=ACCEPT` or `QRESYNC` (RFC 5161), and resolves with those that are on now. It
    /// must come before the first `select`.
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub async fn enable(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly string[]")] capabilities: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let capabilities: Vec<String> = from_js("capabilities", capabilities)?;
        let capabilities = capabilities.iter().map(|name| Capability::from(name.as_str())).collect();
        self.names(Enable { capabilities }, &options).await
    }

    /// Signs out, so that somebody else can sign in over the same connection (RFC 8437). Rejects with `unsupported`
    /// where the server can't.
    pub async fn unauthenticate(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Unauthenticate, &options).await
    }

    /// Says goodbye to the server. The client is of no more use then, and `onClose` is not called.
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
