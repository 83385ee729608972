//! STORE: change flags. RFC 9051 section 6.4.6; always by UID (section 6.4.9). RFC 7162 section 3.1.3 for changes
//! that give way to those of others.

use crate::imap::command::message::FetchAttribute;
use crate::imap::command::shared::{Answers, Footprint, Messages, Server, Step, Stop, Task, Touch};
use crate::imap::types::{ModSeq, SeqSet, Uid};
use crate::imap::writer::Writer;
use crate::imap::{
    Capability, Code, CommandError, Done, Flag, Item, Misuse, Response, ResponseText, State, UidSet,
};

/// Changes the flags of messages, named by UID. Every server has it.
///
/// Unless `silent`, one [`Item::Message`] brings the new flags of each; [`Done::Ok`] ends it. A UID that names no
/// message any more is passed over by the server without a word.
///
/// Source: [RFC 9051 section 6.4.6] and, by UID, [RFC 9051 section 6.4.9]; [RFC 7162 section 3.1.3] for changes that
/// give way to those of others.
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::{Store, StoreAction};
/// use postern_protocol::imap::{Flag, Uid, UidSet};
///
/// let read = Store::new(UidSet::from(Uid::new(7).unwrap()), StoreAction::Add, vec![Flag::Seen]);
/// let quietly = Store { silent: true, ..read };
/// assert_eq!(sent("", quietly), [r"UID STORE 7 +FLAGS.SILENT (\Seen)"]);
/// ```
///
/// # Where the server lacks it
/// `unchanged_since` needs CONDSTORE: without it, nothing is sent and [`CommandError::Unsupported`] ends it, since
/// a change that was to give way must not be made blindly. A server that stops at its MESSAGELIMIT (RFC 9738) is
/// asked to change the rest.
///
/// [RFC 9051 section 6.4.6]: https://www.rfc-editor.org/rfc/rfc9051#section-6.4.6
/// [RFC 9051 section 6.4.9]: https://www.rfc-editor.org/rfc/rfc9051#section-6.4.9
/// [RFC 7162 section 3.1.3]: https://www.rfc-editor.org/rfc/rfc7162#section-3.1.3
#[derive(Debug, Clone, PartialEq)]
pub struct Store {
    /// Which messages.
    pub set: UidSet,
    /// What to do with the flags.
    pub action: StoreAction,
    /// Which flags. None makes sense for [`StoreAction::Replace`] only.
    pub flags: Vec<Flag>,
    /// Whether the server may keep the outcome to itself (`.SILENT`).
    pub silent: bool,
    /// Only messages whose modification sequence is at most this; [`Item::Modified`] names those that were left
    /// alone, and their flags are best read again. Where some of the messages are gone as well, a server may refuse
    /// instead, with [`Code::Modified`] (RFC 7162 section 3.1.3). 0 stands for a flag that was never set.
    pub unchanged_since: Option<ModSeq>,
}

/// What STORE does with what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreAction {
    /// Sets them; leaves the others.
    Add,
    /// Takes them away; leaves the others.
    Remove,
    /// Sets them and takes all others away, save `\Recent`.
    Replace,
}

impl StoreAction {
    /// What stands before the name of what is changed.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Add => " +",
            Self::Remove => " -",
            Self::Replace => " ",
        }
    }
}

impl Store {
    /// Changes these flags of these messages, whatever they were, and tells the outcome.
    #[must_use]
    pub fn new(set: UidSet, action: StoreAction, flags: Vec<Flag>) -> Self {
        Self { set, action, flags, silent: false, unchanged_since: None }
    }

    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Storing { command: self, modified: UidSet::new(), stop: Stop::default() })
    }

    pub(super) fn write(&self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        if self.flags.is_empty() && self.action != StoreAction::Replace {
            return Err(Misuse::EmptySet.into());
        }
        line.arg("UID STORE ").set(&self.set)?;
        if let Some(mod_seq) = self.unchanged_since {
            if !FetchAttribute::ModSeq.known_to(server) {
                return Err(CommandError::Unsupported(Capability::CondStore));
            }
            line.words(" (UNCHANGEDSINCE ").number(mod_seq.0).words(")");
        }
        line.words(self.action.sign()).words("FLAGS");
        line.words(if self.silent { ".SILENT (" } else { " (" });
        for (at, flag) in self.flags.iter().enumerate() {
            line.words(if at == 0 { "" } else { " " }).flag(flag)?;
        }
        line.words(")");
        Ok(())
    }
}

#[derive(Debug)]
struct Storing {
    command: Store,
    /// The messages that were left alone.
    modified: UidSet,
    stop: Stop,
}

impl Task for Storing {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::WriteFlags(Messages::Uids(self.command.set.clone()))])
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        self.command.write(line, server)
    }

    /// The FETCH of a message that it names. Without a UID (RFC 9051 6.4.9 asks for one) it may be anybody's.
    fn wants(&self, response: &Response<'_>) -> bool {
        let Response::Fetch(message) = response else { return false };
        // RFC 7162 3.1.3: the new modification sequence comes also where the flags do not.
        (message.flags.is_some() || message.mod_seq.is_some())
            && message.uid.is_some_and(|uid| self.command.set.contains(uid))
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        if let Response::Fetch(message) = response {
            answers.push(Item::Message(message.into_owned()));
        }
    }

    fn stop(&mut self) -> Option<&mut Stop> {
        Some(&mut self.stop)
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        if let Some(Code::Modified(left)) = &text.code {
            let named = uids(left);
            // S11: what was not asked for was not left alone.
            let ours = named.without(&named.without(&self.command.set));
            ours.ranges().for_each(|range| self.modified.push_range(*range.start(), *range.end()));
        }
        match self.stop.rest(&self.command.set, &text) {
            Some(rest) => self.command.set = rest,
            None => return Step::Done(Ok(Done::Ok(text))),
        }
        Step::Again
    }

    fn last_items(&mut self, answers: &mut Answers) {
        if !self.modified.is_empty() {
            answers.push(Item::Modified(std::mem::take(&mut self.modified)));
        }
    }
}

