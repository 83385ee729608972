//! What servers do wrong, with and without the forgiveness: each quirk has at least one case, and every case is
//! refused by a strict reader.

use Quirk::*;

use super::*;

/// Reads `input`, finds exactly these faults in it, and shows a value that has `expected` in it. A strict reader
/// refuses it, and it comes out the same in pieces.
fn check(quirks: &[Quirk], input: &str, expected: &str) {
    let bytes = if input.ends_with('\n') { input.to_owned() } else { format!("{input}\r\n") }.into_bytes();
    let reading = Reader::default().read(&bytes[..]).unwrap_or_else(|error| panic!("{input}: {error}"));
    let shown = format!("{:?}", reading.response);
    assert!(shown.contains(expected), "{input}: {shown} has no {expected}");
    let found: Vec<Quirk> = reading.quirks.iter().collect();
    assert!(
        found.len() == quirks.len() && quirks.iter().all(|quirk| found.contains(quirk)),
        "{input}: {found:?}"
    );
    let strict = Reader { strict: true, ..Reader::default() };
    let error = strict.read(&bytes[..]).expect_err(input);
    assert!(Quirk::ALL.iter().any(|quirk| quirk.what() == error.expected), "{input}: {error}");
    for at in 0..bytes.len() {
        let (a, b) = bytes.split_at(at);
        // The line behind it tells that a broken line is over.
        assert_eq!(in_pieces(&[a, b, b"* OK x\r\n"]), reading.response, "{input} split at {at}");
    }
}

/// A FETCH of these items.
fn item(quirks: &[Quirk], items: &str, expected: &str) {
    check(quirks, &format!("* 1 FETCH ({items})"), expected);
}

#[test]
fn spaces_and_line_ends() {
    check(&[BareLineFeed], "* 5 EXISTS\n", "Exists(5)");
    check(&[BareLineFeed], "* 5 EXISTS\r\r\n", "Exists(5)");
    check(&[SurplusSpace], "* 5 EXISTS ", "Exists(5)");
    check(&[SurplusSpace], "*  5 EXISTS", "Exists(5)");
    check(&[SurplusSpace], "* SEARCH ", "Search(Found { numbers: []");
    check(&[SurplusSpace], "* SEARCH 2 3 ", "numbers: [2, 3]");
    check(&[SurplusSpace], "* SEARCH  2", "numbers: [2]");
    check(&[SurplusSpace], "* CAPABILITY IMAP4rev1  IDLE ", "[Imap4Rev1, Idle]");
    check(&[SurplusSpace], "* FLAGS (\\Seen )", "\"\\\\Seen\"");
    check(&[SurplusSpace], "* LIST ( \\Marked ) \"/\" a", "[Marked]");
    check(&[SurplusSpace], "* LIST () \"/\"  \"a\"", "MailboxName(\"a\")");
    check(&[SurplusSpace], "* STATUS a (MESSAGES 3 )", "messages: Some(3)");
    check(&[SurplusSpace], "* STATUS a  ( MESSAGES  3)", "messages: Some(3)");
    check(&[SurplusSpace], "a  OK done", "\"done\"");
    check(&[SurplusSpace], "* 1 FETCH  (UID 5)", "Uid(5)");
    item(&[SurplusSpace], " UID 5  FLAGS ()", "Uid(5)");
    item(&[SurplusSpace], "UID 5 ", "Uid(5)");
    item(&[MissingSpace], "UID 5FLAGS (\\Seen)", "\\\\Seen");
    item(
        &[MissingSpace],
        "ENVELOPE (\"d\" \"s\"((\"n\" NIL \"m\" \"h\")) NIL NIL NIL NIL NIL NIL NIL)",
        "host: Some",
    );
    item(&[MissingSpace], "BODY (\"a\" \"b\"(\"c\" \"d\") NIL NIL \"7bit\" 1)", "a/b; c=d");
    check(&[MissingSpace], "+OK", "Continue");
    check(&[BrokenLine, SurplusSpace], "* 1 FETCH (BODY[1] {2}\r\nab\r\n)", "Whole");
}

#[test]
fn words_behind_a_status() {
    check(&[MissingText], "* OK", "text: \"\"");
    check(&[MissingText], "a NO", "No");
    check(&[MissingText], "+", "Continue");
    check(&[MissingText], "* OK [READ-ONLY]", "ReadOnly");
    check(&[MissingSpace], "* OK [READ-ONLY]opened", "text: \"opened\"");
    check(&[SurplusSpace], "* OK  [ALERT] x", "Alert");
    check(&[OddTag], "a BYE x", "Bye");
    check(&[OddTag], " NO LOGOUT Intrusion prevention active", "status: No");
    check(&[OddTag], "[COPYUID 124 10 233]", "CopyUid");
}

