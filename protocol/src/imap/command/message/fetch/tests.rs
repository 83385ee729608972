//! How FETCH goes, with and without what servers may lack.

use super::*;
use crate::imap::command::mailbox::{Mode, Select};
use crate::imap::command::search::{Search, SearchKey, SearchReturn};
use crate::imap::command::session::Enable;
use crate::imap::transcript::{check_authenticated, check_selected};
use crate::imap::types::{Section, SectionText};
use crate::imap::{Command, MailboxName, SeqNo, Uid};

fn fetch(first: u32, last: u32, items: &[FetchAttribute]) -> Command {
    let set = UidSet::from(Uid::new(first).unwrap()..=Uid::new(last).unwrap());
    Fetch::new(set, items.to_vec()).into()
}

fn window(part: u32, offset: u32, count: u32) -> FetchAttribute {
    FetchAttribute::window(Section { part: [part].into(), ..Section::default() }, offset, count)
}

const ROW: [FetchAttribute; 5] = [
    FetchAttribute::Flags,
    FetchAttribute::InternalDate,
    FetchAttribute::Size,
    FetchAttribute::Envelope,
    FetchAttribute::BodyStructure,
];

/// From an OK without an answer nobody may conclude that everything is gone.
#[test]
fn silence_to_the_search_for_what_is_left_is_not_all_gone() {
    let changes = Fetch {
        changed_since: Some(ChangedSince { mod_seq: ModSeq(5), vanished: true }),
        ..Fetch::new(UidSet::all(), vec![FetchAttribute::Flags])
    };
    check_selected(
        "CONDSTORE ESEARCH",
        &[changes.clone().into(), changes.into()],
        "U: send
         C: A2 UID FETCH 1:* (FLAGS) (CHANGEDSINCE 5)
         S: A2 OK done
         C: A3 UID SEARCH RETURN (ALL) ALL
         S: A3 OK done
         C: A4 UID SEARCH ALL
         S: A4 OK done
         E: #0 Error the server's answer could not be read: no SEARCH
         U: send
         C: A5 UID FETCH 1:* (FLAGS) (CHANGEDSINCE 5)
         S: A5 OK done
         C: A6 UID SEARCH RETURN (ALL) ALL
         S: * ESEARCH (TAG \"A6\") UID COUNT 2
         S: A6 OK done
         C: A7 UID SEARCH ALL
         S: * SEARCH 1 3
         S: A7 OK done
         E: #1 Vanished 2,4:4294967295
         E: #1 Ok done",
    );
}

#[test]
fn rows_of_a_list() {
    check_selected(
        "",
        &[fetch(7, 9, &ROW)],
        "U: send
         C: A2 UID FETCH 7:9 (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)
         S: * 1 FETCH (UID 7 FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286 ENVELOPE (NIL {2}
         S: hi NIL NIL NIL NIL NIL NIL NIL NIL) BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3028 92))
         S: * 4 FETCH (FLAGS (\\Deleted) UID 40)
         S: * 2 FETCH (FLAGS (\\Answered) UID 8)
         S: A2 OK done
         E: #0 Message 1 uid=7 flags=(\\Seen) size=4286 date envelope structure
         E: Fetch 4 uid=40 flags=(\\Deleted)
         E: Fetch 2 uid=8 flags=(\\Answered)
         E: #0 Ok done",
    );
}

#[test]
fn windows_of_a_body_are_pipelined_and_stream() {
    let long = "x".repeat(20);
    check_selected(
        "",
        &[fetch(7, 7, &[window(1, 0, 20)]), fetch(7, 7, &[window(1, 20, 20)])],
        &format!(
            "U: send
             C: A2 UID FETCH 7 (BODY.PEEK[1]<0.20>)
             U: send
             C: A3 UID FETCH 7 (BODY.PEEK[1]<20.20>)
             S: * 3 FETCH (UID 7 BODY[1]<0> {{20}}
             S: {long})
             S: A2 OK done
             S: * 3 FETCH (BODY[1]<20> {{5}}
             S: short UID 7)
             S: A3 OK done
             E: #0 BodyStart 3 uid=7 BODY[1]<0> 20
             E: #0 BodyChunk {long}
             E: #0 BodyEnd
             E: #0 Message 3 uid=7
             E: #0 Ok done
             E: #1 BodyStart 3 uid=7 BODY[1]<20> 5
             E: #1 BodyChunk short
             E: #1 BodyEnd
             E: #1 Message 3 uid=7
             E: #1 Ok done"
        ),
    );
}

