//! `ImapClient` through the real proxy to a real mail server, in a dedicated worker: where it is meant to live.
//! The tests themselves are JavaScript, as a program would be that uses it.

#![cfg(target_family = "wasm")]

mod server;

use js_sys::Reflect;
use postern_client::ImapClient;
use server::{SERVER, with_server};
use std::arch::wasm32::memory_size;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen(module = "/tests/imap_client.js")]
extern "C" {
    /// Runs one test of `imap_client.js`.
    #[wasm_bindgen(catch, variadic)]
    async fn run(test: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue>;
}

/// One test of `imap_client.js` each, with a client that is signed in.
macro_rules! with_signed_in_client {
    ($($test:ident $function:literal,)*) => {
        with_server! {
            $(async fn $test() { run($function, &[signed_in("").await?]).await?; })*
        }
    };
}

with_signed_in_client! {
    lists_and_counts "listsAndCounts",
    selects_mailboxes "selects",
    fetches_as_they_arrive "fetchesAsTheyArrive",
    leaving_the_loop_keeps_the_connection "leavingTheLoopKeepsTheConnection",
    cancelling_a_stream_keeps_the_connection "cancellingAStreamKeepsTheConnection",
    missing_messages_are_gone "missingMessagesAreGone",
    stores_flags "storesFlags",
    a_command_may_interrupt_idle "aCommandMayInterruptIdle",
    aborting_keeps_the_connection "abortingKeepsTheConnection",
    wrong_arguments_say_so "wrongArgumentsSaySo",
    closing_settles_everything "closingSettlesEverything",
    logs_out "logsOut",
}

with_server! {
    async fn a_large_body_streams_through_little_memory() {
        let client = signed_in("").await?;
        let before = memory_size::<0>();
        run("streamsALargeBody", &[client]).await?;
        let grown = (memory_size::<0>() - before) * 64 * 1024;
        assert!(grown <= 4 * 1024 * 1024, "the memory grew by {grown} bytes");
    }

    async fn signs_in_over_starttls() {
        signed_in("starttls").await?;
    }

    async fn a_wrong_password_has_its_code() {
        run("wrongPasswordsAreToldApart", &[connected("").await?, SERVER.user.into()]).await?;
    }

    async fn what_needs_a_sign_in_says_so() {
        run("whatNeedsASignInSaysSo", &[connected("").await?]).await?;
    }

    async fn idle_sees_what_another_does() {
        let clients = [signed_in("").await?, signed_in("starttls").await?];
        run("idleSeesWhatAnotherDoes", &clients).await?;
    }

    async fn failed_connections_have_their_code() {
        assert_eq!(code(connected("untrusted").await), "certificateUntrusted");
        assert_eq!(code(connected("no-such-upstream").await), "notAllowed");
    }
}

/// Nobody listens on port 1.
#[wasm_bindgen_test]
async fn an_unreachable_proxy_has_its_code() {
    let connect = |url: &str| ImapClient::connect(url.to_owned(), JsValue::UNDEFINED);
    assert_eq!(code(connect("ws://127.0.0.1:1/imap").await), "proxyUnreachable");
    assert_eq!(code(connect("mailto:ada@example.com").await), "invalidArgument");
}

/// A client at an upstream; the default one has no name.
async fn connected(upstream: &str) -> Result<JsValue, JsValue> {
    let url = format!("{}/imap/{upstream}", SERVER.proxy);
    ImapClient::connect(url.trim_end_matches('/').to_owned(), JsValue::UNDEFINED).await
}

async fn signed_in(upstream: &str) -> Result<JsValue, JsValue> {
    let client = connected(upstream).await?;
    run("signsIn", &[client.clone(), SERVER.user.into(), SERVER.password.into()]).await?;
    Ok(client)
}

/// The code of what must have failed.
fn code(result: Result<JsValue, JsValue>) -> String {
    let error = result.err().unwrap_or_default();
    let code = Reflect::get(&error, &JsValue::from_str("code")).ok();
    code.and_then(|code| code.as_string()).unwrap_or_else(|| format!("no code: {error:?}"))
}
