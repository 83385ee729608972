//! ESEARCH IN: search several mailboxes at once. RFC 7377.

use crate::imap::command::search::key::footprint;
use crate::imap::command::search::returns::{Answer as Told, Kind, Returns};
use crate::imap::command::search::{SearchKey, SearchReturn};
use crate::imap::command::shared::{Answers, Footprint, MailboxFilter, Server, Step, Task};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Done, ESearch, Item, Misuse, Response, ResponseText};

/// Finds messages in several mailboxes, which need not be open.
///
/// One [`Item::Found`] for each mailbox in which something was found, then [`Done::Ok`]. Where the server leaves out what
/// it was asked for of a mailbox, [`CommandError::Malformed`] ends it, and the others stand.
///
/// Source: [RFC 7377].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::MailboxName;
/// use postern_protocol::imap::command::{MailboxFilter, MultiSearch, SearchKey, SearchReturn};
///
/// let everywhere = MultiSearch {
///     mailboxes: vec![MailboxFilter::Personal],
///     key: SearchKey::Subject("invoice".into()),
///     returns: vec![SearchReturn::All],
/// };
/// assert_eq!(
///     sent("MULTISEARCH ESEARCH", everywhere),
///     [r#"ESEARCH IN (personal) RETURN (ALL) SUBJECT "invoice""#]
/// );
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: to search one mailbox after the other would close the
/// one that is open, which only the caller can know to be harmless. It then sends
/// [`Select`](crate::imap::command::Select) with [`Mode::ReadOnly`](crate::imap::command::Mode::ReadOnly) and [`Search`](crate::imap::command::Search) for each,
/// best on a connection of its own.
///
/// [RFC 7377]: https://www.rfc-editor.org/rfc/rfc7377
#[derive(Debug, Clone, PartialEq)]
pub struct MultiSearch {
    /// Where to look.
    pub mailboxes: Vec<MailboxFilter>,
    /// What the messages must be like.
    pub key: SearchKey,
    /// What to tell of them: [`SearchReturn::All`], [`SearchReturn::Min`], [`SearchReturn::Max`] and
    /// [`SearchReturn::Count`]; the others are for one mailbox only and left out.
    pub returns: Vec<SearchReturn>,
}

impl MultiSearch {
    pub(crate) fn into_task(mut self) -> Box<dyn Task> {
        self.returns.retain(|asked| {
            matches!(asked, SearchReturn::All | SearchReturn::Min | SearchReturn::Max | SearchReturn::Count)
        });
        if self.returns.is_empty() {
            self.returns.push(SearchReturn::All);
        }
        let returns = Returns::new(std::mem::take(&mut self.returns));
        Box::new(Searching { command: self, returns, tag: Box::default(), is_short: false })
    }
}

#[derive(Debug)]
struct Searching {
    command: MultiSearch,
    returns: Returns,
    tag: Box<str>,
    /// An answer lacked what was asked for.
    is_short: bool,
}

impl Task for Searching {
    fn footprint(&self) -> Footprint {
        footprint(&self.command.key)
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        if !server.has(&Capability::MultiSearch) {
            return Err(CommandError::Unsupported(Capability::MultiSearch));
        }
        if self.command.mailboxes.is_empty() {
            return Err(Misuse::EmptySet.into());
        }
        self.tag = line.tag().into();
        line.arg("ESEARCH IN (");
        for (at, mailboxes) in self.command.mailboxes.iter().enumerate() {
            mailboxes.write(line.words(if at == 0 { "" } else { " " }))?;
        }
        line.words(")");
        self.returns.write(line, server, Kind::Search);
        if server.wants_charset() && self.command.key.needs_charset() {
            line.arg("CHARSET UTF-8");
        }
        self.command.key.write(line.words(" "), server)
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        let Response::ESearch(found) = response else { return false };
        found.mailbox.is_some() && found.tag.as_ref().is_none_or(|tag| *tag == self.tag)
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        let Response::ESearch(ESearch { mailbox: Some(mailbox), uid_validity, .. }) = &response else {
            return;
        };
        let (mailbox, uid_validity) = (mailbox.clone(), uid_validity.and_then(crate::imap::UidValidity::new));
        if let Response::ESearch(found) = response {
            let mut told = Told::default();
            told.add(found);
            if self.returns.lacks_something(&told) {
                self.is_short = true;
                return;
            }
            answers.push(Item::Found { mailbox, uid_validity, result: self.returns.result(told) });
        }
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        let short = CommandError::Malformed("an ESEARCH without what was asked for");
        Step::Done(if self.is_short { Err(short) } else { Ok(Done::Ok(text)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::MailboxName;
    use crate::imap::transcript::check_authenticated;

    fn everywhere(returns: &[SearchReturn]) -> [crate::imap::Command; 1] {
        let name = |text| MailboxName::try_from(text).unwrap();
        let mailboxes = vec![
            MailboxFilter::Mailboxes(vec![name("folder 1"), name("b")]),
            MailboxFilter::Subtree(vec![name("c")]),
        ];
        [MultiSearch { mailboxes, key: SearchKey::Unseen, returns: returns.to_vec() }.into()]
    }

    #[test]
    fn one_answer_for_each_mailbox() {
        check_authenticated(
            "MULTISEARCH ESEARCH",
            &everywhere(&[SearchReturn::All, SearchReturn::Count, SearchReturn::Save]),
            "U: send
             C: A1 ESEARCH IN (mailboxes (\"folder 1\" b) subtree (c)) RETURN (ALL COUNT) UNSEEN
             S: * ESEARCH (TAG \"A1\" MAILBOX \"folder 1\" UIDVALIDITY 1) UID ALL 4001,4003 COUNT 2
             S: * ESEARCH (TAG \"A1\" MAILBOX \"c/d\" UIDVALIDITY 7) UID COUNT 0
             S: A1 OK done
             E: #0 Found in folder 1 Some(1) 4001,4003 count=2
             E: #0 Found in c/d Some(7) count=0
             E: #0 Ok done",
        );
    }

    #[test]
    fn an_answer_that_lacks_what_was_asked_for_is_no_empty_one() {
        check_authenticated(
            "MULTISEARCH ESEARCH",
            &everywhere(&[SearchReturn::All]),
            "U: send
             C: A1 ESEARCH IN (mailboxes (\"folder 1\" b) subtree (c)) RETURN (ALL) UNSEEN
             S: * ESEARCH (TAG \"A1\" MAILBOX b UIDVALIDITY 1) UID COUNT 2
             S: * ESEARCH (TAG \"A1\" MAILBOX \"c/d\" UIDVALIDITY 7) UID ALL 7
             S: A1 OK done
             E: #0 Found in c/d Some(7) 7
             E: #0 Error the server's answer could not be read: an ESEARCH without what was asked for",
        );
    }

    #[test]
    fn is_left_to_the_caller_where_the_server_cannot() {
        check_authenticated("", &everywhere(&[]), "U: send\nE: #0 Error the server lacks MULTISEARCH");
        check_authenticated(
            "MULTISEARCH",
            &[MultiSearch { mailboxes: vec![], key: SearchKey::All, returns: vec![] }.into()],
            "U: send\nE: #0 Error nothing was asked for",
        );
    }
}