/// Some servers ignore the window and leave the origin out: what came is the whole section, told once.
#[test]
fn a_body_without_an_origin_is_taken() {
    check_selected(
        "",
        &[
            fetch(7, 7, &[window(1, 0, 20)]),
            fetch(7, 7, &[window(1, 20, 20)]),
            fetch(7, 7, &[window(2, 0, 20)]),
            fetch(7, 7, &[window(2, 5, 20)]),
            fetch(7, 7, &[window(2, 20, 20)]),
        ],
        "U: send
         C: A2 UID FETCH 7 (BODY.PEEK[1]<0.20>)
         U: send
         C: A3 UID FETCH 7 (BODY.PEEK[1]<20.20>)
         U: send
         C: A4 UID FETCH 7 (BODY.PEEK[2]<0.20>)
         U: send
         C: A5 UID FETCH 7 (BODY.PEEK[2]<5.20>)
         U: send
         C: A6 UID FETCH 7 (BODY.PEEK[2]<20.20>)
         S: * 3 FETCH (UID 7 BODY[1] \"abcdefghijklmnopqrstuvwxy\")
         S: A2 OK done
         S: * 3 FETCH (UID 7 BODY[1] \"abcdefghijklmnopqrstuvwxy\")
         S: A3 OK done
         S: * 3 FETCH (UID 7 BODY[2] \"abcde\")
         S: A4 OK done
         S: * 3 FETCH (UID 7 BODY[2] \"abcde\")
         S: A5 OK done
         S: * 3 FETCH (UID 7 BODY[2] \"abc\")
         S: A6 OK done
         E: #0 BodyStart 3 uid=7 BODY[1] 20
         E: #0 BodyChunk abcdefghijklmnopqrst
         E: #0 BodyEnd
         E: #0 Message 3 uid=7
         E: #0 Ok done
         E: #1 BodyStart 3 uid=7 BODY[1] 5
         E: #1 BodyChunk uvwxy
         E: #1 BodyEnd
         E: #1 Message 3 uid=7
         E: #1 Ok done
         E: #2 BodyStart 3 uid=7 BODY[2] 5
         E: #2 BodyChunk abcde
         E: #2 BodyEnd
         E: #2 Message 3 uid=7
         E: #2 Ok done
         E: #3 BodyStart 3 uid=7 BODY[2] 0
         E: #3 BodyEnd
         E: #3 Message 3 uid=7
         E: #3 Ok done
         E: #4 BodyStart 3 uid=7 BODY[2] 3
         E: #4 BodyChunk abc
         E: #4 BodyEnd
         E: #4 Message 3 uid=7
         E: #4 Ok done",
    );
}

/// Twisted's server sends the whole section for each window of it, and echoes what was asked for.
#[test]
fn of_a_whole_section_only_the_window_is_told() {
    check_selected(
        "",
        &[
            fetch(7, 7, &[window(1, 0, 20)]),
            fetch(7, 7, &[window(1, 20, 20)]),
            fetch(7, 7, &[window(1, 40, 20)]),
        ],
        "U: send
         C: A2 UID FETCH 7 (BODY.PEEK[1]<0.20>)
         U: send
         C: A3 UID FETCH 7 (BODY.PEEK[1]<20.20>)
         U: send
         C: A4 UID FETCH 7 (BODY.PEEK[1]<40.20>)
         S: * 3 FETCH (BODY[1]<0.20> {25}
         S: abcdefghijklmnopqrstuvwxy UID 7)
         S: A2 OK done
         S: * 3 FETCH (BODY[1]<20.20> {25}
         S: abcdefghijklmnopqrstuvwxy UID 7)
         S: A3 OK done
         S: * 3 FETCH (BODY[1]<40.20> \"abcdefghijklmnopqrstuvwxy\" UID 7)
         S: A4 OK done
         E: #0 BodyStart 3 uid=? BODY[1]<0> 20
         E: #0 BodyChunk abcdefghijklmnopqrst
         E: #0 BodyEnd
         E: #0 Message 3 uid=7
         E: #0 Ok done
         E: #1 BodyStart 3 uid=? BODY[1]<20> 5
         E: #1 BodyChunk uvwxy
         E: #1 BodyEnd
         E: #1 Message 3 uid=7
         E: #1 Ok done
         E: #2 BodyStart 3 uid=7 BODY[1]<40> 0
         E: #2 BodyEnd
         E: #2 Message 3 uid=7
         E: #2 Ok done",
    );
}

#[test]
fn an_empty_a_quoted_and_a_missing_body() {
    check_selected(
        "",
        &[fetch(7, 7, &[window(1, 0, 10), window(2, 0, 10), window(3, 0, 10)])],
        "U: send
         C: A2 UID FETCH 7 (BODY.PEEK[1]<0.10> BODY.PEEK[2]<0.10> BODY.PEEK[3]<0.10>)
         S: * 3 FETCH (UID 7 BODY[1]<0> \"\" BODY[2]<0> \"a b\" BODY[3]<0> NIL)
         S: A2 OK done
         E: #0 BodyStart 3 uid=7 BODY[1]<0> 0
         E: #0 BodyEnd
         E: #0 BodyStart 3 uid=7 BODY[2]<0> 3
         E: #0 BodyChunk a b
         E: #0 BodyEnd
         E: #0 Message 3 uid=7 [Body { section: Section { source: Body, part: [3], text: All }, origin: Some(0), data: Nil }]
         E: #0 Ok done",
    );
}

#[test]
fn a_cancelled_body_is_drained() {
    let long = "x".repeat(20);
    check_selected(
        "",
        &[fetch(7, 7, &[window(1, 0, 20)]), crate::imap::command::Noop.into()],
        &format!(
            "U: send
             C: A2 UID FETCH 7 (BODY.PEEK[1]<0.20>)
             U: cancel 0
             E: #0 Error cancelled
             S: * 3 FETCH (UID 7 BODY[1]<0> {{20}}
             S: {long})
             S: A2 OK done
             U: send
             C: A3 NOOP
             S: A3 OK done
             E: #1 Ok done"
        ),
    );
}

#[test]
fn headers_by_name() {
    let section = Section {
        text: SectionText::HeaderFields(vec!["References".into(), "List-Id".into()]),
        ..Section::default()
    };
    let item = FetchAttribute::Body { section, peek: true, partial: None };
    check_selected(
        "",
        &[fetch(7, 7, &[FetchAttribute::Uid, item])],
        "U: send
         C: A2 UID FETCH 7 (UID BODY.PEEK[HEADER.FIELDS (References List-Id)])
         S: * 3 FETCH (UID 7 BODY[HEADER.FIELDS (REFERENCES LIST-ID)] {3}
         S: )
         S: )
         S: A2 OK done
         E: #0 BodyStart 3 uid=7 BODY[HEADER.FIELDS (REFERENCES LIST-ID)] 3
         E: #0 BodyChunk )|
         E: #0 BodyEnd
         E: #0 Message 3 uid=7
         E: #0 Ok done",
    );
}

#[test]
fn s12_a_header_name_cannot_carry_a_command() {
    let section =
        Section { text: SectionText::HeaderFields(vec!["a)]\r\nA3 LOGOUT".into()]), ..Section::default() };
    check_selected(
        "",
        &[fetch(7, 7, &[FetchAttribute::Body { section, peek: true, partial: None }]), fetch(7, 7, &[])],
        "U: send
         E: #0 Error a name is not an atom
         U: send
         E: #1 Error nothing was asked for",
    );
}

#[test]
fn what_the_server_lacks_is_not_asked() {
    let items = [FetchAttribute::Flags, FetchAttribute::ModSeq, FetchAttribute::Preview];
    check_selected(
        "PREVIEW",
        &[fetch(7, 7, &items), fetch(7, 7, &items[1..2])],
        "U: send
         C: A2 UID FETCH 7 (FLAGS PREVIEW)
         S: A2 OK done
         E: #0 Ok done
         U: send
         E: #1 Error the server lacks CONDSTORE",
    );
}

/// RFC 9051 section 9: `9:*` names the last message, whatever its number.
#[test]
fn an_open_range_covers_the_last_message() {
    let set = UidSet::from_first(Uid::new(9).unwrap());
    check_selected(
        "",
        &[Fetch::new(set, vec![FetchAttribute::Flags]).into()],
        "U: send
         C: A2 UID FETCH 9:* (FLAGS)
         S: * 3 FETCH (UID 5 FLAGS ())
         S: A2 OK done
         E: #0 Message 3 uid=5 flags=()
         E: #0 Ok done",
    );
}

/// RFC 9051 5.5: numbers may move under a command while another one runs that permits EXPUNGE.
#[test]
fn by_number_it_waits_for_commands_that_may_expunge() {
    let set = SeqSet::from(SeqNo::new(2).unwrap());
    let by_number = Fetch::new(set, vec![FetchAttribute::Envelope]);
    check_selected(
        "",
        &[crate::imap::command::Noop.into(), by_number.into()],
        "U: send
         C: A2 NOOP
         U: send
         S: * 1 EXPUNGE
         S: A2 OK done
         E: Expunge 1
         E: #0 Ok done
         C: A3 FETCH 1 (ENVELOPE)
         S: * 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))
         S: A3 OK done
         E: #1 Message 1 envelope
         E: #1 Ok done",
    );
}

/// RFC 5182 section 2.3: both go out at once.
#[test]
fn what_a_search_found_is_read_in_the_same_breath() {
    let search = Search { returns: vec![SearchReturn::Save], ..Search::new(SearchKey::Unseen) };
    let fetch = Fetch::new(Sequence::Saved, vec![FetchAttribute::Envelope]);
    check_selected(
        "ESEARCH SEARCHRES",
        &[search.clone().into(), fetch.clone().into()],
        "U: send
         C: A2 UID SEARCH RETURN (SAVE) UNSEEN
         U: send
         C: A3 UID FETCH $ (ENVELOPE)
         S: A2 OK done
         S: * 2 FETCH (UID 7 ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))
         S: * 1 FETCH (UID 4 FLAGS ())
         S: A3 OK done
         E: #0 Found
         E: #1 Message 2 uid=7 envelope
         E: Fetch 1 uid=4 flags=()
         E: #1 Ok done",
    );
    check_selected("", &[fetch.into()], "U: send\nE: #0 Error the server lacks SEARCHRES");
}

fn since(mod_seq: u64, vanished: bool) -> Command {
    let set = UidSet::from_first(Uid::new(5).unwrap());
    let changed_since = Some(ChangedSince { mod_seq: ModSeq(mod_seq), vanished });
    Fetch { changed_since, ..Fetch::new(set, vec![FetchAttribute::Flags]) }.into()
}

/// Turns capabilities on, then opens the inbox: the commands behind it begin with `A3`.
fn check_enabled(capabilities: &str, on: &Capability, command: Command, transcript: &str) {
    let open = Select::new(MailboxName::inbox(), Mode::ReadOnly);
    check_authenticated(
        capabilities,
        &[Enable { capabilities: vec![on.clone()] }.into(), open.into(), command],
        &format!(
            "U: send
             C: A1 ENABLE {on}
             S: * ENABLED {on}
             S: A1 OK done
             E: #0 Enabled {on}
             U: send
             C: A2 EXAMINE INBOX{}
             S: * 9 EXISTS
             S: A2 OK open
             E: #1 Selected exists=9 validity=None next=None read_only=true
             {transcript}",
            if capabilities.contains("CONDSTORE") { " (CONDSTORE)" } else { "" }
        ),
    );
}

#[test]
fn what_changed_and_what_is_gone() {
    check_enabled(
        "ENABLE CONDSTORE QRESYNC",
        &Capability::QResync,
        since(90, true),
        "U: send
         C: A3 UID FETCH 5:* (FLAGS) (CHANGEDSINCE 90 VANISHED)
         S: * VANISHED (EARLIER) 5:6,8
         S: * 2 FETCH (UID 7 FLAGS (\\Seen) MODSEQ (95))
         S: * VANISHED 9
         S: A3 OK done
         E: #2 Vanished 5:6,8
         E: #2 Message 2 uid=7 flags=(\\Seen) modseq=95
         E: Vanished 9
         E: #2 Ok done",
    );
}

/// Where QRESYNC is not on, what is not found is gone.
#[test]
fn what_is_gone_is_searched_for() {
    check_selected(
        "CONDSTORE QRESYNC ESEARCH",
        &[since(90, true)],
        "U: send
         C: A2 UID FETCH 5:* (FLAGS) (CHANGEDSINCE 90)
         S: * 2 FETCH (UID 7 FLAGS (\\Seen) MODSEQ (95))
         S: A2 OK done
         E: #0 Message 2 uid=7 flags=(\\Seen) modseq=95
         C: A3 UID SEARCH RETURN (ALL) UID 5:*
         S: * ESEARCH (TAG \"A3\") UID ALL 7,10:12
         S: A3 OK done
         E: #0 Vanished 5:6,8:9,13:4294967295
         E: #0 Ok done",
    );
    check_selected(
        "",
        &[since(90, false)],
        "U: send
         C: A2 UID FETCH 5:* (FLAGS)
         S: A2 OK done
         E: #0 Ok done",
    );
}

#[test]
fn a_window_of_the_mailbox() {
    let newest = || -> Command {
        let partial = Window::last(3);
        Fetch { partial, ..Fetch::new(UidSet::all(), vec![FetchAttribute::Envelope]) }.into()
    };
    check_selected(
        "PARTIAL",
        &[newest()],
        "U: send
         C: A2 UID FETCH 1:* (ENVELOPE) (PARTIAL -1:-3)
         S: A2 OK done
         E: #0 Ok done",
    );
    check_selected(
        "",
        &[newest(), newest()],
        "U: send
         C: A2 UID SEARCH ALL
         S: * SEARCH 2 4 8 9 11
         S: A2 OK done
         C: A3 UID FETCH 8:9,11 (ENVELOPE)
         S: A3 OK done
         E: #0 Ok done
         U: send
         C: A4 UID SEARCH ALL
         S: * SEARCH
         S: A4 OK done
         E: #1 Ok done",
    );
}

#[test]
fn a_part_comes_decoded_where_the_server_can() {
    let decoded = || fetch(7, 7, &[FetchAttribute::decoded(&[1]), FetchAttribute::BinarySize([1, 2].into())]);
    check_selected(
        "BINARY",
        &[decoded()],
        "U: send
         C: A2 UID FETCH 7 (BINARY.PEEK[1] BINARY.SIZE[1.2])
         S: * 3 FETCH (UID 7 BINARY.SIZE[1.2] 9 BINARY[1] ~{2}
         S: hi)
         S: A2 OK done
         E: #0 BodyStart 3 uid=7 BINARY[1] 2
         E: #0 BodyChunk hi
         E: #0 BodyEnd
         E: #0 Message 3 uid=7 [BinarySize { part: [1, 2], size: 9 }]
         E: #0 Ok done",
    );
    check_selected(
        "BINARY",
        &[decoded()],
        "U: send
         C: A2 UID FETCH 7 (BINARY.PEEK[1] BINARY.SIZE[1.2])
         S: A2 NO [UNKNOWN-CTE] what is x-uuencode
         C: A3 UID FETCH 7 (BODY.PEEK[1] BINARY.SIZE[1.2])
         S: * 3 FETCH (UID 7 BODY[1] \"hi\")
         S: A3 NO [UNKNOWN-CTE] what is x-uuencode
         E: #0 BodyStart 3 uid=7 BODY[1] 2
         E: #0 BodyChunk hi
         E: #0 BodyEnd
         E: #0 Message 3 uid=7
         E: #0 Error the server refused: what is x-uuencode",
    );
    check_selected(
        "",
        &[decoded()],
        "U: send
         C: A2 UID FETCH 7 (BODY.PEEK[1])
         S: A2 OK done
         E: #0 Ok done",
    );
}

#[test]
fn rare_items() {
    let notes = FetchAttribute::Annotations {
        entries: vec!["/comment".into(), "/altsubject".into()],
        attributes: vec!["value.priv".into()],
    };
    let items = [FetchAttribute::LazyPreview, FetchAttribute::SaveDate, notes, FetchAttribute::GmailLabels];
    check_selected(
        "PREVIEW SAVEDATE ANNOTATE-EXPERIMENT-1 X-GM-EXT-1",
        &[fetch(7, 7, &items)],
        "U: send
         C: A2 UID FETCH 7 (PREVIEW (LAZY) SAVEDATE ANNOTATION ((\"/comment\" \"/altsubject\") (\"value.priv\")) X-GM-LABELS)
         S: * 3 FETCH (UID 7 SAVEDATE NIL)
         S: * 3 FETCH (UID 7 PREVIEW NIL)
         S: A2 OK done
         E: #0 Message 3 uid=7 [SaveDate(None)]
         E: #0 Message 3 uid=7 [Preview(None)]
         E: #0 Ok done",
    );
    check_selected("", &[fetch(7, 7, &items)], "U: send\nE: #0 Error the server lacks PREVIEW");
}

/// RFC 9586: messages are named by UID, in commands and in answers.
#[test]
fn a_session_without_message_numbers() {
    check_enabled(
        "ENABLE UIDONLY",
        &Capability::UidOnly,
        fetch(7, 7, &[window(1, 0, 20), FetchAttribute::Flags]),
        &format!(
            "U: send
             C: A3 UID FETCH 7 (BODY.PEEK[1]<0.20> FLAGS)
             S: * 7 UIDFETCH (BODY[1]<0> {{20}}
             S: {})
             S: * 7 UIDFETCH (FLAGS () BODY[1]<0> \"a\")
             S: A3 OK done
             E: #2 BodyStart - uid=7 BODY[1]<0> 20
             E: #2 BodyChunk xxxxxxxxxxxxxxxxxxxx
             E: #2 BodyEnd
             E: #2 Message - uid=7
             E: #2 BodyStart - uid=7 BODY[1]<0> 1
             E: #2 BodyChunk a
             E: #2 BodyEnd
             E: #2 Message - uid=7 flags=()
             E: #2 Ok done",
            "x".repeat(20)
        ),
    );
    check_enabled(
        "ENABLE UIDONLY",
        &Capability::UidOnly,
        Fetch::new(SeqSet::all(), vec![FetchAttribute::Flags]).into(),
        "U: send
         E: #2 Error the session names messages by UID only",
    );
}

/// RFC 9738: the server stops at its limit, and is asked for the rest.
#[test]
fn the_rest_beyond_a_limit_is_asked_for() {
    check_selected(
        "MESSAGELIMIT=2",
        &[fetch(3, 9, &[FetchAttribute::Flags])],
        "U: send
         C: A2 UID FETCH 3:9 (FLAGS)
         S: * 9 FETCH (UID 9 FLAGS ())
         S: * 7 FETCH (UID 6 FLAGS ())
         S: A2 OK [MESSAGELIMIT 2 6] not all
         E: #0 Message 9 uid=9 flags=()
         E: #0 Message 7 uid=6 flags=()
         C: A3 UID FETCH 3:5 (FLAGS)
         S: A3 OK [MESSAGELIMIT 2 9] a lie that would never end
         E: #0 Ok a lie that would never end",
    );
}

#[test]
fn windows_and_gone_messages_need_uids() {
    let partial = Window::first(3);
    let by_number = Fetch { partial, ..Fetch::new(SeqSet::all(), vec![FetchAttribute::Flags]) };
    check_selected("", &[by_number.into()], "U: send\nE: #0 Error this can be asked for by UID only");
}
