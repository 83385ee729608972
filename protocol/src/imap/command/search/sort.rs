//! SORT: find messages, in an order. RFC 5256 section 3; always by UID. RFC 5957 for names as they are shown, RFC 5267
//! for the short form of the answer.

use crate::imap::command::message::FetchAttribute;
use crate::imap::command::search::collate::{Facts, Gather, Next};
use crate::imap::command::search::returns::{Answer as Told, Kind, Returns, Way, is_no_update};
use crate::imap::command::search::{Context, SearchKey, SearchReturn};
use crate::imap::command::shared::{Answers, Footprint, Server, Step, Task};
use crate::imap::types::{SeqNo, Uid, UidSet};
use crate::imap::writer::Writer;
use crate::imap::{Capability, Code, CommandError, Done, Misuse, Response, ResponseText, State};
use std::cmp::Ordering;

/// Finds messages of the open mailbox and puts them in order.
///
/// [`Done::Found`] ends it. [`SearchResult::all`](crate::imap::command::SearchResult::all) and
/// [`partial`](crate::imap::command::SearchResult::partial) are in the order asked for; messages that are the same in every key
/// come by UID.
///
/// Source: [RFC 5256 section 3]; [RFC 5957] for names as they are shown, [RFC 5267 section 3] for the short form of
/// the answer.
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::{Search, SearchKey, SearchReturn, Sort, SortBy, SortKey, Window};
///
/// let newest = Sort {
///     returns: vec![SearchReturn::Count, SearchReturn::Partial(Window::first(50).unwrap())],
///     ..Sort::new(vec![SortKey::descending(SortBy::Date), SortKey::ascending(SortBy::Subject)], SearchKey::All)
/// };
/// assert_eq!(
///     sent("SORT ESORT PARTIAL", newest.clone())[0],
///     "UID SORT RETURN (COUNT PARTIAL 1:50) (REVERSE DATE SUBJECT) UTF-8 ALL"
/// );
/// assert_eq!(sent("", newest), ["UID SEARCH ALL"], "and a FETCH of what it finds");
/// ```
///
/// # Where the server lacks it
/// - SORT, or SORT=DISPLAY for a key that needs it: a SEARCH and a FETCH of what is compared follow, and the client
///   sorts, as RFC 5256 has it. Texts in charsets other than UTF-8, US-ASCII and ISO-8859-1 are compared as they came.
/// - ESORT, PARTIAL: it lists all, and the count, the ends or the window are worked out from that. The same where it
///   leaves out what it was asked for; one that says OK and tells nothing is taken to lack SORT.
/// - CONTEXT=SORT: nothing is kept up to date; the rest stands.
///
/// [RFC 5256 section 3]: https://www.rfc-editor.org/rfc/rfc5256#section-3
/// [RFC 5957]: https://www.rfc-editor.org/rfc/rfc5957
/// [RFC 5267 section 3]: https://www.rfc-editor.org/rfc/rfc5267#section-3
#[derive(Debug, Clone, PartialEq)]
pub struct Sort {
    /// What is compared, the most important first.
    pub keys: Vec<SortKey>,
    /// What the messages must be like.
    pub search: SearchKey,
    /// What to tell of them. None is the same as [`SearchReturn::All`].
    pub returns: Vec<SearchReturn>,
}

/// One thing that is compared, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortKey {
    /// What is compared.
    pub by: SortBy,
    /// Which way.
    pub order: SortOrder,
}

/// Which way things are put in order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortOrder {
    /// The smallest, oldest or first of the alphabet first.
    #[default]
    Ascending,
    /// The reverse.
    Descending,
}

/// What of two messages is compared. RFC 5256 section 3, RFC 5957 section 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SortBy {
    /// When it arrived.
    Arrival,
    /// When it was sent.
    Date,
    /// How large it is.
    Size,
    /// Its subject, without `Re:` and the like.
    Subject,
    /// The name before the `@` of the first sender.
    From,
    /// The name before the `@` of the first addressee.
    To,
    /// The name before the `@` of the first one copied.
    Cc,
    /// The first sender, as a person sees it.
    DisplayFrom,
    /// The first addressee, as a person sees it.
    DisplayTo,
}

impl SortKey {
    /// The smallest, oldest or first of the alphabet first.
    #[must_use]
    pub fn ascending(by: SortBy) -> Self {
        Self { by, order: SortOrder::Ascending }
    }

    /// The largest, newest or last of the alphabet first.
    #[must_use]
    pub fn descending(by: SortBy) -> Self {
        Self { by, order: SortOrder::Descending }
    }

