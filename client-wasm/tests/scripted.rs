//! `ImapClient` against a server that is played in the same worker: cuts, stalls and lies on demand. Needs no
//! server. The tests themselves are JavaScript, as a program would be that uses it.

#![cfg(target_family = "wasm")]

use js_sys::Promise;
use postern_client::ImapClient;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen(module = "/tests/scripted.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn play(test: &str, connect: JsValue) -> Result<JsValue, JsValue>;
}

macro_rules! played {
    ($($test:ident $function:literal,)*) => {
        $(#[wasm_bindgen_test]
        async fn $test() -> Result<(), JsValue> {
            play($function, connect()).await.map(drop)
        })*
    };
}

played! {
    a_cut_settles_everything "aCutSettlesEverything",
    the_servers_bye_is_the_reason "theServersByeIsTheReason",
    refused_tokens_are_asked_for_again "refusedTokensAreAskedForAgain",
    rare_extensions_are_spoken "rareExtensionsAreSpoken",
    a_partial_failure_names_what_is_done "whatIsHalfDoneSaysSo",
    a_move_that_only_copied_names_the_copies "whatIsCopiedAndStillHereSaysSo",
    connecting_can_be_aborted "connectingCanBeAborted",
    leaving_idle_tells_the_server "leavingIdleTellsTheServer",
    bodies_are_whole "bodiesAreWhole",
    missing_parts_are_gone "missingPartsAreGone",
    a_stalled_reader_holds_little "aStalledReaderHoldsLittle",
    a_short_window_in_the_middle_is_no_end "aShortWindowInTheMiddleIsNoEnd",
    large_sets_come_in_pieces "largeSetsComeInPieces",
    unsolicited_responses_are_kept_and_counted "newsAreKeptAndCounted",
    short_windows_are_asked_on "shortWindowsAreAskedOn",
    parts_are_decoded_without_binary "partsAreDecodedWithoutBinary",
    parts_that_the_server_cannot_decode_are_decoded_here "partsThatTheServerCannotDecodeAreDecodedHere",
    a_message_in_several_responses_is_one "aMessageInSeveralResponsesIsOne",
    an_abort_is_seen_between_messages_that_came_together "anAbortIsSeenBetweenMessagesThatCameTogether",
    messages_before_a_failure_are_given "messagesBeforeAFailureAreGiven",
    messages_are_plain_objects "messagesArePlainObjects",
    file_names_are_decoded "fileNamesAreDecoded",
    empty_sets_send_nothing "emptySetsSendNothing",
    logging_out_is_no_connection_loss "onesOwnGoodbyeIsNoLoss",
    a_second_login_says_so "aSecondLoginSaysSo",
    response_codes_come_along "responseCodesComeAlong",
    dates_are_days_in_queries "datesAreDaysInQueries",
    few_iterations_of_scram_are_refused "fewIterationsOfScramAreRefused",
    a_dead_idle_shows_soon "aDeadIdleShowsSoon",
    wrong_arguments_have_plain_words "wrongArgumentsHavePlainWords",
    a_search_without_its_answer_is_an_error "aSearchWithoutItsAnswerIsAnError",
}

/// `ImapClient.connect`, as a function of the options alone.
fn connect() -> JsValue {
    let connect = |options: JsValue| -> Promise {
        future_to_promise(ImapClient::connect("wss://mail.example.com/imap".to_owned(), options))
    };
    Closure::<dyn Fn(JsValue) -> Promise>::new(connect).into_js_value()
}
