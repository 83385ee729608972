//! What the engine says to a server for each thing that it asks, and what it makes of the answer: one session each, whole
//! and byte by byte.
//!
//! `C:` and `S:` are lines of the client and the server on the foreground link, `c:` and `s:` on the background one; `I:` is
//! what the user does, and `U:` an update: all of them, in order. `T:` lets so many seconds pass.

use postern_engine::border::{
    DownloadId, Flags, Intent, ListState, MailboxId, MessageId, MessageRow, Password, Session, Update,
};
use postern_engine::{Budget, Config, Engine, LinkId, Output};
use postern_protocol::Time;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

struct Stage {
    engine: Engine,
    now: Time,
    /// The links in the order in which they were asked for, with the lines that were not looked at.
    links: Vec<(LinkId, VecDeque<String>)>,
    half_lines: BTreeMap<LinkId, String>,
    updates: VecDeque<String>,
    /// Each byte of the server's comes by itself.
    is_slow: bool,
}

impl Stage {
    fn intend(&mut self, words: &str) {
        let mut words = words.split(' ');
        let verb = words.next().unwrap_or_default();
        let mut number = || words.next().and_then(|word| word.parse().ok()).expect("a number");
        let intent = match verb {
            "sign-in" => {
                let password = Password("secret".to_owned());
                Intent::SignIn { upstream: None, address: "ada".to_owned(), password }
            }
            "open" => Intent::OpenMailbox { mailbox: MailboxId(number()) },
            "read" => Intent::OpenMessage { message: MessageId(number()) },
            "seen" => {
                Intent::SetFlags { messages: vec![MessageId(number())], seen: Some(true), flagged: None }
            }
            "save" => Intent::Download {
                download: DownloadId(1),
                message: MessageId(number()),
                part: "1".to_owned(),
            },
            "refresh" => Intent::Refresh,
            "sign-out" => Intent::SignOut,
            verb => panic!("no such intent: {verb}"),
        };
        self.engine.handle_intent(intent, self.now);
        self.settle();
    }

    fn serve(&mut self, link: usize, line: &str) {
        let id = self.links.get(link).unwrap_or_else(|| panic!("no link for {line}")).0;
        let bytes = format!("{line}\r\n").into_bytes();
        for piece in bytes.chunks(if self.is_slow { 1 } else { bytes.len() }) {
            self.engine.handle_input(id, piece, self.now);
            self.settle();
        }
    }

    fn pass(&mut self, seconds: u64) {
        let end = self.now + Duration::from_secs(seconds);
        while let Some(at) = self.engine.poll_timeout().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.engine.handle_timeout(self.now);
            self.settle();
        }
        self.now = end;
    }

    fn settle(&mut self) {
        loop {
            while self.engine.step(Budget::default()) {}
            let Some(output) = self.engine.poll_output() else { return };
            match output {
                Output::Connect { link, .. } => {
                    self.links.push((link, VecDeque::new()));
                    self.engine.handle_connected(link, self.now);
                }
                Output::Transmit { link, bytes } => self.said(link, &String::from_utf8(bytes).expect("text")),
                Output::Close { .. } => {}
                Output::Update(update) => self.updates.push_back(short(&update)),
            }
        }
    }

    fn said(&mut self, link: LinkId, text: &str) {
        let half = self.half_lines.entry(link).or_default();
        half.push_str(text);
        let lines = &mut self.links.iter_mut().find(|(id, _)| *id == link).expect("a link").1;
        while let Some((line, rest)) = half.clone().split_once("\r\n") {
            lines.push_back(line.to_owned());
            rest.clone_into(half);
        }
    }

    fn next_line(&mut self, link: usize) -> Option<String> {
        self.links.get_mut(link)?.1.pop_front()
    }
}

