//! LIST: find mailboxes. RFC 9051 section 6.3.9; RFC 5258 for what can be asked with it, RFC 6154 for what a
//! mailbox is for, RFC 5819 for counts on the way.

use super::super::connection::{Answer, Footprint, Touch};
use super::super::writer::Writer;
use super::super::{
    Capability, CommandError, Done, Item, MailboxEncoding, MailboxName, Response, ResponseText,
};
use super::status::write_attributes;
use super::{Answers, Server, Status, StatusAttribute, Step, Task};

/// Finds mailboxes, with their special uses, and counts their messages where asked to.
///
/// One [`Item::Mailbox`] for each, one
/// [`Item::Status`] for each that can be opened where `status` is not empty, then
/// [`Done::Ok`].
///
/// Where the server lacks LIST-EXTENDED, the plain LIST is asked (LSUB for the subscribed ones). Where it lacks
/// LIST-STATUS, one STATUS for each mailbox follows, pipelined; a mailbox whose STATUS is refused has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Which names: `*` stands for anything, `%` for anything within one level.
    pub pattern: MailboxName,
    /// Which of them.
    pub which: Which,
    /// What to count in each.
    pub status: Vec<StatusAttribute>,
}

/// Which mailboxes to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    /// All that there are.
    #[default]
    All,
    /// Those that the user subscribed to.
    Subscribed,
}

impl List {
    /// All mailboxes, without counts.
    #[must_use]
    pub fn all() -> Self {
        let pattern = MailboxName::from_wire(b"*", MailboxEncoding::ModifiedUtf7);
        Self { pattern, which: Which::All, status: Vec::new() }
    }

    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Listing { command: self, way: Way::Plain, to_count: Vec::new() })
    }
}

#[derive(Debug)]
struct Listing {
    command: List,
    way: Way,
    /// The mailboxes whose STATUS must still be asked for.
    to_count: Vec<MailboxName>,
}

/// How it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// With LIST or LSUB alone.
    Plain,
    /// With return options.
    Extended,
    /// With return options, counts among them.
    Counting,
}

impl Listing {
    /// RFC 5258 section 3.2: `RETURN (…)`.
    fn write_return(&self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        line.words(" RETURN (SUBSCRIBED CHILDREN");
        // RFC 6154 2: without being asked, a server need not tell what a mailbox is for.
        if server.has_or_rev2(&Capability::SpecialUse) {
            line.arg("SPECIAL-USE");
        }
        if self.way == Way::Counting {
            line.arg("STATUS ");
            write_attributes(line, &self.command.status, server)?;
        }
        line.words(")");
        Ok(())
    }

    fn must_count_later(&self) -> bool {
        !self.command.status.is_empty() && self.way != Way::Counting
    }
}

