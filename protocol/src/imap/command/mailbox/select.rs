//! SELECT and EXAMINE: open a mailbox. RFC 9051 sections 6.3.2 and 6.3.3; RFC 7162 section 3.1.8 for CONDSTORE and
//! section 3.2.5 for QRESYNC.

use crate::imap::command::message::{ChangedSince, Fetch, FetchAttribute};
use crate::imap::command::shared::{Answers, Footprint, Server, Step, Task, Transition};
use crate::imap::types::{ModSeq, SeqSet, UidSet, UidValidity};
use crate::imap::writer::Writer;
use crate::imap::{
    Capability, Code, CommandError, Done, Item, MailboxName, Response, ResponseText, Selected, SeqNo, State,
    Status,
};

/// Opens a mailbox; the one that was open is closed, also where this fails.
///
/// [`Done::Selected`] ends it with all that the server told. CONDSTORE is asked for where the server has it, so
/// that flags come with their modification sequences from then on.
///
/// With `resync`, what happened since comes along: [`Item::Message`] with the flags of each message that changed,
/// and [`Item::Vanished`] for those that are gone. Nothing comes where the mailbox's
/// [`UidValidity`] is another one now: compare [`Selected::uid_validity`].
///
/// Source: [RFC 9051 section 6.3.2] and [RFC 9051 section 6.3.3]; [RFC 7162 section 3.2.5] for what happened since.
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::{Mode, Resync, Select};
/// use postern_protocol::imap::{MailboxName, ModSeq, UidValidity};
///
/// let first = Select::new(MailboxName::inbox(), Mode::ReadWrite);
/// let again = Select {
///     resync: Some(Resync::new(UidValidity::new(67_890_007).unwrap(), ModSeq(90_060_115_194_045_000))),
///     ..Select::new(MailboxName::inbox(), Mode::ReadWrite)
/// };
/// assert_eq!(sent("CONDSTORE", first), ["SELECT INBOX (CONDSTORE)"]);
/// assert_eq!(sent("", again), ["SELECT INBOX"], "and a FETCH and a SEARCH, where its UIDs are the same");
/// ```
///
/// # Where the server lacks it
/// - QRESYNC is turned on first where it is not yet, which is allowed only while no mailbox is open.
/// - Without it, a FETCH with CHANGEDSINCE follows, and a SEARCH that tells what is left; without CONDSTORE, the
///   flags of all known messages are read; the same where the mailbox's highest sequence is lower than the one that is
///   known. Where one of these fails, the mailbox is open all the same.
///
/// [RFC 9051 section 6.3.2]: https://www.rfc-editor.org/rfc/rfc9051#section-6.3.2
/// [RFC 9051 section 6.3.3]: https://www.rfc-editor.org/rfc/rfc9051#section-6.3.3
/// [RFC 7162 section 3.2.5]: https://www.rfc-editor.org/rfc/rfc7162#section-3.2.5
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    /// Which mailbox.
    pub mailbox: MailboxName,
    /// Whether anything is to be changed in it.
    pub mode: Mode,
    /// What is known of it from before.
    pub resync: Option<Resync>,
}

/// Whether a mailbox is opened to change it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// SELECT. The server may still allow reading only: see [`Selected::read_only`].
    #[default]
    ReadWrite,
    /// EXAMINE: nothing changes, not even `\Recent`.
    ReadOnly,
}

/// What a client knows of a mailbox from an earlier session. RFC 7162 section 3.2.5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resync {
    /// What its UIDs were good for.
    pub uid_validity: UidValidity,
    /// The highest modification sequence up to which nothing was missed.
    pub mod_seq: ModSeq,
    /// The messages that it knows; none for all that there may be.
    pub known: Option<UidSet>,
    /// Some messages' numbers and UIDs, side by side: where they still match, the server need not tell about
    /// anything before them (RFC 7162 section 3.2.5.2).
    pub matches: Option<(SeqSet, UidSet)>,
}

impl Resync {
    /// All that changed since, whichever messages are known.
    #[must_use]
    pub fn new(uid_validity: UidValidity, mod_seq: ModSeq) -> Self {
        Self { uid_validity, mod_seq, known: None, matches: None }
    }

