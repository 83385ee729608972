//! What a search, or a sort, is to tell of what it finds, and what it told.
//!
//! RFC 4731 (ESEARCH), RFC 5182 (SEARCHRES), RFC 5267 (ESORT, CONTEXT), RFC 6203 (FUZZY), RFC 9394 (PARTIAL).

use crate::imap::answer::{Context, SearchResult};
use crate::imap::command::shared::{Server, Window};
use crate::imap::types::{ESearch, Found, ModSeq, Uid, UidSet};
use crate::imap::writer::Writer;
use crate::imap::{Capability, Code, ResponseText};

/// One thing to tell of what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SearchReturn {
    /// All of it.
    All,
    /// The lowest UID, or the first of a sort.
    Min,
    /// The highest UID, or the last of a sort.
    Max,
    /// How many there are.
    Count,
    /// A window of it (RFC 9394).
    Partial(Window),
    /// How well each matches (RFC 6203). Nothing is told where the server can't.
    Relevancy,
    /// Nothing: the server keeps it for [`SearchKey::Saved`](super::SearchKey::Saved) (RFC 5182). It keeps nothing
    /// where it can't.
    Save,
    /// What changes in it later, as [`Event::SearchUpdate`](crate::imap::Event::SearchUpdate), until
    /// [`CancelUpdate`](crate::imap::command::CancelUpdate) or the mailbox is closed (RFC 5267 section 4.3). See
    /// [`SearchResult::context`].
    Update,
    /// Nothing: it is asked for again soon, so the server had better keep it at hand (RFC 5267 section 4.2).
    Context,
}

/// What is asked for, and in which way.
#[derive(Debug)]
pub(crate) struct Returns {
    asked: Vec<SearchReturn>,
    pub(crate) way: Way,
    /// Whether the server was asked for updates.
    updates: bool,
    /// It left out something of its answer to the first question.
    is_second: bool,
}

/// How the server is asked to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// With just what was asked for.
    Asked,
    /// With all, of which the rest is worked out here.
    All,
    /// With a list of numbers, as before RFC 4731.
    Plain,
}

/// What differs between a search and a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Search,
    Sort,
}

impl Returns {
    pub(crate) fn new(asked: Vec<SearchReturn>) -> Self {
        Self { asked, way: Way::Asked, updates: false, is_second: false }
    }

    fn has(&self, what: SearchReturn) -> bool {
        self.asked.contains(&what)
    }

    fn window(&self) -> Option<Window> {
        self.asked.iter().find_map(|asked| match asked {
            SearchReturn::Partial(window) => Some(*window),
            _ => None,
        })
    }

    /// `" RETURN (" … ")"`, or nothing at all.
    pub(crate) fn write(&mut self, line: &mut Writer, server: &Server<'_>, kind: Kind) {
        let extended = match kind {
            Kind::Search => server.has_or_rev2(&Capability::ESearch),
            Kind::Sort => server.has(&Capability::ESort),
        };
        if !extended {
            self.way = Way::Plain;
        }
        // RFC 5267 4.4 counts from the start alone.
        let can_window = server.has(&Capability::Partial)
            || (server.has(context_capability(kind))
                && self.window().is_some_and(|window| !window.is_from_end()));
        if self.way == Way::Asked && self.window().is_some() && (!can_window || self.has(SearchReturn::All)) {
            self.way = Way::All;
        }
        self.updates = false;
        if self.way == Way::Plain {
            return;
        }
        line.words(" RETURN (");
        let mut before = "";
        let options = self.options(server, kind);
        self.updates = options.contains(&"UPDATE");
        for option in options {
            line.words(before).words(option);
            before = " ";
            if let ("PARTIAL ", Some(window)) = (option, self.window()) {
                window.write(line);
            }
        }
        line.words(")");
    }

