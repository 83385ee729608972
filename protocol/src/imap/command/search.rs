//! SEARCH: find messages. RFC 9051 section 6.4.4; always by UID. RFC 4731 for the short form of the answer.

use super::super::connection::{Answer, Footprint, State, Touch};
use super::super::writer::Writer;
use super::super::{Capability, CommandError, Done, Misuse, ModSeq, Response, ResponseText, Uid, UidSet};
use super::{Answers, Server, Step, Task};

/// Finds messages of the open mailbox.
///
/// [`Done::Found`] ends it with their UIDs, as ranges. Where the server lacks
/// ESEARCH it answers with each number by itself, which costs more bytes and nothing else. MODSEQ needs
/// CONDSTORE: where the server lacks it, nothing is sent and [`CommandError::Unsupported`] ends it.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// What the messages must be like.
    pub key: SearchKey,
}

/// What a message must be like. Texts are found anywhere in the field, in any case, as UTF-8.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SearchKey {
    /// Any message.
    All,
    /// Has `\Seen`.
    Seen,
    /// Has no `\Seen`.
    Unseen,
    /// Has `\Flagged`.
    Flagged,
    /// Has no `\Flagged`.
    Unflagged,
    /// Has `\Answered`.
    Answered,
    /// Has `\Deleted`.
    Deleted,
    /// Has `\Draft`.
    Draft,
    /// Has this keyword.
    Keyword(String),
    /// In the `From:` field.
    From(String),
    /// In the `To:` field.
    To(String),
    /// In the `Cc:` field.
    Cc(String),
    /// In the `Bcc:` field.
    Bcc(String),
    /// In the `Subject:` field.
    Subject(String),
    /// In the body.
    Body(String),
    /// In the header or the body.
    Text(String),
    /// In a field of this name; an empty text asks only whether it is there.
    Header(String, String),
    /// Arrived before this day.
    Before(Date),
    /// Arrived on this day or later.
    Since(Date),
    /// Has a `Date:` before this day.
    SentBefore(Date),
    /// Has a `Date:` of this day or later.
    SentSince(Date),
    /// Has more octets.
    Larger(u32),
    /// Has fewer octets.
    Smaller(u32),
    /// Is one of these.
    Uid(UidSet),
    /// Changed at this modification sequence or later (RFC 7162 section 3.1.5).
    ModSeq(ModSeq),
    /// Is not like this.
    Not(Box<SearchKey>),
    /// Is like one of these, or like both.
    Or(Box<SearchKey>, Box<SearchKey>),
    /// Is like all of these.
    And(Vec<SearchKey>),
}

/// A day, without a time or zone: the server's for arrivals, the sender's for `Date:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// A day of the years 1 to 9999; none where there is no such month, or where no month has such a day.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let valid = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        valid.then_some(Self { year, month, day })
    }
}

impl SearchKey {
    fn write(&self, line: &mut Writer, depth: usize) -> Result<(), CommandError> {
        let depth = depth.checked_sub(1).ok_or(Misuse::TooDeep)?;
        match self {
            Self::All => line.words("ALL"),
            Self::Seen => line.words("SEEN"),
            Self::Unseen => line.words("UNSEEN"),
            Self::Flagged => line.words("FLAGGED"),
            Self::Unflagged => line.words("UNFLAGGED"),
            Self::Answered => line.words("ANSWERED"),
            Self::Deleted => line.words("DELETED"),
            Self::Draft => line.words("DRAFT"),
            Self::Keyword(name) => line.words("KEYWORD ").atom(name)?,
            Self::From(text) => line.words("FROM ").string(text.as_bytes())?,
            Self::To(text) => line.words("TO ").string(text.as_bytes())?,
            Self::Cc(text) => line.words("CC ").string(text.as_bytes())?,
            Self::Bcc(text) => line.words("BCC ").string(text.as_bytes())?,
            Self::Subject(text) => line.words("SUBJECT ").string(text.as_bytes())?,
            Self::Body(text) => line.words("BODY ").string(text.as_bytes())?,
            Self::Text(text) => line.words("TEXT ").string(text.as_bytes())?,
            Self::Header(name, text) => {
                line.words("HEADER ").astring(name.as_bytes())?.words(" ").string(text.as_bytes())?
            }
            Self::Before(date) => write_date(line.words("BEFORE "), *date),
            Self::Since(date) => write_date(line.words("SINCE "), *date),
            Self::SentBefore(date) => write_date(line.words("SENTBEFORE "), *date),
            Self::SentSince(date) => write_date(line.words("SENTSINCE "), *date),
            Self::Larger(size) => line.words("LARGER ").number(*size),
            Self::Smaller(size) => line.words("SMALLER ").number(*size),
            Self::Uid(set) => line.words("UID ").set(set)?,
            Self::ModSeq(mod_seq) => line.words("MODSEQ ").number(mod_seq.0),
            Self::Not(key) => return key.write(line.words("NOT "), depth),
            Self::Or(a, b) => {
                a.write(line.words("OR "), depth)?;
                return b.write(line.words(" "), depth);
            }
            Self::And(keys) => return write_all(line, keys, depth),
        };
        Ok(())
    }

