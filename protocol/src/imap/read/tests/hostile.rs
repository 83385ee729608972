//! Servers that mean harm: a typed error or bounded work, never a panic.

use super::*;
use crate::imap::FetchItem;

/// Reads it in any way, and says whether it could be read.
fn survives(input: &[u8]) -> bool {
    let forgiving = Reader::default().read(input);
    let strict = Reader { strict: true, ..Reader::default() }.read(input);
    if let Ok(strict) = strict {
        assert_eq!(Ok(strict), forgiving, "a strict reader takes no more, and nothing else");
    }
    forgiving.is_ok()
}

/// S4: no nesting overflows the stack, and none takes more than linear time.
#[test]
fn s4_nesting_of_100_000() {
    let deep = |before: &str, open: &str, after: &str| {
        let input = format!("{before}{}{after}\r\n", open.repeat(100_000));
        survives(input.as_bytes());
    };
    deep("* 1 FETCH (BODYSTRUCTURE ", "(", "");
    deep("* 1 FETCH (BODYSTRUCTURE ", "(", &")".repeat(100_000));
    deep("* 1 FETCH (ENVELOPE ", "(", "");
    deep("* 1 FETCH (X-A ", "(", &")".repeat(100_000));
    deep("* 1 FETCH ", "(", "");
    deep("* THREAD ", "(", &")".repeat(100_000));
    deep("* LIST () \"/\" a ", "(", "");
    deep("* NAMESPACE ", "(", "");
    deep("* 1 FETCH (BODYSTRUCTURE ", "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 1 NIL ", "");
    deep("* OK ", "[", "");
    deep("* ID ", "(", "");
}

/// The other items of a message outlive a structure that is nested too deep.
#[test]
fn s4_the_rest_of_the_message_stands() {
    let deep =
        format!("* 1 FETCH (UID 7 BODYSTRUCTURE {}{} FLAGS (\\Seen))\r\n", "(".repeat(500), ")".repeat(500));
    let reading = Reader::default().read(deep.as_bytes()).unwrap();
    let Response::Fetch(fetch) = reading.response else { panic!() };
    assert_eq!(fetch.uid, Uid::new(7));
    assert!(fetch.flags.is_some() && fetch.body_structure.is_none());
    assert!(matches!(&fetch.items[..], [FetchItem::Unreadable { .. }]));
}

/// S5: sets stay ranges.
#[test]
fn s5_a_set_of_everything_costs_nothing() {
    let Response::Vanished { uids, .. } = read("* VANISHED (EARLIER) 1:4294967295") else { panic!() };
    assert_eq!(uids.ranges().len(), 1);
    for set in ["0", "5:1", "1:99999999999", "4294967296", "1,,2", ":", "1:", "-1", "99999999999999999999999"]
    {
        survives(format!("* VANISHED {set}\r\n").as_bytes());
    }
}

/// S3: many small things cost no more each than few do.
#[test]
fn s3_long_lists_stay_linear() {
    let long = |before: &str, each: &str, after: &str| {
        survives(format!("{before}{}{after}\r\n", each.repeat(200_000)).as_bytes());
    };
    long("* 1 FETCH (ENVELOPE (NIL NIL (", "(NIL NIL \"a\" \"b\")", ") NIL NIL NIL NIL NIL NIL NIL))");
    long("* 1 FETCH (FLAGS (", "a ", "))");
    long("* 1 FETCH (BODYSTRUCTURE (", "(\"a\" \"b\" NIL NIL NIL \"7bit\" 1)", " \"mixed\"))");
    long("* 1 FETCH (BODYSTRUCTURE (\"a\" \"b\" (", "\"a\" \"b\" ", ") NIL NIL NIL 1))");
    long("* 1 FETCH (X ", "{1}\r\na ", ")");
    long("* 1 FETCH (ENVELOPE (\"", "a\"b", "\" NIL))");
    long("* 1 FETCH (ENVELOPE (\"", "\\\"", "\" NIL))");
    long("* 1 FETCH (", "ENVELOPE (NIL \"\\\") ", ")");
    long("* 1 FETCH (", "ENVELOPE (\"\\\" ", ")");
    long("* 1 FETCH (", "FLAGS (\" ", ")");
    long("* 1 FETCH (", "UID 5) ", ")");
    long("* STATUS a (", "X ( MESSAGES 1 ", ")");
    long("* STATUS a (", "MESSAGES x ", ")");
    long("* ESEARCH", " PARTIAL (", "");
    long("* QUOTA a (", "X ( ", ")");
    long("* VANISHED", " 1,", "");
    long("* SEARCH", " 1:4294967295", "");
    long("* 1 FETCH (UID ", "x ", ")");
    long("* 1 FETCH (", "ENVELOPE 1 ", ")");
    long("* 1 FETCH (", "BODY[ 1 ", ")");
    long("* CAPABILITY", " A", "");
    long("* LIST (", "\\A ", ") \"/\" a");
    long("* SEARCH", " 1", "");
    long("* ID (", "\"a\" \"b\" ", ")");
    long("* THREAD ", "(1)", "");
    long("* STATUS ", "a (", "1)");
    long("* OK [X ", "\"", "] y");
}

