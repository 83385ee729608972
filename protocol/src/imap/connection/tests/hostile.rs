//! Servers that mean harm, as security.md lists them. S3 and S4 are the framer's and the reader's tests; S6 stands
//! with SCRAM, S7 and NST 12 with the compression, S8 to S10 beside this file, S12 with what writes.

use super::*;

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
         E: Unhandled Unknown
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

/// A greeting may be the proxy's, which has none: they are the server's to tell, after TLS and again after a login.
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

/// What stands before the greeting ends the connection, an ALERT in it and all: nothing of it is told.
#[test]
fn nst9_an_alert_before_the_greeting_is_never_told() {
    for said in ["* NO [ALERT] call this number", "A1 OK [ALERT] call this number"] {
        check_greeting(said, "the first line is not a greeting");
    }
}
