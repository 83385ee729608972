//! What goes out while other commands are unanswered, and what must wait: RFC 9051 section 5.5.

use super::*;
use crate::imap::command::shared::{Server, Task};
use crate::imap::command::{Ask as _, SearchKey};
use crate::imap::command::{
    Capability as AskCapability, ChangedSince, Check, Comparator, Copy, Depth, GetAcl, GetJmapAccess,
    GetMetadata, GetQuota, GetQuotaRoot, Id, Language, ListRights, MailboxFilter, MultiSearch, MyRights,
    Namespace, Notify, NotifyEvent, Search, SearchReturn, Sequence, SetMetadata, SetQuota, Sort, SortBy,
    SortKey, Store, StoreAction, StoreAnnotations, StoreLabels, Thread, ThreadBy, UidBatches, Watch, Window,
};
use crate::imap::writer::{Literals, Writer};
use crate::imap::{Annotation, Entry, ModSeq};
use crate::imap::{Capabilities, Capability, Flag, MailboxEncoding, Reader, SeqNo, SeqSet, Uid};

fn numbers(first: u32, last: u32) -> SeqSet {
    SeqSet::from(SeqNo::new(first).unwrap()..=SeqNo::new(last).unwrap())
}

fn uids(first: u32, last: u32) -> UidSet {
    UidSet::from(Uid::new(first).unwrap()..=Uid::new(last).unwrap())
}

fn by_uid() -> Command {
    Fetch::new(UidSet::all(), vec![FetchAttribute::Flags]).into()
}

fn by_number(set: SeqSet) -> Command {
    Fetch::new(set, vec![FetchAttribute::Flags]).into()
}

/// What becomes of a FETCH by number that waits behind a UID FETCH while the server says this.
fn check_waiting(set: SeqSet, said: &str, event: &str, outcome: &str) {
    check_selected(
        "QRESYNC",
        &[by_uid(), by_number(set)],
        &format!(
            "U: send
             C: A2 UID FETCH 1:* (FLAGS)
             U: send
             S: {said}
             S: A2 OK done
             E: {event}
             E: #0 Ok done
             {outcome}"
        ),
    );
}

/// A FETCH that was held back once went out with numbers that other messages had by then.
#[test]
fn numbers_that_wait_move_with_their_messages() {
    check_waiting(numbers(3, 5), "* 1 EXPUNGE", "Expunge 1", "C: A3 FETCH 2:4 (FLAGS)");
    check_waiting(numbers(3, 5), "* 4 EXPUNGE", "Expunge 4", "C: A3 FETCH 3:4 (FLAGS)");
    check_waiting(numbers(3, 5), "* 6 EXPUNGE", "Expunge 6", "C: A3 FETCH 3:5 (FLAGS)");
    check_waiting(SeqSet::all(), "* 1 EXPUNGE", "Expunge 1", "C: A3 FETCH 1:* (FLAGS)");
    check_waiting(numbers(3, 5), "* 9 EXISTS", "Exists 9", "C: A3 FETCH 3:5 (FLAGS)");
}

#[test]
fn numbers_of_nothing_are_told_and_not_sent() {
    let outcome = "E: #1 Error the messages have other numbers now";
    check_waiting(numbers(4, 4), "* 4 EXPUNGE", "Expunge 4", outcome);
    // What QRESYNC tells names no numbers, so that nobody knows which moved.
    check_waiting(numbers(3, 5), "* VANISHED 7", "Vanished 7", outcome);
    check_waiting(numbers(3, 5), "* VANISHED (EARLIER) 7", "Vanished 7", "C: A3 FETCH 3:5 (FLAGS)");
}

#[test]
fn numbers_in_a_search_move_as_well() {
    let search = |key| [by_uid(), Search::new(key).into()];
    let check = |key, written: &str| {
        check_selected(
            "",
            &search(key),
            &format!(
                "U: send
                 C: A2 UID FETCH 1:* (FLAGS)
                 U: send
                 S: * 4 EXPUNGE
                 S: A2 OK done
                 E: Expunge 4
                 E: #0 Ok done
                 C: A3 UID SEARCH {written}"
            ),
        );
    };
    check(SearchKey::Seq(numbers(3, 5)), "3:4");
    check(SearchKey::Not(Box::new(SearchKey::Seq(numbers(5, 9)))), "NOT 4:8");
    check(SearchKey::And(vec![SearchKey::Seq(numbers(4, 4)), SearchKey::Seen]), "NOT ALL SEEN");
}

