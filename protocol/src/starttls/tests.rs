//! The STARTTLS cases of docs/security.md (NST 1-10), as transcripts: `S:` lines are the server's, `C:` lines must have
//! been sent by then. Each runs whole and cut at every byte.

use super::{Dialogue, Error};

/// How a transcript must end.
#[derive(Debug, PartialEq)]
enum End {
    Ready,
    Waiting,
    Failed(Error),
}

/// Runs `transcript` whole, then with each of the server's turns cut at every byte.
fn check(make: fn() -> Dialogue, transcript: &[&str], expected: &End) {
    assert_eq!(&run(make(), transcript, usize::MAX), expected, "whole: {transcript:?}");
    let longest = transcript.iter().map(|line| line.len() + 2).sum();
    for cut in 1..longest {
        assert_eq!(&run(make(), transcript, cut), expected, "cut at {cut}: {transcript:?}");
    }
}

/// Consecutive `S:` lines are one segment, cut in two at `cut`; a `C:` line is polled and compared.
fn run(mut dialogue: Dialogue, transcript: &[&str], cut: usize) -> End {
    let mut segment = Vec::new();
    for line in transcript.iter().chain([&"C: "]) {
        if let Some(said) = line.strip_prefix("S: ") {
            segment.extend_from_slice(said.as_bytes());
            segment.extend_from_slice(b"\r\n");
            continue;
        }
        let (first, second) = segment.split_at(cut.min(segment.len()));
        for part in [first, second] {
            if let Err(error) = dialogue.handle_input(part) {
                assert!(!dialogue.is_ready() && dialogue.poll_transmit().is_none());
                assert_eq!(dialogue.handle_input(b"x"), Err(error.clone()), "an error stays");
                return End::Failed(error);
            }
        }
        segment.clear();
        let asked = line.strip_prefix("C: ").expect("a line begins with S: or C:");
        let sent = dialogue.poll_transmit().map(|bytes| String::from_utf8(bytes).unwrap());
        let wanted = (!asked.is_empty()).then(|| format!("{asked}\r\n"));
        assert_eq!(sent, wanted);
    }
    if dialogue.is_ready() { End::Ready } else { End::Waiting }
}

fn imap(transcript: &[&str], expected: &End) {
    check(Dialogue::imap, transcript, expected);
}

fn smtp(transcript: &[&str], expected: &End) {
    check(|| Dialogue::smtp("client.example"), transcript, expected);
}

fn refused(words: &str) -> End {
    End::Failed(Error::Refused { words: words.into() })
}

const ASKED: [&str; 2] = ["S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi", "C: P2 STARTTLS"];

fn asked<'a>(then: &[&'a str]) -> Vec<&'a str> {
    [&ASKED, then].concat()
}

#[test]
fn starttls_from_the_greeting_saves_a_round_trip() {
    imap(&asked(&["S: P2 OK begin"]), &End::Ready);
}

#[test]
fn capabilities_are_asked_where_the_greeting_is_silent() {
    let asks = ["S: * OK hi", "C: P1 CAPABILITY", "S: * CAPABILITY IMAP4rev1 starttls LOGINDISABLED"];
    let rest = ["S: * OK still here", "S: P1 OK done", "C: P2 STARTTLS", "S: P2 OK begin"];
    imap(&[&asks[..], &rest].concat(), &End::Ready);
}

#[test]
fn nst1_starttls_absent() {
    imap(&["S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi"], &End::Failed(Error::Missing));
    let listed = ["S: * OK hi", "C: P1 CAPABILITY", "S: * CAPABILITY IMAP4rev1 XSTARTTLS", "S: P1 OK"];
    imap(&listed, &End::Failed(Error::Missing));
}

#[test]
fn nst1_starttls_answered_no_bad_or_continuation() {
    imap(&asked(&["S: P2 NO not today"]), &refused("not today"));
    imap(&asked(&["S: P2 BAD what"]), &refused("what"));
    imap(&asked(&["S: + go on"]), &End::Failed(Error::BadAnswer));
    imap(&asked(&["S: P2 BYE"]), &End::Failed(Error::BadAnswer));
}