/// Plays a transcript, and again byte by byte.
fn play(transcript: &str) {
    for is_slow in [false, true] {
        let mut stage = Stage {
            engine: Engine::new(Config::default(), Time::ZERO),
            now: Time::ZERO,
            links: Vec::new(),
            half_lines: BTreeMap::new(),
            updates: VecDeque::new(),
            is_slow,
        };
        for line in transcript.lines().map(str::trim_start).filter(|line| !line.is_empty()) {
            let (who, what) = line.split_once(": ").unwrap_or_else(|| panic!("who says {line}?"));
            match who {
                "I" => stage.intend(what),
                "S" => stage.serve(0, what),
                "s" => stage.serve(1, what),
                "C" => assert_eq!(stage.next_line(0).as_deref(), Some(what), "{transcript}"),
                "c" => assert_eq!(stage.next_line(1).as_deref(), Some(what), "{transcript}"),
                "T" => stage.pass(what.parse().expect("seconds")),
                // Byte by byte rows may come one at a time.
                "U" if is_slow => {}
                "U" => assert_eq!(stage.updates.pop_front().as_deref(), Some(what), "{transcript}"),
                who => panic!("nobody is called {who}"),
            }
        }
        let left: Vec<_> = stage.links.iter().flat_map(|(_, lines)| lines).collect();
        assert!(left.is_empty(), "the client said more: {left:?}\n{transcript}");
        assert!(is_slow || stage.updates.is_empty(), "more was emitted: {:?}", stage.updates);
    }
}

fn short(update: &Update) -> String {
    match update {
        Update::Session { session: Session::Online } => "online".to_owned(),
        Update::Session { session: Session::SigningIn } => "signing in".to_owned(),
        Update::Session { session: Session::SignedOut { .. } } => "signed out".to_owned(),
        Update::Mailboxes { mailboxes } => {
            let names: Vec<_> = mailboxes.iter().map(|row| format!("{} {}", row.id.0, row.name)).collect();
            format!("mailboxes {}", names.join(", "))
        }
        Update::MailboxCounts { mailbox, total, unread } => {
            let count = |count: &Option<u32>| count.map_or("?".to_owned(), |count| count.to_string());
            format!("counts {}: {} of which {} unread", mailbox.0, count(total), count(unread))
        }
        Update::List { generation, total, state, .. } => {
            let state = if *state == ListState::Ready { "in step" } else { "loading" };
            format!("list {generation}: {total} rows, {state}")
        }
        Update::Splice { at, removed, inserted, .. } => format!("splice at {at}: -{removed} +{inserted}"),
        Update::Rows { first, rows, .. } => {
            let rows: Vec<_> = rows.iter().map(row).collect();
            format!("rows from {first}: {}", rows.join(", "))
        }
        Update::FlagsChanged { message, flags } => format!("message {}{}", message.0, marks(*flags)),
        Update::NewMail { count, .. } => format!("{count} new"),
        Update::Message { message } => {
            format!("read {}: {}", message.id.0, message.body.text.as_deref().unwrap_or_default())
        }
        Update::DownloadChunk { bytes, .. } => format!("saved {}", String::from_utf8_lossy(bytes)),
        Update::DownloadDone { .. } => "saved all".to_owned(),
        other => format!("{other:?}"),
    }
}

fn row(row: &MessageRow) -> String {
    let preview = row.preview.as_ref().map(|text| format!(" “{text}”")).unwrap_or_default();
    format!("{} {} {}{}{preview}", row.id.0, row.correspondent, row.subject, marks(row.flags))
}

fn marks(flags: Flags) -> String {
    let mark = |is_set, name: &str| if is_set { format!(" {name}") } else { String::new() };
    mark(flags.seen, "seen") + &mark(flags.flagged, "flagged")
}

/// Signed in; the server offers these.
fn signed_in(capabilities: &str) -> String {
    format!(
        "I: sign-in
         U: signing in
         S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN {capabilities}] ready
         C: A1 AUTHENTICATE PLAIN AGFkYQBzZWNyZXQ=
         S: A1 OK [CAPABILITY IMAP4rev1 {capabilities}] in
         U: online
         "
    )
}

