//! The same package in a page instead of a worker: sockets, timers and streams are to be found there as well.

#![cfg(target_family = "wasm")]

mod server;

use js_sys::Object;
use postern_client::{ImapClient, MailEngine};
use server::{SERVER, with_server};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/imap_client.js")]
extern "C" {
    #[wasm_bindgen(catch, variadic)]
    async fn run(test: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(module = "/tests/mail_engine.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = run)]
    async fn run_engine(test: &str, engine: JsValue, user: &str, password: &str) -> Result<JsValue, JsValue>;
}

fn engine(url: &str) -> Result<JsValue, JsValue> {
    let options = Object::new();
    js_sys::Reflect::set(&options, &"url".into(), &url.into())?;
    MailEngine::new(options.into()).map(JsValue::from)
}

with_server! {
    async fn a_client_reads_mail_in_a_page() {
        let client = ImapClient::connect(format!("{}/imap", SERVER.proxy), JsValue::UNDEFINED).await?;
        run("signsIn", &[client.clone(), SERVER.user.into(), SERVER.password.into()]).await?;
        run("fetchesAsTheyArrive", std::slice::from_ref(&client)).await?;
        run("streamsALargeBody", &[client]).await?;
    }

    async fn an_engine_shows_rows_in_a_page() {
        run_engine("signsInAndShowsRows", engine(SERVER.proxy)?, SERVER.user, SERVER.password).await?;
    }
}

/// Nobody listens on port 1.
#[wasm_bindgen_test]
async fn an_engine_tells_that_the_proxy_is_away() -> Result<(), JsValue> {
    run_engine("unreachableProxy", engine("ws://127.0.0.1:1")?, "ada", "secret").await.map(drop)
}
