//! STORE: change flags. RFC 9051 section 6.4.6; always by UID (section 6.4.9).

use super::super::connection::{Footprint, Messages, State, Touch};
use super::super::writer::Writer;
use super::super::{CommandError, Flag, Item, Misuse, Response, UidSet};
use super::{Answers, Server, Task};

/// Changes the flags of messages, named by UID. Every server has it.
///
/// Unless `silent`, one [`Item::Message`] brings the new flags of each;
/// [`Done::Ok`](super::super::Done::Ok) ends it. A UID that names no message any more is passed over by the
/// server without a word.
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
}

/// What STORE does with the flags it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreAction {
    /// Sets them; leaves the others.
    Add,
    /// Takes them away; leaves the others.
    Remove,
    /// Sets them and takes all others away, save `\Recent`.
    Replace,
}

impl Store {
    /// Changes these flags of these messages, whatever they were, and tells the outcome.
    #[must_use]
    pub fn new(set: UidSet, action: StoreAction, flags: Vec<Flag>) -> Self {
        Self { set, action, flags, silent: false }
    }

    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Store {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::WriteFlags(Messages::Uids(self.set.clone()))])
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, _server: &Server<'_>) -> Result<(), CommandError> {
        if self.flags.is_empty() && self.action != StoreAction::Replace {
            return Err(Misuse::EmptySet.into());
        }
        line.arg("UID STORE ").set(&self.set)?;
        line.words(match self.action {
            StoreAction::Add => " +FLAGS",
            StoreAction::Remove => " -FLAGS",
            StoreAction::Replace => " FLAGS",
        });
        line.words(if self.silent { ".SILENT (" } else { " (" });
        for (at, flag) in self.flags.iter().enumerate() {
            line.words(if at == 0 { "" } else { " " }).flag(flag)?;
        }
        line.words(")");
        Ok(())
    }

    /// The FETCH of a message that it names. Without a UID (RFC 9051 6.4.9 asks for one) it may be anybody's.
    fn wants(&self, response: &Response<'_>) -> bool {
        let Response::Fetch(message) = response else { return false };
        message.flags.is_some() && message.uid.is_some_and(|uid| self.set.contains(uid))
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        if let Response::Fetch(message) = response {
            answers.push(Item::Message(message.into_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::Uid;
    use crate::imap::transcript::check_selected;

    fn store(action: StoreAction, flags: &[&str], silent: bool) -> Command {
        let set = [3, 4, 9].into_iter().filter_map(Uid::new).collect();
        Store { set, action, flags: flags.iter().map(|&flag| Flag::from(flag)).collect(), silent }.into()
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
}
