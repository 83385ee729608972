//! NOTIFY: be told of changes in many mailboxes. RFC 5465.

use crate::imap::command::message::FetchAttribute;
use crate::imap::command::shared::{Answer, Answers, Footprint, MailboxFilter, Server, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Item, Misuse, Response};

/// Says what the server is to tell unasked, also of mailboxes that are not open.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it; with `status`, one [`Item::Status`] comes before for each mailbox. From
/// then on news come as [`Event::Status`](crate::imap::Event::Status),
/// [`Event::Mailbox`](crate::imap::Event::Mailbox), [`Event::Metadata`](crate::imap::Event::Metadata), and for the
/// open mailbox as ever. [`Event::NotificationOverflow`](crate::imap::Event::NotificationOverflow) says that there was
/// too much to tell.
///
/// Source: [RFC 5465].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::{MailboxFilter, Notify, NotifyEvent, Watch};
///
/// let new_mail = vec![NotifyEvent::MessageNew(vec![]), NotifyEvent::MessageExpunge];
/// let watch = Notify::Set {
///     watches: vec![Watch { mailboxes: MailboxFilter::Personal, events: new_mail }],
///     status: true,
/// };
/// assert_eq!(sent("NOTIFY", watch), ["NOTIFY SET STATUS (personal (MessageNew MessageExpunge))"]);
/// assert_eq!(sent("NOTIFY", Notify::None), ["NOTIFY NONE"]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: [`Idle`](crate::imap::command::Idle) tells of the open mailbox, and
/// [`List`](crate::imap::command::List) with counts, asked now and then, of the others.
///
/// [RFC 5465]: https://www.rfc-editor.org/rfc/rfc5465
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notify {
    /// Tell nothing but answers.
    None,
    /// Tell this, and nothing else.
    Set {
        /// What, of which mailboxes. The first group that a mailbox is in counts.
        watches: Vec<Watch>,
        /// Whether to tell the numbers of all mailboxes to begin with.
        status: bool,
    },
}

/// What to tell of a group of mailboxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// The mailboxes that this is about.
    pub mailboxes: MailboxFilter,
    /// What. None for nothing.
    pub events: Vec<NotifyEvent>,
}

/// One kind of news. RFC 5465 section 5.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotifyEvent {
    /// A message came in. For the open mailbox, these items of it come along. Goes together with
    /// [`MessageExpunge`](Self::MessageExpunge).
    MessageNew(Vec<FetchAttribute>),
    /// Messages are gone.
    MessageExpunge,
    /// Flags changed. Needs the two before it.
    FlagChange,
    /// Annotations changed. Needs the first two.
    AnnotationChange,
    /// Mailboxes were made, renamed or removed.
    MailboxName,
    /// The user subscribed to mailboxes, or no longer.
    SubscriptionChange,
    /// Entries of a mailbox changed.
    MailboxMetadataChange,
    /// Entries of the server changed.
    ServerMetadataChange,
}

impl NotifyEvent {
    fn write(&self, line: &mut Writer) -> Result<(), CommandError> {
        line.words(match self {
            Self::MessageNew(_) => "MessageNew",
            Self::MessageExpunge => "MessageExpunge",
            Self::FlagChange => "FlagChange",
            Self::AnnotationChange => "AnnotationChange",
            Self::MailboxName => "MailboxName",
            Self::SubscriptionChange => "SubscriptionChange",
            Self::MailboxMetadataChange => "MailboxMetadataChange",
            Self::ServerMetadataChange => "ServerMetadataChange",
        });
        let Self::MessageNew(items) = self else { return Ok(()) };
        for (at, item) in items.iter().enumerate() {
            item.write(line.words(if at == 0 { " (" } else { " " }))?;
        }
        line.words(if items.is_empty() { "" } else { ")" });
        Ok(())
    }
}

impl Watch {
    /// `event-group = "(" filter-mailboxes SP events ")"`
    fn write(&self, line: &mut Writer) -> Result<(), CommandError> {
        self.mailboxes.write(line.words(" ("))?;
        for (at, event) in self.events.iter().enumerate() {
            event.write(line.words(if at == 0 { " (" } else { " " }))?;
        }
        line.words(if self.events.is_empty() { " NONE)" } else { "))" });
        Ok(())
    }
}

impl Notify {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Notify {
    fn footprint(&self) -> Footprint {
        let told = matches!(self, Self::Set { status: true, .. }).then_some("STATUS");
        let answers = ["NOTIFY"].into_iter().chain(told).map(|name| Touch::Answer(Answer::Named(name)));
        Footprint::of(answers.collect::<Vec<_>>())
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        server.require(Capability::Notify)?;
        let Self::Set { watches, status } = self else {
            line.arg("NOTIFY NONE");
            return Ok(());
        };
        if watches.is_empty() {
            return Err(Misuse::EmptySet.into());
        }
        line.arg("NOTIFY SET").words(if *status { " STATUS" } else { "" });
        watches.iter().try_for_each(|watch| watch.write(line))
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        matches!((self, response), (Self::Set { status: true, .. }, Response::MailboxStatus(_)))
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        if let Response::MailboxStatus(status) = response {
            answers.push(Item::Status(status));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::MailboxName;
    use crate::imap::transcript::check_authenticated;

    fn set(status: bool) -> Notify {
        let items = vec![FetchAttribute::Uid, FetchAttribute::Envelope];
        let lists = MailboxFilter::Subtree(vec![MailboxName::try_from("my lists").unwrap()]);
        let events =
            vec![NotifyEvent::MessageNew(items), NotifyEvent::MessageExpunge, NotifyEvent::FlagChange];
        let watches = vec![
            Watch { mailboxes: MailboxFilter::SelectedDelayed, events },
            Watch { mailboxes: lists, events: vec![] },
            Watch { mailboxes: MailboxFilter::Personal, events: vec![NotifyEvent::MailboxName] },
        ];
        Notify::Set { watches, status }
    }

    #[test]
    fn groups_and_events() {
        check_authenticated(
            "NOTIFY",
            &[set(true).into(), Notify::None.into()],
            "U: send
             C: A1 NOTIFY SET STATUS (selected-delayed (MessageNew (UID ENVELOPE) MessageExpunge FlagChange)) (subtree (\"my lists\") NONE) (personal (MailboxName))
             S: * STATUS a (MESSAGES 3 UNSEEN 1)
             S: A1 OK done
             S: * STATUS a (MESSAGES 4 UNSEEN 2)
             E: #0 Status a messages=Some(3) unseen=Some(1)
             E: #0 Ok done
             E: Status a messages=Some(4) unseen=Some(2)
             U: send
             C: A2 NOTIFY NONE
             S: A2 OK done
             E: #1 Ok done",
        );
        let nothing = Notify::Set { watches: vec![], status: false };
        check_authenticated("NOTIFY", &[nothing.into()], "U: send\nE: #0 Error nothing was asked for");
        check_authenticated("", &[set(false).into()], "U: send\nE: #0 Error the server lacks NOTIFY");
    }
}
