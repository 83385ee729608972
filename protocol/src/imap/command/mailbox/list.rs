//! LIST: find mailboxes. RFC 9051 section 6.3.9; RFC 5258 for what can be asked with it, RFC 6154 for what a
//! mailbox is for, RFC 5819 for counts on the way, RFC 8440 for rights, RFC 9590 for notes.

use crate::imap::command::access::MyRights;
use crate::imap::command::mailbox::get_metadata::write_entries;
use crate::imap::command::mailbox::special_use::{guess, has_use};
use crate::imap::command::mailbox::status::write_attributes;
use crate::imap::command::mailbox::{Depth, GetMetadata, Status, StatusAttribute};
use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Step, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{
    Capability, CommandError, Done, Item, ListItem, MailboxAttribute, MailboxEncoding, MailboxName, Response,
    ResponseText,
};

/// Finds mailboxes, with their special uses, and counts their messages where asked to.
///
/// One [`Item::Mailbox`] for each; for each that can be opened, one [`Item::Status`] where `status` is not empty, one
/// [`Item::MyRights`] where `rights` is asked for, and one [`Item::Metadata`] where there are `entries`; then
/// [`Done::Ok`].
///
/// Source: [RFC 9051 section 6.3.9]; [RFC 5258] for what can be asked with it, [RFC 6154] for what a mailbox is for,
/// [RFC 5819] for counts, [RFC 8440] for rights, [RFC 9590] for notes.
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::{List, StatusAttribute, Which};
///
/// let subscribed = List {
///     which: Which::Subscribed,
///     status: vec![StatusAttribute::Messages, StatusAttribute::Unseen],
///     ..List::all()
/// };
/// assert_eq!(
///     sent("LIST-EXTENDED LIST-STATUS", subscribed.clone()),
///     [r#"LIST (SUBSCRIBED) "" "*" RETURN (SUBSCRIBED CHILDREN STATUS (MESSAGES UNSEEN))"#]
/// );
/// assert_eq!(sent("", subscribed), [r#"LSUB "" "*""#], "and a STATUS for each that it tells of");
/// ```
///
/// # Where the server lacks it
/// - LIST-EXTENDED: the plain LIST is asked, or LSUB for the subscribed ones. What else a choice of mailboxes would
///   leave out is left out by the client, as far as it can tell.
/// - SPECIAL-USE: XLIST is asked where the server has it. Else the client goes by well-known names (`Sent`, `Sent
///   Items`, `Gesendet`, `Trash`, `Papierkorb`, …), and adds the attribute to one mailbox for each use, the nearest to the
///   top. That takes the whole list, so that the mailboxes are told once it ended.
/// - LIST-STATUS, LIST-MYRIGHTS, LIST-METADATA: one STATUS, MYRIGHTS or GETMETADATA for each mailbox follows,
///   pipelined; a mailbox that refuses has none. Without ACL or METADATA, there are none at all.
///
/// [RFC 9051 section 6.3.9]: https://www.rfc-editor.org/rfc/rfc9051#section-6.3.9
/// [RFC 5258]: https://www.rfc-editor.org/rfc/rfc5258
/// [RFC 6154]: https://www.rfc-editor.org/rfc/rfc6154
/// [RFC 5819]: https://www.rfc-editor.org/rfc/rfc5819
/// [RFC 8440]: https://www.rfc-editor.org/rfc/rfc8440
/// [RFC 9590]: https://www.rfc-editor.org/rfc/rfc9590
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Which names: `*` stands for anything, `%` for anything within one level.
    pub pattern: MailboxName,
    /// Which of them.
    pub which: Which,
    /// What to count in each.
    pub status: Vec<StatusAttribute>,
    /// Whether to tell what the user may do with each.
    pub rights: bool,
    /// Which notes on each to read, such as `/private/comment` (RFC 5464).
    pub entries: Vec<String>,
}

/// Which mailboxes to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Which {
    /// All that there are.
    #[default]
    All,
    /// Those that the user subscribed to.
    Subscribed,
    /// Those, and those above them that match the pattern:
    /// [`ListItem::child_info`](crate::imap::ListItem::child_info) says so (`RECURSIVEMATCH`, RFC 5258 section 3.5).
    SubscribedOrAbove,
    /// Those that are for something, such as sent mail (RFC 6154 section 2).
    SpecialUse,
    /// All, and those on other servers (RFC 5258 section 3). Never followed.
    Remote,
}

