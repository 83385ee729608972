//! EXPUNGE: remove what is marked `\Deleted`. RFC 9051 sections 6.4.3 and 6.4.9, RFC 4315.

use crate::imap::command::shared::{Footprint, Server, Step, Stop, Task};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Done, ResponseText, State, UidSet};

/// Removes for good the messages that are marked `\Deleted`: those of a set, or all.
///
/// Each is told as [`Event::Expunge`](crate::imap::Event::Expunge) or
/// [`Event::Vanished`](crate::imap::Event::Vanished); [`Done::Ok`] ends it.
///
/// Source: [RFC 9051 section 6.4.3] and, for some messages only, [RFC 9051 section 6.4.9] and [RFC 4315 section 2.1].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::Expunge;
/// use postern_protocol::imap::{Uid, UidSet};
///
/// let one = Expunge { set: Some(UidSet::from(Uid::new(7).unwrap())) };
/// let all = Expunge { set: None };
/// assert_eq!(sent("UIDPLUS", one.clone()), ["UID EXPUNGE 7"]);
/// assert_eq!(sent("", all), ["EXPUNGE"]);
/// assert!(sent("", one).is_empty(), "the server lacks UIDPLUS");
/// ```
///
/// # Where the server lacks it
/// A set needs UIDPLUS: without it, nothing is sent and [`CommandError::Unsupported`] ends it, since the plain
/// command would remove what others marked. A server that stops at its MESSAGELIMIT (RFC 9738) is asked to remove
/// the rest.
///
/// [RFC 9051 section 6.4.3]: https://www.rfc-editor.org/rfc/rfc9051#section-6.4.3
/// [RFC 9051 section 6.4.9]: https://www.rfc-editor.org/rfc/rfc9051#section-6.4.9
/// [RFC 4315 section 2.1]: https://www.rfc-editor.org/rfc/rfc4315#section-2.1
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expunge {
    /// Which messages, of those that are marked; none for all.
    pub set: Option<UidSet>,
}

impl Expunge {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Expunging { command: self, stop: Stop::default() })
    }
}

impl Expunge {
    pub(super) fn write(&self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        let Some(set) = &self.set else {
            line.arg("EXPUNGE");
            return Ok(());
        };
        if !server.has_or_rev2(&Capability::UidPlus) {
            return Err(CommandError::Unsupported(Capability::UidPlus));
        }
        line.arg("UID EXPUNGE ").set(set)?;
        Ok(())
    }
}

#[derive(Debug)]
struct Expunging {
    command: Expunge,
    stop: Stop,
}

impl Task for Expunging {
    /// Alone: what it removes hangs on the flags, and every number after it on what it removes.
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        self.command.write(line, server)
    }

    fn stop(&mut self) -> Option<&mut Stop> {
        Some(&mut self.stop)
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        let Some(rest) = self.command.set.as_ref().and_then(|set| self.stop.rest(set, &text)) else {
            return Step::Done(Ok(Done::Ok(text)));
        };
        self.command.set = Some(rest);
        Step::Again
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Uid;
    use crate::imap::transcript::check_selected;

    #[test]
    fn all_or_some() {
        let some = || Expunge { set: Uid::new(7).map(UidSet::from) };
        check_selected(
            "UIDPLUS",
            &[Expunge::default().into(), some().into()],
            "U: send
             C: A2 EXPUNGE
             S: * 3 EXPUNGE
             S: * 3 EXPUNGE
             S: A2 OK done
             E: Expunge 3
             E: Expunge 3
             E: #0 Ok done
             U: send
             C: A3 UID EXPUNGE 7
             S: A3 OK done
             E: #1 Ok done",
        );
        check_selected("", &[some().into()], "U: send\nE: #0 Error the server lacks UIDPLUS");
    }

    #[test]
    fn the_rest_beyond_a_limit_goes_too() {
        let set = UidSet::from(Uid::new(3).unwrap()..=Uid::new(9).unwrap());
        check_selected(
            "UIDPLUS MESSAGELIMIT=2",
            &[Expunge { set: Some(set) }.into()],
            "U: send
             C: A2 UID EXPUNGE 3:9
             S: A2 OK [MESSAGELIMIT 2 8] not all
             C: A3 UID EXPUNGE 3:7
             S: A3 OK done
             E: #0 Ok done",
        );
    }
}
