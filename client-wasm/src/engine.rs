//! `MailEngine`: the engine for JavaScript. Intents in, batches of updates out.

use crate::address::Address;
use crate::charset;
use crate::driver::{self, Driver, Machine, Output, now, random_seed, report};
use crate::error::Error;
use crate::input::from_js;
use crate::value::to_js;
use postern_engine::{self as engine, Budget, Config, Endpoint, Engine, Intent, LinkClose, LinkId, Update};
use postern_protocol::Time;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// One mail account: tell it what the user asks, show what it tells. Made for a dedicated worker.
///
/// It lives until `close()`, whoever still holds it.
#[wasm_bindgen]
pub struct MailEngine {
    driver: Rc<Driver<EngineMachine>>,
}

#[wasm_bindgen]
impl MailEngine {
    /// Nothing is connected before the first intent.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "MailEngineOptions")] options: JsValue,
    ) -> Result<MailEngine, JsValue> {
        let options: Options = from_js("options", options)?;
        let address = Address::parse(&options.url).map_err(Error::invalid)?;
        Ok(Self { driver: Driver::new(EngineMachine::new(address)) })
    }

    /// Calls `callback` with all updates that came of one input, in order. A later callback replaces it.
    #[wasm_bindgen(js_name = onUpdates)]
    pub fn on_updates(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(updates: Update[]) => void")] callback: js_sys::Function,
    ) {
        // The driver keeps itself alive from here on: an engine that somebody listens to does not end because
        // its handle was collected. `close` breaks the circle.
        let me = Rc::clone(&self.driver);
        self.driver.set_sink(move |updates| {
            let _alive = &me;
            if let Err(thrown) = callback.call1(&JsValue::UNDEFINED, &to_js(&updates)) {
                report(&thrown);
            }
        });
    }

    /// Tells what the user asks. Throws where `intent` is none, and says what is wrong with it.
    pub fn send(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Intent")] intent: JsValue,
    ) -> Result<(), JsValue> {
        if self.driver.is_closed() {
            return Err(Error::closed().into());
        }
        let intent: Intent = from_js("intent", intent)?;
        self.driver.feed(|machine, now| machine.handle_intent(intent, now));
        Ok(())
    }

    /// Hangs up and forgets everything. No update comes afterwards.
    pub fn close(&self) {
        self.driver.close();
    }
}

/// What the constructor takes.
#[derive(serde::Deserialize)]
struct Options {
    url: String,
}

/// The engine as a [`Machine`].
struct EngineMachine {
    engine: Engine,
    address: Address,
    /// Something came in since the engine said that nothing is left to do.
    has_more: bool,
}

impl EngineMachine {
    fn new(address: Address) -> Self {
        let config =
            Config { seed: random_seed(), decode_charset: Some(charset::decode), ..Config::default() };
        Self { engine: Engine::new(config, now()), address, has_more: false }
    }

    fn handle_intent(&mut self, intent: Intent, now: Time) {
        self.engine.handle_intent(intent, now);
        self.has_more = true;
    }
}

impl Machine for EngineMachine {
    type LinkId = LinkId;
    type Update = Update;

    fn handle_connected(&mut self, link: LinkId, now: Time) {
        self.engine.handle_connected(link, now);
        self.has_more = true;
    }

    fn handle_input(&mut self, link: LinkId, bytes: &[u8], now: Time) {
        self.engine.handle_input(link, bytes, now);
        self.has_more = true;
    }

    fn handle_closed(&mut self, link: LinkId, close: driver::LinkClose, now: Time) {
        self.engine.handle_closed(link, &LinkClose { code: close.code, reason: close.reason }, now);
        self.has_more = true;
    }

    fn handle_timeout(&mut self, now: Time) {
        self.engine.handle_timeout(now);
        self.has_more = true;
    }

    fn poll_output(&mut self) -> Option<Output<Self>> {
        Some(match self.engine.poll_output()? {
            engine::Output::Connect { link, endpoint: Endpoint::Imap { upstream } } => {
                Output::Connect { link, url: self.address.imap(upstream.as_deref()) }
            }
            engine::Output::Transmit { link, bytes } => Output::Transmit { link, bytes },
            engine::Output::Close { link } => Output::Close { link },
            engine::Output::Update(update) => Output::Update(update),
        })
    }

    fn poll_timeout(&self) -> Option<Time> {
        self.engine.poll_timeout()
    }

    fn step(&mut self) -> bool {
        let had_more = self.has_more;
        self.has_more = had_more && self.engine.step(Budget::default());
        had_more
    }

    fn is_bulk(&self, link: LinkId) -> bool {
        self.engine.is_bulk(link)
    }
}