impl Which {
    /// The selection options of RFC 5258, and of RFC 6154 where the server has them.
    fn options(self, server: &Server<'_>) -> &'static str {
        match self {
            Self::All => "",
            Self::Subscribed => "(SUBSCRIBED) ",
            Self::SubscribedOrAbove => "(SUBSCRIBED RECURSIVEMATCH) ",
            Self::SpecialUse if server.has(&Capability::SpecialUse) => "(SPECIAL-USE) ",
            Self::SpecialUse => "",
            Self::Remote => "(REMOTE) ",
        }
    }

    fn is_subscribed(self) -> bool {
        matches!(self, Self::Subscribed | Self::SubscribedOrAbove)
    }
}

impl List {
    /// All mailboxes, without counts.
    #[must_use]
    pub fn all() -> Self {
        let pattern = MailboxName::from_wire(b"*", MailboxEncoding::ModifiedUtf7);
        Self { pattern, which: Which::All, status: Vec::new(), rights: false, entries: Vec::new() }
    }

    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Listing { command: self, asked: Asked::default(), held: Vec::new(), later: Vec::new() })
    }
}

#[derive(Debug)]
struct Listing {
    command: List,
    asked: Asked,
    /// The answer so far, where what mailboxes are for is to be guessed: that takes all of them.
    held: Vec<Item>,
    /// The mailboxes of which more must be asked for.
    later: Vec<MailboxName>,
}

/// What the command asked the server for; the rest is asked later, where it can be.
#[derive(Debug, Clone, Copy, Default)]
struct Asked {
    /// With LIST-EXTENDED.
    extended: bool,
    /// With `IMAP4rev2` on.
    in_rev2: bool,
    status: bool,
    rights: bool,
    metadata: bool,
    /// The server says what mailboxes are for.
    uses: bool,
    /// Rights and notes can be had, if not with LIST.
    has_acl: bool,
    has_metadata: bool,
}

impl Listing {
    fn ask(&mut self, server: &Server<'_>) -> bool {
        let List { status, rights, entries, .. } = &self.command;
        let extended = server.has_or_rev2(&Capability::ListExtended);
        self.asked = Asked {
            extended,
            in_rev2: server.is_enabled(&Capability::Imap4Rev2),
            status: extended
                && status.iter().any(|it| it.known_to(server))
                && server.has_or_rev2(&Capability::ListStatus),
            rights: extended && *rights && server.has(&Capability::ListMyRights),
            metadata: extended && !entries.is_empty() && server.has(&Capability::ListMetadata),
            uses: server.has_or_rev2(&Capability::SpecialUse) || server.has(&Capability::XList),
            has_acl: server.has(&Capability::Acl),
            has_metadata: server.has(&Capability::Metadata),
        };
        extended
    }

    /// RFC 5258 section 3.2: `RETURN (…)`.
    fn write_return(&self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        line.words(" RETURN (SUBSCRIBED CHILDREN");
        // RFC 6154 2: without being asked, a server need not tell what a mailbox is for.
        if server.has_or_rev2(&Capability::SpecialUse) {
            line.arg("SPECIAL-USE");
        }
        if self.asked.rights {
            line.arg("MYRIGHTS");
        }
        if self.asked.metadata {
            write_entries(line.arg("METADATA "), &self.command.entries)?;
        }
        if self.asked.status {
            write_attributes(line.arg("STATUS "), &self.command.status, server)?;
        }
        line.words(")");
        Ok(())
    }

    /// What other sessions did, which a server of `IMAP4rev2` or NOTIFY (RFC 5465 section 5.4) tells at any time. An
    /// answer says whether the mailbox has children, since that was asked for.
    fn is_news(&self, mailbox: &ListItem) -> bool {
        use MailboxAttribute as A;
        let says_children =
            |it: &A| matches!(it, A::HasChildren | A::HasNoChildren | A::NoInferiors | A::NonExistent);
        let may_be = self.asked.in_rev2 || mailbox.old_name.is_some();
        self.asked.extended && may_be && !mailbox.attributes.iter().any(says_children)
    }

    /// Part of the answer came.
    fn found(&mut self, item: Item, answers: &mut Answers) {
        if self.asked.uses { self.tell(item, answers) } else { self.held.push(item) }
    }

    /// What a mailbox is for is known, as far as it ever will be.
    fn tell(&mut self, item: Item, answers: &mut Answers) {
        if let Item::Mailbox(mailbox) = &item {
            if self.command.which == Which::SpecialUse && !has_use(mailbox) {
                return;
            }
            if mailbox.is_selectable() {
                self.later.push(mailbox.name.clone());
            }
        }
        answers.push(item);
    }

    /// What was not told of a mailbox with LIST.
    fn rest(&self, mailbox: &MailboxName) -> Vec<Box<dyn Task>> {
        let (command, asked) = (&self.command, self.asked);
        let mut parts = Vec::new();
        if !command.status.is_empty() && !asked.status {
            parts.push(Status { mailbox: mailbox.clone(), attributes: command.status.clone() }.into_task());
        }
        if command.rights && !asked.rights && asked.has_acl {
            parts.push(MyRights { mailbox: mailbox.clone() }.into_task());
        }
        if !command.entries.is_empty() && !asked.metadata && asked.has_metadata {
            let (mailbox, entries) = (mailbox.clone(), command.entries.clone());
            parts.push(GetMetadata { mailbox, entries, max_size: None, depth: Depth::Entry }.into_task());
        }
        parts
    }
}