    fn options(&self, server: &Server<'_>, kind: Kind) -> Vec<&'static str> {
        let asks = |what| self.way == Way::Asked && self.has(what);
        let ends = asks(SearchReturn::Min) || asks(SearchReturn::Max);
        let all = self.has(SearchReturn::All) || self.way == Way::All;
        let context = server.has(context_capability(kind));
        [
            (asks(SearchReturn::Min), "MIN"),
            (asks(SearchReturn::Max), "MAX"),
            (all, "ALL"),
            // Where nothing is found, no end is told: the count says that it was not forgotten.
            (asks(SearchReturn::Count) || (ends && !all), "COUNT"),
            (self.way == Way::Asked && self.window().is_some(), "PARTIAL "),
            (self.has(SearchReturn::Relevancy) && server.has(&Capability::SearchFuzzy), "RELEVANCY"),
            (self.has(SearchReturn::Save) && server.has_or_rev2(&Capability::SearchRes), "SAVE"),
            (self.has(SearchReturn::Update) && context, "UPDATE"),
            (self.has(SearchReturn::Context) && context, "CONTEXT"),
        ]
        .into_iter()
        .filter_map(|(wanted, option)| wanted.then_some(option))
        .collect()
    }

    /// Whether the server left out what it must tell, or contradicts itself: nothing of the answer may then count as
    /// "nothing found". Some have no MIN and MAX (iCloud, nextcloud/mail#3401), some a COUNT and no ALL.
    pub(crate) fn lacks_something(&self, answer: &Answer) -> bool {
        if self.way == Way::Plain {
            return false;
        }
        let asked = |what| self.way == Way::Asked && self.has(what);
        let asks_all = self.way != Way::Asked || self.has(SearchReturn::All);
        let window = self.window().filter(|_| self.way == Way::Asked);
        let asks_ends = asked(SearchReturn::Min) || asked(SearchReturn::Max);
        if !(asks_all || asks_ends || asked(SearchReturn::Count) || window.is_some()) {
            // RFC 5182 section 2.1: what is only kept is not told.
            return false;
        }
        if !answer.is_told {
            return true;
        }
        let found = answer.all.as_ref().map(UidSet::count);
        let lacks_all = match (found, answer.count) {
            (Some(found), Some(count)) => found != u64::from(count),
            (Some(_), None) => false,
            // RFC 4731 section 3.1: where nothing was found, ALL is left out.
            (None, _) => asks_all && answer.tells_of_messages(),
        };
        // The rest is worked out of all, where that was told.
        let is_nothing = answer.count == Some(0) || (asks_all && found.is_none());
        let lacks_ends = (asked(SearchReturn::Min) && answer.min.is_none())
            || (asked(SearchReturn::Max) && answer.max.is_none());
        let lacks_count = asked(SearchReturn::Count) && answer.count.is_none();
        lacks_all
            || (found.is_none() && !is_nothing && (lacks_ends || lacks_count))
            || window.is_some_and(|window| !answer.has_window(window) && answer.count != Some(0))
    }

    /// The server said nothing, and then nothing to the plain question either. One that knows no other may mean that it
    /// found nothing, as some do; this one knows better.
    pub(crate) fn is_unanswered(&self, answer: &Answer) -> bool {
        self.is_second && self.is_silence(answer)
    }

    /// The server said nothing to the plain question, asked first or second.
    pub(crate) fn is_silence(&self, answer: &Answer) -> bool {
        self.way == Way::Plain && !answer.is_told
    }

    /// Asks once more, in another way.
    pub(crate) fn start_again(&mut self, way: Way) {
        self.way = way;
        self.is_second = way == Way::Plain;
    }

    /// Whether more than the list of what was found is asked for, so that parts of an answer can't be joined.
    pub(crate) fn asks_for_more_than_all(&self) -> bool {
        self.way == Way::Asked && self.asked.iter().any(|asked| *asked != SearchReturn::All)
    }

    /// What was asked for, made of what the server told.
    pub(crate) fn result(&self, answer: Answer) -> SearchResult {
        let worked_out = self.way != Way::Asked || answer.all.is_some();
        let all = answer.all.unwrap_or_default();
        let mut result = SearchResult {
            mod_seq: answer.mod_seq,
            relevancy: answer.relevancy,
            context: answer.context.filter(|_| self.updates),
            ..SearchResult::default()
        };
        for asked in &self.asked {
            match asked {
                SearchReturn::All => {}
                SearchReturn::Min if worked_out => result.min = first(&all),
                SearchReturn::Min => result.min = answer.min,
                SearchReturn::Max if worked_out => result.max = last(&all),
                SearchReturn::Max => result.max = answer.max,
                SearchReturn::Count if worked_out => {
                    result.count = Some(u32::try_from(all.count()).unwrap_or(u32::MAX));
                }
                SearchReturn::Count => result.count = Some(answer.count.unwrap_or(0)),
                SearchReturn::Partial(window) if self.way != Way::Asked => {
                    result.partial = Some(window.pick(&all));
                }
                SearchReturn::Partial(_) => result.partial = Some(answer.partial.clone().unwrap_or_default()),
                SearchReturn::Relevancy
                | SearchReturn::Save
                | SearchReturn::Update
                | SearchReturn::Context => {}
            }
        }
        result.all = self.has(SearchReturn::All).then_some(all);
        result
    }
}

fn context_capability(kind: Kind) -> &'static Capability {
    match kind {
        Kind::Search => &Capability::ContextSearch,
        Kind::Sort => &Capability::ContextSort,
    }
}