#[test]
fn codes() {
    check(&[OddCode], "* OK [Dovecot ready", "text: \"[Dovecot ready\"");
    check(&[OddCode], "* OK [UIDNEXT x] y", "name: \"UIDNEXT\", arguments: Some(\"x\")");
    check(&[OddCode], "* OK [UIDVALIDITY] y", "name: \"UIDVALIDITY\"");
    check(&[OddCode], "* OK [UIDNEXT 0] y", "name: \"UIDNEXT\"");
    check(&[OddCode], "* OK [READ-ONLY x] y", "name: \"READ-ONLY\"");
    check(&[OddSet], "* OK [COPYUID 1 1:2 ] y", "CopyUid");
    check(&[OddSet, SurplusSpace], "* OK [COPYUID 1  ] y", "CopyUid");
    check(&[OddFlag], "* OK [PERMANENTFLAGS ([x] \\*)] y", "PermanentFlags");
    check(&[OddFlag], "* OK [PERMANENTFLAGS NIL] y", "PermanentFlags({})");
    check(&[SurplusSpace], "* OK [PERMANENTFLAGS ( \\Seen )] y", "PermanentFlags");
    // RFC 2193 section 4.1.
    check(
        &[SurplusSpace, UnbalancedList],
        "* OK [PERMANENTFLAGS (Answered Seen ] y",
        "{\"Answered\", \"Seen\"}",
    );
    // RFC 9051 section 6.4.4.4.
    check(&[ListForm], "a NO [BADCHARSET UTF-8] KOI8-R is not supported", "BadCharset([\"UTF-8\"])");
    check(&[SurplusSpace], "* OK [UIDNEXT  4] y", "UidNext(Uid(4))");
}

#[test]
fn mailboxes() {
    check(&[UnquotedName], "* LIST () \"/\" My Folder", "MailboxName(\"My Folder\")");
    check(&[UnquotedName], "* LIST () \"/\" Old (2019) x", "MailboxName(\"Old (2019) x\")");
    check(&[UnquotedName], "* LIST () \"/\" a\"b", "MailboxName(\"a\\\"b\")");
    check(&[UnquotedName, SurplusSpace], "* LIST (\\Noselect) \"/\"  ", "MailboxName(\"\")");
    check(&[UnquotedName], "* LIST (\\Noselect) \"/\"", "MailboxName(\"\")");
    check(&[UnquotedName], "* STATUS My Folder (MESSAGES 1)", "MailboxName(\"My Folder\")");
    check(&[UnescapedQuote], "* LIST () \"/\" \"a\"b\"", "MailboxName(\"a\\\"b\")");
    check(&[UnquotedName], "* STATUS a(b) (MESSAGES 1)", "MailboxName(\"a(b)\")");
    check(
        &[FlagsOfMessages],
        "* LIST (\\Seen \\Flagged \\draft \\HasNoChildren) \"/\" a",
        "attributes: [HasNoChildren]",
    );
    check(&[OddDelimiter], "* LIST () \"\" INBOX", "delimiter: None");
    check(&[OddDelimiter], "* LIST () \"\\\" \"INBOX\"", "delimiter: Some('\\\\')");
    check(&[OddDelimiter], "* LIST () / INBOX", "delimiter: Some('/')");
    check(&[OddDelimiter], "* LIST () \"//\" INBOX", "delimiter: Some('/')");
    check(&[OddNumber], "* STATUS a (MESSAGES -1)", "messages: Some(0)");
    check(&[OddNumber], "* STATUS a (UNSEEN NIL)", "unseen: Some(0)");
    check(&[OddNumber], "* STATUS a (MESSAGES 99999999999)", "messages: Some(4294967295)");
    check(&[OddNumber], "* QUOTA a (STORAGE -1 100)", "usage: 0, limit: 100");
    check(&[UnquotedName], "* QUOTA (STORAGE 1 2)", "root: \"\"");
    check(&[ListForm], "* LANGUAGE EN", "[\"EN\"]");
    check(&[EmptyList], "* NAMESPACE ((\"\" \"/\")) () NIL", "other_users: []");
    check(&[EmptyList], "* NAMESPACE ((\"\" \"/\"))", "shared: []");
    check(&[NilForString], "* NAMESPACE ((NIL \"/\")) NIL NIL", "prefix: \"\"");
    check(&[ListForm], "* ID (\"name\" \"x\" \"version\")", "(\"version\", None)");
    check(&[SurplusData], "* LIST () \"/\" \"a\" b", "MailboxName(\"a\")");
}

