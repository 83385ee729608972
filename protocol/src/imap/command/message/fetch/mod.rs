//! FETCH: read messages. RFC 9051 section 6.4.5; by UID section 6.4.9. RFC 7162 for what changed, RFC 9394 for
//! windows, RFC 3516 for decoded parts, RFC 9586 for sessions without message numbers.

mod attribute;
#[cfg(test)]
mod tests;

pub use attribute::FetchAttribute;

use crate::imap::command::shared::{
    Answers, Flags, Footprint, Lookup, Messages, Server, Step, Stop, Task, Touch, Window,
};
use crate::imap::types::{BodyData, Fetch as Data, FetchItem, ModSeq, Number, SeqNo, SeqSet, Set, UidSet};
use crate::imap::writer::Writer;
use crate::imap::{
    BodyStart, Capability, Code, CommandError, Done, Item, Misuse, Response, ResponseText, State,
};
use std::ops::Range;

/// Reads messages of the open mailbox.
///
/// One [`Item::Message`] for each, with everything but its bodies; these stream before it as
/// [`Item::BodyStart`], chunks and [`Item::BodyEnd`] and are never held whole.
/// [`Done::Ok`] ends it, also where there was no such message. Ask for large bodies in windows
/// ([`FetchAttribute::window`]), a few commands at a time: they are pipelined.
///
/// Source: [RFC 9051 section 6.4.5] and, by UID, [RFC 9051 section 6.4.9]; [RFC 7162 section 3.1.4] for what changed,
/// [RFC 9394] for windows, [RFC 3516] for decoded parts.
///
/// # Examples
/// ```
#[doc = include_str!("../../example.md")]
/// use postern_protocol::imap::command::{ChangedSince, Fetch, FetchAttribute};
/// use postern_protocol::imap::{ModSeq, UidSet};
///
/// let rows = Fetch::new(UidSet::all(), vec![FetchAttribute::Flags, FetchAttribute::Envelope]);
/// let changes = Fetch {
///     changed_since: Some(ChangedSince { mod_seq: ModSeq(715_194_045_007), vanished: true }),
///     ..Fetch::new(UidSet::all(), vec![FetchAttribute::Flags])
/// };
/// assert_eq!(sent("", rows), ["UID FETCH 1:* (FLAGS ENVELOPE)"]);
/// assert_eq!(
///     sent("CONDSTORE", changes),
///     ["UID FETCH 1:* (FLAGS) (CHANGEDSINCE 715194045007)", "UID SEARCH ALL"]
/// );
/// ```
///
/// # Where the server lacks it
/// - An item that the server lacks (`MODSEQ`, `PREVIEW`, the object ids, Gmail's items) is left out; where none
///   is left, [`CommandError::Unsupported`] ends it.
/// - BINARY (RFC 3516), or where it can't decode a part (`UNKNOWN-CTE`): the part comes as it travels.
/// - CONDSTORE: `changed_since` is left out, and all messages come.
/// - QRESYNC that is on: which are gone is worked out from a SEARCH for the set.
/// - PARTIAL (RFC 9394): a SEARCH for the set comes first, and the window of what it finds is read.
/// - SEARCHRES (RFC 5182): what was to be kept of a search is not; nothing is sent for [`Sequence::Saved`], and
///   [`CommandError::Unsupported`] ends it.
/// - A server that stops at its MESSAGELIMIT (RFC 9738) is asked for the rest, until all came.
///
/// [RFC 9051 section 6.4.5]: https://www.rfc-editor.org/rfc/rfc9051#section-6.4.5
/// [RFC 9051 section 6.4.9]: https://www.rfc-editor.org/rfc/rfc9051#section-6.4.9
/// [RFC 7162 section 3.1.4]: https://www.rfc-editor.org/rfc/rfc7162#section-3.1.4
/// [RFC 9394]: https://www.rfc-editor.org/rfc/rfc9394
/// [RFC 3516]: https://www.rfc-editor.org/rfc/rfc3516
#[derive(Debug, Clone, PartialEq)]
pub struct Fetch {
    /// Which messages.
    pub set: Sequence,
    /// What of them. The UID always comes along where the set is one of UIDs.
    pub items: Vec<FetchAttribute>,
    /// Only those that changed since.
    pub changed_since: Option<ChangedSince>,
    /// Only a window of them, in the order of their UIDs.
    pub partial: Option<Window>,
}

