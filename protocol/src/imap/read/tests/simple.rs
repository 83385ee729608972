//! Responses of a line: statuses and their codes, mailboxes, searches, rights, quotas.

use super::check;
use crate::imap::*;
use std::borrow::Cow;

fn ok(code: Code) -> Response<'static> {
    status(Status::Ok, Some(code), "x")
}

fn status(status: Status, code: Option<Code>, text: &str) -> Response<'static> {
    Response::Status { status, text: ResponseText { code, text: text.into() } }
}

fn uids(ranges: &[(u32, u32)]) -> UidSet {
    let mut set = UidSet::new();
    for &(a, b) in ranges {
        set.push_range(Uid::new(a).unwrap(), Uid::new(b).unwrap());
    }
    set
}

fn seqs(ranges: &[(u32, u32)]) -> SeqSet {
    let mut set = SeqSet::new();
    for &(a, b) in ranges {
        set.push_range(SeqNo::new(a).unwrap(), SeqNo::new(b).unwrap());
    }
    set
}

fn name(text: &str) -> MailboxName {
    MailboxName::try_from(text).unwrap()
}

#[test]
fn statuses() {
    check("* OK IMAP4rev1 ready", &status(Status::Ok, None, "IMAP4rev1 ready"));
    // RFC 9051 section 9: `resp-text`.
    check("* OK ", &status(Status::Ok, None, ""));
    check("* OK [UNSEEN 1] ", &status(Status::Ok, Some(Code::Unseen(1)), ""));
    check("* BYE logging out", &status(Status::Bye, None, "logging out"));
    check(
        "* PREAUTH [CAPABILITY IMAP4rev1] hi",
        &status(Status::PreAuth, Some(Code::Capability([Capability::Imap4Rev1].into_iter().collect())), "hi"),
    );
    check(
        "a1 NO [TRYCREATE] no such mailbox",
        &Response::Tagged {
            tag: "a1".into(),
            status: Status::No,
            text: ResponseText { code: Some(Code::TryCreate), text: "no such mailbox".into() },
        },
    );
    check(
        "A.2 bad {5}",
        &Response::Tagged {
            tag: "A.2".into(),
            status: Status::Bad,
            text: ResponseText { code: None, text: "{5}".into() },
        },
    );
    check("+ go ahead", &Response::Continue(Continue { text: (*b"go ahead").into() }));
    check("+ ", &Response::Continue(Continue::default()));
}

