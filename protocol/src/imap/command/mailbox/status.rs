//! STATUS: count a mailbox's messages without opening it. RFC 9051 section 6.3.11.

use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Item, MailboxName, Misuse, Response};

/// Counts the messages of a mailbox that is not open.
///
/// [`Item::Status`] brings the numbers, [`Done::Ok`](crate::imap::Done::Ok) ends it. Never ask for the selected mailbox: RFC 9051 says
/// that it may be slow, and the connection knows better already.
///
/// Source: [RFC 9051 section 6.3.11]; [RFC 8438] for sizes, [RFC 7162 section 3.1.7], [RFC 8474 section 4.3] and
/// [RFC 7889 section 3] for what else there is to know.
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::MailboxName;
/// use postern_protocol::imap::command::{Status, StatusAttribute};
///
/// let unread = Status { mailbox: MailboxName::inbox(), attributes: vec![StatusAttribute::Unseen] };
/// assert_eq!(sent("", unread), ["STATUS INBOX (UNSEEN)"]);
/// ```
///
/// # Where the server lacks it
/// What the server can't count is left out of the question: [`StatusAttribute::Size`] without STATUS=SIZE (RFC 8438),
/// since to add up the sizes of all messages would mean to open the mailbox and read each;
/// [`StatusAttribute::HighestModSeq`] without CONDSTORE, and so on. Where nothing is left to ask, nothing is sent and
/// [`CommandError::Unsupported`] ends it.
///
/// [RFC 9051 section 6.3.11]: https://www.rfc-editor.org/rfc/rfc9051#section-6.3.11
/// [RFC 8438]: https://www.rfc-editor.org/rfc/rfc8438
/// [RFC 7162 section 3.1.7]: https://www.rfc-editor.org/rfc/rfc7162#section-3.1.7
/// [RFC 8474 section 4.3]: https://www.rfc-editor.org/rfc/rfc8474#section-4.3
/// [RFC 7889 section 3]: https://www.rfc-editor.org/rfc/rfc7889#section-3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Which mailbox.
    pub mailbox: MailboxName,
    /// What to count.
    pub attributes: Vec<StatusAttribute>,
}

/// What STATUS can tell of a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusAttribute {
    /// How many messages it has.
    Messages,
    /// The UID that the next message will have at least.
    UidNext,
    /// What its UIDs are good for.
    UidValidity,
    /// How many messages have no `\Seen`.
    Unseen,
    /// How many messages have `\Deleted` (RFC 9051, RFC 9208; not in RFC 3501).
    Deleted,
    /// How many octets its messages have in all (RFC 8438).
    Size,
    /// The highest modification sequence in it (RFC 7162).
    HighestModSeq,
    /// Its identifier, which survives a rename (RFC 8474).
    MailboxId,
    /// The largest message that it takes, in octets (RFC 7889).
    AppendLimit,
    /// How many octets an expunge would free (RFC 9208).
    DeletedStorage,
}

impl StatusAttribute {
    fn name(self) -> &'static str {
        match self {
            Self::Messages => "MESSAGES",
            Self::UidNext => "UIDNEXT",
            Self::UidValidity => "UIDVALIDITY",
            Self::Unseen => "UNSEEN",
            Self::Deleted => "DELETED",
            Self::Size => "SIZE",
            Self::HighestModSeq => "HIGHESTMODSEQ",
            Self::MailboxId => "MAILBOXID",
            Self::AppendLimit => "APPENDLIMIT",
            Self::DeletedStorage => "DELETED-STORAGE",
        }
    }

    /// An attribute that the server does not know would make it refuse the whole command.
    pub(super) fn known_to(self, server: &Server<'_>) -> bool {
        match self {
            // RFC 9208 section 4.1.4: also where a quota counts messages.
            Self::Deleted => {
                server.has(&Capability::Imap4Rev2) || server.has(&Capability::QuotaResource("MESSAGE".into()))
            }
            Self::Size => server.has_or_rev2(&Capability::StatusSize),
            Self::HighestModSeq => server.has(&Capability::CondStore) || server.has(&Capability::QResync),
            Self::AppendLimit => server.append_limit().is_some(),
            other => other.needs().is_none_or(|needed| server.has(&needed)),
        }
    }

    /// The capability without which a server does not know it.
    fn needs(self) -> Option<Capability> {
        Some(match self {
            Self::Messages | Self::UidNext | Self::UidValidity | Self::Unseen => return None,
            Self::Deleted => Capability::Imap4Rev2,
            Self::Size => Capability::StatusSize,
            Self::HighestModSeq => Capability::CondStore,
            Self::MailboxId => Capability::ObjectId,
            Self::AppendLimit => Capability::AppendLimit(None),
            // RFC 9208 section 4.1.4: only where storage is limited at all.
            Self::DeletedStorage => Capability::QuotaResource("STORAGE".into()),
        })
    }
}