/// They are chosen for the mailbox that is about to be opened.
#[test]
fn numbers_behind_a_select_are_another_mailboxes() {
    let select = Select::new(MailboxName::inbox(), Mode::ReadOnly).into();
    check_selected(
        "",
        &[by_uid(), select, by_number(numbers(3, 5))],
        "U: send
         C: A2 UID FETCH 1:* (FLAGS)
         U: send
         U: send
         S: * 1 EXPUNGE
         S: A2 OK done
         E: Expunge 1
         E: #0 Ok done
         C: A3 EXAMINE INBOX
         S: * 2 EXPUNGE
         S: * 8 EXISTS
         S: A3 OK open
         E: Expunge 2
         E: #1 Selected exists=8 validity=None next=None read_only=true
         C: A4 FETCH 3:5 (FLAGS)",
    );
}

/// Between DONE and its answer the server may tell what is gone.
#[test]
fn numbers_that_wait_for_the_end_of_idle_move() {
    check_selected(
        "IDLE",
        &[Idle.into(), by_number(numbers(3, 5))],
        "U: send
         C: A2 IDLE
         S: + idling
         E: #0 Idling
         U: send
         C: DONE
         S: * 2 EXPUNGE
         S: A2 OK done
         E: Expunge 2
         C: A3 FETCH 2:4 (FLAGS)",
    );
}

/// An answer to the one was once given to the other, which left STATUS without any.
#[test]
fn a_count_is_not_asked_for_beside_a_list_with_counts() {
    let status = Status { mailbox: MailboxName::inbox(), attributes: vec![StatusAttribute::Messages] };
    let list = List { status: vec![StatusAttribute::Messages], ..List::all() };
    check_authenticated(
        "LIST-EXTENDED LIST-STATUS",
        &[list.into(), status.into()],
        "U: send
         C: A1 LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN STATUS (MESSAGES))
         U: send
         S: * LIST () \"/\" INBOX
         S: * STATUS INBOX (MESSAGES 3)
         S: A1 OK done
         E: #0 Mailbox INBOX []
         E: #0 Status INBOX messages=Some(3) unseen=None
         E: #0 Ok done
         C: A2 STATUS INBOX (MESSAGES)
         S: * STATUS INBOX (MESSAGES 4)
         S: A2 OK done
         E: #1 Status INBOX messages=Some(4) unseen=None
         E: #1 Ok done",
    );
}