#[test]
fn nst2_capability_hidden_or_imap4_only() {
    imap(&["S: * OK hi", "C: P1 CAPABILITY", "S: P1 OK"], &End::Failed(Error::Missing));
    imap(&["S: * OK hi", "C: P1 CAPABILITY", "S: P1 BAD unknown"], &End::Failed(Error::Missing));
    imap(
        &["S: * OK hi", "C: P1 CAPABILITY", "S: * CAPABILITY IMAP4", "S: P1 OK"],
        &End::Failed(Error::Missing),
    );
    imap(&["S: * OK [CAPABILITY IMAP4 STARTTLS]"], &End::Failed(Error::Missing));
}

#[test]
fn nst3_preauth_with_and_without_codes() {
    for greeting in [
        "S: * PREAUTH hi",
        "S: * PREAUTH",
        "S: * preauth [ALERT] hi",
        "S: * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hi",
        "S: * PREAUTH [REFERRAL imap://evil.example/] hi",
    ] {
        imap(&[greeting], &End::Failed(Error::Preauth));
    }
    imap(&asked(&["S: * PREAUTH late"]), &End::Failed(Error::Preauth));
}

#[test]
fn nst4_bytes_behind_the_tagged_ok_in_the_same_segment() {
    imap(&asked(&["S: P2 OK begin", "S: * CAPABILITY IMAP4rev1 AUTH=PLAIN"]), &End::Failed(Error::Injected));
    imap(&asked(&["S: P2 OK begin", "S: "]), &End::Failed(Error::Injected));
}

#[test]
fn nst4_bytes_behind_the_tagged_ok_in_the_next_segment() {
    let mut dialogue = Dialogue::imap();
    dialogue.handle_input(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n").unwrap();
    dialogue.poll_transmit().unwrap();
    dialogue.handle_input(b"P2 OK begin\r\n").unwrap();
    dialogue.handle_input(b"").unwrap();
    assert!(dialogue.is_ready());
    assert_eq!(dialogue.handle_input(b"*"), Err(Error::Injected));
    assert!(!dialogue.is_ready());
}

#[test]
fn nst5_mail_data_before_tls() {
    for data in [
        "S: * LIST () \"/\" INBOX",
        "S: * STATUS INBOX (MESSAGES 1)",
        "S: * SEARCH 1",
        "S: * FLAGS (\\Seen)",
        "S: * 1 EXISTS",
        "S: * 1 EXPUNGE",
        "S: * 1 FETCH (FLAGS ())",
        "S: * VANISHED 1:9",
        "S: *",
    ] {
        imap(&asked(&[data]), &End::Failed(Error::Injected));
        imap(&["S: * OK hi", data], &End::Failed(Error::Injected));
    }
}

#[test]
fn nst7_a_guessed_tag_before_the_command_was_written() {
    imap(&[ASKED[0], "S: P2 OK begin"], &End::Failed(Error::Injected));
    imap(&["S: * OK hi", "S: * CAPABILITY IMAP4rev1 STARTTLS", "S: P1 OK"], &End::Failed(Error::Injected));
    imap(&asked(&["S: P9 OK begin"]), &End::Failed(Error::Injected));
    imap(&asked(&["S: P1 OK begin"]), &End::Failed(Error::Injected));
}

#[test]
fn nst7_a_guess_whose_end_comes_after_the_command() {
    for (mut dialogue, input, guess) in [
        (Dialogue::imap(), "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n", "P2 OK begin\r\n"),
        (Dialogue::smtp("a"), "220 hi\r\n", "250 STARTTLS\r\n"),
    ] {
        for cut in 1..guess.len() {
            let fed = dialogue.handle_input(format!("{input}{}", &guess[..cut]).as_bytes());
            assert_eq!(fed, Err(Error::Injected), "{guess} cut at {cut}");
            dialogue = if guess.starts_with('P') { Dialogue::imap() } else { Dialogue::smtp("a") };
        }
    }
    // An untagged line may lie across the command.
    let mut dialogue = Dialogue::imap();
    dialogue.handle_input(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n* OK st").unwrap();
    dialogue.poll_transmit().unwrap();
    dialogue.handle_input(b"ill here\r\nP2 OK begin\r\n").unwrap();
    assert!(dialogue.is_ready());
}

#[test]
fn nst8_a_referral_is_never_followed() {
    let said = "S: P2 NO [REFERRAL imap://evil.example/] go there";
    imap(&asked(&[said]), &refused("[REFERRAL imap://evil.example/] go there"));
}

#[test]
fn nst9_alerts_before_tls_do_not_leave_the_dialogue() {
    imap(&asked(&["S: * OK [ALERT] call this number", "S: P2 OK [ALERT] now"]), &End::Ready);
}

#[test]
fn nst10_a_tagged_or_invalid_greeting() {
    for greeting in
        ["S: P1 OK hi", "S: P2 OK hi", "S: + OK", "S: * CAPABILITY IMAP4rev1 STARTTLS", "S: 220 hi", "S: "]
    {
        imap(&[greeting], &End::Failed(Error::BadGreeting));
    }
}

#[test]
fn bye_in_the_greeting_or_later() {
    imap(&["S: * BYE too many"], &End::Failed(Error::Bye { words: "too many".into() }));
    imap(&asked(&["S: * BYE shutting\tdown"]), &End::Failed(Error::Bye { words: "shuttingdown".into() }));
}

#[test]
fn an_endless_line_and_an_endless_talk_are_cut() {
    let mut dialogue = Dialogue::imap();
    let line = vec![b'x'; 10_000];
    assert_eq!(dialogue.handle_input(&line), Err(Error::TooLong));

    let mut dialogue = Dialogue::imap();
    dialogue.handle_input(b"* OK hi\r\n").unwrap();
    let end = (0..100_000).find_map(|_| dialogue.handle_input(b"* OK still here\r\n").err());
    assert_eq!(end, Some(Error::TooLong));
}

const EHLO: [&str; 5] = [
    "S: 220-mail.example.com",
    "S: 220 ready",
    "C: EHLO client.example",
    "S: 250-mail.example.com greets you",
    "S: 250-PIPELINING",
];

fn greeted<'a>(then: &[&'a str]) -> Vec<&'a str> {
    [&EHLO, then].concat()
}

