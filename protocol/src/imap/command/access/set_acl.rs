//! SETACL: let someone do something with a mailbox. RFC 4314 section 3.1.

use crate::imap::command::message::StoreAction;
use crate::imap::command::shared::{Footprint, Server, Task};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, MailboxName, Rights};

/// Changes what someone may do with a mailbox. One needs the right `a` there.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [RFC 4314 section 3.1].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::{SetAcl, StoreAction};
/// use postern_protocol::imap::{MailboxName, Rights};
///
/// let let_bob_read = SetAcl {
///     mailbox: MailboxName::inbox(),
///     identifier: "bob".into(),
///     action: StoreAction::Add,
///     rights: Rights("lr".into()),
/// };
/// assert_eq!(sent("ACL", let_bob_read), ["SETACL INBOX bob +lr"]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: there is no other way to rights.
///
/// [RFC 4314 section 3.1]: https://www.rfc-editor.org/rfc/rfc4314#section-3.1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAcl {
    /// Of which mailbox.
    pub mailbox: MailboxName,
    /// Who: a user, `anyone`, a group of the server's; with a `-` before it, the rights are taken away from them.
    pub identifier: String,
    /// What to do with the rights.
    pub action: StoreAction,
    /// Which, a letter each (RFC 4314 section 2.1). None with [`StoreAction::Replace`] leaves them none.
    pub rights: Rights,
}

impl SetAcl {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for SetAcl {
    /// Alone: it decides what the commands behind it may do.
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        server.require(Capability::Acl)?;
        line.arg("SETACL ").mailbox(&self.mailbox)?.words(" ").astring(self.identifier.as_bytes())?;
        let rights = format!("{}{}", self.action.sign().trim_start(), self.rights.0);
        line.words(" ").astring(rights.as_bytes())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    fn set(action: StoreAction, identifier: &str, rights: &str) -> crate::imap::Command {
        let mailbox = MailboxName::try_from("a b").unwrap();
        SetAcl { mailbox, identifier: identifier.into(), action, rights: Rights(rights.into()) }.into()
    }

    #[test]
    fn adds_takes_and_replaces() {
        check_authenticated(
            "ACL",
            &[
                set(StoreAction::Add, "bob", "lr"),
                set(StoreAction::Remove, "bob", "r"),
                set(StoreAction::Replace, "my friends", ""),
            ],
            "U: send
             C: A1 SETACL \"a b\" bob +lr
             S: A1 OK done
             E: #0 Ok done
             U: send
             C: A2 SETACL \"a b\" bob -r
             S: A2 OK done
             E: #1 Ok done
             U: send
             C: A3 SETACL \"a b\" \"my friends\" \"\"
             S: A3 NO [NOPERM] not yours
             E: #2 Error the server refused: not yours",
        );
        check_authenticated(
            "",
            &[set(StoreAction::Add, "bob", "lr")],
            "U: send\nE: #0 Error the server lacks ACL",
        );
    }

    /// S12: a name is data, whatever is in it.
    #[test]
    fn s12_a_name_cannot_carry_a_command() {
        check_authenticated(
            "ACL LITERAL+",
            &[set(StoreAction::Add, "a\r\nA9 LOGOUT", "l\0")],
            "U: send\nE: #0 Error a string holds a character that no command can carry",
        );
    }
}
