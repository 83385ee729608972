//! FETCH, without the structure of bodies.

use std::borrow::Cow;

use super::{read, *};
use crate::imap::*;

fn fetch(items: &str) -> Fetch<'static> {
    let Response::Fetch(fetch) = read(&format!("* 12 FETCH ({items})")) else { panic!("{items}") };
    assert_eq!(fetch.seq, SeqNo::new(12));
    fetch
}

#[test]
fn numbers_flags_and_dates() {
    let all = fetch(
        "UID 7 FLAGS (\\Seen Work) RFC822.SIZE 44827 MODSEQ (65402) INTERNALDATE \" 7-Jul-1996 02:44:25 -0700\"",
    );
    assert_eq!(
        all,
        Fetch {
            seq: SeqNo::new(12),
            uid: Uid::new(7),
            flags: Some([Flag::Seen, Flag::from("Work")].into_iter().collect()),
            size: Some(44827),
            mod_seq: Some(ModSeq(65402)),
            internal_date: DateTime::from_civil((1996, 7, 7), (2, 44, 25), -420),
            ..Fetch::default()
        }
    );
    assert_eq!(fetch("flags ()").flags, Some(Flags::default()));
    let Response::Fetch(by_uid) = read("* 25996 UIDFETCH (FLAGS ())") else { panic!() };
    assert_eq!((by_uid.seq, by_uid.uid), (None, Uid::new(25996)));
}

#[test]
fn bodies() {
    let body = |items: &str, section: &str, origin, data: &[u8]| {
        let FetchItem::Body { section: found, origin: at, data: bytes } = fetch(items).items.remove(0) else {
            panic!("{items}")
        };
        assert_eq!((found.to_string().as_str(), at), (section, origin), "{items}");
        assert_eq!(bytes, BodyData::Whole(data.into()), "{items}");
    };
    body("BODY[] {3}\r\na\r\n", "BODY[]", None, b"a\r\n");
    body("BODY[1.2.HEADER] \"x\"", "BODY[1.2.HEADER]", None, b"x");
    body("BODY[TEXT]<10> {1}\r\n)", "BODY[TEXT]", Some(10), b")");
    body("BODY[3.MIME] \"\"", "BODY[3.MIME]", None, b"");
    body("BODY[HEADER.FIELDS (DATE \"To\")] {2}\r\n\r\n", "BODY[HEADER.FIELDS (DATE To)]", None, b"\r\n");
    body("BODY[1.HEADER.FIELDS.NOT (A)] \"\"", "BODY[1.HEADER.FIELDS.NOT (A)]", None, b"");
    body("BINARY[1] ~{3}\r\na\0b", "BINARY[1]", None, b"a\0b");
    body("RFC822.HEADER {1}\r\nx", "BODY[HEADER]", None, b"x");
    body("RFC822 \"q\\\"q\"", "BODY[]", None, b"q\"q");
    let FetchItem::Body { data, .. } = fetch("BODY[9] NIL").items.remove(0) else { panic!() };
    assert_eq!(data, BodyData::Nil);
}

#[test]
fn items_of_extensions() {
    let item = |text: &str, expected: FetchItem<'_>| assert_eq!(fetch(text).items, [expected], "{text}");
    item("EMAILID (M6d99ac3275bb4e)", FetchItem::EmailId("M6d99ac3275bb4e".into()));
    item("THREADID (T64b478a75b7ea9)", FetchItem::ThreadId(Some("T64b478a75b7ea9".into())));
    item("THREADID NIL", FetchItem::ThreadId(None));
    item("PREVIEW \"This is\"", FetchItem::Preview(Some(b"This is".into())));
    item("PREVIEW NIL", FetchItem::Preview(None));
    item("SAVEDATE NIL", FetchItem::SaveDate(None));
    item(
        "SAVEDATE \"17-Jul-1996 02:44:25 -0700\"",
        FetchItem::SaveDate(DateTime::from_civil((1996, 7, 17), (2, 44, 25), -420)),
    );
    item("X-GM-MSGID 1278455344230334865", FetchItem::GmailMessageId(1_278_455_344_230_334_865));
    item("X-GM-THRID 1", FetchItem::GmailThreadId(1));
    item(
        "X-GM-LABELS (\\Inbox \"a b\" {1}\r\nc)",
        FetchItem::GmailLabels(vec![b"\\Inbox".into(), b"a b".into(), b"c".into()]),
    );
    item("BINARY.SIZE[1.2] 77", FetchItem::BinarySize { part: [1, 2].into(), size: 77 });
    item(
        "ANNOTATION (/comment (value.priv \"My\" value.shared NIL))",
        FetchItem::Annotations(vec![Annotation {
            entry: "/comment".into(),
            attributes: vec![("value.priv".into(), Some((*b"My").into())), ("value.shared".into(), None)],
        }]),
    );
    item("X-NEW (1 (\")\"))", FetchItem::Unknown { name: "X-NEW".into(), value: b"(1 (\")\"))".into() });
    item("X-NEW[1 (a)] 5", FetchItem::Unknown { name: "X-NEW".into(), value: b"[1 (a)] 5".into() });
}

