//! STORE of labels: what Gmail shows a message under. X-GM-EXT-1; always by UID.

use crate::imap::command::message::StoreAction;
use crate::imap::command::shared::{Answers, Footprint, Messages, Server, Task, Touch};
use crate::imap::types::FetchItem;
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Item, MailboxName, Response, State, UidSet};

/// Changes Gmail's labels of messages.
///
/// One [`Item::Message`] brings the labels of each, [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [Gmail's IMAP extensions].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::{StoreAction, StoreLabels};
/// use postern_protocol::imap::{MailboxName, Uid, UidSet};
///
/// let set = UidSet::from(Uid::new(7).unwrap());
/// let labels = vec![MailboxName::try_from("Family")?, MailboxName::try_from("\\Starred")?];
/// let label = StoreLabels { set, action: StoreAction::Add, labels };
/// assert_eq!(sent("X-GM-EXT-1", label), [r#"UID STORE 7 +X-GM-LABELS (Family "\\Starred")"#]);
/// # Ok::<(), postern_protocol::imap::InvalidMailboxName>(())
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: elsewhere, keywords and copies come nearest.
///
/// [Gmail's IMAP extensions]: https://developers.google.com/workspace/gmail/imap/imap-extensions
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreLabels {
    /// Which messages.
    pub set: UidSet,
    /// What to do with the labels.
    pub action: StoreAction,
    /// Which: names of mailboxes, and `\Inbox`, `\Starred`, `\Important` and the like.
    pub labels: Vec<MailboxName>,
}

impl StoreLabels {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for StoreLabels {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::WriteFlags(Messages::Uids(self.set.clone()))])
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        server.require(Capability::GmailExt1)?;
        line.arg("UID STORE ").set(&self.set)?.words(self.action.sign()).words("X-GM-LABELS (");
        for (at, label) in self.labels.iter().enumerate() {
            line.words(if at == 0 { "" } else { " " }).mailbox(label)?;
        }
        line.words(")");
        Ok(())
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        let Response::Fetch(message) = response else { return false };
        let has_labels = message.items.iter().any(|item| matches!(item, FetchItem::GmailLabels(_)));
        has_labels && message.uid.is_some_and(|uid| self.set.contains(uid))
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
    use crate::imap::Uid;
    use crate::imap::transcript::check_selected;

    fn label() -> [crate::imap::Command; 1] {
        let labels = ["Entwürfe", "a b", "\\Starred"].map(|text| MailboxName::try_from(text).unwrap()).into();
        [StoreLabels { set: Uid::new(7).map(UidSet::from).unwrap(), action: StoreAction::Add, labels }.into()]
    }

    #[test]
    fn names_and_what_gmail_has_itself() {
        check_selected(
            "X-GM-EXT-1",
            &label(),
            "U: send
             C: A2 UID STORE 7 +X-GM-LABELS (Entw&APw-rfe \"a b\" \"\\\\Starred\")
             S: * 1 FETCH (UID 7 X-GM-LABELS (a))
             S: A2 OK done
             E: #0 Message 1 uid=7 [GmailLabels([[97]])]
             E: #0 Ok done",
        );
        check_selected("", &label(), "U: send\nE: #0 Error the server lacks X-GM-EXT-1");
    }
}
