//! What every parser here is handed beside its input, and what it gives back where it can't go on.

use std::cell::Cell;

use nom::error::{ErrorKind, ParseError};

use super::quirk::{Quirk, Quirks};
use crate::imap::types::MailboxEncoding;

/// A parser's answer: the rest and the value, in nom's shape.
pub(super) type Read<'a, T> = nom::IResult<&'a [u8], T, Fault<'a>>;

/// What all parsers of one response share.
#[derive(Debug)]
pub(super) struct Cx<'a> {
    /// The response from its first byte on: errors and streamed literals are places in it.
    pub(super) whole: &'a [u8],
    /// See [`Raw::streamed`](crate::imap::Raw::streamed).
    pub(super) streamed: &'a [usize],
    pub(super) encoding: MailboxEncoding,
    pub(super) strict: bool,
    quirks: Cell<Quirks>,
    searches: Cell<u8>,
    plain_backslashes: Cell<bool>,
}

impl<'a> Cx<'a> {
    pub(super) fn new(
        whole: &'a [u8],
        streamed: &'a [usize],
        encoding: MailboxEncoding,
        strict: bool,
    ) -> Self {
        Self {
            whole,
            streamed,
            encoding,
            strict,
            quirks: Cell::default(),
            searches: Cell::new(0),
            plain_backslashes: Cell::new(false),
        }
    }

    /// Notes that the server broke a rule here in a way that we know. A strict reader stops instead.
    #[cold]
    pub(super) fn forgive(&self, quirk: Quirk, at: &'a [u8]) -> Result<(), nom::Err<Fault<'a>>> {
        if self.strict {
            return Err(nom::Err::Failure(Fault { at, what: quirk.what() }));
        }
        self.quirks.set(self.quirks.get().with(quirk));
        Ok(())
    }

    pub(super) fn quirks(&self) -> Quirks {
        self.quirks.get()
    }

    /// Forgets what was forgiven since `before`.
    pub(super) fn forget(&self, before: Quirks) {
        self.quirks.set(before);
    }

    /// Runs a parser that may be the wrong one: where it stops, what it forgave is forgotten.
    pub(super) fn attempt<T>(&self, parse: impl FnOnce() -> Read<'a, T>) -> Read<'a, T> {
        let before = self.quirks.get();
        let result = parse();
        if result.is_err() {
            self.quirks.set(before);
        }
        result
    }

    /// Runs a parser that takes a backslash before a quote for the last letter of its string: some servers do not
    /// escape it.
    pub(super) fn with_plain_backslashes<T>(&self, parse: impl FnOnce() -> Read<'a, T>) -> Read<'a, T> {
        self.plain_backslashes.set(true);
        let read = parse();
        self.plain_backslashes.set(false);
        read
    }

    /// True if `rest`, which begins behind a backslash, begins with the quote that ends the string.
    pub(super) fn backslash_ends_string(&self, rest: &[u8]) -> bool {
        self.plain_backslashes.get()
            && rest.first() == Some(&b'"')
            && matches!(rest.get(1..), Some([b')', ..] | [b' ', b'"' | b'(' | b'N' | b'n', ..]))
    }

    /// True if [`may_search`](Self::may_search) would be.
    pub(super) fn has_searches(&self) -> bool {
        self.searches.get() < MAX_SEARCHES
    }

    /// True as long as it is worth the time to look where what follows something unreadable begins.
    ///
    /// S3: each look may go through all of the response, so there are only a few.
    pub(super) fn may_search(&self) -> bool {
        let searches = self.searches.get();
        self.searches.set(searches.saturating_add(1));
        searches < MAX_SEARCHES
    }

    /// Where in the response `rest` begins.
    pub(super) fn offset(&self, rest: &[u8]) -> usize {
        (rest.as_ptr() as usize).wrapping_sub(self.whole.as_ptr() as usize).min(self.whole.len())
    }
}

const MAX_SEARCHES: u8 = 20;

/// Where a parser stopped, and what it looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault<'a> {
    pub(super) at: &'a [u8],
    pub(super) what: &'static str,
}

impl<'a> ParseError<&'a [u8]> for Fault<'a> {
    fn from_error_kind(at: &'a [u8], _: ErrorKind) -> Self {
        Self { at, what: "something else" }
    }

    fn append(_: &'a [u8], _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// A parser stops: it looked for `what`, and found what begins at `at`.
pub(super) fn fault<'a, T>(at: &'a [u8], what: &'static str) -> Read<'a, T> {
    Err(nom::Err::Error(Fault { at, what }))
}
