//! What every parser here is handed beside its input, and what it gives back where it can't go on.

use std::cell::Cell;

use nom::error::{ErrorKind, ParseError};

use super::super::types::MailboxEncoding;
use super::quirk::{Quirk, Quirks};

/// A parser's answer: the rest and the value, in nom's shape.
pub(super) type Read<'a, T> = nom::IResult<&'a [u8], T, Fault<'a>>;

/// What all parsers of one response share.
#[derive(Debug)]
pub(super) struct Cx<'a> {
    /// The response from its first byte on: errors and streamed literals are places in it.
    pub(super) whole: &'a [u8],
    /// See [`Raw::streamed`](super::super::Raw::streamed).
    pub(super) streamed: &'a [usize],
    pub(super) encoding: MailboxEncoding,
    pub(super) strict: bool,
    quirks: Cell<Quirks>,
}

impl<'a> Cx<'a> {
    pub(super) fn new(
        whole: &'a [u8],
        streamed: &'a [usize],
        encoding: MailboxEncoding,
        strict: bool,
    ) -> Self {
        Self { whole, streamed, encoding, strict, quirks: Cell::default() }
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

    /// Runs a parser that may be the wrong one: where it stops, what it forgave is forgotten.
    pub(super) fn attempt<T>(&self, parse: impl FnOnce() -> Read<'a, T>) -> Read<'a, T> {
        let before = self.quirks.get();
        let result = parse();
        if result.is_err() {
            self.quirks.set(before);
        }
        result
    }

    /// Where in the response `rest` begins.
    pub(super) fn offset(&self, rest: &[u8]) -> usize {
        (rest.as_ptr() as usize).wrapping_sub(self.whole.as_ptr() as usize).min(self.whole.len())
    }
}

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