#[test]
fn codes() {
    let code = |text: &str, expected: Code| check(&format!("* OK [{text}] x"), &ok(expected));
    code("ALERT", Code::Alert);
    code("read-only", Code::ReadOnly);
    code("UIDNEXT 4392", Code::UidNext(Uid::new(4392).unwrap()));
    code("UIDVALIDITY 3857529045", Code::UidValidity(UidValidity::new(3_857_529_045).unwrap()));
    code("UNSEEN 17", Code::Unseen(17));
    code(
        "PERMANENTFLAGS (\\Deleted $Junk \\*)",
        Code::PermanentFlags([Flag::Deleted, Flag::from("$Junk"), Flag::Any].into_iter().collect()),
    );
    code("PERMANENTFLAGS ()", Code::PermanentFlags(Flags::default()));
    code("HIGHESTMODSEQ 715194045007", Code::HighestModSeq(ModSeq(715_194_045_007)));
    code("NOMODSEQ", Code::NoModSeq);
    code("MODIFIED 7,9", Code::Modified(seqs(&[(7, 7), (9, 9)])));
    // RFC 6858 section 3.
    code("DOWNGRADED 70,105,108,109", Code::Downgraded(seqs(&[(70, 70), (105, 105), (108, 109)])));
    // RFC 5738 section 3.2.
    code("NOT-UTF-8", Code::NotUtf8);
    code("UTF-8-ONLY", Code::Utf8Only);
    code(
        "APPENDUID 38505 3955:3957",
        Code::AppendUid { uid_validity: UidValidity::new(38505).unwrap(), uids: uids(&[(3955, 3957)]) },
    );
    code(
        "COPYUID 38505 304,319:320 3956:3958",
        Code::CopyUid {
            uid_validity: UidValidity::new(38505).unwrap(),
            from: uids(&[(304, 304), (319, 320)]),
            to: uids(&[(3956, 3958)]),
        },
    );
    code("MAILBOXID (F2212ea87-6097-4256)", Code::MailboxId("F2212ea87-6097-4256".into()));
    code("BADCHARSET (UTF-8 \"US-ASCII\")", Code::BadCharset(vec!["UTF-8".into(), "US-ASCII".into()]));
    code("BADCHARSET", Code::BadCharset(vec![]));
    code("BADEVENT (FlagChange MessageNew)", Code::BadEvent(vec!["FlagChange".into(), "MessageNew".into()]));
    code("METADATA LONGENTRIES 2199", Code::Metadata(MetadataCode::LongEntries(2199)));
    code("METADATA NOPRIVATE", Code::Metadata(MetadataCode::NoPrivate));
    code("ANNOTATE TOOBIG", Code::AnnotateTooBig);
    code("ANNOTATIONS 20000 NOPRIVATE", Code::Annotations("20000 NOPRIVATE".into()));
    code(
        "INPROGRESS (\"tag1\" 175 1000)",
        Code::InProgress { tag: Some("tag1".into()), done: Some(175), total: Some(1000) },
    );
    code("INPROGRESS (NIL NIL NIL)", Code::InProgress { tag: None, done: None, total: None });
    code("MESSAGELIMIT 1000 23221", Code::MessageLimit { limit: 1000, last_uid: Uid::new(23221) });
    code("NOUPDATE \"B02\"", Code::NoUpdate("B02".into()));
    code("REFERRAL imap://h/INBOX", Code::Referral("imap://h/INBOX".into()));
    // RFC 2193 section 4.3: several, with a space between them.
    code("REFERRAL IMAP://a@b/c IMAP://d@e/f", Code::Referral("IMAP://a@b/c IMAP://d@e/f".into()));
    // RFC 4467 section 8.
    code(
        "URLMECH INTERNAL XSAMPLE=P34OKhO7VEkCbsiYY8rGEg==",
        Code::Unknown {
            name: "URLMECH".into(),
            arguments: Some("INTERNAL XSAMPLE=P34OKhO7VEkCbsiYY8rGEg==".into()),
        },
    );
    code("BADURL \"/INBOX/;UID=1\"", Code::BadUrl("\"/INBOX/;UID=1\"".into()));
    code("UNDEFINED-FILTER on-the-road", Code::UndefinedFilter("on-the-road".into()));
    code("MAXCONVERTMESSAGES 1", Code::MaxConvertMessages(1));
    code("WEBALERT https://example.com/", Code::WebAlert(Some("https://example.com/".into())));
    code("X-NEW a (b)", Code::Unknown { name: "X-NEW".into(), arguments: Some("a (b)".into()) });
    code("JMAPACCESS", Code::JmapAccess);
}

#[test]
fn capabilities() {
    let list = |names: &[&str]| names.iter().map(|name| Capability::from(*name)).collect();
    check(
        "* CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN X-A",
        &Response::Capability(list(&["IMAP4rev1", "IDLE", "AUTH=PLAIN", "X-A"])),
    );
    check("* ENABLED CONDSTORE QRESYNC", &Response::Enabled(list(&["CONDSTORE", "QRESYNC"])));
    check("* ENABLED", &Response::Enabled(Capabilities::default()));
}

fn list(kind: ListKind, attributes: &[MailboxAttribute], delimiter: Option<char>, mailbox: &str) -> ListItem {
    ListItem {
        kind,
        name: name(mailbox),
        delimiter,
        attributes: attributes.into(),
        child_info: vec![],
        old_name: None,
        extended: vec![],
    }
}