/// What can't be read is set aside alone: what stands around it stays.
#[test]
fn what_is_set_aside() {
    check(&[ZeroNumber], "* 0 EXPUNGE", "name: \"EXPUNGE\", number: Some(0)");
    check(&[UnreadableResponse], "* FLAGS 5", "Unknown(");
    check(&[UnreadableResponse], "* LISTRIGHTS INBOX", "Unknown(");
    check(&[UnreadableItem], "* STATUS a (MESSAGES UNSEEN 5)", "unseen: Some(5)");
    check(&[UnreadableItem], "* STATUS a (MESSAGES 2 MAILBOXID (P\"(x) UNSEEN 5)", "unseen: Some(5)");
    check(&[UnreadableItem], "* ESEARCH (TAG \"a\") UID MIN MAX 7", "max: Some(7)");
    check(&[ListForm], "* QUOTA a (STORAGE 1 2 MESSAGE 3", "limit: 2");
    item(&[UnreadableItem], "RFC822.SIZE abc UID 5", "Uid(5)");
    item(&[MissingSpace, UnreadableItem], "ENVELOPE UID 5", "Uid(5)");
    item(&[SurplusData], "UID 5 \"x\" FLAGS (\\Seen)", "\\\\Seen");
    item(&[NilForString], "BODY[1] UID 5", "Uid(5)");
    item(&[UnbalancedList], "FLAGS (\\Seen)) UID 5", "Uid(5)");
}

/// A backslash before the quote that ends a string, where others follow.
#[test]
fn a_backslash_at_the_end_of_a_string() {
    let envelope = |fields: &str, quirks: &[Quirk], expected: &str| {
        item(quirks, &format!("ENVELOPE {fields} UID 5"), expected);
    };
    let broken = r#"(NIL "C:\\" (("n" NIL "m" "h\")) (("n" NIL "m" "h\")) NIL NIL NIL NIL NIL "<i>")"#;
    envelope(broken, &[UnescapedQuote], "message_id: Some([60, 105, 62])");
    // Where the string is right as it stands, nothing is made of it.
    let right = r#"(NIL "he said \"(no) NIL\" (1)" NIL NIL NIL NIL NIL NIL NIL "<i>")"#;
    let response = read(&format!("* 1 FETCH (ENVELOPE {right})"));
    let Response::Fetch(fetch) = response else { panic!() };
    assert_eq!(fetch.envelope.unwrap().subject().as_deref(), Some(&b"he said \"(no) NIL\" (1)"[..]));
}

#[test]
fn sets_and_threads() {
    check(&[OddSet], "* VANISHED ", "uids: Set()");
    check(&[OddSet], "* VANISHED 0,4", "uids: Set(4)");
    check(&[OddSet], "* VANISHED 4294967296,4", "uids: Set(4)");
    check(&[OddSet, SurplusSpace], "* ESEARCH (TAG \"a\") UID ALL ", "all: Some(Set())");
    check(&[OddSet], "* ESEARCH ALL 5:*", "Set(5:4294967295)");
    check(&[ZeroNumber], "* SEARCH 0 4", "numbers: [4]");
    check(&[ListForm], "* ESEARCH (TAG \"A\") UID ALL 3,9 (MODSEQ 284535)", "ModSeq(284535)");
    check(&[OddNumber], "* SEARCH 99999999999", "numbers: [4294967295]");
    check(&[OddThread], "* THREAD (1)()", "depth: 0");
    check(&[UnbalancedList], "* THREAD (1 2", "depth: 1");
}