/// `"(" status-att *(SP status-att) ")"`, of those that the server knows.
pub(super) fn write_attributes(
    line: &mut Writer,
    attributes: &[StatusAttribute],
    server: &Server<'_>,
) -> Result<(), CommandError> {
    let known: Vec<_> = attributes.iter().filter(|attribute| attribute.known_to(server)).collect();
    let Some((first, rest)) = known.split_first() else {
        let lacking = attributes.first().and_then(|attribute| attribute.needs());
        return Err(lacking.map_or(CommandError::Misused(Misuse::EmptySet), CommandError::Unsupported));
    };
    line.words("(").words(first.name());
    for attribute in rest {
        line.arg(attribute.name());
    }
    line.words(")");
    Ok(())
}

impl Status {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Counting { command: self })
    }
}

#[derive(Debug)]
struct Counting {
    command: Status,
}

impl Task for Counting {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::About("STATUS", self.command.mailbox.clone()))])
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("STATUS ").mailbox(&self.command.mailbox)?.words(" ");
        write_attributes(line, &self.command.attributes, server)?;
        Ok(())
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        matches!(response, Response::MailboxStatus(status) if status.mailbox == self.command.mailbox)
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        if let Response::MailboxStatus(status) = response {
            answers.push(Item::Status(status));
        }
    }

    fn must_answer(&self) -> Option<&'static str> {
        Some("no STATUS")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::transcript::check_authenticated;

    fn status(name: &str, attributes: &[StatusAttribute]) -> Command {
        Status { mailbox: MailboxName::try_from(name).unwrap(), attributes: attributes.to_vec() }.into()
    }

    #[test]
    fn many_are_pipelined_and_told_apart_by_name() {
        let counts = [StatusAttribute::Messages, StatusAttribute::Unseen];
        check_authenticated(
            "",
            &[status("Entwürfe", &counts), status("b c", &counts)],
            "U: send
             C: A1 STATUS Entw&APw-rfe (MESSAGES UNSEEN)
             U: send
             C: A2 STATUS \"b c\" (MESSAGES UNSEEN)
             S: * STATUS \"b c\" (MESSAGES 2 UNSEEN 1)
             S: * STATUS Entw&APw-rfe (MESSAGES 4 UNSEEN 0)
             S: A2 OK done
             S: A1 OK done
             E: #1 Status b c messages=Some(2) unseen=Some(1)
             E: #0 Status Entwürfe messages=Some(4) unseen=Some(0)
             E: #1 Ok done
             E: #0 Ok done",
        );
    }

    #[test]
    fn what_the_server_does_not_know_is_not_asked() {
        let all = [
            StatusAttribute::UidNext,
            StatusAttribute::Size,
            StatusAttribute::HighestModSeq,
            StatusAttribute::MailboxId,
            StatusAttribute::Deleted,
        ];
        check_authenticated(
            "STATUS=SIZE",
            &[status("a", &all), status("a", &all[2..])],
            "U: send
             C: A1 STATUS a (UIDNEXT SIZE)
             S: A1 OK done
             E: #0 Error the server's answer could not be read: no STATUS
             U: send
             E: #1 Error the server lacks CONDSTORE",
        );
    }

    /// RFC 9208 section 4.1.4.
    #[test]
    fn what_an_expunge_would_free_is_asked_where_quotas_count_it() {
        check_authenticated(
            "QUOTA QUOTA=RES-MESSAGE QUOTA=RES-STORAGE",
            &[status("INBOX", &[StatusAttribute::Deleted, StatusAttribute::DeletedStorage])],
            "U: send
             C: A1 STATUS INBOX (DELETED DELETED-STORAGE)
             S: * STATUS INBOX (DELETED 4 DELETED-STORAGE 8)
             S: A1 OK Status complete.
             E: #0 Status INBOX messages=None unseen=None
             E: #0 Ok Status complete.",
        );
    }
}
