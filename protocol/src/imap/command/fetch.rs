//! FETCH: read messages. RFC 9051 section 6.4.5; by UID section 6.4.9.

use super::super::connection::{BodyStart, Flags, Footprint, Messages, State, Touch};
use super::super::types::{
    BodyData, Fetch as Data, FetchItem, Number, Section, SectionText, SeqSet, Set, UidSet,
};
use super::super::writer::Writer;
use super::super::{Capability, CommandError, Item, Misuse, Response};
use super::{Answers, Server, Task};

/// Reads messages of the open mailbox.
///
/// One [`Item::Message`] for each, with everything but its bodies; these stream
/// before it as [`Item::BodyStart`], chunks and
/// [`Item::BodyEnd`] and are never held whole.
/// [`Done::Ok`](super::super::Done::Ok) ends it, also where there was no such message.
///
/// What the server lacks (`MODSEQ`, `PREVIEW`, the object ids, Gmail's items) is left out of the question;
/// where nothing is left of it, [`CommandError::Unsupported`] ends it. Ask for large bodies in windows
/// ([`FetchAttribute::Body`]'s `partial`), a few commands at a time: they are pipelined.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetch {
    /// Which messages.
    pub set: Sequence,
    /// What of them. The UID always comes along where the set is one of UIDs.
    pub items: Vec<FetchAttribute>,
}

/// Which messages, and by which kind of number.
#[derive(Debug, Clone, PartialEq)]
pub enum Sequence {
    /// By UID: always safe.
    Uid(UidSet),
    /// By message number: waits for every command under way that might move the numbers.
    Seq(SeqSet),
}

/// One thing to know of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchAttribute {
    /// Its UID.
    Uid,
    /// Its flags.
    Flags,
    /// When it arrived.
    InternalDate,
    /// Its size in octets.
    Size,
    /// Its header, read by the server.
    Envelope,
    /// How it is built.
    BodyStructure,
    /// Its modification sequence (RFC 7162).
    ModSeq,
    /// The first words of its text (RFC 8970).
    Preview,
    /// Its identifier, which is the same in every mailbox (RFC 8474).
    EmailId,
    /// Its conversation's identifier (RFC 8474).
    ThreadId,
    /// Gmail's id of it.
    GmailMessageId,
    /// Gmail's id of its conversation.
    GmailThreadId,
    /// Gmail's labels on it.
    GmailLabels,
    /// Bytes of it.
    Body {
        /// Which.
        section: Section,
        /// Whether `\Seen` stays as it is (`BODY.PEEK`).
        peek: bool,
        /// A window: first octet and most octets. The server sends fewer at the end.
        partial: Option<(u32, u32)>,
    },
}

impl FetchAttribute {
    /// A window of a section, which leaves `\Seen` alone.
    #[must_use]
    pub fn window(section: Section, offset: u32, count: u32) -> Self {
        Self::Body { section, peek: true, partial: Some((offset, count)) }
    }

    /// The capability without which the server does not know it.
    fn needs(&self) -> Option<Capability> {
        match self {
            Self::ModSeq => Some(Capability::CondStore),
            Self::Preview => Some(Capability::Preview),
            Self::EmailId | Self::ThreadId => Some(Capability::ObjectId),
            Self::GmailMessageId | Self::GmailThreadId | Self::GmailLabels => Some(Capability::GmailExt1),
            _ => None,
        }
    }

    fn write(&self, line: &mut Writer) -> Result<(), CommandError> {
        line.words(match self {
            Self::Uid => "UID",
            Self::Flags => "FLAGS",
            Self::InternalDate => "INTERNALDATE",
            Self::Size => "RFC822.SIZE",
            Self::Envelope => "ENVELOPE",
            Self::BodyStructure => "BODYSTRUCTURE",
            Self::ModSeq => "MODSEQ",
            Self::Preview => "PREVIEW",
            Self::EmailId => "EMAILID",
            Self::ThreadId => "THREADID",
            Self::GmailMessageId => "X-GM-MSGID",
            Self::GmailThreadId => "X-GM-THRID",
            Self::GmailLabels => "X-GM-LABELS",
            Self::Body { section, peek, partial } => return write_body(line, section, *peek, *partial),
        });
        Ok(())
    }

