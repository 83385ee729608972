//! `ImapClient` through the real proxy to a real mail server, in a dedicated worker: where it is meant to live.
//! The tests themselves are JavaScript, as a program would be that uses it.

#![cfg(target_family = "wasm")]

mod server;

use js_sys::{Array, Reflect};
use postern_client::ImapClient;
use server::{SERVER, or_empty, with_server};
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

/// Tests on Dovecot and on Cyrus: functions of `imap_client.js` that take one client or two that are signed in, and
/// others, which are told the upstream.
macro_rules! on_each_server {
    (
        with_a_client { $($alone:ident $function:literal,)* }
        with_two { $($pair:ident $both:literal,)* }
        with_an_upstream { $(async fn $test:ident($upstream:ident) $body:block)* }
    ) => {
        mod on_dovecot {
            use super::*;
            with_server! {
                $(async fn $alone() { run($function, &[signed_in("").await?]).await?; })*
                $(async fn $pair() { run($both, &[signed_in("").await?, signed_in("").await?]).await?; })*
                $(async fn $test() { let $upstream = ""; $body })*
            }
        }
        mod on_cyrus {
            use super::*;
            with_cyrus! {
                $(async fn $alone() { run($function, &[signed_in("cyrus").await?]).await?; })*
                $(async fn $pair() { run($both, &[signed_in("cyrus").await?, signed_in("cyrus").await?]).await?; })*
                $(async fn $test() { let $upstream = "cyrus"; $body })*
            }
        }
    };
}

on_each_server! {
    with_a_client {
        lists_and_counts "listsAndCounts",
        selects_mailboxes "selects",
        changes_mailboxes "changesMailboxes",
        counts_opens_and_closes "countsOpensAndCloses",
        reports_namespaces "tellsWhereMailboxesLie",
        reports_who_the_server_is "tellsWhoTheServerIs",
        turns_capabilities_on "turnsCapabilitiesOn",
        fetches_as_they_arrive "fetchesAsTheyArrive",
        fetches_what_servers_know "fetchesWhatServersKnow",
        leaving_the_loop_keeps_the_connection "leavingTheLoopKeepsTheConnection",
        cancelling_a_stream_keeps_the_connection "cancellingAStreamKeepsTheConnection",
        missing_messages_are_gone "missingMessagesAreGone",
        stores_flags "storesFlags",
        stores_unless_changed "storesUnlessChanged",
        appends_from_anything "appendsFromAnything",
        appends_several_at_once "appendsSeveralAtOnce",
        appends_a_large_stream "appendsALargeStream",
        searches_by_query "searchesByQuery",
        searches_by_more_keys "searchesByMoreKeys",
        esearch_reports_what_is_wanted "tellsWhatIsWantedOfASearch",
        searches_several_mailboxes "searchesSeveralMailboxes",
        parts_a_mailbox_into_batches "partsAMailboxIntoBatches",
        copies_moves_and_expunges "copiesMovesAndExpunges",
        sorts_and_threads "sortsAndThreads",
        reports_what_changed "tellsWhatChanged",
        compresses_what_follows "compressesWhatFollows",
        reports_quota_acl_and_metadata "tellsOfRoomRightsAndNotes",
        asks_for_what_few_have "asksForWhatFewHave",
        a_command_interrupts_idle "aCommandMayInterruptIdle",
        aborting_keeps_the_connection "abortingKeepsTheConnection",
        wrong_arguments_are_rejected "wrongArgumentsSaySo",
        reads_a_message "readsAMessage",
        response_codes_are_kept "responseCodesAreKept",
        everything_settles_at_the_end "closingSettlesEverything",
        says_goodbye "logsOut",
    }
    with_two {
        a_broken_stream_stores_nothing "aBrokenStreamStoresNothing",
        idle_sees_what_another_does "idleSeesWhatAnotherDoes",
        notify_reports_other_mailboxes "tellsOfOtherMailboxes",
        keeps_results_up_to_date "keepsResultsUpToDate",
    }
    with_an_upstream {
        async fn a_large_body_streams_through_little_memory(upstream) {
            let client = signed_in(upstream).await?;
            let before = memory_size::<0>();
            run("streamsALargeBody", &[client]).await?;
            let grown = (memory_size::<0>() - before) * 64 * 1024;
            assert!(grown <= 4 * 1024 * 1024, "the memory grew by {grown} bytes");
        }

        async fn a_wrong_password_has_its_code(upstream) {
            run("wrongPasswordsAreToldApart", &[connected(upstream).await?, user(upstream)]).await?;
        }

        async fn each_mechanism_signs_in(upstream) {
            let clients = connected_often(upstream, 4).await?;
            run("signsInByEachMechanism", &[clients, user(upstream), SERVER.password.into()]).await?;
        }

        async fn wrong_credentials_say_so(upstream) {
            run("wrongCredentialsSaySo", &[connected(upstream).await?, user(upstream)]).await?;
        }

        async fn what_needs_a_sign_in_says_so(upstream) {
            run("whatNeedsASignInSaysSo", &[connected(upstream).await?]).await?;
        }
    }
}

// Debian's Cyrus has no mechanism for tokens.
with_server! {
    async fn each_mechanism_signs_in_by_token() {
        let clients = connected_often("", 3).await?;
        run("signsInByToken", &[clients, SERVER.user.into(), TOKEN.into()]).await?;
    }

    async fn refused_tokens_say_so() {
        let [user, token, expired] = [SERVER.user, TOKEN, EXPIRED_TOKEN].map(JsValue::from);
        run("refusedTokensSaySo", &[connected("").await?, user, token, expired]).await?;
    }

    async fn signs_in_over_starttls() {
        signed_in("starttls").await?;
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

/// So many, in an array.
async fn connected_often(upstream: &str, count: usize) -> Result<JsValue, JsValue> {
    let clients = Array::new();
    for _ in 0..count {
        clients.push(&connected(upstream).await?);
    }
    Ok(clients.into())
}

async fn signed_in(upstream: &str) -> Result<JsValue, JsValue> {
    let client = connected(upstream).await?;
    run("signsIn", &[client.clone(), user(upstream), SERVER.password.into()]).await?;
    Ok(client)
}

/// Who may sign in there.
fn user(upstream: &str) -> JsValue {
    if upstream == "cyrus" { CYRUS_USER.into() } else { SERVER.user.into() }
}

/// The code of what must have failed.
fn code(result: Result<JsValue, JsValue>) -> String {
    let error = result.err().unwrap_or_default();
    let code = Reflect::get(&error, &JsValue::from_str("code")).ok();
    code.and_then(|code| code.as_string()).unwrap_or_else(|| format!("no code: {error:?}"))
}

/// Who may sign in at Cyrus, with the same password; empty where there is none.
const CYRUS_USER: &str = or_empty(option_env!("POSTERN_TEST_CYRUS_USER"));

/// An OAuth 2 access token of the user at Dovecot.
const TOKEN: &str = or_empty(option_env!("POSTERN_TEST_TOKEN"));

/// Another one, past its time.
const EXPIRED_TOKEN: &str = or_empty(option_env!("POSTERN_TEST_EXPIRED_TOKEN"));
