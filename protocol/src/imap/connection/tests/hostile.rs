//! Servers that mean harm, as security.md lists them. S3 and S4 are the framer's and the reader's tests; S6 stands
//! with SCRAM, S7 and NST 12 with the compression, S8 to S10 beside this file, S12 with what writes.

use super::*;
use crate::imap::Uid;
use crate::starttls::Dialogue;

/// Every command is settled, or waits in peace: the connection never hangs on what was said.
fn goes_on(connection: &mut Connection) -> bool {
    while connection.poll_output().is_some() {}
    let id = connection.send(Noop, Time::ZERO);
    while connection.poll_output().is_some() {}
    connection.handle_input(b"A1 OK done\r\n", Time::ZERO);
    let mut outputs = std::iter::from_fn(|| connection.poll_output());
    outputs.any(|output| matches!(output, Output::Event(Event::Done(it, Ok(_))) if it == id))
}

fn signed_in(limits: Limits) -> Connection {
    let mut connection = Connection::new(Config { limits, ..Config::default() }, Time::ZERO);
    connection.handle_input(b"* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n", Time::ZERO);
    connection
}

/// What makes the stream impossible to cut ends the connection; what is no literal is an odd line and no more.
#[test]
fn s1_a_declared_size_is_never_believed() {
    for (size, survives) in [
        ("{4294967295}", false),
        ("{99999999999999999999}", false),
        ("{-1}", true),
        ("{}", true),
        ("{1", true),
    ] {
        let mut connection = signed_in(Limits::default());
        connection.handle_input(format!("* LIST () \"/\" {size}\r\n").as_bytes(), Time::ZERO);
        assert_eq!(goes_on(&mut connection), survives, "{size}");
        let ended = connection.state() == State::LoggedOut;
        assert_eq!(ended, !survives, "{size}");
    }
}

#[test]
fn s2_a_line_without_end_ends_the_connection() {
    let mut connection = signed_in(Limits { line: 10_000, ..Limits::default() });
    while connection.poll_output().is_some() {}
    for _ in 0..100 {
        connection.handle_input(&[b'x'; 1000], Time::ZERO);
    }
    let how = ConnectionError::Misbehaved(Misbehaviour::Unframeable);
    assert_eq!(connection.poll_output(), Some(Output::Event(Event::Closed(how))));
}

/// A set of four thousand million is one range, either way round; the number 0 is set aside, and one past the largest
/// is told as the largest.
#[test]
fn s5_sets_stay_ranges_and_impossible_numbers_are_harmless() {
    check_selected(
        "QRESYNC",
        &[Noop.into()],
        "U: send
         C: A2 NOOP
         S: * VANISHED 1:4294967295
         S: * VANISHED 9:3
         S: * 0 EXPUNGE
         S: * 4294967296 EXISTS
         S: A2 OK done
         E: Vanished 1:4294967295
         E: Vanished 3:9
         E: Unhandled Named
         E: Exists 4294967295
         E: #0 Ok done",
    );
}

/// What a mailbox is said to be is told as it is said: the store decides what it means that it contradicts itself.
#[test]
fn s11_numbers_that_flap_and_shrink_are_told_as_they_come() {
    let select = || Select::new(MailboxName::inbox(), Mode::ReadWrite).into();
    check_authenticated(
        "CONDSTORE",
        &[select(), select()],
        "U: send
         C: A1 SELECT INBOX (CONDSTORE)
         S: * 4 EXISTS
         S: * OK [UIDVALIDITY 7] valid
         S: * OK [UIDNEXT 100] next
         S: A1 OK open
         E: #0 Selected exists=4 validity=Some(7) next=Some(100) read_only=false
         S: * 1 FETCH (UID 0 FLAGS ())
         E: Fetch 1 flags=()
         S: * 9 FETCH (UID 3 FLAGS ())
         E: Fetch 9 uid=3 flags=()
         S: * 2 EXISTS
         E: Exists 2
         U: send
         C: A2 SELECT INBOX (CONDSTORE)
         S: * 0 EXISTS
         S: * OK [UIDVALIDITY 3] valid
         S: * OK [UIDNEXT 1] next
         S: * OK [HIGHESTMODSEQ 0] none
         S: A2 OK open
         E: #1 Selected exists=0 validity=Some(3) next=Some(1) read_only=false",
    );
}

