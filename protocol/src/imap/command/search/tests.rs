//! How SEARCH goes, with and without what servers may lack.

use super::*;
use crate::imap::command::mailbox::{Mode, Select};
use crate::imap::command::search::CancelUpdate;
use crate::imap::command::session::Enable;
use crate::imap::command::shared::Window;
use crate::imap::transcript::{check_authenticated, check_selected};
use crate::imap::types::{Flag, ModSeq, SeqSet, Uid, UidSet};
use crate::imap::{Command, MailboxName};

#[test]
fn ranges_where_the_server_can_and_numbers_where_not() {
    let search = || [Search::new(SearchKey::Unseen).into()];
    check_selected(
        "ESEARCH",
        &search(),
        "U: send
         C: A2 UID SEARCH RETURN (ALL) UNSEEN
         S: * ESEARCH (TAG \"A2\") UID ALL 3:5,9
         S: A2 OK done
         E: #0 Found 3:5,9",
    );
    check_selected(
        "",
        &search(),
        "U: send
         C: A2 UID SEARCH UNSEEN
         S: * SEARCH 9 4 3 5
         S: A2 OK done
         E: #0 Found 3:5,9",
    );
}

#[test]
fn nothing_found_is_an_answer() {
    for said in
        ["S: * SEARCH\n", "S: * ESEARCH (TAG \"A2\") UID\n", "S: * ESEARCH (TAG \"A2\") UID COUNT 0\n"]
    {
        check_selected(
            "ESEARCH",
            &[Search::new(SearchKey::All).into()],
            &format!("U: send\nC: A2 UID SEARCH RETURN (ALL) ALL\n{said}S: A2 OK done\nE: #0 Found"),
        );
    }
}

/// Some servers without ESEARCH say nothing where they found nothing.
#[test]
fn silence_of_a_server_without_esearch_is_an_empty_result() {
    check_selected(
        "",
        &[Search::new(SearchKey::All).into()],
        "U: send\nC: A2 UID SEARCH ALL\nS: A2 OK done\nE: #0 Found",
    );
}

/// An answer that lacks ALL and tells of messages all the same, or no answer, is not an empty result.
#[test]
fn esearch_without_the_messages_it_counts_is_asked_again() {
    for said in [
        "",
        "S: * ESEARCH (TAG \"A2\") UID COUNT 3\n",
        "S: * ESEARCH (TAG \"A2\") UID MIN 5 MAX 9 COUNT 3\n",
        "S: * ESEARCH (TAG \"A2\") UID MIN 5\n",
        "S: * ESEARCH (TAG \"A2\") UID ALL 5 COUNT 3\n",
        "S: * ESEARCH (TAG \"A2\") UID PARTIAL (1:2 5,9)\n",
        "S: * ESEARCH (TAG \"A2\") UID ALL 5:12 COUNT 3\n",
    ] {
        check_selected(
            "ESEARCH",
            &[Search::new(SearchKey::Unseen).into()],
            &format!(
                "U: send
                 C: A2 UID SEARCH RETURN (ALL) UNSEEN
                 {said}
                 S: A2 OK done
                 C: A3 UID SEARCH UNSEEN
                 S: * SEARCH 5 9 12
                 S: A3 OK done
                 E: #0 Found 5,9,12"
            ),
        );
    }
}

#[test]
fn a_server_with_esearch_that_never_answers_found_not_nothing() {
    check_selected(
        "ESEARCH",
        &[Search::new(SearchKey::Unseen).into(), asking(&[SearchReturn::Count])],
        "U: send
         C: A2 UID SEARCH RETURN (ALL) UNSEEN
         S: A2 OK done
         C: A3 UID SEARCH UNSEEN
         S: A3 OK done
         E: #0 Error the server's answer could not be read: no SEARCH
         U: send
         C: A4 UID SEARCH RETURN (COUNT) UNSEEN
         S: * ESEARCH (TAG \"A4\") UID
         S: A4 OK done
         C: A5 UID SEARCH UNSEEN
         S: A5 OK done
         E: #1 Error the server's answer could not be read: no SEARCH",
    );
}

/// What is only kept on the server is not told (RFC 5182 section 2.1).
#[test]
fn a_search_that_is_only_saved_needs_no_answer() {
    check_selected(
        "ESEARCH SEARCHRES",
        &[asking(&[SearchReturn::Save])],
        "U: send\nC: A2 UID SEARCH RETURN (SAVE) UNSEEN\nS: A2 OK done\nE: #0 Found",
    );
}

/// A window other than the one that was asked for, or with more in it than fits, is none.
#[test]
fn another_window_than_was_asked_for_is_asked_again() {
    for said in ["(3:4 5,9)", "(-1:-2 5,9)", "(1:2 5,9,12)"] {
        check_selected(
            "ESEARCH PARTIAL",
            &[asking(&[SearchReturn::Partial(Window::first(2).unwrap()), SearchReturn::Count])],
            &format!(
                "U: send
                 C: A2 UID SEARCH RETURN (COUNT PARTIAL 1:2) UNSEEN
                 S: * ESEARCH (TAG \"A2\") UID COUNT 3 PARTIAL {said}
                 S: A2 OK done
                 C: A3 UID SEARCH UNSEEN
                 S: * SEARCH 5 9 12
                 S: A3 OK done
                 E: #0 Found count=3 partial=5,9"
            ),
        );
    }
    check_selected(
        "ESEARCH PARTIAL",
        &[asking(&[SearchReturn::Partial(Window::last(2).unwrap())])],
        "U: send
         C: A2 UID SEARCH RETURN (PARTIAL -1:-2) UNSEEN
         S: * ESEARCH (TAG \"A2\") UID PARTIAL (-2:-1 5,9)
         S: A2 OK done
         E: #0 Found partial=5,9",
    );
}

#[test]
fn keys() {
    let check = |key: SearchKey, expected: &str| {
        let transcript = format!("U: send\nC: A2 UID SEARCH {expected}\nS: A2 OK done\nE: #0 Found");
        check_selected(KEYS, &[Search::new(key).into()], &transcript);
    };
    let since = || SearchKey::Since(Date::new(994, 2, 1).unwrap());
    check(since(), "SINCE 1-Feb-0994");
    let uids = |set: UidSet| SearchKey::And(vec![SearchKey::Uid(set), SearchKey::Seen]);
    check(uids(UidSet::all()), "ALL SEEN");
    check(uids(UidSet::from_first(Uid::new(2).unwrap())), "UID 2:* SEEN");
    check(SearchKey::ModSeq(ModSeq(0)), "MODSEQ 0");
    check(SearchKey::Header("List-Id".into(), String::new()), "HEADER List-Id \"\"");
    check(SearchKey::Or(Box::new(SearchKey::Seen), Box::new(since())), "OR SEEN SINCE 1-Feb-0994");
    check(
        SearchKey::Not(Box::new(SearchKey::And(vec![
            SearchKey::Larger(9),
            SearchKey::Keyword("$Junk".into()),
        ]))),
        "NOT (LARGER 9 KEYWORD $Junk)",
    );
    let both = || SearchKey::And(vec![SearchKey::Seen, SearchKey::Larger(9)]);
    check(both(), "SEEN LARGER 9");
    check(SearchKey::And(vec![both(), SearchKey::Draft]), "(SEEN LARGER 9) DRAFT");
    check(SearchKey::Younger(0), "YOUNGER 1");
    check(SearchKey::Older(86_400), "OLDER 86400");
    check(SearchKey::On(Date::new(2026, 11, 23).unwrap()), "ON 23-Nov-2026");
    check(SearchKey::SavedSince(Date::new(2026, 11, 3).unwrap()), "SAVEDSINCE 3-Nov-2026");
    check(SearchKey::FlagModSeq(Flag::Draft, ModSeq(9)), "MODSEQ \"/flags/\\\\draft\" all 9");
    check(SearchKey::EmailId("M00000001".into()), "EMAILID M00000001");
    check(SearchKey::Fuzzy(SearchKey::From("ann".into()).into()), "FUZZY FROM \"ann\"");
    check(SearchKey::GmailRaw("has:attachment".into()), "X-GM-RAW \"has:attachment\"");
    check(SearchKey::GmailLabel(MailboxName::try_from("a b").unwrap()), "X-GM-LABELS \"a b\"");
    check(SearchKey::Seq(SeqSet::all()), "1:*");
    check(SearchKey::Saved, "$");
    check(SearchKey::Filter("on-the-road".into()), "FILTER on-the-road");
    let uid = |value| Uid::new(value).unwrap();
    check(SearchKey::UidAfter(uid(25000)), "NOT UID 1:25000");
    check(SearchKey::Not(SearchKey::UidAfter(uid(25000)).into()), "NOT NOT UID 1:25000");
    check(SearchKey::UidBefore(uid(27000)), "UID 1:26999");
    check(SearchKey::UidBefore(uid(1)), "NOT ALL");
    check(
        SearchKey::Annotation { entry: "/comment".into(), attribute: "value".into(), text: "x".into() },
        "ANNOTATION \"/comment\" value \"x\"",
    );
    check(SearchKey::Subject("für".into()), "CHARSET UTF-8 SUBJECT {4+}\nC: für");
}

/// RFC 9738.
#[test]
fn uids_on_one_side() {
    let [after, before] = [25000, 27000].map(|value| Uid::new(value).unwrap());
    let between = SearchKey::And(vec![SearchKey::UidAfter(after), SearchKey::UidBefore(before)]);
    check_selected(
        "MESSAGELIMIT=1000",
        &[Search::new(between).into()],
        "U: send
         C: A2 UID SEARCH UIDAFTER 25000 UIDBEFORE 27000
         S: * SEARCH 25001
         S: A2 OK done
         E: #0 Found 25001",
    );
}

#[test]
fn what_cannot_be_asked() {
    let deep = (0..100).fold(SearchKey::All, |key, _| SearchKey::Not(Box::new(key)));
    check_selected(
        "",
        &[
            Search::new(deep).into(),
            Search::new(SearchKey::And(vec![])).into(),
            Search::new(SearchKey::Not(Box::new(SearchKey::ModSeq(ModSeq(1))))).into(),
        ],
        "U: send
         E: #0 Error the search is nested too deep
         U: send
         E: #1 Error nothing was asked for
         U: send
         E: #2 Error the server lacks CONDSTORE",
    );
    assert_eq!(Date::new(2026, 13, 1), None);
}

const KEYS: &str = "LITERAL+ CONDSTORE WITHIN SAVEDATE OBJECTID SEARCH=FUZZY X-GM-EXT-1 SEARCHRES ANNOTATE-EXPERIMENT-1 FILTERS";

#[test]
fn what_the_server_has_no_key_for() {
    let check = |key: SearchKey, lacks: &str| {
        let expected = format!("U: send\nE: #0 Error the server lacks {lacks}");
        check_selected("", &[Search::new(SearchKey::Not(key.into())).into()], &expected);
    };
    check(SearchKey::Older(1), "WITHIN");
    check(SearchKey::Saved, "SEARCHRES");
    check(SearchKey::SaveDateSupported, "SAVEDATE");
    check(SearchKey::ThreadId("T1".into()), "OBJECTID");
    check(SearchKey::GmailMessageId(1), "X-GM-EXT-1");
    // One that is only a wish is left out.
    check_selected(
        "",
        &[Search::new(SearchKey::Fuzzy(SearchKey::Seen.into())).into()],
        "U: send\nC: A2 UID SEARCH SEEN\nS: A2 OK done\nE: #0 Found",
    );
}

fn asking(returns: &[SearchReturn]) -> Command {
    Search { returns: returns.to_vec(), ..Search::new(SearchKey::Unseen) }.into()
}

const ENDS: [SearchReturn; 3] = [SearchReturn::Min, SearchReturn::Max, SearchReturn::Count];

#[test]
fn only_what_was_asked_for() {
    check_selected(
        "ESEARCH PARTIAL SEARCHRES",
        &[asking(&ENDS), asking(&[SearchReturn::Partial(Window::last(2).unwrap()), SearchReturn::Save])],
        "U: send
         C: A2 UID SEARCH RETURN (MIN MAX COUNT) UNSEEN
         S: * ESEARCH (TAG \"A2\") UID MIN 7 MAX 3800 COUNT 15
         S: A2 OK done
         E: #0 Found min=7 max=3800 count=15
         U: send
         C: A3 UID SEARCH RETURN (PARTIAL -1:-2 SAVE) UNSEEN
         S: * ESEARCH (TAG \"A3\") UID PARTIAL (-1:-2 9,12)
         S: A3 OK done
         E: #1 Found partial=9,12",
    );
    check_selected(
        "",
        &[asking(&ENDS), asking(&[SearchReturn::Partial(Window::last(2).unwrap())])],
        "U: send
         C: A2 UID SEARCH UNSEEN
         S: * SEARCH 9 7 3800
         S: A2 OK done
         E: #0 Found min=7 max=3800 count=3
         U: send
         C: A3 UID SEARCH UNSEEN
         S: * SEARCH 9 7 3800
         S: A3 OK done
         E: #1 Found partial=9,3800",
    );
    // RFC 5267 section 4.4 has windows from the start alone.
    let window = |window: Option<Window>| asking(&[SearchReturn::Partial(window.unwrap())]);
    check_selected(
        "ESEARCH CONTEXT=SEARCH",
        &[window(Window::first(2)), window(Window::last(2))],
        "U: send
         C: A2 UID SEARCH RETURN (PARTIAL 1:2) UNSEEN
         S: * ESEARCH (TAG \"A2\") UID PARTIAL (1:2 7:8)
         S: A2 OK done
         E: #0 Found partial=7:8
         U: send
         C: A3 UID SEARCH RETURN (ALL) UNSEEN
         S: * ESEARCH (TAG \"A3\") UID ALL 7:9
         S: A3 OK done
         E: #1 Found partial=8:9",
    );
    // ESEARCH without PARTIAL: all is asked for, and the window worked out.
    check_selected(
        "ESEARCH",
        &[asking(&[SearchReturn::Partial(Window::first(2).unwrap()), SearchReturn::Count])],
        "U: send
         C: A2 UID SEARCH RETURN (ALL) UNSEEN
         S: * ESEARCH (TAG \"A2\") UID ALL 7:9
         S: A2 OK done
         E: #0 Found count=3 partial=7:8",
    );
}

/// Some servers leave MIN and MAX out (iCloud, nextcloud/mail#3401).
#[test]
fn what_the_server_forgot_is_asked_for_again() {
    let ends = || [asking(&[SearchReturn::Min, SearchReturn::Max])];
    check_selected(
        "ESEARCH",
        &ends(),
        "U: send
         C: A2 UID SEARCH RETURN (MIN MAX COUNT) UNSEEN
         S: * ESEARCH (TAG \"A2\") UID
         S: A2 OK done
         C: A3 UID SEARCH UNSEEN
         S: * SEARCH 5 9
         S: A3 OK done
         E: #0 Found min=5 max=9",
    );
    check_selected(
        "ESEARCH",
        &ends(),
        "U: send
         C: A2 UID SEARCH RETURN (MIN MAX COUNT) UNSEEN
         S: * ESEARCH (TAG \"A2\") UID COUNT 0
         S: A2 OK done
         E: #0 Found",
    );
    let window = || SearchReturn::Partial(Window::first(2).unwrap());
    check_selected(
        "ESEARCH PARTIAL",
        &[asking(&[window()]), asking(&[window()]), asking(&[SearchReturn::All, SearchReturn::Min])],
        "U: send
         C: A2 UID SEARCH RETURN (PARTIAL 1:2) UNSEEN
         S: * ESEARCH (TAG \"A2\") UID
         S: A2 OK done
         C: A3 UID SEARCH UNSEEN
         S: * SEARCH 5 9 12
         S: A3 OK done
         E: #0 Found partial=5,9
         U: send
         C: A4 UID SEARCH RETURN (PARTIAL 1:2) UNSEEN
         S: * ESEARCH (TAG \"A4\") UID PARTIAL (1:2 NIL)
         S: A4 OK done
         E: #1 Found partial=
         U: send
         C: A5 UID SEARCH RETURN (MIN ALL) UNSEEN
         S: * ESEARCH (TAG \"A5\") UID
         S: A5 OK done
         E: #2 Found",
    );
}

/// RFC 6855 section 3 forbids it; in `IMAP4rev2` (RFC 9051 section 6.4.4) it may be left out, but Cyrus 3.10 finds nothing
/// then.
#[test]
fn the_charset_is_named_unless_utf8_is_accepted() {
    for (enabled, charset) in [("IMAP4REV2", "CHARSET UTF-8 "), ("UTF8=ACCEPT", "")] {
        check_authenticated(
            &format!("ENABLE ESEARCH LITERAL+ {enabled}"),
            &[
                Enable { capabilities: vec![enabled.into()] }.into(),
                Select::new(MailboxName::inbox(), Mode::ReadWrite).into(),
                Search::new(SearchKey::Subject("für".into())).into(),
            ],
            &format!(
                "U: send
                 C: A1 ENABLE {enabled}
                 S: * ENABLED {enabled}
                 S: A1 OK done
                 E: #0 Enabled {enabled}
                 U: send
                 C: A2 SELECT INBOX
                 S: A2 OK done
                 E: #1 Selected exists=0 validity=None next=None read_only=false
                 U: send
                 C: A3 UID SEARCH RETURN (ALL) {charset}SUBJECT \"für\"
                 S: * ESEARCH (TAG \"A3\") UID ALL 7
                 S: A3 OK done
                 E: #2 Found 7"
            ),
        );
    }
}

/// RFC 9051 section 7.1: a server that does not know UTF-8 says so.
#[test]
fn another_charset_is_tried_once() {
    check_selected(
        "LITERAL+",
        &[Search::new(SearchKey::Subject("für".into())).into()],
        "U: send
         C: A2 UID SEARCH CHARSET UTF-8 SUBJECT {4+}
         C: für
         S: A2 NO [BADCHARSET (US-ASCII)] what is that
         C: A3 UID SEARCH SUBJECT {4+}
         C: für
         S: A3 NO [BADCHARSET (US-ASCII)] what is that
         E: #0 Error the server refused: what is that",
    );
}

#[test]
fn results_are_kept_up_to_date() {
    let search = || asking(&[SearchReturn::All, SearchReturn::Update, SearchReturn::Context]);
    let cancel = || CancelUpdate { contexts: vec![Context("A2".into())] }.into();
    check_selected(
        "ESEARCH CONTEXT=SEARCH",
        &[search(), cancel(), search()],
        "U: send
         C: A2 UID SEARCH RETURN (ALL UPDATE CONTEXT) UNSEEN
         S: * ESEARCH (TAG \"A2\") UID ALL 3:4
         S: * ESEARCH (TAG \"A1\") UID ADDTO (0 9)
         S: A2 OK done
         S: * ESEARCH (TAG \"A2\") UID REMOVEFROM (0 3)
         E: SearchUpdate Some(\"A1\") +[(0, Set(9))] -[]
         E: #0 Found 3:4 context=A2
         E: SearchUpdate Some(\"A2\") +[] -[(0, Set(3))]
         U: send
         C: A3 CANCELUPDATE \"A2\"
         S: A3 OK done
         E: #1 Ok done
         U: send
         C: A4 UID SEARCH RETURN (ALL UPDATE CONTEXT) UNSEEN
         S: * NO [NOUPDATE \"A4\"] too many
         S: * ESEARCH (TAG \"A4\") UID ALL 4
         S: A4 OK done
         E: #2 Found 4",
    );
    check_selected(
        "ESEARCH",
        &[search(), cancel()],
        "U: send
         C: A2 UID SEARCH RETURN (ALL) UNSEEN
         S: * ESEARCH (TAG \"A2\") UID
         S: A2 OK done
         E: #0 Found
         U: send
         E: #1 Error the server lacks CONTEXT=SEARCH",
    );
}

/// RFC 9738: the answer covers the newest messages only, so that the others are searched, too.
#[test]
fn beyond_the_limit_the_search_goes_on() {
    check_selected(
        "ESEARCH MESSAGELIMIT=1000",
        &[asking(&[SearchReturn::Count])],
        "U: send
         C: A2 UID SEARCH RETURN (COUNT) UNSEEN
         S: * ESEARCH (TAG \"A2\") UID COUNT 2
         S: A2 OK [MESSAGELIMIT 1000 500] not all
         C: A3 UID SEARCH RETURN (ALL) UNSEEN
         S: * ESEARCH (TAG \"A3\") UID ALL 600,700
         S: A3 OK [MESSAGELIMIT 1000 500] not all
         C: A4 UID SEARCH RETURN (ALL) UID 1:499 UNSEEN
         S: * ESEARCH (TAG \"A4\") UID ALL 17
         S: A4 OK done
         E: #0 Found count=3",
    );
}

/// RFC 9586: numbers are no key there.
#[test]
fn numbers_in_a_search_wait_for_whatever_moves_them() {
    check_selected(
        "",
        &[crate::imap::command::Noop.into(), Search::new(SearchKey::Seq(SeqSet::all())).into()],
        "U: send
         C: A2 NOOP
         U: send
         S: A2 OK done
         E: #0 Ok done
         C: A3 UID SEARCH 1:*
         S: A3 OK done
         E: #1 Found",
    );
}