    /// `"(" uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data] ")"`
    fn write(&self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("(QRESYNC (").number(self.uid_validity.value()).words(" ").number(self.mod_seq.0);
        if let Some(known) = self.known.as_ref().filter(|known| !known.is_empty()) {
            line.words(" ").set(&closed(known))?;
        }
        // RFC 9586 section 3: without message numbers, nothing can match.
        let has_numbers = !server.is_enabled(&Capability::UidOnly);
        if let Some((numbers, uids)) = self.matches.as_ref().filter(|_| has_numbers) {
            line.words(" (").set(numbers)?.words(" ").set(uids)?.words(")");
        }
        line.words("))");
        Ok(())
    }

    /// The same without QRESYNC: what changed since, and what is gone.
    fn fetch(&self, since: ModSeq) -> Fetch {
        let known = self.known.clone().unwrap_or_else(UidSet::all);
        let changed_since = Some(ChangedSince { mod_seq: since, vanished: true });
        Fetch { changed_since, ..Fetch::new(known, vec![FetchAttribute::Flags]) }
    }
}

/// RFC 7162 section 7: `known-uids` has no `*`.
fn closed(set: &UidSet) -> UidSet {
    let mut closed = UidSet::new();
    set.ranges().for_each(|range| closed.push_range(*range.start(), *range.end()));
    closed
}

impl Select {
    /// Opens a mailbox of which nothing is known yet.
    #[must_use]
    pub fn new(mailbox: MailboxName, mode: Mode) -> Self {
        Self { mailbox, mode, resync: None }
    }

    pub(crate) fn into_task(self) -> Box<dyn Task> {
        let selected = Selected { read_only: self.mode == Mode::ReadOnly, ..Selected::default() };
        Box::new(Selecting {
            command: self,
            selected,
            stage: Stage::New,
            is_resyncing: false,
            is_closed: true,
            has_mod_seqs: true,
        })
    }

    fn write(&self, line: &mut Writer) -> Result<(), CommandError> {
        line.words(match self.mode {
            Mode::ReadWrite => " SELECT ",
            Mode::ReadOnly => " EXAMINE ",
        });
        line.mailbox(&self.mailbox)?;
        Ok(())
    }
}

#[derive(Debug)]
struct Selecting {
    command: Select,
    selected: Selected,
    /// What was written last.
    stage: Stage,
    /// Whether the server was asked to tell what changed.
    is_resyncing: bool,
    /// Whether what the server tells of messages is about the mailbox that is being opened.
    is_closed: bool,
    /// Whether the mailbox keeps modification sequences, as far as the server told.
    has_mod_seqs: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    New,
    Enable,
    Open,
}

impl Selecting {
    fn note(&mut self, code: &Code) {
        match code {
            Code::UidValidity(validity) => self.selected.uid_validity = Some(*validity),
            Code::UidNext(uid) => self.selected.uid_next = Some(*uid),
            Code::Unseen(seq) => self.selected.unseen = SeqNo::new(*seq),
            Code::HighestModSeq(mod_seq) => self.selected.highest_mod_seq = Some(*mod_seq),
            Code::NoModSeq => self.has_mod_seqs = false,
            Code::PermanentFlags(flags) => self.selected.permanent_flags = Some(flags.iter().collect()),
            Code::MailboxId(id) => self.selected.mailbox_id = Some(id.clone()),
            Code::ReadOnly => self.selected.read_only = true,
            Code::Closed => self.is_closed = true,
            _ => {}
        }
    }

    fn is_news(&self) -> bool {
        self.is_resyncing && self.is_closed
    }

    /// S11: what is told of other UIDs than the client knows is about other messages.
    fn is_about_what_is_known(&self) -> bool {
        let known = self.command.resync.as_ref().map(|resync| resync.uid_validity);
        self.selected.uid_validity.is_none() || self.selected.uid_validity == known
    }

    /// What the server did not tell must be asked for.
    fn must_catch_up(&self) -> Option<Fetch> {
        let resync = self.command.resync.as_ref()?;
        // S11: where its sequence lies behind what it told before, or ended, nobody knows what changed since.
        let is_behind = self.selected.highest_mod_seq.is_some_and(|highest| highest < resync.mod_seq);
        let since = if is_behind || !self.has_mod_seqs { ModSeq(0) } else { resync.mod_seq };
        let is_same = self.selected.uid_validity == Some(resync.uid_validity);
        (is_same && (since.0 == 0 || !self.is_resyncing)).then(|| resync.fetch(since))
    }
}