/// And INBOX is open, with two messages; the older one was read.
fn in_inbox(capabilities: &str) -> String {
    let row = |number: u32, flags: &str| {
        format!(
            r#"S: * {number} FETCH (UID 1{number} FLAGS ({flags}) INTERNALDATE "02-Nov-2026 10:00:00 +0000" RFC822.SIZE 5 ENVELOPE ("Mon, 2 Nov 2026 10:00:00 +0000" "m{number}" (("Ada" NIL "ada" "example.com")) NIL NIL NIL NIL NIL NIL "<{number}@example.com>") BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 1) PREVIEW "hi")"#
        )
    };
    let session = signed_in(&format!("PREVIEW {capabilities}"));
    let (first, second) = (row(1, "\\Seen"), row(2, ""));
    format!(
        r#"{session}
        C: A2 LIST "" "*"
        S: * LIST () "/" INBOX
        S: * LIST () "/" Drafts
        S: A2 OK done
        U: mailboxes 1 INBOX, 2 Drafts
        C: A3 STATUS INBOX (MESSAGES UNSEEN)
        C: A4 STATUS Drafts (MESSAGES UNSEEN)
        S: * STATUS INBOX (MESSAGES 2 UNSEEN 1)
        U: counts 1: 2 of which 1 unread
        S: * STATUS Drafts (MESSAGES 0 UNSEEN 0)
        U: counts 2: 0 of which 0 unread
        S: A3 OK done
        S: A4 OK done
        I: open 1
        U: list 1: 2 rows, loading
        C: A5 SELECT INBOX
        S: * 2 EXISTS
        S: * OK [UIDVALIDITY 7] valid
        S: * OK [UIDNEXT 13] next
        S: A5 OK [READ-WRITE] in
        U: list 1: 2 rows, in step
        C: A6 FETCH 1:2 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE PREVIEW)
        {first}
        U: rows from 1: 1 Ada m1 seen “hi”
        {second}
        U: rows from 0: 2 Ada m2 “hi”
        S: A6 OK done
        "#
    )
}

#[test]
fn id_comes_first_and_every_mailbox_is_counted() {
    let transcript = r#"
        C: A2 ID ("name" "Postern")
        C: A3 LIST "" "*"
        S: A2 OK done
        S: * LIST () "/" INBOX
        S: A3 OK done
        U: mailboxes 1 INBOX
        C: A4 STATUS INBOX (MESSAGES UNSEEN)
        S: * STATUS INBOX (MESSAGES 2 UNSEEN 1)
        U: counts 1: 2 of which 1 unread
        S: A4 OK done
        I: sign-out
        C: A5 LOGOUT
        U: signed out
    "#;
    play(&(signed_in("ID") + transcript));
}

#[test]
fn mailboxes_are_listed_and_counted_in_one() {
    let transcript = r#"
        C: A2 LIST "" "*" RETURN (SUBSCRIBED CHILDREN STATUS (MESSAGES UNSEEN))
        S: * LIST () "/" INBOX
        S: * STATUS INBOX (MESSAGES 2 UNSEEN 1)
        S: A2 OK done
        U: mailboxes 1 INBOX
    "#;
    play(&(signed_in("LIST-EXTENDED LIST-STATUS") + transcript));
}

#[test]
fn a_mailbox_is_selected_and_its_rows_are_fetched() {
    play(&in_inbox(""));
}

#[test]
fn what_is_new_is_asked_for_with_noop() {
    let transcript = r#"
        I: refresh
        C: A7 LIST "" "*"
        C: A8 NOOP
        C: A9 STATUS Drafts (MESSAGES UNSEEN)
        S: * LIST () "/" INBOX
        S: * LIST () "/" Drafts
        S: A7 OK done
        U: mailboxes 1 INBOX, 2 Drafts
        S: * 1 EXPUNGE
        U: splice at 1: -1 +0
        U: counts 1: 1 of which 1 unread
        S: A8 OK done
        S: A9 OK done
        C: A10 STATUS Drafts (MESSAGES UNSEEN)
    "#;
    play(&(in_inbox("") + transcript));
}