/// Commands that run beside others, in forms that differ in what they are answered with.
fn all_that_share_the_link() -> Vec<Command> {
    let inbox = MailboxName::inbox;
    let body = |offset| FetchAttribute::window(Section::whole(), offset, 9000);
    let fetch = |set, items| Fetch::new(set, items);
    let entry = || Entry { name: "/shared/comment".into(), value: None };
    let notes =
        FetchAttribute::Annotations { entries: vec!["/*".into()], attributes: vec!["value.priv".into()] };
    let note = Annotation { entry: "/comment".into(), attributes: vec![("value.priv".into(), None)] };
    let watch = Watch { mailboxes: MailboxFilter::Personal, events: vec![NotifyEvent::MessageExpunge] };
    let changes = Some(ChangedSince { mod_seq: ModSeq(1), vanished: true });
    let entries = || vec!["/shared/comment".to_owned()];
    let counts = || vec![StatusAttribute::Messages];
    vec![
        Noop.into(),
        AskCapability.into(),
        Check.into(),
        Comparator { wanted: vec![] }.into(),
        Append::new(inbox(), b"abc".to_vec()).into(),
        Copy { set: uids(1, 5), mailbox: inbox() }.into(),
        fetch(uids(1, 5), vec![FetchAttribute::Flags]).into(),
        fetch(uids(1, 5), vec![FetchAttribute::Envelope]).into(),
        fetch(uids(6, 9), vec![FetchAttribute::Envelope, FetchAttribute::Flags]).into(),
        fetch(uids(1, 5), vec![body(0)]).into(),
        fetch(uids(1, 5), vec![body(9000)]).into(),
        Fetch { changed_since: changes, ..fetch(uids(1, 5), vec![FetchAttribute::Flags]) }.into(),
        Fetch { partial: Window::first(2), ..fetch(UidSet::all(), vec![FetchAttribute::Size]) }.into(),
        fetch(uids(1, 5), vec![FetchAttribute::ModSeq]).into(),
        fetch(uids(1, 5), vec![FetchAttribute::GmailLabels]).into(),
        fetch(uids(1, 5), vec![notes]).into(),
        by_number(numbers(1, 2)),
        Fetch::new(Sequence::Saved, vec![FetchAttribute::Flags, FetchAttribute::Envelope]).into(),
        GetAcl { mailbox: inbox() }.into(),
        GetJmapAccess.into(),
        GetMetadata { mailbox: inbox(), entries: entries(), max_size: None, depth: Depth::Entry }.into(),
        SetMetadata { mailbox: inbox(), entries: vec![entry()] }.into(),
        GetQuota { root: String::new() }.into(),
        GetQuotaRoot { mailbox: inbox() }.into(),
        SetQuota { root: String::new(), limits: vec![] }.into(),
        Id { fields: vec![] }.into(),
        Language { wanted: vec![] }.into(),
        List::all().into(),
        List { status: counts(), ..List::all() }.into(),
        List { rights: true, ..List::all() }.into(),
        List { entries: entries(), ..List::all() }.into(),
        ListRights { mailbox: inbox(), identifier: "bob".into() }.into(),
        MultiSearch { mailboxes: vec![MailboxFilter::Personal], key: SearchKey::All, returns: vec![] }.into(),
        MyRights { mailbox: inbox() }.into(),
        Namespace.into(),
        Notify::Set { watches: vec![watch.clone()], status: true }.into(),
        Notify::Set { watches: vec![watch], status: false }.into(),
        Search::new(SearchKey::Seen).into(),
        Search { returns: vec![SearchReturn::Count], ..Search::new(SearchKey::Seen) }.into(),
        Sort::new(vec![SortKey::ascending(SortBy::Size)], SearchKey::All).into(),
        Status { mailbox: inbox(), attributes: counts() }.into(),
        Store::new(uids(1, 5), StoreAction::Add, vec![Flag::Seen]).into(),
        StoreAnnotations { set: uids(1, 5), annotations: vec![note] }.into(),
        StoreLabels { set: uids(1, 5), action: StoreAction::Add, labels: vec![inbox()] }.into(),
        Thread { by: ThreadBy::References, search: SearchKey::All }.into(),
        UidBatches { size: 1000, batches: None }.into(),
    ]
}

/// One of each kind of answer, about what the commands above are about.
const ANSWERS: [&str; 27] = [
    "* LIST () \"/\" INBOX",
    "* STATUS INBOX (MESSAGES 1)",
    "* STATUS other (MESSAGES 1)",
    "* SEARCH 1",
    "* SORT 1",
    "* THREAD (1)",
    "* ESEARCH UID ALL 1",
    "* ESEARCH (MAILBOX a UIDVALIDITY 1) UID ALL 1",
    "* UIDBATCHES 1:9",
    "* ACL INBOX ann lr",
    "* LISTRIGHTS INBOX bob lr",
    "* MYRIGHTS INBOX lr",
    "* METADATA INBOX (/shared/comment \"a\")",
    "* QUOTA \"\" (STORAGE 1 2)",
    "* QUOTAROOT INBOX \"\"",
    "* ID NIL",
    "* LANGUAGE (EN)",
    "* COMPARATOR i;octet",
    "* NAMESPACE ((\"\" \"/\")) NIL NIL",
    "* JMAPACCESS \"https://a.example\"",
    "* 1 FETCH (UID 1 FLAGS ())",
    "* 1 FETCH (UID 1 ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))",
    "* 1 FETCH (UID 1 BODY[]<0> \"a\")",
    "* 1 FETCH (UID 1 MODSEQ (3))",
    "* VANISHED (EARLIER) 1",
    "* 1 FETCH (UID 1 X-GM-LABELS (a))",
    "* 1 FETCH (UID 1 ANNOTATION (/comment (value.priv \"a\")))",
];