    fn compare(self, a: &Facts, b: &Facts) -> Ordering {
        let ascending = match self.by {
            SortBy::Arrival => a.arrival.cmp(&b.arrival),
            SortBy::Date => a.sent.cmp(&b.sent),
            SortBy::Size => a.size.cmp(&b.size),
            SortBy::Subject => a.subject.key.cmp(&b.subject.key),
            SortBy::From => a.from.cmp(&b.from),
            SortBy::To => a.to.cmp(&b.to),
            SortBy::Cc => a.cc.cmp(&b.cc),
            SortBy::DisplayFrom => a.display_from.cmp(&b.display_from),
            SortBy::DisplayTo => a.display_to.cmp(&b.display_to),
        };
        match self.order {
            SortOrder::Ascending => ascending,
            SortOrder::Descending => ascending.reverse(),
        }
    }
}

impl SortBy {
    fn word(self) -> &'static str {
        match self {
            Self::Arrival => "ARRIVAL",
            Self::Date => "DATE",
            Self::Size => "SIZE",
            Self::Subject => "SUBJECT",
            Self::From => "FROM",
            Self::To => "TO",
            Self::Cc => "CC",
            Self::DisplayFrom => "DISPLAYFROM",
            Self::DisplayTo => "DISPLAYTO",
        }
    }

    /// What must be read of a message to compare it. A date that can't be read is the arrival's.
    fn reads(self) -> &'static [FetchAttribute] {
        match self {
            Self::Arrival => &[FetchAttribute::InternalDate],
            Self::Date => &[FetchAttribute::InternalDate, FetchAttribute::Envelope],
            Self::Size => &[FetchAttribute::Size],
            _ => &[FetchAttribute::Envelope],
        }
    }
}

impl Sort {
    /// All messages that are like this, in the order of these keys.
    #[must_use]
    pub fn new(keys: Vec<SortKey>, search: SearchKey) -> Self {
        Self { keys, search, returns: vec![SearchReturn::All] }
    }

    pub(crate) fn into_task(mut self) -> Box<dyn Task> {
        let mut returns = std::mem::take(&mut self.returns);
        if returns.is_empty() {
            returns.push(SearchReturn::All);
        }
        let returns = Returns::new(returns);
        let told = Told::default();
        Box::new(Sorting { command: self, returns, told, tag: Box::default(), is_kept: true, own: None })
    }

    fn is_known_to(&self, server: &Server<'_>) -> bool {
        let shown = self.keys.iter().any(|key| matches!(key.by, SortBy::DisplayFrom | SortBy::DisplayTo));
        server.has(&Capability::Sort) && (!shown || server.has(&Capability::SortDisplay))
    }

    /// What a FETCH must tell for the client to sort.
    fn reads(&self) -> Vec<FetchAttribute> {
        let mut items = Vec::new();
        for item in self.keys.iter().flat_map(|key| key.by.reads()) {
            if !items.contains(item) {
                items.push(item.clone());
            }
        }
        items
    }

    /// RFC 5256 section 3: ties go by place in the mailbox.
    fn sorted(&self, mut facts: Vec<Facts>) -> UidSet {
        facts.sort_by(|a, b| {
            let by_keys = self.keys.iter().map(|key| key.compare(a, b));
            by_keys.fold(Ordering::Equal, Ordering::then).then(a.uid.cmp(&b.uid))
        });
        facts.dedup_by_key(|facts| facts.uid);
        facts.into_iter().filter_map(|facts| Uid::new(facts.uid)).collect()
    }
}

#[derive(Debug)]
struct Sorting {
    command: Sort,
    returns: Returns,
    told: Told,
    tag: Box<str>,
    /// Whether the server keeps what was found up to date, if it was asked to.
    is_kept: bool,
    /// The steps towards sorting by ourselves.
    own: Option<Gather>,
}

impl Sorting {
    fn sort_ourselves(&mut self) {
        self.own = Some(Gather::new(self.command.search.clone(), self.command.reads()));
    }

    fn follow(&mut self, next: Next) -> Step {
        match next {
            Next::Again => Step::Again,
            Next::Failed(error) => Step::Done(Err(error)),
            Next::Ready(facts) => {
                self.returns.way = Way::Plain;
                let told = Told::of(self.command.sorted(facts));
                Step::Done(Ok(Done::Found(self.returns.result(told))))
            }
        }
    }
}