#[test]
fn a_mark_is_stored() {
    let transcript = r#"
        I: seen 2
        U: message 2 seen
        U: counts 1: 2 of which 0 unread
        C: A7 UID STORE 12 +FLAGS (\Seen)
        S: * 2 FETCH (UID 12 FLAGS (\Seen))
        S: A7 OK done
    "#;
    play(&(in_inbox("") + transcript));
}

#[test]
fn a_text_is_read_in_a_window() {
    let transcript = r#"
        I: read 2
        C: A7 UID FETCH 12 (UID BODY.PEEK[1]<0.131072>)
        S: * 2 FETCH (UID 12 BODY[1]<0> {5}
        S: hello)
        S: A7 OK done
        U: read 2: hello
    "#;
    play(&(in_inbox("") + transcript));
}

#[test]
fn a_list_that_is_known_is_compared() {
    let transcript = r#"
        I: open 2
        U: list 2: 0 rows, loading
        C: A7 SELECT Drafts
        S: * 0 EXISTS
        S: * OK [UIDVALIDITY 7] valid
        S: A7 OK [READ-WRITE] in
        U: list 2: 0 rows, in step
        I: open 1
        U: list 3: 2 rows, loading
        U: rows from 0: 2 Ada m2 “hi”, 1 Ada m1 seen “hi”
        C: A8 SELECT INBOX
        S: * 1 EXISTS
        S: * OK [UIDVALIDITY 7] valid
        S: * OK [UIDNEXT 13] next
        S: A8 OK [READ-WRITE] in
        C: A9 UID FETCH 11:* (UID FLAGS)
        S: * 1 FETCH (UID 12 FLAGS (\Flagged))
        U: message 2 flagged
        S: A9 OK done
        U: splice at 1: -1 +0
        U: list 3: 1 rows, in step
        U: counts 1: 1 of which 1 unread
    "#;
    play(&(in_inbox("") + transcript));
}

/// What was selected before, with one message that has just this envelope.
fn with_envelope(envelope: &str, sent: &str) -> String {
    format!(
        r#"{}
        C: A2 LIST "" "*"
        S: * LIST () "/" INBOX
        S: A2 OK done
        U: mailboxes 1 INBOX
        C: A3 STATUS INBOX (MESSAGES UNSEEN)
        S: A3 OK done
        I: open 1
        U: list 1: 0 rows, loading
        C: A4 SELECT INBOX
        S: * 1 EXISTS
        S: * OK [UIDVALIDITY 7] valid
        S: A4 OK [READ-WRITE] in
        U: splice at 0: -0 +1
        U: list 1: 1 rows, in step
        U: counts 1: 1 of which ? unread
        C: A5 FETCH 1 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)
        S: * 1 FETCH (UID 9 FLAGS () INTERNALDATE "02-Nov-2026 10:00:00 +0000" RFC822.SIZE 5 ENVELOPE {envelope} BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 1))
        U: rows from 0: 1 {sent}
        S: A5 OK done
        "#,
        signed_in("")
    )
}

#[test]
fn a_preview_is_read_without_the_extension() {
    let envelope = r#"("Mon, 2 Nov 2026 10:00:00 +0000" "m1" (("Ada" NIL "ada" "example.com")) NIL NIL NIL NIL NIL NIL NIL)"#;
    let transcript = r#"
        C: A6 UID FETCH 9 (BODY.PEEK[1]<0.512>)
        S: * 1 FETCH (UID 9 BODY[1]<0> {5}
        S: hello)
        S: A6 OK done
        U: rows from 0: 1 Ada m1 “hello”
    "#;
    play(&(with_envelope(envelope, "Ada m1") + transcript));
}

#[test]
fn a_header_that_the_server_misread_is_read() {
    let envelope = r#"(NIL "m1" NIL NIL NIL NIL NIL NIL NIL NIL)"#;
    let transcript = r#"
        C: A6 UID FETCH 9 (BODY.PEEK[1]<0.512>)
        C: A7 UID FETCH 9 (BODY.PEEK[HEADER.FIELDS (From Sender Reply-To To Cc Bcc Date)]<0.65536>)
        S: A6 OK done
        S: * 1 FETCH (UID 9 BODY[HEADER.FIELDS (From Sender Reply-To To Cc Bcc Date)]<0> {29}
        S: From: Ada <ada@example.com>
        S: )
        S: A7 OK done
        U: rows from 0: 1 Ada m1
    "#;
    play(&(with_envelope(envelope, " m1") + transcript));
}