#[test]
fn mailboxes() {
    use MailboxAttribute::*;
    let plain = |text: &str, attributes: &[MailboxAttribute], delimiter, mailbox: &str| {
        check(text, &Response::List(list(ListKind::List, attributes, delimiter, mailbox)));
    };
    plain("* LIST (\\Noselect) \"/\" foo", &[NoSelect], Some('/'), "foo");
    plain("* LIST () NIL INBOX", &[], None, "INBOX");
    plain(
        "* LIST (\\HasNoChildren \\Sent) \".\" \"Gel&APY-scht\"",
        &[HasNoChildren, Sent],
        Some('.'),
        "Gelöscht",
    );
    plain("* LIST () \"\\\\\" {5}\r\na(b)c", &[], Some('\\'), "a(b)c");
    plain("* LIST (\\X-New) \"/\" [Gmail]/All", &[Other("X-New".into())], Some('/'), "[Gmail]/All");
    plain("* LIST (\\Noselect) \"/\" \"\"", &[NoSelect], Some('/'), "");
    check("* LSUB () \".\" a", &Response::List(list(ListKind::Lsub, &[], Some('.'), "a")));
    check("* XLIST (\\AllMail) \"/\" a", &Response::List(list(ListKind::XList, &[All], Some('/'), "a")));
    let mut extended = list(ListKind::List, &[], Some('/'), "Foo");
    extended.child_info = vec!["SUBSCRIBED".into()];
    extended.old_name = Some(name("Bar"));
    extended.extended = vec![("X".into(), (*b"(1 \"(\")").into())];
    check(
        "* LIST () \"/\" \"Foo\" (\"CHILDINFO\" (\"SUBSCRIBED\") \"OLDNAME\" (\"Bar\") X (1 \"(\"))",
        &Response::List(extended),
    );
}

#[test]
fn mailbox_status() {
    let mut status = StatusItem::new(name("blurdybloop"));
    status.messages = Some(231);
    status.uid_next = Uid::new(44292);
    status.uid_validity = UidValidity::new(9);
    status.size = Some(8_589_934_592);
    status.highest_mod_seq = Some(ModSeq(7_011_231_777));
    status.mailbox_id = Some("F1".into());
    status.deleted_storage = Some(3);
    status.others = vec![("X-A".into(), (*b"(1)").into())];
    check(
        "* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292 UIDVALIDITY 9 SIZE 8589934592 HIGHESTMODSEQ 7011231777 \
         MAILBOXID (F1) DELETED-STORAGE 3 APPENDLIMIT NIL X-A (1))",
        &Response::MailboxStatus(status),
    );
    check("* STATUS \"a b\" ()", &Response::MailboxStatus(StatusItem::new(name("a b"))));
}

#[test]
fn the_open_mailbox() {
    check("* 23 EXISTS", &Response::Exists(23));
    check("* 0 exists", &Response::Exists(0));
    check("* 5 RECENT", &Response::Recent(5));
    check("* 44 EXPUNGE", &Response::Expunge(SeqNo::new(44).unwrap()));
    check(
        "* FLAGS (\\Seen $Junk)",
        &Response::Flags([Flag::Seen, Flag::from("$Junk")].into_iter().collect()),
    );
    let vanished = |earlier, uids| Response::Vanished { earlier, uids };
    check("* VANISHED (EARLIER) 300:310,405", &vanished(true, uids(&[(300, 310), (405, 405)])));
    check("* VANISHED 1:4294967295", &vanished(false, uids(&[(1, u32::MAX)])));
}