impl Task for Listing {
    fn footprint(&self) -> Footprint {
        let List { status, rights, entries, .. } = &self.command;
        // What may come along is told of all mailboxes.
        let along =
            [(!status.is_empty(), "STATUS"), (*rights, "MYRIGHTS"), (!entries.is_empty(), "METADATA")];
        let along = along.iter().filter(|(asked, _)| *asked).map(|(_, name)| Answer::Named(name));
        Footprint::of([Answer::List].into_iter().chain(along).map(Touch::Answer).collect::<Vec<_>>())
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        let extended = self.ask(server);
        let List { pattern, which, .. } = &self.command;
        if extended {
            line.words(" LIST ").words(which.options(server)).words("\"\" ").pattern(pattern)?;
            return self.write_return(line, server);
        }
        let by_xlist = !server.has(&Capability::SpecialUse) && server.has(&Capability::XList);
        line.words(match which {
            which if which.is_subscribed() => " LSUB \"\" ",
            _ if by_xlist => " XLIST \"\" ",
            _ => " LIST \"\" ",
        });
        line.pattern(pattern)?;
        Ok(())
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        match response {
            Response::List(mailbox) => !self.is_news(mailbox),
            Response::MailboxStatus(_) => self.asked.status,
            Response::MyRights(_) => self.asked.rights,
            Response::Metadata(_) => self.asked.metadata,
            _ => false,
        }
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        match response {
            Response::List(mailbox) => self.found(Item::Mailbox(mailbox), answers),
            Response::MailboxStatus(status) => self.found(Item::Status(status), answers),
            Response::MyRights(rights) => self.found(Item::MyRights(rights), answers),
            Response::Metadata(metadata) => self.found(Item::Metadata(metadata), answers),
            _ => {}
        }
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        let mailboxes = self.held.iter_mut().filter_map(|item| match item {
            Item::Mailbox(mailbox) => Some(mailbox),
            _ => None,
        });
        guess(mailboxes);
        let mut answers = Answers::default();
        std::mem::take(&mut self.held).into_iter().for_each(|item| self.tell(item, &mut answers));
        self.held = answers.items;
        let parts = std::mem::take(&mut self.later).iter().flat_map(|mailbox| self.rest(mailbox)).collect();
        Step::Then(Done::Ok(text), parts)
    }

    fn last_items(&mut self, answers: &mut Answers) {
        answers.items.append(&mut self.held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::command::Enable;
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
             C: A1 LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN SPECIAL-USE STATUS (MESSAGES UNSEEN))
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

    /// Cyrus 3.10 tells them in front of the answer of the next command.
    #[test]
    fn news_of_mailboxes_are_no_answer() {
        check_authenticated(
            "LIST-EXTENDED",
            &[List::all().into()],
            "U: send
             C: A1 LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN)
             S: * LIST () \"/\" new (OLDNAME (old))
             S: * LIST (\\HasNoChildren) \"/\" new (OLDNAME (old))
             S: A1 OK done
             E: Mailbox new []
             E: #0 Mailbox new [HasNoChildren]
             E: #0 Ok done",
        );
        let subscribed = List { which: Which::Subscribed, ..List::all() };
        check_authenticated(
            "IMAP4rev2",
            &[Enable { capabilities: vec![Capability::Imap4Rev2] }.into(), subscribed.into()],
            "U: send
             C: A1 ENABLE IMAP4REV2
             S: * ENABLED IMAP4rev2
             S: A1 OK done
             E: #0 Enabled IMAP4REV2
             U: send
             C: A2 LIST (SUBSCRIBED) \"\" \"*\" RETURN (SUBSCRIBED CHILDREN SPECIAL-USE)
             S: * LIST (\\Subscribed) \"/\" Letters
             S: * LIST (\\Subscribed \\HasNoChildren) \"/\" INBOX
             S: A2 OK done
             E: Mailbox Letters [Subscribed]
             E: #1 Mailbox INBOX [Subscribed, HasNoChildren]
             E: #1 Ok done",
        );
    }