/// RFC 9051 section 7.5.2's example, with a group and a literal more.
#[test]
fn envelopes() {
    let envelope = fetch(
        "ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" {5}\r\n\"a\\\"b \
         ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) \
         ((NIL \"@r\" \"gray\" \"cac\")) NIL \
         ((NIL NIL \"group\" NIL)(NIL NIL \"imap\" \"cac\")(NIL NIL NIL NIL)) \
         ((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")(\"John \\\"J\\\" K\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL \
         NIL \"<B27397-0100000@cac.washington.edu>\")",
    )
    .envelope
    .unwrap();
    let text = |text: &str| Some(Text::Owned(text.into()));
    assert_eq!(envelope.date(), text("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)"));
    assert_eq!(envelope.subject(), text("\"a\\\"b"));
    assert_eq!(envelope.in_reply_to(), None);
    assert_eq!(envelope.message_id(), text("<B27397-0100000@cac.washington.edu>"));
    let from: Vec<_> = envelope.from().collect();
    assert_eq!(from[0].name, text("Terry Gray"));
    assert_eq!(from[0].address().as_deref(), Some("gray@cac.washington.edu"));
    assert_eq!(envelope.sender().next().unwrap().route, text("@r"));
    assert_eq!(envelope.reply_to().len(), 0);
    let to: Vec<_> = envelope.to().map(|address| address.address()).collect();
    assert_eq!(to, [None, Some("imap@cac".into()), None]);
    assert_eq!(envelope.cc().nth(1).unwrap().name, text("John \"J\" K"));
    assert_eq!(envelope.bcc().len(), 0);
}

/// A body that was streamed is missing from the bytes, and the rest is read around it.
#[test]
fn around_a_streamed_body() {
    let mut framer = Framer::new(Limits { stream_over: 2, ..Limits::default() });
    framer.handle_input(
        b"* 3 FETCH (UID 9 FLAGS (\\Seen) BODY[1]<0> {4}\r\nabcd BODY[2] {1}\r\nx MODSEQ (5))\r\n",
    );
    let Ok(Some(Frame::BodyHead { head, size: 4 })) = framer.poll_frame() else { panic!() };
    let body = Reader::default().read_body_head(head).unwrap();
    assert_eq!((body.seq, body.uid, body.origin), (SeqNo::new(3), Uid::new(9), Some(0)));
    assert_eq!(body.section.to_string(), "BODY[1]");
    assert_eq!(framer.poll_frame(), Ok(Some(Frame::BodyChunk(b"abcd"))));
    assert_eq!(framer.poll_frame(), Ok(Some(Frame::BodyEnd)));
    let Ok(Some(Frame::Response(raw))) = framer.poll_frame() else { panic!() };
    let Response::Fetch(fetch) = Reader::default().read(raw).unwrap().response else { panic!() };
    assert_eq!(fetch.mod_seq, Some(ModSeq(5)));
    assert!(matches!(fetch.items[0], FetchItem::Body { data: BodyData::Streamed(4), .. }));
    assert!(matches!(fetch.items[1], FetchItem::Body { data: BodyData::Whole(_), .. }));
}

/// A sender and reply-to that repeat the author are not read again; a long text has wider spans.
#[test]
fn repeated_and_very_many_addresses() {
    let check = |from: &str, sender: &str, reply_to: &str, count: usize| {
        let to = "(NIL NIL \"x\" \"example.com\")".repeat(count);
        let line = format!(
            "* 1 FETCH (ENVELOPE (NIL \"s\" {from} {sender} {reply_to} ({to}) NIL NIL NIL \"<i>\"))\r\n"
        );
        let Response::Fetch(fetch) = Reader::default().read(line.as_bytes()).unwrap().response.into_owned()
        else {
            panic!("{line}")
        };
        let envelope = fetch.envelope.unwrap();
        let names = |list: Addresses<'_>| -> String {
            list.map(|one| String::from_utf8(one.name.unwrap_or_default().into_owned()).unwrap()).collect()
        };
        let expected = |list: &str| list.matches(['A', 'B', 'C']).collect::<String>();
        assert_eq!(names(envelope.from()), expected(from), "{from}");
        assert_eq!(names(envelope.sender()), expected(sender), "{sender}");
        assert_eq!(names(envelope.reply_to()), expected(reply_to), "{reply_to}");
        assert_eq!(envelope.to().len(), count);
        let last = envelope.to().last().unwrap();
        assert_eq!(last.address().unwrap(), "x@example.com");
        assert_eq!(envelope.message_id().unwrap(), &b"<i>"[..]);
    };
    let [a, b, c] = ["A", "B", "C"].map(|name| format!("(\"{name}\" NIL \"m\" \"h\")"));
    for count in [1, 2_000] {
        check(&format!("({a})"), &format!("({a})"), &format!("({a})"), count);
        check(&format!("({a}{b})"), &format!("({a}{b})"), &format!("({b})"), count);
        check(&format!("({a})"), &format!("({a}{b})"), &format!("({c}{a})"), count);
        check("NIL", &format!("({a})"), "NIL", count);
    }
}

#[test]
fn items_of_servers_of_their_own() {
    let kept = |items: &str| fetch(items).items.remove(0);
    let value = Cow::Borrowed(&b"1b2c"[..]);
    assert_eq!(kept("X-GUID 1b2c UID 4"), FetchItem::Named { name: "X-GUID".into(), value: value.clone() });
    assert_eq!(
        kept("digest.sha1 1b2c"),
        FetchItem::Named { name: "DIGEST.SHA1".into(), value: value.clone() }
    );
    assert_eq!(kept("X-NOBODY 1b2c UID 4"), FetchItem::Unknown { name: "X-NOBODY".into(), value });
}