#[test]
fn searches() {
    let found = |numbers: &[u32], mod_seq| Found { numbers: numbers.into(), mod_seq };
    check("* SEARCH", &Response::Search(found(&[], None)));
    check("* SEARCH 2 84 882", &Response::Search(found(&[2, 84, 882], None)));
    check("* SEARCH 2 5 (MODSEQ 917162500)", &Response::Search(found(&[2, 5], Some(ModSeq(917_162_500)))));
    check("* SORT 5 3 4", &Response::Sort(found(&[5, 3, 4], None)));
    check(
        "* ESEARCH (TAG \"A282\") UID MIN 2 COUNT 3 ALL 4:18,21 MODSEQ 9",
        &Response::ESearch(ESearch {
            tag: Some("A282".into()),
            uid: true,
            min: Some(2),
            count: Some(3),
            all: Some(uids(&[(4, 18), (21, 21)])),
            mod_seq: Some(ModSeq(9)),
            ..ESearch::default()
        }),
    );
    check("* ESEARCH", &Response::ESearch(ESearch::default()));
    check(
        "* ESEARCH (TAG \"1\" MAILBOX \"f/s\" UIDVALIDITY 7) UID ALL 1",
        &Response::ESearch(ESearch {
            tag: Some("1".into()),
            mailbox: Some(name("f/s")),
            uid_validity: Some(7),
            uid: true,
            all: Some(uids(&[(1, 1)])),
            ..ESearch::default()
        }),
    );
    check(
        "* ESEARCH (TAG \"A\") UID PARTIAL (-1:-100 200:250)",
        &Response::ESearch(ESearch {
            tag: Some("A".into()),
            uid: true,
            partial: Some(Partial { window: (-1, -100), set: Some(uids(&[(200, 250)])) }),
            ..ESearch::default()
        }),
    );
    check(
        "* ESEARCH PARTIAL (1:5 NIL) RELEVANCY (4 99)",
        &Response::ESearch(ESearch {
            partial: Some(Partial { window: (1, 5), set: None }),
            relevancy: vec![4, 99],
            ..ESearch::default()
        }),
    );
    check(
        "* ESEARCH (TAG \"B\") UID ADDTO (0 32768:32769) REMOVEFROM (1 7) X-A (1)",
        &Response::ESearch(ESearch {
            tag: Some("B".into()),
            uid: true,
            added: vec![(0, uids(&[(32768, 32769)]))],
            removed: vec![(1, uids(&[(7, 7)]))],
            others: vec![("X-A".into(), (*b"(1)").into())],
            ..ESearch::default()
        }),
    );
    check(
        "* UIDBATCHES (TAG \"A\") 99695:88333,88332:1",
        &Response::UidBatches { tag: Some("A".into()), batches: vec![(99695, 88333), (88332, 1)] },
    );
}

#[test]
fn threads() {
    let threads = |text: &str, nodes: &[(u32, u32)]| {
        let node = |&(number, depth)| ThreadNode { number: (number > 0).then_some(number), depth };
        check(text, &Response::Thread(Threads { nodes: nodes.iter().map(node).collect() }));
    };
    threads("* THREAD", &[]);
    threads("* THREAD (2)(3 6)", &[(2, 0), (3, 0), (6, 1)]);
    threads("* THREAD (3 6 (4 23)(44 7 96))", &[(3, 0), (6, 1), (4, 2), (23, 3), (44, 2), (7, 3), (96, 4)]);
    threads("* THREAD ((3)(5))(7)", &[(0, 0), (3, 1), (5, 1), (7, 0)]);
}

#[test]
fn namespaces_ids_and_languages() {
    let space = |prefix: &str, delimiter| Namespace { prefix: prefix.into(), delimiter, extensions: vec![] };
    check(
        "* NAMESPACE ((\"\" \"/\")) ((\"~\" \"/\")) ((\"#s/\" \"/\")(\"#p/\" NIL))",
        &Response::Namespace(Namespaces {
            personal: vec![space("", Some('/'))],
            other_users: vec![space("~", Some('/'))],
            shared: vec![space("#s/", Some('/')), space("#p/", None)],
        }),
    );
    check(
        "* NAMESPACE ((\"\" \"/\" \"X-P\" (\"FLAG1\" \"FLAG2\"))) NIL NIL",
        &Response::Namespace(Namespaces {
            personal: vec![Namespace {
                extensions: vec![("X-P".into(), vec!["FLAG1".into(), "FLAG2".into()])],
                ..space("", Some('/'))
            }],
            ..Namespaces::default()
        }),
    );
    check("* ID NIL", &Response::Id(None));
    check(
        "* ID (\"name\" \"Cyrus\" \"date\" NIL)",
        &Response::Id(Some(vec![("name".into(), Some("Cyrus".into())), ("date".into(), None)])),
    );
    check("* LANGUAGE (DE i-default)", &Response::Language(vec!["DE".into(), "i-default".into()]));
    check(
        "* COMPARATOR i;basic (\"i;a\" i;b)",
        &Response::Comparator(vec!["i;basic".into(), "i;a".into(), "i;b".into()]),
    );
    check(
        "* JMAPACCESS \"https://e.com/.s/[jmap]\"",
        &Response::JmapAccess("https://e.com/.s/[jmap]".into()),
    );
}