    /// Whether a response has this item. `UID` and `FLAGS` come unasked, so they prove little.
    fn is_in(&self, data: &Data<'_>) -> bool {
        let any = |test: fn(&FetchItem<'_>) -> bool| data.items.iter().any(test);
        match self {
            Self::Uid => data.uid.is_some(),
            Self::Flags => data.flags.is_some(),
            Self::InternalDate => data.internal_date.is_some(),
            Self::Size => data.size.is_some(),
            Self::Envelope => data.envelope.is_some(),
            Self::BodyStructure => data.body_structure.is_some(),
            Self::ModSeq => data.mod_seq.is_some(),
            Self::Preview => any(|item| matches!(item, FetchItem::Preview(_))),
            Self::EmailId => any(|item| matches!(item, FetchItem::EmailId(_))),
            Self::ThreadId => any(|item| matches!(item, FetchItem::ThreadId(_))),
            Self::GmailMessageId => any(|item| matches!(item, FetchItem::GmailMessageId(_))),
            Self::GmailThreadId => any(|item| matches!(item, FetchItem::GmailThreadId(_))),
            Self::GmailLabels => any(|item| matches!(item, FetchItem::GmailLabels(_))),
            Self::Body { .. } => data.items.iter().any(|item| match item {
                FetchItem::Body { section, origin, .. } => self.is_body(section, *origin),
                _ => false,
            }),
        }
    }

    /// Whether a body that came is the one asked for. `BODY[]<0>` may come back without its origin.
    fn is_body(&self, came: &Section, origin: Option<u32>) -> bool {
        let Self::Body { section, partial, .. } = self else { return false };
        same_section(section, came) && partial.map_or(0, |(offset, _)| offset) == origin.unwrap_or(0)
    }

    /// Whether it comes only where somebody asked.
    fn is_only_asked_for(&self) -> bool {
        !matches!(self, Self::Uid | Self::Flags | Self::ModSeq)
    }
}

/// Header names compare without case (RFC 5322 section 1.2.2), and servers give them back in any.
fn same_section(asked: &Section, came: &Section) -> bool {
    let same = |a: &[Box<str>], b: &[Box<str>]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.eq_ignore_ascii_case(b))
    };
    let same_text = match (&asked.text, &came.text) {
        (SectionText::HeaderFields(a), SectionText::HeaderFields(b))
        | (SectionText::HeaderFieldsNot(a), SectionText::HeaderFieldsNot(b)) => same(a, b),
        (a, b) => a == b,
    };
    same_text && asked.source == came.source && asked.part == came.part
}

/// `"BODY" [".PEEK"] section ["<" number "." nz-number ">"]`
fn write_body(
    line: &mut Writer,
    section: &Section,
    peek: bool,
    partial: Option<(u32, u32)>,
) -> Result<(), CommandError> {
    let names: &[Box<str>] = match &section.text {
        SectionText::HeaderFields(names) | SectionText::HeaderFieldsNot(names) if names.is_empty() => {
            return Err(Misuse::EmptySet.into());
        }
        SectionText::HeaderFields(names) | SectionText::HeaderFieldsNot(names) => names,
        _ => &[],
    };
    // RFC 5322 3.6.8: a field's name is printable ASCII without the colon; those that are atoms need no quotes.
    if names.iter().any(|name| name.is_empty() || !name.bytes().all(is_field_name_char)) {
        return Err(Misuse::NotAnAtom.into());
    }
    line.section(section, peek);
    if let Some((offset, count)) = partial {
        // RFC 9051 9: `partial` asks for at least one octet.
        if count == 0 {
            return Err(Misuse::EmptySet.into());
        }
        line.words("<").number(offset).words(".").number(count).words(">");
    }
    Ok(())
}

fn is_field_name_char(byte: u8) -> bool {
    matches!(byte, 0x21..=0x7e) && !b":(){%*\"\\]".contains(&byte)
}

impl Sequence {
    fn messages(&self) -> Messages {
        match self {
            Self::Uid(set) => Messages::Uids(set.clone()),
            Self::Seq(_) => Messages::Any,
        }
    }

