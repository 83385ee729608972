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
/// One [`Item::Mailbox`](super::super::Item::Mailbox) for each, one
/// [`Item::Status`](super::super::Item::Status) for each that can be opened where `status` is not empty, then
/// [`Done::Ok`](super::super::Done::Ok).
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
