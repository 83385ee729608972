//! SEARCH: find messages. RFC 9051 section 6.4.4; always by UID. RFC 4731 for the short form of the answer, RFC 5267
//! for results that are kept up to date.

use super::key::{SearchKey, footprint};
use super::returns::{Answer as Told, Kind, Returns, SearchReturn, Way, is_no_update};
use crate::imap::answer::Context;
use crate::imap::command::shared::{Answers, Footprint, Server, Step, Stop, Task};
use crate::imap::types::{SeqNo, UidSet};
use crate::imap::writer::Writer;
use crate::imap::{Code, CommandError, Done, Response, ResponseText, State};

/// Finds messages of the open mailbox.
///
/// [`Done::Found`] ends it with as much as was asked for.
///
/// Source: [RFC 9051 section 6.4.4]; [RFC 4731] for the short form of the answer, [RFC 5182] for results that are
/// kept, [RFC 5267] for those that are kept up to date, [RFC 9394 section 3.1] for windows.
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::{Search, SearchKey, SearchReturn, Window};
///
/// let unread = Search::new(SearchKey::Unseen);
/// let newest_from_ann = Search {
///     returns: vec![SearchReturn::Count, SearchReturn::Partial(Window::last(20).unwrap())],
///     ..Search::new(SearchKey::From("ann".into()))
/// };
/// assert_eq!(sent("ESEARCH", unread)[0], "UID SEARCH RETURN (ALL) UNSEEN");
/// assert_eq!(sent("", newest_from_ann.clone()), [r#"UID SEARCH FROM "ann""#]);
/// assert_eq!(
///     sent("ESEARCH PARTIAL", newest_from_ann),
///     [
///         r#"UID SEARCH RETURN (COUNT PARTIAL -1:-20) FROM "ann""#,
///         r#"UID SEARCH FROM "ann""#, // The OK came without what was asked for.
///     ]
/// );
/// ```
///
/// # Where the server lacks it
/// - ESEARCH (RFC 4731), or PARTIAL (RFC 9394): it lists all that it found, and the count, the ends or the window are
///   worked out from that. The same where it has ESEARCH but leaves out what it was asked for, contradicts itself or
///   says nothing at all; where it then says nothing again, [`CommandError::Malformed`] ends it: that is no empty result.
/// - SEARCHRES, CONTEXT=SEARCH, SEARCH=FUZZY: nothing is kept, kept up to date or rated; the rest stands.
/// - The capability of a key, such as WITHIN or SAVEDATE: nothing is sent and [`CommandError::Unsupported`] ends it.
/// - UTF-8: where it refuses the charset (`BADCHARSET`), the same is sent once more without naming one.
/// - A server that looks at so many messages only (MESSAGELIMIT, RFC 9738) is asked to search the rest.
///
/// [RFC 9051 section 6.4.4]: https://www.rfc-editor.org/rfc/rfc9051#section-6.4.4
/// [RFC 4731]: https://www.rfc-editor.org/rfc/rfc4731
/// [RFC 5182]: https://www.rfc-editor.org/rfc/rfc5182
/// [RFC 5267]: https://www.rfc-editor.org/rfc/rfc5267
/// [RFC 9394 section 3.1]: https://www.rfc-editor.org/rfc/rfc9394#section-3.1
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// What the messages must be like.
    pub key: SearchKey,
    /// What to tell of them. None is the same as [`SearchReturn::All`].
    pub returns: Vec<SearchReturn>,
}

impl Search {
    /// All messages that are like this.
    #[must_use]
    pub fn new(key: SearchKey) -> Self {
        Self { key, returns: vec![SearchReturn::All] }
    }

    pub(crate) fn into_task(self) -> Box<dyn Task> {
        let returns = if self.returns.is_empty() { vec![SearchReturn::All] } else { self.returns };
        Box::new(Searching {
            key: self.key,
            returns: Returns::new(returns),
            names_charset: true,
            below: None,
            told: Told::default(),
            tag: Box::default(),
            is_kept: true,
            stop: Stop::default(),
        })
    }
}

#[derive(Debug)]
struct Searching {
    key: SearchKey,
    returns: Returns,
    /// Whether the charset of texts is named.
    names_charset: bool,
    /// The messages that the server still has to look at; none for all.
    below: Option<UidSet>,
    told: Told,
    tag: Box<str>,
    /// Whether the server keeps what was found up to date, if it was asked to.
    is_kept: bool,
    stop: Stop,
}

impl Searching {
    /// Asks once more, in another way, for all of it.
    fn start_again(&mut self, way: Way) -> Step {
        self.returns.start_again(way);
        self.told = Told::default();
        self.below = None;
        Step::Again
    }
}

impl Task for Searching {
    fn footprint(&self) -> Footprint {
        footprint(&self.key)
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn expunged(&mut self, gone: SeqNo) -> bool {
        self.key.expunged(gone);
        true
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        self.tag = line.tag().into();
        line.arg("UID SEARCH");
        self.returns.write(line, server, Kind::Search);
        if self.names_charset && server.wants_charset() && self.key.needs_charset() {
            line.arg("CHARSET UTF-8");
        }
        if let Some(below) = &self.below {
            line.arg("UID ").set(below)?;
        }
        self.key.write(line.words(" "), server)
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        match response {
            Response::Search(_) => true,
            Response::ESearch(found) => {
                let is_ours = found.tag.as_ref().is_none_or(|tag| *tag == self.tag);
                is_ours && found.mailbox.is_none() && !found.is_update()
            }
            Response::Status { text, .. } => is_no_update(text, &self.tag),
            _ => false,
        }
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        match response {
            Response::Search(found) => self.told.add_numbers(found, Kind::Search),
            Response::ESearch(found) => self.told.add(found),
            // RFC 5267 section 4.3.1.
            _ => self.is_kept = false,
        }
    }

    fn stop(&mut self) -> Option<&mut Stop> {
        Some(&mut self.stop)
    }

    /// RFC 9051 6.4.4: an empty result is still an answer, and some servers without ESEARCH give it by saying nothing.
    fn succeed(&mut self, text: ResponseText) -> Step {
        let all = self.below.clone().unwrap_or_else(UidSet::all);
        if let Some(rest) = self.stop.rest(&all, &text) {
            if self.returns.asks_for_more_than_all() {
                return self.start_again(Way::All);
            }
            self.below = Some(rest);
            return Step::Again;
        }
        if self.returns.lacks_something(&self.told) {
            return self.start_again(Way::Plain);
        }
        if self.returns.is_unanswered(&self.told) {
            return Step::Done(Err(CommandError::Malformed("no SEARCH")));
        }
        let mut told = std::mem::take(&mut self.told);
        told.all = told.all.map(|all| if self.below.is_some() { ascending(&all) } else { all });
        told.context = self.is_kept.then(|| Context(std::mem::take(&mut self.tag)));
        Step::Done(Ok(Done::Found(self.returns.result(told))))
    }

    fn fail(&mut self, error: CommandError) -> Step {
        let refused = matches!(&error, CommandError::Refused(text) if is_bad_charset(text));
        if refused && self.names_charset && self.key.needs_charset() {
            self.names_charset = false;
            return Step::Again;
        }
        Step::Done(Err(error))
    }
}

/// What several answers found, each below the one before.
fn ascending(found: &UidSet) -> UidSet {
    found.without(&UidSet::new())
}

fn is_bad_charset(text: &ResponseText) -> bool {
    matches!(text.code, Some(Code::BadCharset(_)))
}