    /// Whether a response is about one of these messages.
    fn covers(&self, data: &Data<'_>) -> bool {
        match self {
            Self::Uid(set) => data.uid.is_some_and(|uid| covers(set, uid)),
            Self::Seq(set) => data.seq.is_some_and(|seq| covers(set, seq)),
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
        Self { set: set.into(), items }
    }

    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }

    /// Whether the server, unasked, would send a response that looks like the answer.
    fn looks_unasked(&self) -> bool {
        !self.items.iter().any(FetchAttribute::is_only_asked_for)
    }

    /// A body whose UID comes behind it is taken to be ours: the pipeline lets no other of its kind be on its way.
    fn may_cover(&self, body: &BodyStart) -> bool {
        match (&self.set, body.uid) {
            (Sequence::Uid(set), Some(uid)) => covers(set, uid),
            (Sequence::Uid(_), None) => true,
            (Sequence::Seq(set), _) => covers(set, body.seq),
        }
    }
}

impl Task for Fetch {
    fn footprint(&self) -> Footprint {
        let mut touches = Vec::new();
        let mut reads = None;
        for item in &self.items {
            match item {
                FetchAttribute::Body { section, peek, partial } => {
                    touches.push(Touch::Body(section.clone(), partial.map_or(0, |(offset, _)| offset)));
                    if !peek {
                        touches.push(Touch::WriteFlags(self.set.messages()));
                    }
                }
                FetchAttribute::Flags | FetchAttribute::ModSeq => reads = Some(Flags::Asked),
                FetchAttribute::Uid => {}
                _ => reads = reads.or(Some(Flags::NotAsked)),
            }
        }
        touches.extend(reads.map(|flags| Touch::Read(self.set.messages(), flags)));
        let footprint = Footprint::of(touches);
        match self.set {
            Sequence::Uid(_) => footprint,
            Sequence::Seq(_) => footprint.numbered(),
        }
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        let lacking = self.items.iter().filter_map(FetchAttribute::needs).find(|needed| !server.has(needed));
        self.items.retain(|item| item.needs().is_none_or(|needed| server.has(&needed)));
        let Some((first, rest)) = self.items.split_first() else {
            return Err(lacking.map_or(CommandError::Misused(Misuse::EmptySet), CommandError::Unsupported));
        };
        match &self.set {
            Sequence::Uid(set) => line.arg("UID FETCH ").set(set)?,
            Sequence::Seq(set) => line.arg("FETCH ").set(set)?,
        };
        line.words(" (");
        first.write(line)?;
        for item in rest {
            line.words(" ");
            item.write(line)?;
        }
        line.words(")");
        Ok(())
    }

    /// A response belongs to it if it is about one of its messages and brings something that nobody sends
    /// unasked. A server may answer in several responses (RFC 9051 section 7.5.2), so one item is enough.
    fn wants(&self, response: &Response<'_>) -> bool {
        let Response::Fetch(data) = response else { return false };
        let asked = |item: &&FetchAttribute| self.looks_unasked() || item.is_only_asked_for();
        self.set.covers(data) && self.items.iter().filter(asked).any(|item| item.is_in(data))
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        let Response::Fetch(data) = response else { return };
        let mut data = data.into_owned();
        let seq = data.seq;
        let uid = data.uid;
        // A body that came as a quoted string or a short literal looks like any other from here on.
        data.items.retain_mut(|item| {
            let FetchItem::Body { section, origin, data: body } = item else { return true };
            let (BodyData::Whole(bytes), Some(seq)) = (&mut *body, seq) else {
                // What streamed was told already; that there is no such part is told here.
                return *body == BodyData::Nil;
            };
            let bytes = std::mem::take(bytes).into_owned();
            let size = bytes.len() as u64;
            let start = BodyStart { seq, uid, section: std::mem::take(section), origin: *origin, size };
            answers.push(Item::BodyStart(start));
            if !bytes.is_empty() {
                answers.push(Item::BodyChunk(bytes));
            }
            answers.push(Item::BodyEnd);
            false
        });
        answers.push(Item::Message(data));
    }