/// A greeting may be the proxy's, which has none: they are the server's to tell, after TLS and again after a login
/// (RFC 9051 sections 6.2.2 and 6.2.3).
#[test]
fn nst6_capabilities_are_asked_for_anew() {
    check(
        &[login()],
        "U: send
         S: * OK hi
         E: Greeting hi
         C: A1 CAPABILITY
         S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
         S: A1 OK done
         E: Capabilities
         C: A2 LOGIN \"ann\" \"x\"
         S: A2 OK in
         E: #0 Ok in
         C: A3 CAPABILITY
         S: * CAPABILITY IMAP4rev1 IDLE
         S: A3 OK done
         E: Capabilities",
    );
}

/// Capabilities in any code count from there on, and what is new is told.
#[test]
fn capabilities_in_codes_are_tracked() {
    check_authenticated(
        "",
        &[Idle.into()],
        "S: * OK [CAPABILITY IMAP4rev1 IDLE] more than before
         E: Capabilities
         E: Unhandled Status
         S: * CAPABILITY IMAP4rev1 IDLE
         U: send
         C: A1 IDLE",
    );
}

#[test]
fn nst8_referrals_are_never_followed() {
    check(
        &[login(), login(), Select::new(MailboxName::inbox(), Mode::ReadWrite).into()],
        "U: send
         S: * OK [CAPABILITY IMAP4rev1 LOGIN-REFERRALS MAILBOX-REFERRALS] hi
         E: Greeting hi
         E: Capabilities
         C: A1 LOGIN \"ann\" \"x\"
         S: A1 NO [REFERRAL imap://ann;AUTH=*@evil.example/] go there
         E: #0 Error the server refused: go there
         U: send
         C: A2 LOGIN \"ann\" \"x\"
         S: A2 OK [REFERRAL imap://ann;AUTH=*@evil.example/] or there
         E: #1 Ok or there
         C: A3 CAPABILITY
         S: * CAPABILITY IMAP4rev1
         S: A3 OK done
         E: Capabilities
         U: send
         C: A4 SELECT INBOX
         S: A4 NO [REFERRAL imap://evil.example/INBOX] moved
         E: #2 Error the server refused: moved",
    );
}

/// What came before TLS went through a [`Dialogue`], and nothing of it comes out: not as what it gives to write, not as
/// what it is printed as, and its errors carry words only where the server turned us away.
#[test]
fn nst9_no_words_from_before_tls_come_out_of_the_dialogue() {
    let evil = "call 0900-EVIL";
    for said in [
        [format!("* OK [ALERT] {evil}"), format!("P2 OK [ALERT] {evil}")],
        [format!("* OK [CAPABILITY STARTTLS] {evil}"), format!("P2 OK [CAPABILITY {evil}] {evil}")],
        [format!("* OK {evil}"), format!("* NO [ALERT] {evil}")],
        [format!("* OK {evil}"), format!("* OK [REFERRAL imap://{evil}/] {evil}")],
        [format!("* OK {evil}"), format!("* 1 FETCH (ENVELOPE (NIL \"{evil}\"))")],
        [format!("* PREAUTH [ALERT] {evil}"), String::new()],
        [format!("A1 OK [ALERT] {evil}"), String::new()],
    ] {
        let mut dialogue = Dialogue::imap();
        let mut out = String::new();
        for line in said.iter().filter(|line| !line.is_empty()) {
            let result = dialogue.handle_input(format!("{line}\r\n").as_bytes());
            if line.starts_with("* OK")
                && dialogue.poll_transmit().is_some_and(|sent| sent.starts_with(b"P1"))
            {
                let answer = b"* CAPABILITY IMAP4rev1 STARTTLS\r\nP1 OK done\r\n";
                let _ = dialogue.handle_input(answer);
            }
            out += &format!("{result:?} {:?} {dialogue:?}", dialogue.poll_transmit());
        }
        assert!(!out.contains("EVIL"), "{said:?}: {out}");
    }
}

/// What stands before the greeting ends the connection, an ALERT in it and all: nothing of it is told.
#[test]
fn nst9_an_alert_before_the_greeting_is_never_told() {
    for said in
        ["* NO [ALERT] call this number", "A1 OK [ALERT] call this number", "+ [ALERT] call this number"]
    {
        check_greeting(said, "the first line is not a greeting");
    }
}

/// Without TLS nobody knows whose words these are, wherever they stand; within it, they are the server's.
#[test]
fn nst9_an_alert_over_an_unprotected_link_is_never_told() {
    for (login_over, told) in [(Security::Cleartext, 0), (Security::Protected, 4)] {
        let config = Config { login_over, ..Config::default() };
        let mut connection = Connection::new(config, Time::ZERO);
        connection.send(command::Capability, Time::ZERO);
        let mut alerts = 0;
        for line in [
            "* OK [ALERT] call this number",
            "* NO [ALERT] call this number",
            "* CAPABILITY IMAP4rev1",
            "A1 OK [ALERT] call this number",
            "* CAPABILITY IMAP4rev1",
            "A2 OK done",
            "* BYE [ALERT] call this number",
        ] {
            connection.handle_input(format!("{line}\r\n").as_bytes(), Time::ZERO);
            let outputs = std::iter::from_fn(|| connection.poll_output());
            alerts += outputs.filter(|it| matches!(it, Output::Event(Event::Alert(_)))).count();
        }
        assert_eq!(connection.state(), State::LoggedOut, "all of it was read");
        assert_eq!(alerts, told);
    }
}

/// S11: a message that never was there goes, one comes back under its old UID, a UID is in two places, the mailbox
/// shrinks below what was told of it and grows to the end of the numbers. All is told as it comes, and whoever asked
/// something is answered.
#[test]
fn s11_numbers_that_contradict_each_other_end_nothing() {
    check_selected(
        "CONDSTORE",
        &[by_uid(4, 5), by_uid(4, 5)],
        "U: send
         C: A2 UID FETCH 4:5 (FLAGS MODSEQ)
         S: * 20 EXPUNGE
         S: * 0 EXISTS
         S: * 1 FETCH (UID 4 FLAGS () MODSEQ (9))
         S: * 1 FETCH (UID 5 FLAGS () MODSEQ (3))
         S: * 2 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (0))
         S: * 4294967295 FETCH (UID 4294967295 FLAGS ())
         S: * 4294967295 EXISTS
         S: * 4294967295 EXPUNGE
         S: * OK [UIDVALIDITY 3] another
         S: * OK [UIDNEXT 1] lower
         S: * OK [HIGHESTMODSEQ 1] lower
         S: A2 OK done
         E: Expunge 20
         E: Exists 0
         E: #0 Message 1 uid=4 flags=() modseq=9
         E: #0 Message 1 uid=5 flags=() modseq=3
         E: #0 Message 2 uid=5 flags=(\\Seen) modseq=0
         E: Fetch 4294967295 uid=4294967295 flags=()
         E: Exists 4294967295
         E: Expunge 4294967295
         E: Unhandled Status
         E: Unhandled Status
         E: Unhandled Status
         E: #0 Ok done
         U: send
         C: A3 UID FETCH 4:5 (FLAGS MODSEQ)
         S: A3 OK done
         E: #1 Ok done",
    );
}

fn by_uid(first: u32, last: u32) -> Command {
    let set = UidSet::from(Uid::new(first).unwrap()..=Uid::new(last).unwrap());
    Fetch::new(set, vec![FetchAttribute::Flags, FetchAttribute::ModSeq]).into()
}