fn first(list: &UidSet) -> Option<Uid> {
    list.ranges().next().map(|range| *range.start())
}

fn last(list: &UidSet) -> Option<Uid> {
    list.ranges().last().map(|range| *range.end())
}

/// What the server told so far.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Whether the server answered at all.
    is_told: bool,
    pub(crate) all: Option<UidSet>,
    min: Option<Uid>,
    max: Option<Uid>,
    count: Option<u32>,
    partial: Option<UidSet>,
    /// The window that it says `partial` is.
    window: Option<(i64, i64)>,
    mod_seq: Option<ModSeq>,
    relevancy: Vec<u8>,
    pub(crate) context: Option<Context>,
}

impl Answer {
    /// All that there is, worked out here.
    pub(crate) fn of(all: UidSet) -> Self {
        Self { is_told: true, all: Some(all), ..Self::default() }
    }

    /// Whether any part of it says that something was found.
    fn tells_of_messages(&self) -> bool {
        let is_some = |set: &Option<UidSet>| set.as_ref().is_some_and(|set| !set.is_empty());
        self.count.is_some_and(|count| count > 0)
            || self.min.is_some()
            || self.max.is_some()
            || is_some(&self.partial)
    }

    /// Whether this window was told, and not another one or more than fits into it.
    fn has_window(&self, asked: Window) -> bool {
        let is_it = self.window.is_some_and(|window| asked.is(window));
        is_it && self.partial.as_ref().is_some_and(|set| set.count() <= asked.size())
    }

    /// Adds numbers in their order; a search's are sorted, so that neighbours join to ranges.
    pub(crate) fn add_numbers(&mut self, mut found: Found, kind: Kind) {
        if kind == Kind::Search {
            found.numbers.sort_unstable();
            found.numbers.dedup();
        }
        self.is_told = true;
        self.mod_seq = self.mod_seq.max(found.mod_seq);
        self.all.get_or_insert_default().extend(found.numbers.into_iter().filter_map(Uid::new));
    }

    pub(crate) fn add(&mut self, found: ESearch) {
        self.is_told = true;
        if let Some(more) = found.all {
            let all = self.all.get_or_insert_default();
            more.ranges().for_each(|range| all.push_range(*range.start(), *range.end()));
        }
        self.min = found.min.and_then(Uid::new).or(self.min);
        self.max = found.max.and_then(Uid::new).or(self.max);
        self.count = found.count.or(self.count);
        if let Some(partial) = found.partial {
            self.window = Some(partial.window);
            // An empty window is told as NIL (RFC 9394 section 3.1).
            self.partial = Some(partial.set.unwrap_or_default());
        }
        self.mod_seq = self.mod_seq.max(found.mod_seq);
        self.relevancy.extend(found.relevancy);
    }
}

/// Whether the server won't keep the results of this command up to date (RFC 5267 section 4.3.1).
pub(crate) fn is_no_update(text: &ResponseText, tag: &str) -> bool {
    matches!(&text.code, Some(Code::NoUpdate(of)) if **of == *tag)
}