#[test]
fn messages() {
    item(&[ZeroNumber], "UID 0 FLAGS ()", "uid: None");
    check(&[ZeroNumber], "* 0 FETCH (UID 5)", "seq: None, uid: Some(Uid(5))");
    item(&[OddNumber], "RFC822.SIZE -1", "size: Some(0)");
    item(&[OddNumber], "RFC822.SIZE NIL", "size: Some(0)");
    item(&[OddNumber], "RFC822.SIZE \"77\"", "size: Some(77)");
    item(&[OddNumber], "RFC822.SIZE 99999999999999999999999", "size: Some(0)");
    item(&[OddFlag], "FLAGS ([x] \\Seen)", "[x]");
    item(&[OddFlag], "FLAGS (\\)", "\\\\");
    item(&[OddFlag], "FLAGS (\"a\")", "a");
    item(&[OddFlag], "FLAGS NIL", "flags: Some({})");
    item(&[OddFlag], "FLAGS \\Seen", "\\\\Seen");
    item(&[ListForm], "MODSEQ 5", "ModSeq(5)");
    item(&[UnbalancedList], "UID 5)", "Uid(5)");
    item(&[UnbalancedList], "UID 5 (FLAGS (\\Seen)) RFC822.SIZE 7", "size: Some(7)");
    item(&[NilForString], "UID 5 BODY[1]", "Nil");
    item(&[NilForString, SurplusSpace], "UID 5 BODY[1] ", "Nil");
    check(&[UnbalancedList], "* 1 FETCH (UID 5", "Uid(5)");
    check(&[UnbalancedList], "* 1 FETCH FLAGS (\\Seen)", "\\\\Seen");
    check(&[UnbalancedList], "* 1 FETCH uid 5 FLAGS (\\Seen))", "Uid(5)");
    check(&[EmptyList], "* 1 FETCH NIL", "uid: None");
    check(&[EmptyList], "* 1 FETCH ", "uid: None");
    check(&[SurplusData], "* 1 FETCH (UID 5) x", "Uid(5)");
    item(&[UnreadableItem], "UID 5 ENVELOPE 7 FLAGS (\\Seen)", "\\\\Seen");
    item(&[UnreadableItem], "UID 5 BODYSTRUCTURE 7", "Unreadable { name: \"BODYSTRUCTURE\"");
    item(&[OddSection], "BODY[HEADER.FIELDS(a)] \"\"", "HeaderFields([\"a\"])");
    item(&[OddSection], "BODY[HEADER.FIELDS Date To] \"\"", "HeaderFields([\"Date\", \"To\"])");
    item(&[OddSection], "BODY[TEXT ] \"\"", "Text");
    item(&[UnquotedString], "BODY[1] abc", "Whole");
}

#[test]
fn dates() {
    let odd = |date: &str, expected: &str| {
        item(&[OddDate], &format!("INTERNALDATE \"{date}\""), &format!("unix_seconds: {expected}"));
    };
    odd("7-Jul-1996 02:44:25 -0700", "836732665");
    odd("07-Jul-96 02:44:25 -0700", "836732665");
    odd("07-jul-1996 02:44:25 PDT", "836732665");
    odd("07-Jul-1996 02:44 -0700", "836732640");
    odd("Sun, 07 Jul 1996 02:44:25 -0700 (PDT)", "836732665");
    odd("1996-07-07T02:44:25-07:00", "836732665");
    odd("07-Jul-1996 02:44:25 -07:00", "836732665");
    odd("07-07-1996 02:44:25 -0700", "836732665");
    odd("07-Jul-1996 02:44:25", "836707465");
    item(&[OddDate], "INTERNALDATE NIL UID 4", "Uid(4)");
    item(&[OddDate], "INTERNALDATE \"\" UID 4", "Uid(4)");
    item(&[UnquotedString, OddDate], "INTERNALDATE 07-Jul-1996 02:44:25 -0700 UID 4", "Uid(4)");
    item(&[OddDate], "INTERNALDATE \"yesterday\" UID 4", "internal_date: None");
}

