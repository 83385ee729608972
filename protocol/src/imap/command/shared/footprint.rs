//! When a command may go out while others are still unanswered. RFC 9051 section 5.5.
//!
//! Commands go out in the order in which they were asked; none overtakes another. The next one waits while any
//! unanswered one stands in its way:
//!
//! | unanswered | next | waits because |
//! | --- | --- | --- |
//! | SELECT, LOGIN, AUTHENTICATE, LOGOUT, CAPABILITY, … | any | it changes what the next one means, or how it is written |
//! | any | the same | the answers on their way would be read in the wrong state |
//! | a synchronising literal | any | the next bytes would be the literal |
//! | any that permits EXPUNGE (not FETCH, STORE or SEARCH by number) | one with message numbers | the numbers may move under it |
//! | STORE | SEARCH; FETCH of flags, labels or notes and STORE where their messages meet; and the reverse | the outcome hangs on the server's order |
//! | LIST, SEARCH, ID, STATUS of one mailbox, … | the same | nothing in the answers says whose they are |
//! | LIST with counts, rights or notes | STATUS, MYRIGHTS, GETMETADATA of any mailbox; and the reverse | likewise |
//! | FETCH of a body section | FETCH of the same section at the same offset | a literal may come before its UID |
//! | FETCH of anything else | FETCH of the same, where their messages meet | likewise |
//!
//! Everything else is pipelined: windows of one body, STATUS of many mailboxes, UID FETCH beside LIST.
//!
//! Numbers that wait go on naming the messages that they named when they were asked for: an EXPUNGE moves them, too
//! (`Flight::renumber`).

use crate::imap::{MailboxName, Section, UidSet};

/// What a command reads, changes and is answered with, as far as order matters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Footprint {
    /// Runs with no other.
    pub(crate) alone: bool,
    /// Its arguments hold message sequence numbers.
    pub(crate) numbered: bool,
    /// The server may send EXPUNGE while it runs.
    pub(crate) permits_expunge: bool,
    /// What it touches.
    pub(crate) touches: Vec<Touch>,
}

/// One thing that two commands may get in each other's way about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Touch {
    /// The flags of messages are changed, or what else STORE changes: labels, notes.
    WriteFlags(Messages),
    /// Data of messages is asked for, flags among them or not.
    Read(Messages, Flags),
    /// Messages are chosen by what they are like, flags among it.
    Choose,
    /// A body section from an offset.
    Body(Section, u32),
    /// Untagged answers that nothing but their kind tells apart.
    Answer(Answer),
}

/// Whether flags, or what else STORE changes, are among what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flags {
    Asked,
    NotAsked,
}

/// Which messages are touched.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Messages {
    Uids(UidSet),
    /// By number, or not known: may be any.
    Any,
}

/// A kind of untagged answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    List,
    Search,
    Id,
    /// Any other, by its name; of all mailboxes, where it names one.
    Named(&'static str),
    /// One that names the mailbox that it is about.
    About(&'static str, MailboxName),
}

impl Answer {
    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Named(all), Self::About(name, _)) | (Self::About(name, _), Self::Named(all)) => {
                all == name
            }
            _ => self == other,
        }
    }
}

impl Footprint {
    /// A command that changes the session's state.
    pub(crate) fn alone() -> Self {
        Self { alone: true, numbered: false, permits_expunge: true, touches: Vec::new() }
    }

    /// A command that runs beside any other that does not touch the same.
    pub(crate) fn of(touches: impl Into<Vec<Touch>>) -> Self {
        Self { alone: false, numbered: false, permits_expunge: true, touches: touches.into() }
    }

    /// The same, with message numbers among its arguments: FETCH, STORE and SEARCH without UID.
    pub(crate) fn numbered(self) -> Self {
        Self { numbered: true, permits_expunge: false, ..self }
    }

    /// Whether `next` must wait until this one is answered.
    pub(crate) fn holds_up(&self, next: &Self) -> bool {
        self.alone
            || next.alone
            || (self.permits_expunge && next.numbered)
            || self.touches.iter().any(|mine| next.touches.iter().any(|its| mine.meets(its)))
    }
}