    /// Whether any key in it is like this.
    fn has(&self, test: &impl Fn(&Self) -> bool) -> bool {
        test(self)
            || match self {
                Self::Not(key) => key.has(test),
                Self::Or(a, b) => a.has(test) || b.has(test),
                Self::And(keys) => keys.iter().any(|key| key.has(test)),
                _ => false,
            }
    }

    fn is_ascii(&self) -> bool {
        match self {
            Self::From(text) | Self::To(text) | Self::Cc(text) | Self::Bcc(text) => text.is_ascii(),
            Self::Subject(text) | Self::Body(text) | Self::Text(text) | Self::Header(_, text) => {
                text.is_ascii()
            }
            _ => true,
        }
    }
}

/// `"(" search-key *(SP search-key) ")"`
fn write_all(line: &mut Writer, keys: &[SearchKey], depth: usize) -> Result<(), CommandError> {
    let Some((first, rest)) = keys.split_first() else { return Err(Misuse::EmptySet.into()) };
    first.write(line.words("("), depth)?;
    for key in rest {
        key.write(line.words(" "), depth)?;
    }
    line.words(")");
    Ok(())
}

/// `date = date-day "-" date-month "-" date-year`
fn write_date(line: &mut Writer, Date { year, month, day }: Date) -> &mut Writer {
    let month = MONTHS[usize::from(month) - 1]; // 1 to 12: `Date::new` checked.
    line.number(day).words("-").words(month).words("-");
    for zeros in [1000, 100, 10] {
        line.words(if year < zeros { "0" } else { "" });
    }
    line.number(year)
}

impl Search {
    /// All messages that are like this.
    #[must_use]
    pub fn new(key: SearchKey) -> Self {
        Self { key }
    }

    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Searching { command: self, found: UidSet::new() })
    }
}

#[derive(Debug)]
struct Searching {
    command: Search,
    found: UidSet,
}

impl Task for Searching {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::Search), Touch::Choose])
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        let key = &self.command.key;
        if key.has(&|key| matches!(key, SearchKey::ModSeq(_))) && !server.has(&Capability::CondStore) {
            return Err(CommandError::Unsupported(Capability::CondStore));
        }
        line.arg("UID SEARCH ");
        if server.has_or_rev2(&Capability::ESearch) {
            line.words("RETURN (ALL) ");
        }
        // RFC 6855 3: with UTF8=ACCEPT on, every string is UTF-8 and CHARSET an error.
        if !line.writes_utf8() && key.has(&|key| !key.is_ascii()) {
            line.words("CHARSET UTF-8 ");
        }
        key.write(line, MAX_DEPTH)
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        match response {
            Response::Search(_) => true,
            Response::ESearch(found) => found.mailbox.is_none(),
            _ => false,
        }
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        match response {
            Response::Search(mut found) => {
                // In order, neighbours join to ranges.
                found.numbers.sort_unstable();
                found.numbers.dedup();
                self.found.extend(found.numbers.into_iter().filter_map(Uid::new));
            }
            Response::ESearch(found) => {
                for range in found.all.iter().flat_map(UidSet::ranges) {
                    self.found.push_range(*range.start(), *range.end());
                }
            }
            _ => {}
        }
    }

    /// RFC 9051 6.4.4: an empty result is still an answer, and some servers give it by saying nothing.
    fn succeed(&mut self, _text: ResponseText) -> Step {
        Step::Done(Ok(Done::Found(std::mem::take(&mut self.found))))
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Servers read keys by recursion, and some end the session where it gets too deep.
const MAX_DEPTH: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_selected;

    #[test]
    fn ranges_where_the_server_can_and_numbers_where_not() {
        let search = || [Search { key: SearchKey::Unseen }.into()];
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
        for said in ["S: * SEARCH\n", "S: * ESEARCH (TAG \"A2\") UID\n", ""] {
            check_selected(
                "ESEARCH",
                &[Search { key: SearchKey::All }.into()],
                &format!("U: send\nC: A2 UID SEARCH RETURN (ALL) ALL\n{said}S: A2 OK done\nE: #0 Found"),
            );
        }
    }

    #[test]
    fn keys() {
        let check = |key: SearchKey, expected: &str| {
            let transcript = format!("U: send\nC: A2 UID SEARCH {expected}\nS: A2 OK done\nE: #0 Found");
            check_selected("LITERAL+ CONDSTORE", &[Search { key }.into()], &transcript);
        };
        let since = || SearchKey::Since(Date::new(994, 2, 1).unwrap());
        check(since(), "SINCE 1-Feb-0994");
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
        check(SearchKey::Subject("für".into()), "CHARSET UTF-8 SUBJECT {4+}\nC: für");
    }

    #[test]
    fn what_cannot_be_asked() {
        let deep = (0..100).fold(SearchKey::All, |key, _| SearchKey::Not(Box::new(key)));
        check_selected(
            "",
            &[
                Search { key: deep }.into(),
                Search { key: SearchKey::And(vec![]) }.into(),
                Search { key: SearchKey::Not(Box::new(SearchKey::ModSeq(ModSeq(1)))) }.into(),
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
}