impl Task for Selecting {
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn leaves_mailbox(&self) -> bool {
        true
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        // RFC 7162 section 7: a mod-sequence here is not 0.
        let resync = self.command.resync.as_ref().filter(|resync| resync.mod_seq.0 > 0);
        let is_on = server.is_enabled(&Capability::QResync);
        // RFC 5161 3.1: not once a mailbox is open.
        let can_enable = server.has(&Capability::QResync) && server.state == State::Authenticated;
        if resync.is_some() && !is_on && can_enable && self.stage == Stage::New {
            self.stage = Stage::Enable;
            line.arg("ENABLE QRESYNC");
            return Ok(());
        }
        self.stage = Stage::Open;
        self.command.write(line)?;
        if let Some(resync) = resync.filter(|_| is_on) {
            self.is_resyncing = true;
            // RFC 7162 3.2.11: what comes before CLOSED is about the mailbox that was open.
            self.is_closed = server.state != State::Selected;
            return resync.write(line, server);
        }
        if FetchAttribute::ModSeq.known_to(server) {
            line.arg("(CONDSTORE)");
        }
        Ok(())
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        match response {
            Response::Enabled(_) => self.stage == Stage::Enable,
            _ if self.stage == Stage::Enable => false,
            Response::Exists(_) | Response::Flags(_) => true,
            Response::Status { status: Status::Ok, text } => {
                text.code.as_ref().is_some_and(is_about_the_mailbox)
            }
            // RFC 3501 knew \Recent; nobody needs the count.
            Response::Recent(_) => true,
            Response::Vanished { earlier, .. } => *earlier && self.is_news(),
            Response::Fetch(_) => self.is_news(),
            _ => false,
        }
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        match response {
            Response::Exists(count) => self.selected.exists = count,
            Response::Flags(flags) => self.selected.flags = flags.iter().collect(),
            Response::Status { text, .. } => {
                if let Some(code) = &text.code {
                    self.note(code);
                }
            }
            Response::Vanished { .. } | Response::Fetch(_) if !self.is_about_what_is_known() => {}
            Response::Vanished { uids, .. } => answers.push(Item::Vanished(uids)),
            Response::Fetch(message) => answers.push(Item::Message(message.into_owned())),
            _ => {}
        }
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        if self.stage == Stage::Enable {
            return Step::Again;
        }
        if let Some(code) = &text.code {
            self.note(code);
        }
        let parts = self.must_catch_up().map(Fetch::into_task);
        Step::Then(Done::Selected(std::mem::take(&mut self.selected)), parts.into_iter().collect())
    }

    /// A server that won't turn QRESYNC on opens the mailbox all the same.
    fn fail(&mut self, error: CommandError) -> Step {
        if self.stage == Stage::Enable { Step::Again } else { Step::Done(Err(error)) }
    }

    /// RFC 9051 6.3.2: a SELECT that fails leaves no mailbox open.
    fn transition(&self, success: bool) -> Option<Transition> {
        match (self.stage, success) {
            (Stage::Open, true) => Some(Transition::Selected(self.command.mailbox.clone())),
            (Stage::Open, false) => Some(Transition::Deselected),
            _ => None,
        }
    }
}