/// Asks for what changed alone. RFC 7162 section 3.1.4.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangedSince {
    /// What the client knows: changes up to this one are not told again. 0 for nothing: then all of the set comes.
    pub mod_seq: ModSeq,
    /// Whether [`Item::Vanished`] tells which of the set are gone (RFC 7162 section 3.2.6).
    pub vanished: bool,
}

impl ChangedSince {
    /// RFC 7162 section 7: `mod-sequence-value` is not 0.
    fn is_told(self) -> bool {
        self.mod_seq.0 > 0
    }
}

/// Which messages, and by which kind of number.
#[derive(Debug, Clone, PartialEq)]
pub enum Sequence {
    /// By UID: always safe.
    Uid(UidSet),
    /// By message number, as they were when the command was sent. It waits for every command under way that might
    /// move the numbers; where an EXPUNGE comes meanwhile, it goes out with those that the same messages have then.
    /// Where nobody can tell these, [`CommandError::Renumbered`] ends it.
    Seq(SeqSet),
    /// Those that the last search with [`SearchReturn::Save`](crate::imap::command::SearchReturn::Save) found: `$` (RFC 5182). It can
    /// be sent right behind that search, so that both take one way there and back.
    Saved,
}

impl Sequence {
    fn uids(&self) -> Option<&UidSet> {
        match self {
            Self::Uid(set) => Some(set),
            Self::Seq(_) | Self::Saved => None,
        }
    }

    fn messages(&self) -> Messages {
        match self {
            Self::Uid(set) => Messages::Uids(set.clone()),
            Self::Seq(_) | Self::Saved => Messages::Any,
        }
    }

    /// Whether a response is about one of these messages.
    fn covers(&self, data: &Data<'_>) -> bool {
        match self {
            Self::Uid(set) => data.uid.is_some_and(|uid| covers(set, uid)),
            Self::Seq(set) => data.seq.is_some_and(|seq| covers(set, seq)),
            // Only the server knows which these are.
            Self::Saved => data.uid.is_some(),
        }
    }
}

/// RFC 9051 9: `5:*` names the last message also where its number is below 5.
fn covers<T: Number>(set: &Set<T>, number: T) -> bool {
    set.contains(number) || set.ranges().any(|range| range.end().value() == u32::MAX)
}

impl From<UidSet> for Sequence {
    fn from(set: UidSet) -> Self {
        Self::Uid(set)
    }
}

impl From<SeqSet> for Sequence {
    fn from(set: SeqSet) -> Self {
        Self::Seq(set)
    }
}

impl Fetch {
    /// These items of these messages, without conditions.
    #[must_use]
    pub fn new(set: impl Into<Sequence>, items: Vec<FetchAttribute>) -> Self {
        Self { set: set.into(), items, changed_since: None, partial: None }
    }

    pub(crate) fn into_task(self) -> Box<dyn Task> {
        let stage = if self.partial.is_some() { Stage::Choose } else { Stage::Read };
        let asked = self.set.uids().cloned().unwrap_or_default();
        Box::new(Fetching {
            command: self,
            stage,
            asked,
            lookup: Lookup::default(),
            tells_gone: false,
            stop: Stop::default(),
        })
    }

    fn tells_vanished(&self) -> bool {
        self.changed_since.is_some_and(|since| since.vanished)
    }

    /// Whether the server, unasked, would send a response that looks like the answer.
    fn looks_unasked(&self) -> bool {
        !self.items.iter().any(FetchAttribute::is_only_asked_for)
    }

    /// A body whose UID comes behind it is taken to be ours: the pipeline lets no other of its kind be on its way.
    fn may_cover(&self, body: &BodyStart) -> bool {
        match (&self.set, body.uid) {
            (Sequence::Uid(set), Some(uid)) => covers(set, uid),
            (Sequence::Uid(_), None) | (Sequence::Saved, _) => true,
            (Sequence::Seq(set), _) => body.seq.is_some_and(|seq| covers(set, seq)),
        }
    }

    fn octets_of(&self, body: &BodyStart) -> Range<u64> {
        let asked = self.items.iter().find(|item| item.is_body(&body.section, body.origin));
        asked.map_or(0..body.size, |item| item.octets_of(body.origin, body.size))
    }