/// A command as it stands once it was written for a server with these capabilities; none where it can't be.
fn written(command: &Command, capabilities: &Capabilities) -> Option<Box<dyn Task>> {
    let mut task = command.clone().asked().task;
    let server = Server {
        capabilities,
        enabled: &Capabilities::default(),
        takes_id: capabilities.contains(&Capability::Id),
        state: State::Selected,
        login_over: Security::Protected,
        is_compressed: false,
    };
    let mut line = Writer::new("A1", Literals::Any, MailboxEncoding::default());
    task.write(&mut line, &server).ok()?;
    Some(task)
}

/// Whatever two commands run side by side, on a server that can everything or nothing: no answer could be either's.
#[test]
fn no_two_commands_under_way_want_the_same_answer() {
    let everything = "ACL ANNOTATE-EXPERIMENT-1 COMPRESS=DEFLATE CONDSTORE CONTEXT=SEARCH ESEARCH ESORT ID \
        I18NLEVEL=2 JMAPACCESS LANGUAGE LIST-EXTENDED LIST-METADATA LIST-MYRIGHTS LIST-STATUS LITERAL+ METADATA \
        MULTISEARCH NAMESPACE NOTIFY PARTIAL QRESYNC QUOTA QUOTASET SEARCHRES SORT SPECIAL-USE STATUS=SIZE \
        THREAD=REFERENCES UIDBATCHES UIDPLUS X-GM-EXT-1";
    let answers: Vec<_> = ANSWERS.iter().map(|line| format!("{line}\r\n")).collect();
    // With its UID before it, and without.
    let body = |(uid, origin)| {
        let section = Section::whole();
        BodyStart { seq: SeqNo::new(1), uid, section, origin: Some(origin), size: 9000 }
    };
    let bodies = [(None, 0), (None, 9000), (Uid::new(1), 0), (Uid::new(1), 9000)].map(body);
    let mut side_by_side = 0;
    for words in ["IMAP4rev1", everything] {
        let capabilities: Capabilities = words.split_ascii_whitespace().map(Capability::from).collect();
        let commands = all_that_share_the_link();
        for first in &commands {
            for next in &commands {
                let footprint = |command: &Command| command.clone().asked().task.footprint();
                if footprint(first).holds_up(&footprint(next)) {
                    continue;
                }
                let (Some(a), Some(b)) = (written(first, &capabilities), written(next, &capabilities)) else {
                    continue;
                };
                side_by_side += 1;
                for body in &bodies {
                    assert!(!(a.wants_body(body) && b.wants_body(body)), "{first:?}, {next:?}: {body:?}");
                }
                for answer in &answers {
                    let response = Reader::default().read(answer.as_bytes()).unwrap().response;
                    assert!(!(a.wants(&response) && b.wants(&response)), "{first:?}, {next:?}: {answer}");
                }
            }
        }
    }
    assert!(side_by_side > 1000, "{side_by_side} pairs");
}

/// And each of the answers is wanted by some command: none of the lines above is there for nothing.
#[test]
fn every_answer_is_wanted_by_somebody() {
    let capabilities =
        ["UIDBATCHES", "ESORT", "SORT", "THREAD=REFERENCES", "MULTISEARCH", "QRESYNC", "METADATA"];
    let more = [
        "ACL",
        "QUOTA",
        "ID",
        "LANGUAGE",
        "I18NLEVEL=2",
        "NAMESPACE",
        "JMAPACCESS",
        "X-GM-EXT-1",
        "NOTIFY",
        "ANNOTATE-EXPERIMENT-1",
    ];
    let server: Capabilities = capabilities.into_iter().chain(more).map(Capability::from).collect();
    let tasks: Vec<_> =
        all_that_share_the_link().iter().filter_map(|command| written(command, &server)).collect();
    for answer in ANSWERS {
        let line = format!("{answer}\r\n");
        let response = Reader::default().read(line.as_bytes()).unwrap().response;
        assert!(tasks.iter().any(|task| task.wants(&response)), "{answer} is nobody's: {response:?}");
    }
}
