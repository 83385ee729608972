//! `ImapClient` through the real proxy to a real mail server, in a dedicated worker: where it is meant to live.
//! The tests themselves are JavaScript, as a program would be that uses it.

#![cfg(target_family = "wasm")]

mod server;

use js_sys::{Array, Reflect};
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

/// A test that needs Cyrus beside it.
macro_rules! with_cyrus {
    ($(async fn $test:ident() $body:block)*) => {
        $(#[cfg_attr(not(has_cyrus), ignore = "needs Cyrus: `cargo xtask test` starts one where it can be had")]
        #[wasm_bindgen_test::wasm_bindgen_test]
        async fn $test() -> Result<(), wasm_bindgen::JsValue> {
            $body
            Ok(())
        })*
    };
}

/// One test of `imap_client.js` each, on Dovecot and on Cyrus.
macro_rules! on_each_server {
    ($($test:ident $function:literal,)*) => {
        mod on_dovecot {
            use super::*;
            with_server! {
                $(async fn $test() { run($function, &[signed_in("").await?]).await?; })*
            }
        }
        mod on_cyrus {
            use super::*;
            with_cyrus! {
                $(async fn $test() { run($function, &[signed_in("cyrus").await?]).await?; })*
            }
        }
    };
}

on_each_server! {
    changes_mailboxes "changesMailboxes",
    tells_where_mailboxes_lie "tellsWhereMailboxesLie",
    tells_who_the_server_is "tellsWhoTheServerIs",
    appends_from_anything "appendsFromAnything",
    appends_a_large_stream "appendsALargeStream",
    searches_by_query "searchesByQuery",
    copies_moves_and_expunges "copiesMovesAndExpunges",
    sorts_and_threads "sortsAndThreads",
    tells_what_changed "tellsWhatChanged",
    compresses_what_follows "compressesWhatFollows",
    tells_of_room_rights_and_notes "tellsOfRoomRightsAndNotes",
    a_command_interrupts_idle "aCommandMayInterruptIdle",
    whatever_is_wrong_is_told "wrongArgumentsSaySo",
    everything_settles_at_the_end "closingSettlesEverything",
    says_goodbye "logsOut",
}

with_signed_in_client! {
    lists_and_counts "listsAndCounts",
    selects_mailboxes "selects",
    fetches_as_they_arrive "fetchesAsTheyArrive",
    leaving_the_loop_keeps_the_connection "leavingTheLoopKeepsTheConnection",
    cancelling_a_stream_keeps_the_connection "cancellingAStreamKeepsTheConnection",
    missing_messages_are_gone "missingMessagesAreGone",
    stores_flags "storesFlags",
    aborting_keeps_the_connection "abortingKeepsTheConnection",
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

    async fn each_mechanism_signs_in() {
        let clients = Array::new();
        for _ in 0..4 {
            clients.push(&connected("").await?);
        }
        run("signsInByEachMechanism", &[clients.into(), SERVER.user.into(), SERVER.password.into()]).await?;
    }

    async fn wrong_credentials_say_so() {
        run("wrongCredentialsSaySo", &[connected("").await?, SERVER.user.into()]).await?;
    }

    async fn a_broken_stream_stores_nothing() {
        let clients = [signed_in("").await?, signed_in("").await?];
        run("aBrokenStreamStoresNothing", &clients).await?;
    }

    async fn what_needs_a_sign_in_says_so() {
        run("whatNeedsASignInSaysSo", &[connected("").await?]).await?;
    }

    async fn idle_sees_what_another_does() {
        let clients = [signed_in("").await?, signed_in("starttls").await?];
        run("idleSeesWhatAnotherDoes", &clients).await?;
    }

    async fn tells_of_other_mailboxes() {
        let clients = [signed_in("").await?, signed_in("").await?];
        run("tellsOfOtherMailboxes", &clients).await?;
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
    let user = if upstream == "cyrus" { CYRUS_USER } else { SERVER.user };
    run("signsIn", &[client.clone(), user.into(), SERVER.password.into()]).await?;
    Ok(client)
}

/// The code of what must have failed.
fn code(result: Result<JsValue, JsValue>) -> String {
    let error = result.err().unwrap_or_default();
    let code = Reflect::get(&error, &JsValue::from_str("code")).ok();
    code.and_then(|code| code.as_string()).unwrap_or_else(|| format!("no code: {error:?}"))
}

/// Who may sign in at Cyrus, with the same password; empty where there is none.
const CYRUS_USER: &str = match option_env!("POSTERN_TEST_CYRUS_USER") {
    Some(user) => user,
    None => "",
};