    /// Everything but bodies goes into one item. A body that came as a quoted string or a short literal looks like
    /// any other from here on.
    fn take_message(&self, mut data: Data<'static>, answers: &mut Answers) {
        let (seq, uid) = (data.seq, data.uid);
        data.items.retain_mut(|item| {
            let FetchItem::Body { section, origin, data: body } = item else { return true };
            let BodyData::Whole(bytes) = body else {
                // What streamed was told already; that there is no such part is told here.
                return *body == BodyData::Nil;
            };
            let mut bytes = std::mem::take(bytes).into_owned();
            let size = bytes.len() as u64;
            let start = BodyStart { seq, uid, section: std::mem::take(section), origin: *origin, size };
            let octets = self.octets_of(&start);
            let place = |at| usize::try_from(at).unwrap_or(bytes.len());
            let asked_for = place(octets.start)..place(octets.end);
            bytes.truncate(asked_for.end);
            bytes.drain(..asked_for.start);
            answers.push(Item::BodyStart(BodyStart { size: bytes.len() as u64, ..start }));
            if !bytes.is_empty() {
                answers.push(Item::BodyChunk(bytes));
            }
            answers.push(Item::BodyEnd);
            false
        });
        answers.push(Item::Message(data));
    }

    /// What is asked for must be what the session and the server know.
    fn fit(&mut self, server: &Server<'_>) -> Result<(), CommandError> {
        match &self.set {
            Sequence::Seq(_) if server.is_enabled(&Capability::UidOnly) => return Err(Misuse::UidOnly.into()),
            // RFC 9051 appendix E has it built in.
            Sequence::Saved if !server.has_or_rev2(&Capability::SearchRes) => {
                return Err(CommandError::Unsupported(Capability::SearchRes));
            }
            _ => {}
        }
        if self.set.uids().is_none() && (self.partial.is_some() || self.tells_vanished()) {
            return Err(Misuse::NeedsUids.into());
        }
        let lacking = self.items.iter().find(|item| !item.known_to(server)).and_then(FetchAttribute::needs);
        self.items.retain(|item| item.known_to(server));
        if !server.has_or_rev2(&Capability::Binary) {
            self.items.iter_mut().for_each(|item| _ = item.give_up_decoding());
        }
        if self.items.is_empty() {
            return Err(lacking.map_or(CommandError::Misused(Misuse::EmptySet), CommandError::Unsupported));
        }
        Ok(())
    }

    fn write(&self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        match &self.set {
            Sequence::Uid(set) => line.arg("UID FETCH ").set(set)?,
            Sequence::Seq(set) => line.arg("FETCH ").set(set)?,
            Sequence::Saved => line.arg("UID FETCH $"),
        };
        for (at, item) in self.items.iter().enumerate() {
            item.write(line.words(if at == 0 { " (" } else { " " }))?;
        }
        line.words(")");
        self.write_modifiers(line, server);
        Ok(())
    }

    /// RFC 4466 section 2.4: `SP "(" fetch-modifier *(SP fetch-modifier) ")"`
    fn write_modifiers(&self, line: &mut Writer, server: &Server<'_>) {
        let since =
            self.changed_since.filter(|since| since.is_told() && FetchAttribute::ModSeq.known_to(server));
        let mut before = " (";
        if let Some(window) = self.partial {
            window.write(line.words(before).words("PARTIAL "));
            before = " ";
        }
        if let Some(since) = since {
            line.words(before).words("CHANGEDSINCE ").number(since.mod_seq.0);
            if since.vanished && server.is_enabled(&Capability::QResync) {
                line.words(" VANISHED");
            }
            before = " ";
        }
        line.words(if before == " " { ")" } else { "" });
    }
}

/// A FETCH under way.
#[derive(Debug)]
struct Fetching {
    command: Fetch,
    stage: Stage,
    /// The UIDs that were asked for, before a window or a limit left some out.
    asked: UidSet,
    lookup: Lookup,
    /// Whether the server tells by itself which messages are gone.
    tells_gone: bool,
    stop: Stop,
}

/// What is written next, or was last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// A SEARCH for what stands in the window.
    Choose,
    Read,
    /// A SEARCH for what is still there.
    Gone,
}

impl Fetching {
    fn after_reading(&mut self, text: ResponseText) -> Step {
        if let Sequence::Uid(set) = &self.command.set
            && let Some(rest) = self.stop.rest(set, &text)
        {
            self.command.set = rest.into();
            return Step::Again;
        }
        if self.command.tells_vanished() && !self.tells_gone {
            self.stage = Stage::Gone;
            return Step::Again;
        }
        Step::Done(Ok(Done::Ok(text)))
    }

    fn after_choosing(&mut self, text: ResponseText) -> Step {
        let window = self.command.partial.take();
        let chosen = window.map(|window| window.pick(&self.lookup.found)).unwrap_or_default();
        self.stage = Stage::Read;
        if chosen.is_empty() {
            return self.after_reading(text);
        }
        self.command.set = chosen.into();
        Step::Again
    }
}

