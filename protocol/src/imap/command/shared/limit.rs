//! Servers that act on so many messages at a time: what is left to do. RFC 9738.

use crate::imap::command::shared::Window;
use crate::imap::{Code, CommandError, ResponseText, Uid, UidSet};

/// Where the server stopped at its limit. It works from the highest UID down and tells the lowest that it came to
/// (RFC 9738 section 3.1): with its tagged OK, or in an untagged NO before it where that has another code.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    told_before: Option<Uid>,
}

impl Stop {
    /// An untagged NO said so.
    pub(crate) fn note(&mut self, last: Uid) {
        self.told_before = Some(last);
    }

    /// What is left of a set behind the tagged OK. None where the server did all, or came no further.
    pub(crate) fn rest(&mut self, set: &UidSet, text: &ResponseText) -> Option<UidSet> {
        let told_before = self.told_before.take();
        let last = match &text.code {
            Some(Code::MessageLimit { last_uid: Some(last), .. }) => *last,
            _ => told_before?,
        };
        let rest = Uid::new(last.value() - 1).map(|below| set.up_to(below)).unwrap_or_default();
        (!rest.is_empty() && rest.count() < set.count()).then_some(rest)
    }
}

/// A set in batches that the server takes, where it refused the whole.
#[derive(Debug)]
pub(crate) struct Batches {
    window: Window,
    left: UidSet,
}

impl Batches {
    /// How large they must be, where that was the reason of a refusal. What is in them is not known yet.
    pub(crate) fn after(error: &CommandError) -> Option<Self> {
        let CommandError::Refused(text) = error else { return None };
        let Some(Code::MessageLimit { limit, .. }) = text.code else { return None };
        Some(Self { window: Window::first(limit)?, left: UidSet::new() })
    }

    /// These are the messages.
    pub(crate) fn fill(&mut self, set: UidSet) {
        self.left = set;
    }

    /// The next batch. They are made one by one, since a hostile server may claim any number of messages.
    pub(crate) fn next(&mut self) -> Option<UidSet> {
        let batch = self.window.pick(&self.left);
        self.left = self.left.without(&batch);
        (!batch.is_empty()).then_some(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::command::{
        Command, Expunge, Fetch, FetchAttribute, Move, Search, SearchKey, Store, StoreAction,
    };
    use crate::imap::transcript::check_selected;
    use crate::imap::{Flag, MailboxName};

    /// The tagged OK has another code, so that an untagged NO tells of the limit.
    #[test]
    fn a_limit_that_is_told_before_the_answer_leaves_the_rest() {
        let set = || UidSet::from(Uid::new(3).unwrap()..=Uid::new(9).unwrap());
        let check = |command: Command, first: &str, second: &str, end: &str| {
            let transcript = format!(
                "U: send
                 C: A2 {first}
                 S: * NO [MESSAGELIMIT 2 8] not all
                 S: A2 OK [HIGHESTMODSEQ 12] so far
                 C: A3 {second}
                 S: A3 OK [HIGHESTMODSEQ 13] done
                 E: #0 {end}"
            );
            check_selected("UIDPLUS MOVE CONDSTORE MESSAGELIMIT=2", &[command], &transcript);
        };
        check(Expunge { set: Some(set()) }.into(), "UID EXPUNGE 3:9", "UID EXPUNGE 3:7", "Ok done");
        let mark = Store::new(set(), StoreAction::Add, vec![Flag::Seen]);
        check(mark.into(), "UID STORE 3:9 +FLAGS (\\Seen)", "UID STORE 3:7 +FLAGS (\\Seen)", "Ok done");
        let to_inbox = Move { set: set(), mailbox: MailboxName::inbox() };
        check(to_inbox.into(), "UID MOVE 3:9 INBOX", "UID MOVE 3:7 INBOX", "Ok done");
        let flags = Fetch::new(set(), vec![FetchAttribute::Flags]);
        check(flags.into(), "UID FETCH 3:9 (FLAGS)", "UID FETCH 3:7 (FLAGS)", "Ok done");
        let unseen = Search::new(SearchKey::Unseen);
        check(unseen.into(), "UID SEARCH UNSEEN", "UID SEARCH UID 1:7 UNSEEN", "Found");
    }
}