/// RFC 7162 section 3.1.3: MODIFIED names messages as the command did, which is by UID.
fn uids(numbers: &SeqSet) -> UidSet {
    let mut uids = UidSet::new();
    for range in numbers.ranges() {
        if let (Some(first), Some(last)) = (Uid::new(range.start().value()), Uid::new(range.end().value())) {
            uids.push_range(first, last);
        }
    }
    uids
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::Uid;
    use crate::imap::transcript::check_selected;

    fn store(action: StoreAction, flags: &[&str], silent: bool) -> Command {
        let set = [3, 4, 9].into_iter().filter_map(Uid::new).collect();
        let flags = flags.iter().map(|&flag| Flag::from(flag)).collect();
        Store { silent, ..Store::new(set, action, flags) }.into()
    }

    #[test]
    fn the_outcome_is_told() {
        check_selected(
            "",
            &[store(StoreAction::Add, &["\\Seen", "$Forwarded"], false)],
            "U: send
             C: A2 UID STORE 3:4,9 +FLAGS (\\Seen $Forwarded)
             S: * 1 FETCH (UID 3 FLAGS (\\Seen $Forwarded))
             S: * 7 FETCH (UID 70 FLAGS ())
             S: A2 OK done
             E: #0 Message 1 uid=3 flags=(\\Seen $Forwarded)
             E: Fetch 7 uid=70 flags=()
             E: #0 Ok done",
        );
    }

    #[test]
    fn each_action_has_its_words() {
        check_selected(
            "",
            &[store(StoreAction::Remove, &["\\Flagged"], true), store(StoreAction::Replace, &[], false)],
            "U: send
             C: A2 UID STORE 3:4,9 -FLAGS.SILENT (\\Flagged)
             S: A2 OK done
             E: #0 Ok done
             U: send
             C: A3 UID STORE 3:4,9 FLAGS ()
             S: A3 NO [OVERQUOTA] no room
             E: #1 Error the server refused: no room",
        );
    }

    /// RFC 9051 5.5: two changes of one message's flags go one after the other.
    #[test]
    fn stores_of_one_message_wait_for_each_other() {
        check_selected(
            "",
            &[store(StoreAction::Add, &["\\Seen"], true), store(StoreAction::Remove, &["\\Seen"], true)],
            "U: send
             C: A2 UID STORE 3:4,9 +FLAGS.SILENT (\\Seen)
             U: send
             S: A2 OK done
             E: #0 Ok done
             C: A3 UID STORE 3:4,9 -FLAGS.SILENT (\\Seen)
             S: A3 OK done
             E: #1 Ok done",
        );
    }

    #[test]
    fn s12_a_flag_cannot_carry_a_command() {
        check_selected(
            "",
            &[store(StoreAction::Add, &["a)\r\nA3 LOGOUT"], true), store(StoreAction::Add, &[], true)],
            "U: send
             E: #0 Error a name is not an atom
             U: send
             E: #1 Error nothing was asked for",
        );
    }

    fn unless_changed() -> [Command; 1] {
        let set = UidSet::from(Uid::new(3).unwrap()..=Uid::new(9).unwrap());
        let store = Store::new(set, StoreAction::Add, vec![Flag::Seen]);
        [Store { unchanged_since: Some(ModSeq(12)), ..store }.into()]
    }

    /// RFC 7162 section 3.1.3: what others changed meanwhile is left alone, and told.
    #[test]
    fn what_changed_meanwhile_is_left_alone() {
        check_selected(
            "CONDSTORE",
            &unless_changed(),
            "U: send
             C: A2 UID STORE 3:9 (UNCHANGEDSINCE 12) +FLAGS (\\Seen)
             S: * 1 FETCH (UID 3 MODSEQ (20) FLAGS (\\Seen))
             S: * 2 FETCH (UID 4 MODSEQ (21))
             S: A2 OK [MODIFIED 7,9] not all
             E: #0 Message 1 uid=3 flags=(\\Seen) modseq=20
             E: #0 Message 2 uid=4 modseq=21
             E: #0 Modified 7,9
             E: #0 Ok not all",
        );
        check_selected("", &unless_changed(), "U: send\nE: #0 Error the server lacks CONDSTORE");
    }

    /// S11: a server that names messages that nobody asked about can't have them read again.
    #[test]
    fn s11_only_what_was_named_can_be_left_alone() {
        check_selected(
            "CONDSTORE",
            &unless_changed(),
            "U: send
             C: A2 UID STORE 3:9 (UNCHANGEDSINCE 12) +FLAGS (\\Seen)
             S: A2 OK [MODIFIED 1:4,9:4294967295] not all
             E: #0 Modified 3:4,9
             E: #0 Ok not all",
        );
    }

    #[test]
    fn the_rest_beyond_a_limit_is_changed_too() {
        check_selected(
            "CONDSTORE MESSAGELIMIT=2",
            &unless_changed(),
            "U: send
             C: A2 UID STORE 3:9 (UNCHANGEDSINCE 12) +FLAGS (\\Seen)
             S: A2 OK [MESSAGELIMIT 2 8] not all
             C: A3 UID STORE 3:7 (UNCHANGEDSINCE 12) +FLAGS (\\Seen)
             S: A3 OK [MODIFIED 4] done
             E: #0 Modified 4
             E: #0 Ok done",
        );
    }
}