impl Touch {
    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::WriteFlags(a), Self::WriteFlags(b) | Self::Read(b, Flags::Asked))
            | (Self::Read(a, Flags::Asked), Self::WriteFlags(b))
            | (Self::Read(a, _), Self::Read(b, _)) => a.meet(b),
            (Self::WriteFlags(_), Self::Choose) | (Self::Choose, Self::WriteFlags(_)) => true,
            (Self::Answer(a), Self::Answer(b)) => a.meets(b),
            (Self::Body(..), Self::Body(..)) => self == other,
            _ => false,
        }
    }
}

impl Messages {
    fn meet(&self, other: &Self) -> bool {
        let (Self::Uids(a), Self::Uids(b)) = (self, other) else { return true };
        // `*` may be any message, so a set that has it meets every other.
        let open = |set: &UidSet| set.ranges().any(|range| range.end().value() == u32::MAX);
        open(a)
            || open(b)
            || a.ranges()
                .any(|mine| b.ranges().any(|its| mine.start() <= its.end() && its.start() <= mine.end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Uid;

    fn uids(first: u32, last: u32) -> Messages {
        Messages::Uids(UidSet::from(Uid::new(first).unwrap()..=Uid::new(last).unwrap()))
    }

    fn check(first: &Footprint, next: &Footprint, waits: bool) {
        assert_eq!(first.holds_up(next), waits, "{first:?} then {next:?}");
    }

    #[test]
    fn states_change_alone() {
        check(&Footprint::alone(), &Footprint::of([]), true);
        check(&Footprint::of([]), &Footprint::alone(), true);
        check(&Footprint::of([]), &Footprint::of([]), false);
    }

    /// The examples of RFC 9051 section 5.5: FETCH + STORE + SEARCH + NOOP may, FETCH + NOOP + STORE may not.
    #[test]
    fn numbers_wait_for_whatever_may_expunge() {
        let fetch = Footprint::of([]).numbered();
        let noop = Footprint::of([]);
        check(&fetch, &fetch, false);
        check(&fetch, &noop, false);
        check(&noop, &fetch, true);
    }

    #[test]
    fn flags_are_not_read_while_they_are_written() {
        let store = |messages| Footprint::of([Touch::WriteFlags(messages)]);
        let read = |messages, flags| Footprint::of([Touch::Read(messages, flags)]);
        check(&store(uids(1, 5)), &read(uids(5, 9), Flags::Asked), true);
        check(&read(uids(5, 9), Flags::Asked), &store(uids(1, 5)), true);
        check(&store(uids(1, 5)), &store(uids(3, 3)), true);
        check(&store(uids(1, 5)), &store(uids(6, 9)), false);
        check(&store(uids(1, 5)), &read(uids(1, 5), Flags::NotAsked), false);
        check(&store(uids(1, 5)), &read(uids(100, u32::MAX), Flags::Asked), true);
        check(&store(Messages::Any), &store(uids(6, 9)), true);
        check(&store(uids(6, 9)), &Footprint::of([Touch::Choose]), true);
        check(&read(uids(6, 9), Flags::Asked), &Footprint::of([Touch::Choose]), false);
    }

    #[test]
    fn answers_that_look_alike_come_one_at_a_time() {
        let list = Footprint::of([Touch::Answer(Answer::List)]);
        let about = |name| Answer::About("STATUS", MailboxName::try_from(name).unwrap());
        let status = |name| Footprint::of([Touch::Answer(about(name))]);
        let counted = Footprint::of([Answer::List, Answer::Named("STATUS")].map(Touch::Answer));
        check(&list, &list, true);
        check(&list, &status("a"), false);
        check(&status("a"), &status("b"), false);
        check(&status("a"), &status("a"), true);
        check(&counted, &status("a"), true);
        check(&status("a"), &counted, true);
    }
}