impl Task for Fetching {
    fn footprint(&self) -> Footprint {
        let mut touches = Vec::new();
        let mut reads = None;
        let set = &self.command.set;
        for item in &self.command.items {
            match item {
                FetchAttribute::Body { section, peek, partial } => {
                    touches.push(Touch::Body(section.clone(), partial.map_or(0, |(offset, _)| offset)));
                    if !peek {
                        touches.push(Touch::WriteFlags(set.messages()));
                    }
                }
                FetchAttribute::Flags
                | FetchAttribute::ModSeq
                | FetchAttribute::GmailLabels
                | FetchAttribute::Annotations { .. } => reads = Some(Flags::Asked),
                FetchAttribute::Uid => {}
                _ => reads = reads.or(Some(Flags::NotAsked)),
            }
        }
        touches.extend(reads.map(|flags| Touch::Read(set.messages(), flags)));
        if self.command.partial.is_some() || self.command.tells_vanished() {
            touches.push(Lookup::TOUCH);
        }
        let footprint = Footprint::of(touches);
        match set {
            Sequence::Uid(_) | Sequence::Saved => footprint,
            Sequence::Seq(_) => footprint.numbered(),
        }
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn expunged(&mut self, gone: SeqNo) -> bool {
        let Sequence::Seq(set) = &mut self.command.set else { return true };
        *set = set.after_expunge(gone);
        !set.is_empty()
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        self.command.fit(server)?;
        let is_told = self.command.changed_since.is_some_and(ChangedSince::is_told);
        self.tells_gone = is_told && server.is_enabled(&Capability::QResync);
        if self.stage == Stage::Choose && server.has(&Capability::Partial) {
            self.stage = Stage::Read;
        }
        match self.stage {
            Stage::Choose | Stage::Gone => self.lookup.write(line, server, &self.asked),
            Stage::Read => self.command.write(line, server),
        }
    }

    /// A response belongs to it if it is about one of its messages and brings something that nobody sends
    /// unasked. A server may answer in several responses (RFC 9051 section 7.5.2), so one item is enough.
    fn wants(&self, response: &Response<'_>) -> bool {
        let command = &self.command;
        match response {
            _ if self.stage != Stage::Read => Lookup::wants(response),
            Response::Vanished { earlier: true, .. } => command.tells_vanished(),
            Response::Fetch(data) => {
                let asked = |item: &&FetchAttribute| command.looks_unasked() || item.is_only_asked_for();
                command.set.covers(data) && command.items.iter().filter(asked).any(|item| item.is_in(data))
            }
            _ => false,
        }
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        match response {
            Response::Fetch(data) => self.command.take_message(data.into_owned(), answers),
            Response::Vanished { uids, .. } => answers.push(Item::Vanished(uids)),
            other => self.lookup.take(other),
        }
    }

    fn reads_messages(&self) -> bool {
        self.stage == Stage::Read
    }

    fn wants_body(&self, body: &BodyStart) -> bool {
        let asked = |item: &FetchAttribute| item.is_body(&body.section, body.origin);
        self.stage == Stage::Read && self.command.may_cover(body) && self.command.items.iter().any(asked)
    }

    fn octets_of(&self, body: &BodyStart) -> Range<u64> {
        self.command.octets_of(body)
    }

    fn stop(&mut self) -> Option<&mut Stop> {
        Some(&mut self.stop)
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        if self.stage != Stage::Read
            && let Some(step) = self.lookup.ask_again()
        {
            return step;
        }
        match self.stage {
            Stage::Choose => self.after_choosing(text),
            Stage::Read => self.after_reading(text),
            Stage::Gone => Step::Done(Ok(Done::Ok(text))),
        }
    }

    fn last_items(&mut self, answers: &mut Answers) {
        if self.stage == Stage::Gone {
            let gone = self.asked.without(&self.lookup.found);
            answers.items.extend((!gone.is_empty()).then_some(Item::Vanished(gone)));
        }
    }

    /// RFC 3516 section 4.3: a part whose encoding the server does not know can be read as it travels.
    fn fail(&mut self, error: CommandError) -> Step {
        let unknown =
            matches!(&error, CommandError::Refused(ResponseText { code: Some(Code::UnknownCte), .. }));
        let decoded = self.command.items.iter_mut().filter(|item| item.is_decoded());
        if unknown && decoded.map(FetchAttribute::give_up_decoding).count() > 0 {
            return Step::Again;
        }
        Step::Done(Err(error))
    }
}