impl Task for Listing {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::List)])
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        let List { pattern, which, status } = &self.command;
        if !server.has_or_rev2(&Capability::ListExtended) {
            line.words(if *which == Which::All { " LIST \"\" " } else { " LSUB \"\" " }).pattern(pattern)?;
            return Ok(());
        }
        let counts = !status.is_empty() && server.has_or_rev2(&Capability::ListStatus);
        self.way = if counts { Way::Counting } else { Way::Extended };
        line.words(if *which == Which::All { " LIST \"\" " } else { " LIST (SUBSCRIBED) \"\" " });
        line.pattern(pattern)?;
        self.write_return(line, server)
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        match response {
            Response::List(_) => true,
            Response::MailboxStatus(_) => self.way == Way::Counting,
            _ => false,
        }
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        match response {
            Response::List(mailbox) => {
                if self.must_count_later() && mailbox.is_selectable() {
                    self.to_count.push(mailbox.name.clone());
                }
                answers.push(Item::Mailbox(mailbox));
            }
            Response::MailboxStatus(status) => answers.push(Item::Status(status)),
            _ => {}
        }
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        let count = |mailbox| Status { mailbox, attributes: self.command.status.clone() }.into_task();
        let counts: Vec<_> = std::mem::take(&mut self.to_count).into_iter().map(count).collect();
        Step::Then(Done::Ok(text), counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    fn counting() -> List {
        List { status: vec![StatusAttribute::Messages, StatusAttribute::Unseen], ..List::all() }
    }

    #[test]
    fn everything_at_once_where_the_server_can() {
        check_authenticated(
            "LIST-EXTENDED SPECIAL-USE LIST-STATUS",
            &[counting().into()],
            "U: send
             C: A1 LIST \"\" * RETURN (SUBSCRIBED CHILDREN SPECIAL-USE STATUS (MESSAGES UNSEEN))
             S: * LIST (\\HasNoChildren) \"/\" INBOX
             S: * STATUS INBOX (MESSAGES 3 UNSEEN 1)
             S: * LIST (\\HasNoChildren \\Sent) \"/\" &AMk-nvoy&AOk-
             S: * STATUS &AMk-nvoy&AOk- (MESSAGES 5 UNSEEN 0)
             S: A1 OK done
             E: #0 Mailbox INBOX [HasNoChildren]
             E: #0 Status INBOX messages=Some(3) unseen=Some(1)
             E: #0 Mailbox Énvoyé [HasNoChildren, Sent]
             E: #0 Status Énvoyé messages=Some(5) unseen=Some(0)
             E: #0 Ok done",
        );
    }

    /// Without LIST-STATUS each mailbox is counted by itself; the ones that refuse have no counts.
    #[test]
    fn counts_one_by_one_where_it_cannot() {
        check_authenticated(
            "",
            &[counting().into()],
            "U: send
             C: A1 LIST \"\" *
             S: * LIST () \"/\" INBOX
             S: * LIST (\\Noselect) \"/\" shared
             S: * LIST () \"/\" shared/secret
             S: A1 OK done
             E: #0 Mailbox INBOX []
             E: #0 Mailbox shared [NoSelect]
             E: #0 Mailbox shared/secret []
             C: A2 STATUS INBOX (MESSAGES UNSEEN)
             C: A3 STATUS shared/secret (MESSAGES UNSEEN)
             S: * STATUS INBOX (MESSAGES 3 UNSEEN 1)
             S: A2 OK done
             E: #0 Status INBOX messages=Some(3) unseen=Some(1)
             S: A3 NO go away
             E: #0 Ok done",
        );
    }

    #[test]
    fn subscribed_ones_by_lsub_or_by_selection() {
        let subscribed = || [List { which: Which::Subscribed, ..List::all() }.into()];
        check_authenticated(
            "",
            &subscribed(),
            "U: send
             C: A1 LSUB \"\" *
             S: * LSUB () \"/\" INBOX
             S: A1 OK done
             E: #0 Mailbox INBOX []
             E: #0 Ok done",
        );
        check_authenticated(
            "LIST-EXTENDED",
            &subscribed(),
            "U: send
             C: A1 LIST (SUBSCRIBED) \"\" * RETURN (SUBSCRIBED CHILDREN)
             S: A1 OK done
             E: #0 Ok done",
        );
    }

    #[test]
    fn cancelled_while_it_counts_it_leaves_the_connection_in_order() {
        check_authenticated(
            "",
            &[counting().into(), crate::imap::command::Noop.into()],
            "U: send
             C: A1 LIST \"\" *
             S: * LIST () \"/\" INBOX
             S: A1 OK done
             E: #0 Mailbox INBOX []
             C: A2 STATUS INBOX (MESSAGES UNSEEN)
             U: cancel 0
             E: #0 Error cancelled
             U: send
             C: A3 NOOP
             S: * STATUS INBOX (MESSAGES 3 UNSEEN 1)
             S: A2 OK done
             S: A3 OK done
             E: #1 Ok done",
        );
    }
}