#[test]
fn smtp_upgrades_over_multi_line_replies() {
    let upgrade = ["S: 250-starttls", "S: 250 HELP", "C: STARTTLS", "S: 220-ready", "S: 220 go"];
    smtp(&greeted(&upgrade), &End::Ready);
    smtp(&["S: 220", "C: EHLO client.example", "S: 250 STARTTLS", "C: STARTTLS", "S: 220"], &End::Ready);
}

#[test]
fn smtp_nst1_absent_or_refused() {
    smtp(&greeted(&["S: 250 HELP"]), &End::Failed(Error::Missing));
    smtp(&["S: 220 hi", "C: EHLO client.example", "S: 502 no"], &End::Failed(Error::Missing));
    let asked = ["S: 250 STARTTLS", "C: STARTTLS"];
    smtp(&greeted(&[&asked[..], &["S: 454 no keys"]].concat()), &refused("no keys"));
    smtp(&greeted(&[&asked[..], &["S: 250 fine"]].concat()), &End::Failed(Error::BadAnswer));
    smtp(&greeted(&[&asked[..], &["S: 334 "]].concat()), &End::Failed(Error::BadAnswer));
}

#[test]
fn smtp_nst4_bytes_behind_the_220() {
    let injected = ["S: 250 STARTTLS", "C: STARTTLS", "S: 220 go", "S: 250 AUTH PLAIN"];
    smtp(&greeted(&injected), &End::Failed(Error::Injected));
}

#[test]
fn smtp_nst7_an_answer_before_its_command_was_written() {
    smtp(&["S: 220 hi", "S: 250 STARTTLS"], &End::Failed(Error::Injected));
    smtp(&greeted(&["S: 250 STARTTLS", "S: 220 go"]), &End::Failed(Error::Injected));
}

#[test]
fn smtp_bad_replies() {
    smtp(&["S: * OK hi"], &End::Failed(Error::BadGreeting));
    smtp(&["S: 250 hi"], &End::Failed(Error::BadGreeting));
    smtp(&["S: 554 go away"], &End::Failed(Error::Bye { words: "go away".into() }));
    smtp(&greeted(&["S: 251 STARTTLS"]), &End::Failed(Error::BadAnswer));
    smtp(&greeted(&["S: 421 busy"]), &End::Failed(Error::BadAnswer));
    smtp(
        &greeted(&["S: 250 STARTTLS", "C: STARTTLS", "S: 421 busy"]),
        &End::Failed(Error::Bye { words: "busy".into() }),
    );
}