#[test]
fn envelopes() {
    let envelope = |quirks: &[Quirk], fields: &str, expected: &str| {
        item(quirks, &format!("ENVELOPE {fields} UID 4"), expected);
        item(quirks, &format!("UID 4 ENVELOPE {fields}"), "Uid(4)");
    };
    envelope(&[EnvelopeFields], "NIL", "date: None");
    envelope(&[EnvelopeFields], "()", "date: None");
    envelope(&[EnvelopeFields], "(\"d\" \"s\")", "subject: Some(");
    envelope(&[EnvelopeFields], "(\"d\" \"s\" NIL NIL NIL ((NIL NIL \"m\" \"h\")))", "subject: Some(");
    envelope(&[EnvelopeFields], "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)", "date: None");
    envelope(&[EnvelopeFields], "(NIL NIL ((\"n\" NIL \"m\")) NIL NIL NIL NIL NIL NIL NIL)", "host: None");
    envelope(
        &[EnvelopeFields],
        "(NIL NIL ((\"n\" NIL \"m\" \"h\" 1)) NIL NIL NIL NIL NIL NIL NIL)",
        "host: Some",
    );
    envelope(
        &[EnvelopeFields],
        "(NIL NIL (\"n\" NIL \"m\" \"h\") NIL NIL NIL NIL NIL NIL NIL)",
        "host: Some",
    );
    envelope(&[EmptyList], "(NIL NIL () \"\" NIL NIL NIL NIL NIL NIL)", "from: []");
    envelope(
        &[SurplusSpace],
        "(NIL NIL ((NIL NIL \"m\" \"h\") (NIL NIL \"m\" \"h\")) NIL NIL NIL NIL NIL NIL NIL)",
        "m",
    );
    envelope(
        &[UnescapedQuote],
        "(NIL \"a \"b\" c\" NIL NIL NIL NIL NIL NIL NIL NIL)",
        "subject: Some([97, 32, 34, 98, 34, 32, 99])",
    );
    envelope(
        &[UnescapedQuote],
        "(NIL NIL ((\"\"J\" D\" NIL \"m\" \"h\")) NIL NIL NIL NIL NIL NIL NIL)",
        "host: Some",
    );
    envelope(&[UnquotedString], "(NIL subject NIL NIL NIL NIL NIL NIL NIL NIL)", "subject: Some(");
}

#[test]
fn body_structures() {
    let body = |quirks: &[Quirk], structure: &str, expected: &str| {
        item(quirks, &format!("BODYSTRUCTURE {structure} UID 4"), expected);
        item(quirks, &format!("UID 4 BODYSTRUCTURE {structure}"), "Uid(4)");
    };
    body(&[EmptyMultipart], "NIL", "MULTIPART/");
    body(&[EmptyMultipart], "()", "MULTIPART/");
    body(&[EmptyMultipart], "(\"MIXED\" (\"BOUNDARY\" \"b\") NIL NIL)", "MULTIPART/MIXED; BOUNDARY=b");
    body(&[EmptyMultipart], "(\"MULTIPART\" \"MIXED\" NIL NIL NIL \"7BIT\" 0)", "MULTIPART/MIXED");
    body(&[EmptyMultipart], "((\"a\" \"b\" NIL NIL NIL \"7bit\" 1)NIL \"mixed\")", "mixed");
    body(&[NilForString], "(\"a\" NIL NIL NIL NIL NIL 1)", "a/");
    body(
        &[EmptyMultipart, NilForString, BodyFields],
        "(NIL \"alternative\" (\"boundary\" \"b\") NIL NIL NIL)",
        "MULTIPART/alternative; boundary=b",
    );
    body(&[UnescapedQuote], "(\"a\" \"b\" NIL NIL \"\"\"\" \"7bit\" 1)", "a/b");
    body(&[UnescapedQuote], "(\"TEXT\" \"HTML\"\" NIL NIL NIL {5}\r\n8bit\" 74 2)", "HTML");
    body(&[NilForString], "(NIL NIL NIL NIL NIL NIL 1)", " / (1 octets)");
    body(&[BodyFields], "(\"a\" \"b\")", "a/b");
    body(&[BodyFields], "(\"a\" \"b\" NIL NIL NIL)", "a/b");
    body(&[BodyFields], "(\"a\" \"b\" NIL NIL NIL \"7bit\")", "a/b");
    body(&[BodyFields], "(\"text\" \"b\" NIL NIL NIL \"7bit\" 5)", "text/b (5 octets)");
    body(&[BodyFields], "(\"text\" \"b\" NIL NIL NIL \"7bit\" 5 \"md5\" NIL)", "text/b (5 octets)");
    body(&[BodyFields], "(\"a\" \"b\" NIL NIL NIL \"7bit\" 5 3 NIL (\"inline\" NIL))", "a/b (5 octets)");
    body(&[BodyFields], "(\"a\" \"b\" NIL NIL NIL \"7bit\" 5 (\"inline\" (\"n\" \"v\")))", "n=v");
    body(&[BodyFields], "(\"a\" \"b\" NIL NIL NIL 5)", "a/b (5 octets)");
    body(&[BodyFields], "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 5)", "message/rfc822 (5 octets)");
    body(
        &[BodyFields],
        "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 5 NIL (\"inline\" NIL))",
        "message/rfc822",
    );
    body(
        &[BodyFields],
        "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 5 9 NIL (\"inline\" NIL))",
        "message/rfc822",
    );
    body(
        &[EnvelopeFields, EmptyMultipart],
        "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 5 NIL () 1)",
        "message/rfc822",
    );
    body(
        &[BodyFields],
        "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 5 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) 1)",
        "message/rfc822",
    );
    body(&[BodyFields], "((\"a\" \"b\" NIL NIL NIL \"7bit\" 5))", "MULTIPART/");
    body(
        &[SurplusSpace],
        "((\"a\" \"b\" NIL NIL NIL \"7bit\" 5) (\"a\" \"c\" NIL NIL NIL \"7bit\" 5) \"mixed\")",
        "a/c",
    );
    body(&[OddNumber], "(\"a\" \"b\" NIL NIL NIL \"7bit\" -1)", "a/b (0 octets)");
    body(&[OddNumber], "(\"a\" \"b\" NIL NIL NIL \"7bit\" NIL)", "a/b (0 octets)");
    body(&[OddNumber], "(\"text\" \"b\" NIL NIL NIL \"7bit\" 1 -1)", "text/b");
    body(&[OddNumber], "(\"text\" \"b\" NIL NIL NIL \"7bit\" 1 NIL)", "text/b");
    body(&[EmptyList], "(\"a\" \"b\" () NIL NIL \"7bit\" 1 NIL () NIL)", "a/b");
    body(&[ListForm], "(\"a\" \"b\" (\"n\") NIL NIL \"7bit\" 1)", "n=");
    body(&[ListForm], "(\"a\" \"b\" \"n\" NIL NIL \"7bit\" 1)", "a/b");
    body(&[ListForm], "(\"a\" \"b\" NIL NIL NIL \"7bit\" 1 NIL \"inline\" NIL)", "a/b");
    body(&[ListForm], "(\"a\" \"b\" NIL NIL NIL \"7bit\" 1 NIL (\"inline\") NIL)", "a/b");
    body(
        &[ListForm],
        "(\"a\" \"b\" NIL NIL NIL \"7bit\" 1 NIL (\"inline\" \"filename\" \"x\") NIL)",
        "filename=x",
    );
    body(&[NilForString], "(\"a\" \"b\" (\"n\" NIL) NIL NIL \"7bit\" 1)", "n=");
    body(&[NilForString], "(\"a\" \"b\" NIL NIL NIL \"7bit\" 1 NIL (NIL NIL) NIL)", "a/b");
    body(&[UnquotedString], "(\"a\" \"b\" NIL NIL NIL 7bit 1)", "a/b");
    body(&[UnescapedQuote], "(\"a\" \"b\" (\"n\" \"x\"y\"z\") NIL NIL \"7bit\" 1)", "n=x\"y\"z");
}

