//! What mailboxes are for, where the server does not say: by their names.
//!
//! RFC 6154 asks servers to tell. Those that don't mostly come from a time when the names of a few programs were
//! taken for granted. The table holds these, in lower case; the first mailbox of a use counts, and only one at the
//! top or right below it.

use super::super::{ListItem, MailboxAttribute};

/// The uses that were told or guessed already.
#[derive(Debug, Default)]
pub(super) struct SpecialUses {
    seen: Vec<MailboxAttribute>,
}

impl SpecialUses {
    /// Adds what a mailbox seems to be for, unless it or an earlier one was told to be for that.
    pub(super) fn guess(&mut self, mailbox: &mut ListItem) {
        let told = NAMES.iter().map(|(attribute, _)| attribute).find(|attribute| mailbox.has(attribute));
        let guessed = told.is_none() && mailbox.is_selectable();
        let Some(attribute) = told.or_else(|| by_name(mailbox).filter(|_| guessed)) else { return };
        if self.seen.contains(attribute) {
            return;
        }
        self.seen.push(attribute.clone());
        if told.is_none() {
            mailbox.attributes.push(attribute.clone());
        }
    }
}

/// Whether the mailbox is for something of its own.
pub(super) fn has_use(mailbox: &ListItem) -> bool {
    NAMES.iter().any(|(attribute, _)| mailbox.has(attribute))
}

fn by_name(mailbox: &ListItem) -> Option<&'static MailboxAttribute> {
    let name = mailbox.name.as_str().to_lowercase();
    let mut levels = mailbox.delimiter.map_or(vec![&*name], |delimiter| name.split(delimiter).collect());
    let last = levels.pop()?;
    let near_the_top = levels.len() <= 1;
    let is_it = |(_, names): &&(MailboxAttribute, &[&str])| near_the_top && names.contains(&last);
    NAMES.iter().find(is_it).map(|(attribute, _)| attribute)
}

/// Names of Thunderbird, Outlook, Apple Mail, Gmail and of the mail servers' own templates.
const NAMES: &[(MailboxAttribute, &[&str])] = &[
    (MailboxAttribute::Drafts, &["drafts", "draft", "entwürfe", "brouillons", "borradores", "bozze"]),
    (
        MailboxAttribute::Sent,
        &[
            "sent",
            "sent items",
            "sent messages",
            "sent mail",
            "gesendet",
            "envoyés",
            "enviados",
            "posta inviata",
        ],
    ),
    (
        MailboxAttribute::Trash,
        &[
            "trash",
            "deleted items",
            "deleted messages",
            "bin",
            "papierkorb",
            "corbeille",
            "papelera",
            "cestino",
        ],
    ),
    (MailboxAttribute::Junk, &["junk", "spam", "junk e-mail", "junk mail", "bulk mail", "indésirables"]),
    (MailboxAttribute::Archive, &["archive", "archives", "archiv"]),
    (MailboxAttribute::All, &["all mail"]),
    (MailboxAttribute::Flagged, &[]),
    (MailboxAttribute::Important, &[]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::{ListKind, MailboxName};

    fn check(mailboxes: &[(&str, &[MailboxAttribute], &[MailboxAttribute])]) {
        let mut uses = SpecialUses::default();
        for (name, told, expected) in mailboxes {
            let mut mailbox = ListItem {
                kind: ListKind::List,
                name: MailboxName::try_from(*name).unwrap(),
                delimiter: Some('/'),
                attributes: told.to_vec(),
                child_info: vec![],
                old_name: None,
                extended: vec![],
            };
            uses.guess(&mut mailbox);
            assert_eq!(mailbox.attributes, *expected, "{name}");
        }
    }

    #[test]
    fn the_first_of_each_use_counts() {
        use MailboxAttribute::{Drafts, Junk, NoSelect, Sent, Trash};
        check(&[
            ("INBOX", &[], &[]),
            ("INBOX/Sent", &[], &[Sent]),
            ("Sent Items", &[], &[]),
            ("Papierkorb", &[], &[Trash]),
            ("Work/2026/Drafts", &[], &[]),
            ("Entwürfe", &[], &[Drafts]),
            ("Junk", &[NoSelect], &[NoSelect]),
            ("Müll", &[Junk], &[Junk]),
            ("Spam", &[], &[]),
        ]);
    }
}