/// Every beginning of every kind of response, with a line end behind it, and with every byte changed.
#[test]
fn no_mutilation_panics() {
    let whole: &[&str] = &[
        "* 1 FETCH (UID 5 FLAGS (\\Seen a) INTERNALDATE \"07-Jul-1996 02:44:25 -0700\" RFC822.SIZE 9 MODSEQ (5))",
        "* 1 FETCH (ENVELOPE (\"d\" {1}\r\ns ((\"n\" NIL \"m\\\"\" \"h\")) NIL () NIL NIL NIL NIL \"i\"))",
        "* 1 FETCH (BODYSTRUCTURE ((\"text\" \"a\" (\"b\" \"c\") NIL NIL \"7bit\" 1 2 NIL (\"d\" (\"e\" \"f\")) (\"g\"))\
         (\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 1 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) \
         (\"a\" \"b\" NIL NIL NIL \"7bit\" 1) 2) \"mixed\" (\"h\" \"i\") NIL NIL))",
        "* 1 FETCH (BODY[1.HEADER.FIELDS (a b)]<5> {2}\r\nab BINARY.SIZE[1] 5 X-GM-LABELS (a \"b\") THREADID (a) \
         ANNOTATION (/a (b \"c\")) PREVIEW NIL SAVEDATE NIL)",
        "* OK [COPYUID 5 1:2,3 4:6] x",
        "* OK [INPROGRESS (\"a\" 1 NIL)] x",
        "* OK [PERMANENTFLAGS (\\* a)] x",
        "* LIST (\\Noselect) \"/\" \"a b\" (\"CHILDINFO\" (\"x\") \"OLDNAME\" (y))",
        "* STATUS \"a b\" (MESSAGES 1 MAILBOXID (x) Z (1))",
        "* ESEARCH (TAG \"a\" MAILBOX b UIDVALIDITY 1) UID ALL 1:2 PARTIAL (-1:-2 3) ADDTO (0 1 2 3)",
        "* NAMESPACE ((\"a\" \"/\" \"X\" (\"b\"))) NIL NIL",
        "* THREAD (1 2 (3)(4 (5)(6)))((7)(8))",
        "* METADATA a (/b {1}\r\nc /d NIL)",
        "* VANISHED (EARLIER) 1:5,7",
        "* URLFETCH a \"b\" c NIL",
        "* UIDBATCHES (TAG \"a\") 9:5,4:1",
        "* QUOTA \"\" (STORAGE 1 2)",
        "a1 NO [BADCHARSET (a \"b\")] x",
    ];
    for response in whole {
        assert!(survives(format!("{response}\r\n").as_bytes()), "{response}");
        for at in 0..response.len() {
            survives(&response.as_bytes()[..at]);
            survives(format!("{}\r\n", &response[..at]).as_bytes());
            for byte in *b"()\"{}[]\\ \r\n0-N\0\xff<>:,*" {
                let mut changed = format!("{response}\r\n").into_bytes();
                changed[at] = byte;
                survives(&changed);
                changed.insert(at, byte);
                survives(&changed);
            }
        }
    }
}

/// Found by fuzzing: the strict reader took the line for words, the forgiving one for a code.
#[test]
fn a_code_without_a_status_is_one_thing_to_both_readers() {
    assert!(survives(b"[COPYUID 521:3,  4:\x016] x\r\n"));
    assert!(survives(b"[COPYUID 5 1:2 3:4] x\r\n"));
    assert!(survives(b"[just words\r\n"));
}

#[test]
fn errors_say_where_and_what() {
    let error = Reader::default().read(&b"* 1 FETCH 5\r\n"[..]).unwrap_err();
    assert_eq!(error.to_string(), "expected an opening parenthesis at octet 10, found \"5\"");
}
