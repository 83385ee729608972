//! What happens because time goes by. The driver's clock is a number here.

use super::*;

/// Others that are answered meanwhile don't help it: the deadline is each command's own.
#[test]
fn a_command_that_is_passed_over_ends_the_connection() {
    check_authenticated(
        "",
        &[Noop.into(), Noop.into(), Noop.into()],
        "U: send
         C: A1 NOOP
         U: send
         C: A2 NOOP
         U: wait 30
         S: A2 OK done
         E: #1 Ok done
         U: send
         C: A3 NOOP
         U: wait 29
         S: * OK still here
         S: * CAPABILITY IMAP4rev1
         E: Unhandled Status
         U: wait 1
         E: #0 Error the server did not answer in time
         E: #2 Error the server did not answer in time
         E: Closed the server did not answer in time
         E: hang up",
    );
}

/// A server answers one after the other: what waits behind a slow one is not late itself.
#[test]
fn a_command_behind_a_slow_one_has_all_its_time() {
    check_authenticated(
        "",
        &[Noop.into(), Noop.into()],
        "U: send
         C: A1 NOOP
         U: send
         C: A2 NOOP
         U: wait 59
         S: A1 OK done
         E: #0 Ok done
         U: wait 59
         S: A2 OK done
         E: #1 Ok done",
    );
}

/// RFC 9585: a server that says how far it has come is slow, not gone.
#[test]
fn a_command_that_gets_on_is_waited_for() {
    let status = Status { mailbox: MailboxName::inbox(), attributes: vec![StatusAttribute::Messages] };
    check_authenticated(
        "",
        &[List::all().into(), status.into()],
        "U: send
         C: A1 LIST \"\" \"*\"
         U: wait 59
         S: * LIST () \"/\" INBOX
         U: wait 59
         S: A1 OK done
         E: #0 Mailbox INBOX []
         E: #0 Ok done",
    );
}

/// S10: an answer that arrives a byte a minute is none.
#[test]
fn s10_an_answer_of_a_byte_a_minute() {
    let mut connection = Connection::new(Config::default(), Time::ZERO);
    connection.handle_input(b"* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n", Time::ZERO);
    let id = connection.send(Noop, Time::ZERO);
    while connection.poll_output().is_some() {}
    for (minute, byte) in (1..).zip(b"A1 OK done\r\n") {
        let now = Time::ZERO + Duration::from_secs(60 * minute);
        connection.handle_timeout(now);
        connection.handle_input(std::slice::from_ref(byte), now);
    }
    let timed_out = Output::Event(Event::Done(id, Err(CommandError::TimedOut)));
    assert_eq!(connection.poll_output(), Some(timed_out));
    assert_eq!(connection.state(), State::LoggedOut);
}

/// RFC 9051 section 6.3.13: a server may take who idles for 29 minutes to be gone.
#[test]
fn idle_is_renewed_under_29_minutes_whatever_is_configured() {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    for (configured, renewed) in [(9, 9), (28, 28), (29, 28), (6_000, 28)] {
        let deadlines = Deadlines { idle_renewal: minutes(configured), ..Deadlines::default() };
        let mut connection = Connection::new(Config { deadlines, ..Config::default() }, Time::ZERO);
        connection.handle_input(b"* PREAUTH [CAPABILITY IMAP4rev1 IDLE] hi\r\n", Time::ZERO);
        connection.send(Idle, Time::ZERO);
        while connection.poll_output().is_some() {}
        connection.handle_input(b"+ idling\r\n", Time::ZERO);
        while connection.poll_output().is_some() {}
        let now = Time::ZERO + minutes(renewed);
        assert_eq!(connection.poll_timeout(), Some(now));
        connection.handle_timeout(now);
        assert_eq!(connection.poll_output(), Some(Output::Transmit(b"DONE\r\n".to_vec())));
    }
}