    fn reads_messages(&self) -> bool {
        true
    }

    fn wants_body(&self, body: &BodyStart) -> bool {
        self.may_cover(body) && self.items.iter().any(|item| item.is_body(&body.section, body.origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_selected;
    use crate::imap::{Command, SeqNo, Uid};

    fn fetch(first: u32, last: u32, items: &[FetchAttribute]) -> Command {
        let set = UidSet::from(Uid::new(first).unwrap()..=Uid::new(last).unwrap());
        Fetch { set: Sequence::Uid(set), items: items.to_vec() }.into()
    }

    fn window(part: u32, offset: u32, count: u32) -> FetchAttribute {
        FetchAttribute::window(Section { part: [part].into(), ..Section::default() }, offset, count)
    }

    const ROW: [FetchAttribute; 5] = [
        FetchAttribute::Flags,
        FetchAttribute::InternalDate,
        FetchAttribute::Size,
        FetchAttribute::Envelope,
        FetchAttribute::BodyStructure,
    ];

    #[test]
    fn rows_of_a_list() {
        check_selected(
            "",
            &[fetch(7, 9, &ROW)],
            "U: send
             C: A2 UID FETCH 7:9 (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)
             S: * 1 FETCH (UID 7 FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286 ENVELOPE (NIL {2}
             S: hi NIL NIL NIL NIL NIL NIL NIL NIL) BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3028 92))
             S: * 4 FETCH (FLAGS (\\Deleted) UID 40)
             S: * 2 FETCH (FLAGS (\\Answered) UID 8)
             S: A2 OK done
             E: #0 Message 1 uid=7 flags=(\\Seen) size=4286 date envelope structure
             E: Fetch 4 uid=40 flags=(\\Deleted)
             E: Fetch 2 uid=8 flags=(\\Answered)
             E: #0 Ok done",
        );
    }

    #[test]
    fn windows_of_a_body_are_pipelined_and_stream() {
        let long = "x".repeat(20);
        check_selected(
            "",
            &[fetch(7, 7, &[window(1, 0, 20)]), fetch(7, 7, &[window(1, 20, 20)])],
            &format!(
                "U: send
                 C: A2 UID FETCH 7 (BODY.PEEK[1]<0.20>)
                 U: send
                 C: A3 UID FETCH 7 (BODY.PEEK[1]<20.20>)
                 S: * 3 FETCH (UID 7 BODY[1]<0> {{20}}
                 S: {long})
                 S: A2 OK done
                 S: * 3 FETCH (BODY[1]<20> {{5}}
                 S: short UID 7)
                 S: A3 OK done
                 E: #0 BodyStart 3 uid=7 BODY[1]<0> 20
                 E: #0 BodyChunk {long}
                 E: #0 BodyEnd
                 E: #0 Message 3 uid=7
                 E: #0 Ok done
                 E: #1 BodyStart 3 uid=7 BODY[1]<20> 5
                 E: #1 BodyChunk short
                 E: #1 BodyEnd
                 E: #1 Message 3 uid=7
                 E: #1 Ok done"
            ),
        );
    }

    #[test]
    fn an_empty_a_quoted_and_a_missing_body() {
        check_selected(
            "",
            &[fetch(7, 7, &[window(1, 0, 10), window(2, 0, 10), window(3, 0, 10)])],
            "U: send
             C: A2 UID FETCH 7 (BODY.PEEK[1]<0.10> BODY.PEEK[2]<0.10> BODY.PEEK[3]<0.10>)
             S: * 3 FETCH (UID 7 BODY[1]<0> \"\" BODY[2]<0> \"a b\" BODY[3]<0> NIL)
             S: A2 OK done
             E: #0 BodyStart 3 uid=7 BODY[1]<0> 0
             E: #0 BodyEnd
             E: #0 BodyStart 3 uid=7 BODY[2]<0> 3
             E: #0 BodyChunk a b
             E: #0 BodyEnd
             E: #0 Message 3 uid=7 [Body { section: Section { source: Body, part: [3], text: All }, origin: Some(0), data: Nil }]
             E: #0 Ok done",
        );
    }

    #[test]
    fn a_cancelled_body_is_drained() {
        let long = "x".repeat(20);
        check_selected(
            "",
            &[fetch(7, 7, &[window(1, 0, 20)]), crate::imap::command::Noop.into()],
            &format!(
                "U: send
                 C: A2 UID FETCH 7 (BODY.PEEK[1]<0.20>)
                 U: cancel 0
                 E: #0 Error cancelled
                 S: * 3 FETCH (UID 7 BODY[1]<0> {{20}}
                 S: {long})
                 S: A2 OK done
                 U: send
                 C: A3 NOOP
                 S: A3 OK done
                 E: #1 Ok done"
            ),
        );
    }

    #[test]
    fn headers_by_name() {
        let section = Section {
            text: SectionText::HeaderFields(vec!["References".into(), "List-Id".into()]),
            ..Section::default()
        };
        let item = FetchAttribute::Body { section, peek: true, partial: None };
        check_selected(
            "",
            &[fetch(7, 7, &[FetchAttribute::Uid, item])],
            "U: send
             C: A2 UID FETCH 7 (UID BODY.PEEK[HEADER.FIELDS (References List-Id)])
             S: * 3 FETCH (UID 7 BODY[HEADER.FIELDS (REFERENCES LIST-ID)] {3}
             S: )
             S: )
             S: A2 OK done
             E: #0 BodyStart 3 uid=7 BODY[HEADER.FIELDS (REFERENCES LIST-ID)] 3
             E: #0 BodyChunk )|
             E: #0 BodyEnd
             E: #0 Message 3 uid=7
             E: #0 Ok done",
        );
    }

    #[test]
    fn s12_a_header_name_cannot_carry_a_command() {
        let section = Section {
            text: SectionText::HeaderFields(vec!["a)]\r\nA3 LOGOUT".into()]),
            ..Section::default()
        };
        check_selected(
            "",
            &[fetch(7, 7, &[FetchAttribute::Body { section, peek: true, partial: None }]), fetch(7, 7, &[])],
            "U: send
             E: #0 Error a name is not an atom
             U: send
             E: #1 Error nothing was asked for",
        );
    }

    #[test]
    fn what_the_server_lacks_is_not_asked() {
        let items = [FetchAttribute::Flags, FetchAttribute::ModSeq, FetchAttribute::Preview];
        check_selected(
            "PREVIEW",
            &[fetch(7, 7, &items), fetch(7, 7, &items[1..2])],
            "U: send
             C: A2 UID FETCH 7 (FLAGS PREVIEW)
             S: A2 OK done
             E: #0 Ok done
             U: send
             E: #1 Error the server lacks CONDSTORE",
        );
    }

    /// RFC 9051 section 9: `9:*` names the last message, whatever its number.
    #[test]
    fn an_open_range_covers_the_last_message() {
        let set = UidSet::from_first(Uid::new(9).unwrap());
        check_selected(
            "",
            &[Fetch { set: Sequence::Uid(set), items: vec![FetchAttribute::Flags] }.into()],
            "U: send
             C: A2 UID FETCH 9:* (FLAGS)
             S: * 3 FETCH (UID 5 FLAGS ())
             S: A2 OK done
             E: #0 Message 3 uid=5 flags=()
             E: #0 Ok done",
        );
    }

    /// RFC 9051 5.5: numbers may move under a command while another one runs that permits EXPUNGE.
    #[test]
    fn by_number_it_waits_for_commands_that_may_expunge() {
        let set = SeqSet::from(SeqNo::new(2).unwrap());
        let by_number = Fetch { set: Sequence::Seq(set), items: vec![FetchAttribute::Envelope] };
        check_selected(
            "",
            &[crate::imap::command::Noop.into(), by_number.into()],
            "U: send
             C: A2 NOOP
             U: send
             S: * 1 EXPUNGE
             S: A2 OK done
             E: Expunge 1
             E: #0 Ok done
             C: A3 FETCH 2 (ENVELOPE)
             S: * 2 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))
             S: A3 OK done
             E: #1 Message 2 envelope
             E: #1 Ok done",
        );
    }
}