#[test]
fn smtp_an_ehlo_name_cannot_carry_a_command() {
    for name in ["a\r\nMAIL FROM:<x@y>", "a b", "", "ä", &"a".repeat(300)] {
        let mut dialogue = Dialogue::smtp(name);
        dialogue.handle_input(b"220 hi\r\n").unwrap();
        assert_eq!(dialogue.poll_transmit().as_deref(), Some(&b"EHLO localhost\r\n"[..]));
    }
    let mut dialogue = Dialogue::smtp("[IPv6:::1]");
    dialogue.handle_input(b"220 hi\r\n").unwrap();
    assert_eq!(dialogue.poll_transmit().as_deref(), Some(&b"EHLO [IPv6:::1]\r\n"[..]));
}

fn sieve(transcript: &[&str], expected: &End) {
    check(Dialogue::sieve, transcript, expected);
}

const SIEVE: [&str; 5] = [
    "S: \"IMPLEMENTATION\" \"Example 1.0\"",
    "S: \"SASL\" \"\"",
    "S: \"StartTLS\"",
    "S: \"VERSION\" \"1.0\"",
    "S: OK \"ready\"",
];

fn sieve_asked<'a>(then: &[&'a str]) -> Vec<&'a str> {
    [&SIEVE[..], &["C: STARTTLS"], then].concat()
}

#[test]
fn sieve_upgrades() {
    sieve(&sieve_asked(&["S: OK \"begin\""]), &End::Ready);
    sieve(&["S: \"STARTTLS\"", "S: ok", "C: STARTTLS", "S: OK (TAG \"x\")"], &End::Ready);
}

#[test]
fn sieve_nst1_absent_or_refused() {
    sieve(&["S: \"SASL\" \"PLAIN\"", "S: OK"], &End::Failed(Error::Missing));
    // In a value, or as part of a name, it is no offer.
    sieve(&["S: \"SASL\" \"STARTTLS\"", "S: \"XSTARTTLS\"", "S: OK"], &End::Failed(Error::Missing));
    sieve(&sieve_asked(&["S: NO \"no keys\""]), &refused("\"no keys\""));
    sieve(&sieve_asked(&["S: MAYBE"]), &End::Failed(Error::BadAnswer));
}

#[test]
fn sieve_nst4_and_nst5_bytes_around_the_answer() {
    sieve(&sieve_asked(&["S: OK", "S: \"SASL\" \"PLAIN\"", "S: OK"]), &End::Failed(Error::Injected));
    sieve(&sieve_asked(&["S: OK", "S: "]), &End::Failed(Error::Injected));
    sieve(&sieve_asked(&["S: \"SASL\" \"PLAIN\"", "S: OK"]), &End::Failed(Error::Injected));
    // The text of a literal would stand behind the answer.
    sieve(&sieve_asked(&["S: OK {5}", "S: hello"]), &End::Failed(Error::BadAnswer));
}

#[test]
fn sieve_nst7_an_answer_before_its_command_was_written() {
    sieve(&["S: \"STARTTLS\"", "S: OK", "S: OK"], &End::Failed(Error::Injected));
    let mut dialogue = Dialogue::sieve();
    assert_eq!(dialogue.handle_input(b"\"STARTTLS\"\r\nOK\r\nO"), Err(Error::Injected));
}

#[test]
fn sieve_bad_greetings() {
    for greeting in ["S: * OK hi", "S: 220 hi", "S: ", "S: \"STARTTLS", "S: \"X\" {3}"] {
        sieve(&[greeting], &End::Failed(Error::BadGreeting));
    }
    let referral = "S: BYE (REFERRAL \"sieve://evil.example\") go";
    let words = "(REFERRAL \"sieve://evil.example\") go".to_owned();
    sieve(&[referral], &End::Failed(Error::Bye { words: words.clone() }));
    sieve(&sieve_asked(&[referral]), &End::Failed(Error::Bye { words }));
}