/// The background link signs in.
const BACKGROUND: &str = r"
        s: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN IDLE] ready
        c: A1 AUTHENTICATE PLAIN AGFkYQBzZWNyZXQ=
        s: A1 OK [CAPABILITY IMAP4rev1 IDLE] in
        c: A2 EXAMINE INBOX
        s: * 2 EXISTS
        s: * OK [UIDVALIDITY 7] valid
        s: A2 OK [READ-ONLY] in
        ";

#[test]
fn the_background_link_idles_and_the_foreground_one_asks() {
    let transcript = r"
        c: A3 IDLE
        s: + idling
        C: A7 NOOP
        S: A7 OK done
        s: * 3 EXISTS
        C: A8 NOOP
        S: * 3 EXISTS
        U: splice at 0: -0 +1
        U: counts 1: 3 of which 1 unread
        S: A8 OK done
        C: A9 FETCH 3 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE PREVIEW)
    ";
    play(&(in_inbox("IDLE") + BACKGROUND + transcript));
}

#[test]
fn a_row_that_is_refused_is_read_without_details_which_come_on_the_background_link() {
    let session = signed_in("");
    let transcript = format!(
        r#"{session}
        C: A2 LIST "" "*"
        S: * LIST () "/" INBOX
        S: A2 OK done
        U: mailboxes 1 INBOX
        C: A3 STATUS INBOX (MESSAGES UNSEEN)
        S: A3 OK done
        I: open 1
        U: list 1: 0 rows, loading
        C: A4 SELECT INBOX
        S: * 1 EXISTS
        S: * OK [UIDVALIDITY 7] valid
        S: A4 OK [READ-WRITE] in
        U: splice at 0: -0 +1
        U: list 1: 1 rows, in step
        U: counts 1: 1 of which ? unread
        C: A5 FETCH 1 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)
        S: A5 NO [UNAVAILABLE] not now
        C: A6 FETCH 1 (UID FLAGS INTERNALDATE RFC822.SIZE)
        S: * 1 FETCH (UID 9 FLAGS () INTERNALDATE "02-Nov-2026 10:00:00 +0000" RFC822.SIZE 5)
        U: rows from 0: 1  
        S: A6 OK done
        T: 5
        C: A7 STATUS INBOX (MESSAGES UNSEEN)
        {BACKGROUND}
        c: A3 UID FETCH 9 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)
        s: * 1 FETCH (UID 9 FLAGS () INTERNALDATE "02-Nov-2026 10:00:00 +0000" RFC822.SIZE 5 ENVELOPE ("Mon, 2 Nov 2026 10:00:00 +0000" "m1" (("Ada" NIL "ada" "example.com")) NIL NIL NIL NIL NIL NIL NIL) BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 1))
        U: rows from 0: 1 Ada m1
        s: A3 OK done
        "#
    );
    play(&transcript);
}

#[test]
fn a_part_is_saved_over_the_background_link() {
    let transcript = r"
        I: save 2
        s: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
        c: A1 AUTHENTICATE PLAIN AGFkYQBzZWNyZXQ=
        s: A1 OK [CAPABILITY IMAP4rev1] in
        c: A2 EXAMINE INBOX
        s: * 2 EXISTS
        s: * OK [UIDVALIDITY 7] valid
        s: A2 OK [READ-ONLY] in
        c: A3 UID FETCH 12 (UID BODY.PEEK[1]<0.262144>)
        s: * 2 FETCH (UID 12 BODY[1]<0> {5}
        s: hello)
        U: saved hello
        s: A3 OK done
        U: saved all
    ";
    play(&(in_inbox("") + transcript));
}
