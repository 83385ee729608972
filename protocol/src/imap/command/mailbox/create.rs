//! CREATE: make a mailbox. RFC 9051 section 6.3.4; RFC 6154 section 3 for what it is to be used for.

use crate::imap::command::shared::{Footprint, Server, Task};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, MailboxAttribute, MailboxName};

/// Makes a mailbox. Every server has it.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it; its code is
/// [`Code::MailboxId`](crate::imap::Code::MailboxId) where the server has OBJECTID (RFC 8474).
///
/// Source: [RFC 9051 section 6.3.4]; [RFC 6154 section 3] for what it is to be used for.
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::Create;
/// use postern_protocol::imap::{MailboxAttribute, MailboxName};
///
/// let mailbox = MailboxName::try_from("Archive/2026")?;
/// let archive = Create { mailbox, special_use: Some(MailboxAttribute::Archive) };
/// assert_eq!(sent("CREATE-SPECIAL-USE", archive.clone()), [r"CREATE Archive/2026 (USE (\Archive))"]);
/// assert_eq!(sent("", archive), ["CREATE Archive/2026"]);
/// # Ok::<(), postern_protocol::imap::InvalidMailboxName>(())
/// ```
///
/// # Where the server lacks it
/// Without CREATE-SPECIAL-USE (RFC 6154) the mailbox is made all the same, and nobody knows what it is for but by its
/// name.
///
/// [RFC 9051 section 6.3.4]: https://www.rfc-editor.org/rfc/rfc9051#section-6.3.4
/// [RFC 6154 section 3]: https://www.rfc-editor.org/rfc/rfc6154#section-3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    /// Its name, with the delimiter between the levels; those above are made where they are missing.
    pub mailbox: MailboxName,
    /// What it is for, such as [`MailboxAttribute::Archive`].
    pub special_use: Option<MailboxAttribute>,
}

impl Create {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Create {
    /// Alone: commands behind it may be about the mailbox that it changes.
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("CREATE ").mailbox(&self.mailbox)?;
        if let Some(name) = self.special_use.as_ref().and_then(use_name)
            && server.has(&Capability::CreateSpecialUse)
        {
            line.arg("(USE (\\").words(name).words("))");
        }
        Ok(())
    }
}

/// The special uses of RFC 6154 section 2 and RFC 8457; other attributes are none.
fn use_name(attribute: &MailboxAttribute) -> Option<&'static str> {
    Some(match attribute {
        MailboxAttribute::All => "All",
        MailboxAttribute::Archive => "Archive",
        MailboxAttribute::Drafts => "Drafts",
        MailboxAttribute::Flagged => "Flagged",
        MailboxAttribute::Junk => "Junk",
        MailboxAttribute::Sent => "Sent",
        MailboxAttribute::Trash => "Trash",
        MailboxAttribute::Important => "Important",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::transcript::check_authenticated;

    fn archive(special_use: Option<MailboxAttribute>) -> Command {
        Create { mailbox: MailboxName::try_from("Archiv/2026").unwrap(), special_use }.into()
    }

    #[test]
    fn says_what_it_is_for_where_it_can() {
        check_authenticated(
            "CREATE-SPECIAL-USE",
            &[archive(Some(MailboxAttribute::Archive)), archive(Some(MailboxAttribute::NoSelect))],
            "U: send
             C: A1 CREATE Archiv/2026 (USE (\\Archive))
             S: A1 OK made
             E: #0 Ok made
             U: send
             C: A2 CREATE Archiv/2026
             S: A2 NO [ALREADYEXISTS] is there
             E: #1 Error the server refused: is there",
        );
        check_authenticated(
            "",
            &[archive(Some(MailboxAttribute::Archive))],
            "U: send
             C: A1 CREATE Archiv/2026
             S: A1 OK made
             E: #0 Ok made",
        );
    }
}