/// Whether an untagged OK tells something of the mailbox that is being opened.
fn is_about_the_mailbox(code: &Code) -> bool {
    matches!(
        code,
        Code::UidValidity(_)
            | Code::UidNext(_)
            | Code::Unseen(_)
            | Code::HighestModSeq(_)
            | Code::NoModSeq
            | Code::PermanentFlags(_)
            | Code::UidNotSticky
            | Code::Closed
            | Code::MailboxId(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::command::Noop;
    use crate::imap::transcript::{check_authenticated, check_selected};

    fn select(name: &str, mode: Mode) -> Command {
        Select::new(MailboxName::try_from(name).unwrap(), mode).into()
    }

    #[test]
    fn all_that_the_server_tells_comes_in_one() {
        check_authenticated(
            "CONDSTORE",
            &[select("INBOX", Mode::ReadWrite)],
            "U: send
             C: A1 SELECT INBOX (CONDSTORE)
             S: * FLAGS (\\Seen \\Deleted)
             S: * OK [PERMANENTFLAGS (\\Seen \\*)] limited
             S: * 172 EXISTS
             S: * 1 RECENT
             S: * OK [UNSEEN 12] first
             S: * OK [UIDVALIDITY 3857529045] valid
             S: * OK [UIDNEXT 4392] next
             S: * OK [HIGHESTMODSEQ 715194045007] seq
             S: A1 OK [READ-WRITE] open
             E: #0 Selected exists=172 validity=Some(3857529045) next=Some(4392) read_only=false",
        );
    }

    #[test]
    fn examine_reads_only_and_so_may_select() {
        check_authenticated(
            "",
            &[select("a b", Mode::ReadOnly), select("c", Mode::ReadWrite)],
            "U: send
             C: A1 EXAMINE \"a b\"
             S: * 0 EXISTS
             S: A1 OK open
             E: #0 Selected exists=0 validity=None next=None read_only=true
             U: send
             C: A2 SELECT c
             S: * 1 EXISTS
             S: A2 OK [READ-ONLY] open
             E: #1 Selected exists=1 validity=None next=None read_only=true",
        );
    }

    /// It changes what the next command means, so nothing is pipelined behind it.
    #[test]
    fn what_comes_behind_waits() {
        check_selected(
            "",
            &[Noop.into(), select("b", Mode::ReadWrite), Noop.into()],
            "U: send
             C: A2 NOOP
             U: send
             U: send
             S: A2 OK done
             E: #0 Ok done
             C: A3 SELECT b
             S: A3 NO [NONEXISTENT] gone
             E: #1 Error the server refused: gone
             C: A4 NOOP
             S: A4 OK done
             E: #2 Ok done",
        );
    }

    fn again(resync: Resync) -> [Command; 1] {
        [Select { resync: Some(resync), ..Select::new(MailboxName::inbox(), Mode::ReadWrite) }.into()]
    }

    fn known() -> Resync {
        let uids = |numbers: [u32; 2]| numbers.into_iter().filter_map(crate::imap::Uid::new).collect();
        let numbers = [1, 5].into_iter().filter_map(SeqNo::new).collect();
        Resync {
            known: Some(UidSet::from_first(crate::imap::Uid::new(3).unwrap())),
            matches: Some((numbers, uids([3, 9]))),
            ..Resync::new(UidValidity::new(67).unwrap(), ModSeq(90))
        }
    }

    #[test]
    fn what_happened_since_comes_along() {
        check_authenticated(
            "ENABLE CONDSTORE QRESYNC",
            &again(known()),
            "U: send
             C: A1 ENABLE QRESYNC
             S: * ENABLED QRESYNC
             S: A1 OK on
             C: A2 SELECT INBOX (QRESYNC (67 90 3:4294967295 (1,5 3,9)))
             S: * 9 EXISTS
             S: * OK [UIDVALIDITY 67] valid
             S: * OK [HIGHESTMODSEQ 99] seq
             S: * OK [MAILBOXID (F12)] id
             S: * VANISHED (EARLIER) 41,43:116
             S: * 4 FETCH (UID 117 FLAGS (\\Seen) MODSEQ (95))
             S: A2 OK [READ-WRITE] open
             E: #0 Vanished 41,43:116
             E: #0 Message 4 uid=117 flags=(\\Seen) modseq=95
             E: #0 Selected exists=9 validity=Some(67) next=None read_only=false",
        );
    }

    #[test]
    fn or_is_asked_for_where_the_server_does_not_tell() {
        let resync = Resync::new(UidValidity::new(67).unwrap(), ModSeq(90));
        check_authenticated(
            "CONDSTORE",
            &again(resync.clone()),
            "U: send
             C: A1 SELECT INBOX (CONDSTORE)
             S: * 2 EXISTS
             S: * OK [UIDVALIDITY 67] valid
             S: A1 OK open
             C: A2 UID FETCH 1:* (FLAGS) (CHANGEDSINCE 90)
             S: * 1 FETCH (UID 4 FLAGS (\\Seen) MODSEQ (95))
             S: A2 OK done
             E: #0 Message 1 uid=4 flags=(\\Seen) modseq=95
             C: A3 UID SEARCH ALL
             S: * SEARCH 4 5
             S: A3 OK done
             E: #0 Vanished 1:3,6:4294967295
             E: #0 Selected exists=2 validity=Some(67) next=None read_only=false",
        );
        // With other UIDs, what was known is of no use.
        check_authenticated(
            "",
            &again(resync),
            "U: send
             C: A1 SELECT INBOX
             S: * 2 EXISTS
             S: * OK [UIDVALIDITY 68] valid
             S: A1 OK open
             E: #0 Selected exists=2 validity=Some(68) next=None read_only=false",
        );
    }

    /// S11: with other UIDs, what is told of them is of no use, and could remove what is not gone.
    #[test]
    fn s11_what_is_told_of_other_uids_is_dropped() {
        check_authenticated(
            "ENABLE CONDSTORE QRESYNC",
            &again(known()),
            "U: send
             C: A1 ENABLE QRESYNC
             S: * ENABLED QRESYNC
             S: A1 OK on
             C: A2 SELECT INBOX (QRESYNC (67 90 3:4294967295 (1,5 3,9)))
             S: * 9 EXISTS
             S: * OK [UIDVALIDITY 66] valid
             S: * VANISHED (EARLIER) 1:4294967295
             S: * 4 FETCH (UID 117 FLAGS (\\Deleted) MODSEQ (95))
             S: A2 OK [READ-WRITE] open
             E: #0 Selected exists=9 validity=Some(66) next=None read_only=false",
        );
    }

    /// S11: a sequence that shrank, or is no longer kept, is no way to what changed: all is read.
    #[test]
    fn s11_a_sequence_that_shrank_is_not_relied_on() {
        for said in ["HIGHESTMODSEQ 89", "NOMODSEQ"] {
            let opened = format!(
                "S: * 2 EXISTS
                 S: * OK [UIDVALIDITY 67] valid
                 S: * OK [{said}] seq"
            );
            let resync = Resync::new(UidValidity::new(67).unwrap(), ModSeq(90));
            let caught_up = "S: * 1 FETCH (UID 4 FLAGS ())
                E: #0 Message 1 uid=4 flags=()";
            let left = "S: * SEARCH 4 5
                E: #0 Vanished 1:3,6:4294967295
                E: #0 Selected exists=2 validity=Some(67) next=None read_only=false";
            let left = |tag| left.replace("E: #0 Vanished", &format!("S: {tag} OK done\nE: #0 Vanished"));
            let read = |tag| caught_up.replace("E: #0", &format!("S: {tag} OK done\nE: #0"));
            check_authenticated(
                "CONDSTORE",
                &again(resync.clone()),
                &format!(
                    "U: send
                     C: A1 SELECT INBOX (CONDSTORE)
                     {opened}
                     S: A1 OK open
                     C: A2 UID FETCH 1:* (FLAGS)
                     {}
                     C: A3 UID SEARCH ALL
                     {}",
                    read("A2"),
                    left("A3")
                ),
            );
            check_authenticated(
                "ENABLE QRESYNC",
                &again(resync),
                &format!(
                    "U: send
                     C: A1 ENABLE QRESYNC
                     S: * ENABLED QRESYNC
                     S: A1 OK on
                     C: A2 SELECT INBOX (QRESYNC (67 90))
                     {opened}
                     S: A2 OK open
                     C: A3 UID FETCH 1:* (FLAGS)
                     {}
                     C: A4 UID SEARCH ALL
                     {}",
                    read("A3"),
                    left("A4")
                ),
            );
        }
    }

    /// RFC 7162 section 3.2.11: until CLOSED, the server speaks of the mailbox that was open.
    #[test]
    fn news_of_the_mailbox_before_are_not_of_this_one() {
        let open = |name| select(name, Mode::ReadWrite);
        let [again] = again(Resync::new(UidValidity::new(67).unwrap(), ModSeq(90)));
        let on = crate::imap::command::Enable { capabilities: vec![Capability::QResync] };
        check_authenticated(
            "ENABLE QRESYNC",
            &[on.into(), open("a"), again],
            "U: send
             C: A1 ENABLE QRESYNC
             S: * ENABLED QRESYNC
             S: A1 OK on
             E: #0 Enabled QRESYNC
             U: send
             C: A2 SELECT a (CONDSTORE)
             S: A2 OK open
             E: #1 Selected exists=0 validity=None next=None read_only=false
             U: send
             C: A3 SELECT INBOX (QRESYNC (67 90))
             S: * VANISHED 7
             S: * 4 FETCH (UID 117 FLAGS ())
             S: * OK [CLOSED] a
             S: * 4 FETCH (UID 118 FLAGS ())
             S: A3 OK open
             E: Vanished 7
             E: Fetch 4 uid=117 flags=()
             E: #2 Message 4 uid=118 flags=()
             E: #2 Selected exists=0 validity=None next=None read_only=false",
        );
    }
}