#[test]
fn rights_quotas_and_notes() {
    let rights = |text: &str| Rights(text.into());
    check(
        "* ACL INBOX Fred rwip -Bob \"\"",
        &Response::Acl(Acl {
            mailbox: MailboxName::inbox(),
            entries: vec![("Fred".into(), rights("rwip")), ("-Bob".into(), rights(""))],
        }),
    );
    check(
        "* LISTRIGHTS ~/Mail/saved smith la r swicdkxte",
        &Response::ListRights(ListRights {
            mailbox: name("~/Mail/saved"),
            identifier: "smith".into(),
            required: rights("la"),
            optional: vec![rights("r"), rights("swicdkxte")],
        }),
    );
    check(
        "* MYRIGHTS INBOX rwiptsldaex",
        &Response::MyRights(MyRights { mailbox: MailboxName::inbox(), rights: rights("rwiptsldaex") }),
    );
    check(
        "* QUOTA \"\" (STORAGE 10 512 MESSAGE 20 100)",
        &Response::Quota(Quota {
            root: "".into(),
            resources: vec![
                QuotaResource { name: "STORAGE".into(), usage: 10, limit: 512 },
                QuotaResource { name: "MESSAGE".into(), usage: 20, limit: 100 },
            ],
        }),
    );
    check(
        "* QUOTAROOT INBOX \"\" b",
        &Response::QuotaRoot(QuotaRoot { mailbox: MailboxName::inbox(), roots: vec!["".into(), "b".into()] }),
    );
    let entry = |name: &str, value: Option<&str>| Entry {
        name: name.into(),
        value: value.map(|v| v.as_bytes().into()),
    };
    check(
        "* METADATA INBOX (/private/comment \"My\" /shared/x NIL)",
        &Response::Metadata(Metadata {
            mailbox: MailboxName::inbox(),
            entries: vec![entry("/private/comment", Some("My")), entry("/shared/x", None)],
        }),
    );
    check(
        "* METADATA \"\" /shared/comment /x",
        &Response::Metadata(Metadata {
            mailbox: name(""),
            entries: vec![entry("/shared/comment", None), entry("/x", None)],
        }),
    );
}

#[test]
fn what_is_only_kept() {
    let unknown = |line: &'static str| Response::Unknown(Cow::Borrowed(line.as_bytes()));
    check("* GENURLAUTH \"imap://a\" b", &unknown("* GENURLAUTH \"imap://a\" b"));
    check(
        "* URLFETCH \"imap://a\" {2}\r\nab \"b\" NIL",
        &unknown("* URLFETCH \"imap://a\" {2}\r\nab \"b\" NIL"),
    );
    check(
        "* XAPPLEPUSHSERVICE aps-version 2",
        &Response::Named(Named {
            name: "XAPPLEPUSHSERVICE".into(),
            number: None,
            arguments: b"aps-version 2".into(),
        }),
    );
    check("* X-NEW (1 2)", &Response::Unknown(b"* X-NEW (1 2)".into()));
    check("* 5 X-NEW", &Response::Unknown(b"* 5 X-NEW".into()));
    check("more words", &Response::Unknown(b"more words".into()));
}