/// A line break inside a quoted string, put together again by the framer.
#[test]
fn a_line_break_in_a_string() {
    let input = b"* 1 FETCH (ENVELOPE (NIL \"a\r\n b\" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n";
    let reading = Reader::default().read(&input[..]).unwrap();
    let Response::Fetch(fetch) = reading.response else { panic!() };
    assert_eq!(fetch.envelope.unwrap().subject().as_deref(), Some(&b"a\r\n b"[..]));
}

/// A quirk without a case above would be forgiveness that nothing tests.
#[test]
fn every_quirk_has_a_case() {
    let cases = include_str!("forgiven.rs");
    for quirk in Quirk::ALL {
        let name = format!("{quirk:?}");
        assert!(cases.contains(&format!("[{name}")) || cases.contains(&format!(", {name}")), "{name}");
    }
}

#[test]
fn codes_and_names_of_gnu_mailutils() {
    check(&[LateCode], "a NO APPEND [TRYCREATE] failed", "code: Some(TryCreate), text: \"APPEND failed\"");
    check(
        &[LateCode],
        "a NO UID COPY [TRYCREATE] failed",
        "code: Some(TryCreate), text: \"UID COPY failed\"",
    );
    check(&[OddName], "* 3 EXPUNGED", "Expunge(SeqNo(3))");
    for words in ["FETCH [BINARY] is slow", "OVER [QUOTA", "Try [TRYCREATE] again"] {
        let line = format!("a NO {words}\r\n");
        let reading = Reader::default().read(line.as_bytes()).unwrap();
        assert!(reading.quirks.is_empty(), "{line}: {:?}", reading.quirks);
        assert!(format!("{:?}", reading.response).contains(words), "{line}");
    }
}
