//! `MailEngine` through the real proxy to a real mail server, in a dedicated worker: where it is meant to live.
//! The tests themselves are JavaScript, as a program would be that uses it.

#![cfg(target_family = "wasm")]

mod server;

use js_sys::Object;
use postern_client::MailEngine;
use server::{SERVER, with_server};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen(module = "/tests/mail_engine.js")]
extern "C" {
    /// Runs one test of `mail_engine.js`.
    #[wasm_bindgen(catch)]
    async fn run(test: &str, engine: JsValue, user: &str, password: &str) -> Result<JsValue, JsValue>;
}

/// An engine at this proxy.
fn engine(url: &str) -> Result<JsValue, JsValue> {
    let options = Object::new();
    js_sys::Reflect::set(&options, &"url".into(), &url.into())?;
    MailEngine::new(options.into()).map(JsValue::from)
}

async fn run_signed_in(test: &str) -> Result<(), JsValue> {
    run(test, engine(SERVER.proxy)?, SERVER.user, SERVER.password).await.map(drop)
}

with_server! {
    async fn signs_in_and_shows_rows() { run_signed_in("signsInAndShowsRows").await?; }
    async fn opens_and_marks_a_message() { run_signed_in("opensAndMarksAMessage").await?; }
    async fn a_wrong_password_has_its_code() { run_signed_in("wrongPassword").await?; }
    async fn an_untrusted_certificate_has_its_code() { run_signed_in("untrustedCertificate").await?; }
}

/// Nobody listens on port 1.
#[wasm_bindgen_test]
async fn an_unreachable_proxy_has_its_code() -> Result<(), JsValue> {
    run("unreachableProxy", engine("ws://127.0.0.1:1")?, "ada", "secret").await.map(drop)
}

#[wasm_bindgen_test]
async fn wrong_intents_throw() -> Result<(), JsValue> {
    run("wrongIntents", engine("ws://127.0.0.1:1")?, "ada", "secret").await.map(drop)
}

#[wasm_bindgen_test]
fn wrong_options_throw() {
    assert!(MailEngine::new(JsValue::UNDEFINED).is_err());
    assert!(engine("mailto:ada@example.com").is_err());
}