    /// Without LIST-STATUS each mailbox is counted by itself; the ones that refuse have no counts.
    #[test]
    fn counts_one_by_one_where_it_cannot() {
        check_authenticated(
            "",
            &[counting().into()],
            "U: send
             C: A1 LIST \"\" \"*\"
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
             C: A1 LSUB \"\" \"*\"
             S: * LSUB () \"/\" INBOX
             S: A1 OK done
             E: #0 Mailbox INBOX []
             E: #0 Ok done",
        );
        check_authenticated(
            "LIST-EXTENDED",
            &subscribed(),
            "U: send
             C: A1 LIST (SUBSCRIBED) \"\" \"*\" RETURN (SUBSCRIBED CHILDREN)
             S: A1 OK done
             E: #0 Ok done",
        );
    }

    /// What can't be counted leaves the mailboxes to be told all the same.
    #[test]
    fn mailboxes_without_counts_where_the_server_knows_none_of_them() {
        let list = List { status: vec![StatusAttribute::MailboxId], ..List::all() };
        check_authenticated(
            "LIST-EXTENDED LIST-STATUS SPECIAL-USE",
            &[list.into()],
            "U: send
             C: A1 LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN SPECIAL-USE)
             S: * LIST () \"/\" a
             S: A1 OK done
             E: #0 Mailbox a []
             E: #0 Ok done",
        );
    }

    #[test]
    fn cancelled_while_it_counts_it_leaves_the_connection_in_order() {
        check_authenticated(
            "",
            &[counting().into(), crate::imap::command::Noop.into()],
            "U: send
             C: A1 LIST \"\" \"*\"
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

    /// Names are the last resort: the server's own word counts where it has one.
    #[test]
    fn what_mailboxes_are_for() {
        let all = || [List::all().into()];
        check_authenticated(
            "XLIST",
            &all(),
            "U: send
             C: A1 XLIST \"\" \"*\"
             S: * XLIST (\\HasNoChildren \\AllMail) \"/\" \"[Gmail]/Alle Nachrichten\"
             S: * XLIST (\\HasNoChildren) \"/\" Sent
             S: A1 OK done
             E: #0 Mailbox [Gmail]/Alle Nachrichten [HasNoChildren, All]
             E: #0 Mailbox Sent [HasNoChildren]
             E: #0 Ok done",
        );
        check_authenticated(
            "",
            &all(),
            "U: send
             C: A1 LIST \"\" \"*\"
             S: * LIST () \"/\" Sent
             S: * LIST () \"/\" \"Sent Items\"
             S: A1 OK done
             E: #0 Mailbox Sent [Sent]
             E: #0 Mailbox Sent Items []
             E: #0 Ok done",
        );
        let special = || [List { which: Which::SpecialUse, ..List::all() }.into()];
        check_authenticated(
            "LIST-EXTENDED SPECIAL-USE",
            &special(),
            "U: send
             C: A1 LIST (SPECIAL-USE) \"\" \"*\" RETURN (SUBSCRIBED CHILDREN SPECIAL-USE)
             S: A1 OK done
             E: #0 Ok done",
        );
        check_authenticated(
            "SPECIAL-USE",
            &special(),
            "U: send
             C: A1 LIST \"\" \"*\"
             S: * LIST () \"/\" INBOX
             S: * LIST (\\Sent) \"/\" a
             S: A1 OK done
             E: #0 Mailbox a [Sent]
             E: #0 Ok done",
        );
    }

    #[test]
    fn rights_and_notes_with_it_or_behind_it() {
        let all = || {
            let entries = vec!["/shared/comment".to_owned()];
            [List { rights: true, entries, which: Which::SubscribedOrAbove, ..List::all() }.into()]
        };
        check_authenticated(
            "LIST-EXTENDED LIST-MYRIGHTS LIST-METADATA",
            &all(),
            "U: send
             C: A1 LIST (SUBSCRIBED RECURSIVEMATCH) \"\" \"*\" RETURN (SUBSCRIBED CHILDREN MYRIGHTS METADATA (/shared/comment))
             S: * LIST () \"/\" a
             S: * MYRIGHTS a lr
             S: * METADATA a (/shared/comment NIL)
             S: A1 OK done
             E: #0 Mailbox a []
             E: #0 MyRights a lr
             E: #0 Metadata a /shared/comment
             E: #0 Ok done",
        );
        check_authenticated(
            "ACL METADATA",
            &all(),
            "U: send
             C: A1 LSUB \"\" \"*\"
             S: * LSUB () \"/\" a
             S: A1 OK done
             E: #0 Mailbox a []
             C: A2 MYRIGHTS a
             C: A3 GETMETADATA a (/shared/comment)
             S: * MYRIGHTS a lr
             S: A2 OK done
             E: #0 MyRights a lr
             S: A3 NO go away
             E: #0 Ok done",
        );
        check_authenticated(
            "",
            &all(),
            "U: send
             C: A1 LSUB \"\" \"*\"
             S: * LSUB () \"/\" a
             S: A1 OK done
             E: #0 Mailbox a []
             E: #0 Ok done",
        );
    }
}