impl Task for Sorting {
    fn footprint(&self) -> Footprint {
        Gather::footprint(self.own.as_ref(), &self.command.search)
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn expunged(&mut self, gone: SeqNo) -> bool {
        match &mut self.own {
            Some(own) => own.expunged(gone),
            None => self.command.search.expunged(gone),
        }
        true
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        if self.command.keys.is_empty() {
            return Err(Misuse::EmptySet.into());
        }
        if self.own.is_none() && !self.command.is_known_to(server) {
            self.sort_ourselves();
        }
        if let Some(own) = &mut self.own {
            return own.write(line, server);
        }
        self.tag = line.tag().into();
        line.arg("UID SORT");
        self.returns.write(line, server, Kind::Sort);
        for (at, key) in self.command.keys.iter().enumerate() {
            line.words(if at == 0 { " (" } else { " " });
            line.words(if key.order == SortOrder::Descending { "REVERSE " } else { "" }).words(key.by.word());
        }
        self.command.search.write(line.words(") UTF-8 "), server)
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        match (&self.own, response) {
            (Some(own), response) => own.wants(response),
            (None, Response::Sort(_)) => true,
            (None, Response::ESearch(found)) => {
                found.tag.as_ref().is_none_or(|tag| *tag == self.tag) && !found.is_update()
            }
            (None, Response::Status { text, .. }) => is_no_update(text, &self.tag),
            _ => false,
        }
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        match (&mut self.own, response) {
            (Some(own), response) => own.take(response),
            (None, Response::Sort(found)) => self.told.add_numbers(found, Kind::Sort),
            (None, Response::ESearch(found)) => self.told.add(found),
            // RFC 5267 section 4.3.1.
            _ => self.is_kept = false,
        }
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        if let Some(own) = &mut self.own {
            let next = own.succeed(text);
            return self.follow(next);
        }
        if self.returns.lacks_something(&self.told) {
            self.returns.start_again(Way::Plain);
            self.told = Told::default();
            return Step::Again;
        }
        // RFC 5256 section 4: SORT is an answer also where it names nothing.
        if self.returns.is_silence(&self.told) {
            self.sort_ourselves();
            return Step::Again;
        }
        let mut told = std::mem::take(&mut self.told);
        told.context = self.is_kept.then(|| Context(std::mem::take(&mut self.tag)));
        Step::Done(Ok(Done::Found(self.returns.result(told))))
    }

    /// A server that can't sort these, by its own limits or the charset, still can search.
    fn fail(&mut self, error: CommandError) -> Step {
        if let Some(own) = &mut self.own {
            let next = own.fail(error);
            return self.follow(next);
        }
        let CommandError::Refused(ResponseText { code: Some(Code::BadCharset(_)), .. }) = &error else {
            return Step::Done(Err(error));
        };
        self.sort_ourselves();
        Step::Again
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::command::Window;
    use crate::imap::transcript::check_selected;

    fn sort(keys: &[SortKey], returns: &[SearchReturn]) -> Command {
        Sort { returns: returns.to_vec(), ..Sort::new(keys.to_vec(), SearchKey::Unseen) }.into()
    }

    const ALL: [SearchReturn; 1] = [SearchReturn::All];

    fn keys() -> [SortKey; 2] {
        [SortKey::ascending(SortBy::Subject), SortKey::descending(SortBy::Date)]
    }

    #[test]
    fn the_server_sorts_where_it_can() {
        check_selected(
            "SORT",
            &[sort(&keys(), &ALL)],
            "U: send
             C: A2 UID SORT (SUBJECT REVERSE DATE) UTF-8 UNSEEN
             S: * SORT 9 3 4 2
             S: A2 OK done
             E: #0 Found 9,3:4,2",
        );
        let page = [SearchReturn::Count, SearchReturn::Partial(Window::first(2).unwrap())];
        check_selected(
            "SORT ESORT CONTEXT=SORT",
            &[sort(&keys(), &page), sort(&keys(), &[SearchReturn::All, SearchReturn::Update])],
            "U: send
             C: A2 UID SORT RETURN (COUNT PARTIAL 1:2) (SUBJECT REVERSE DATE) UTF-8 UNSEEN
             S: * ESEARCH (TAG \"A2\") UID COUNT 4 PARTIAL (1:2 9,3)
             S: A2 OK done
             E: #0 Found count=4 partial=9,3
             U: send
             C: A3 UID SORT RETURN (ALL UPDATE) (SUBJECT REVERSE DATE) UTF-8 UNSEEN
             S: * ESEARCH (TAG \"A3\") UID ALL 9,3
             S: A3 OK done
             E: #1 Found 9,3 context=A3",
        );
        check_selected(
            "SORT",
            &[sort(&keys(), &page)],
            "U: send
             C: A2 UID SORT (SUBJECT REVERSE DATE) UTF-8 UNSEEN
             S: * SORT 9 3 4 2
             S: A2 OK done
             E: #0 Found count=4 partial=9,3",
        );
    }

    #[test]
    fn a_server_that_sorts_without_telling_is_sorted_for() {
        check_selected(
            "SORT",
            &[sort(&keys(), &ALL)],
            "U: send
             C: A2 UID SORT (SUBJECT REVERSE DATE) UTF-8 UNSEEN
             S: A2 OK done
             C: A3 UID SEARCH UNSEEN
             S: * SEARCH
             S: A3 OK done
             E: #0 Found",
        );
    }

    #[test]
    fn esort_without_the_messages_it_counts_is_asked_again() {
        check_selected(
            "SORT ESORT",
            &[sort(&keys(), &ALL)],
            "U: send
             C: A2 UID SORT RETURN (ALL) (SUBJECT REVERSE DATE) UTF-8 UNSEEN
             S: * ESEARCH (TAG \"A2\") UID COUNT 2
             S: A2 OK done
             C: A3 UID SORT (SUBJECT REVERSE DATE) UTF-8 UNSEEN
             S: * SORT 9 3
             S: A3 OK done
             E: #0 Found 9,3",
        );
    }

    /// Each message: UID, subject, date, and from whom.
    fn fetched(messages: &[(u32, &str, &str, &str)]) -> String {
        let line = |(at, (uid, subject, date, from)): (usize, &(u32, &str, &str, &str))| {
            let from = format!("(({from} NIL \"u{uid}\" \"h\"))");
            let arrival = "INTERNALDATE \"17-Jul-1996 02:44:25 -0700\"";
            let envelope = format!("(\"{date}\" \"{subject}\" {from} NIL NIL NIL NIL NIL NIL NIL)");
            format!("S: * {} FETCH (UID {uid} {arrival} ENVELOPE {envelope})\n", at + 1)
        };
        messages.iter().enumerate().map(line).collect()
    }

    #[test]
    fn the_client_sorts_where_the_server_cannot() {
        let rows = fetched(&[
            (2, "Re: b", "Mon, 2 Nov 2026 10:00:00 +0000", "\"Zoe\""),
            (3, "a", "Mon, 2 Nov 2026 10:00:00 +0000", "NIL"),
            (4, "=?utf-8?q?B?=", "Mon, 2 Nov 2026 10:00:00 -0100", "\"Ann\""),
            (9, "A", "no date", "\"ann\""),
        ]);
        check_selected(
            "",
            &[sort(&keys(), &ALL), sort(&[SortKey::ascending(SortBy::DisplayFrom)], &ALL)],
            &format!(
                "U: send
                 C: A2 UID SEARCH UNSEEN
                 S: * SEARCH 2 3 4 9
                 S: A2 OK done
                 C: A3 UID FETCH 2:4,9 (ENVELOPE INTERNALDATE)
                 {rows}
                 S: A3 OK done
                 E: #0 Found 3,9,4,2
                 U: send
                 C: A4 UID SEARCH UNSEEN
                 S: * SEARCH 2 3 4 9
                 S: A4 OK done
                 C: A5 UID FETCH 2:4,9 (ENVELOPE)
                 {rows}
                 S: A5 OK done
                 E: #1 Found 4,9,3,2"
            ),
        );
    }

    #[test]
    fn by_size_with_a_count_and_a_window() {
        let page = [SearchReturn::Count, SearchReturn::Partial(Window::first(1).unwrap()), SearchReturn::Max];
        let by_size = || sort(&[SortKey::descending(SortBy::Size)], &page);
        check_selected(
            "ESEARCH",
            &[by_size(), by_size()],
            "U: send
             C: A2 UID SEARCH RETURN (ALL) UNSEEN
             S: * ESEARCH (TAG \"A2\") UID ALL 2:3
             S: A2 OK done
             C: A3 UID FETCH 2:3 (RFC822.SIZE)
             S: * 1 FETCH (UID 2 RFC822.SIZE 10)
             S: * 2 FETCH (UID 3 RFC822.SIZE 20)
             S: A3 OK done
             E: #0 Found max=2 count=2 partial=3
             U: send
             C: A4 UID SEARCH RETURN (ALL) UNSEEN
             S: * ESEARCH (TAG \"A4\") UID
             S: A4 OK done
             E: #1 Found count=0 partial=",
        );
    }

    #[test]
    fn what_the_server_cannot_sort_by_and_what_nobody_can() {
        check_selected(
            "SORT",
            &[sort(&[SortKey::ascending(SortBy::DisplayTo)], &ALL), sort(&[], &ALL)],
            "U: send
             C: A2 UID SEARCH UNSEEN
             S: A2 NO [UNAVAILABLE] later
             E: #0 Error the server refused: later
             U: send
             E: #1 Error nothing was asked for",
        );
        check_selected(
            "SORT",
            &[sort(&keys(), &ALL)],
            "U: send
             C: A2 UID SORT (SUBJECT REVERSE DATE) UTF-8 UNSEEN
             S: A2 NO [BADCHARSET] what is that
             C: A3 UID SEARCH UNSEEN
             S: A3 OK done
             E: #0 Found",
        );
    }
}
