//! What mailboxes are for, where the server does not say: by their names.
//!
//! RFC 6154 asks servers to tell. Those that don't mostly come from a time when the names of a few programs were
//! taken for granted. The table holds these, in lower case. Of several mailboxes for one use the one nearest to the
//! top counts, and of these the first; none counts that lies deeper than right below the top.

use crate::imap::{ListItem, MailboxAttribute};

/// Adds what each mailbox seems to be for. No use is guessed that the server named a mailbox for, or twice.
pub(super) fn guess<'a>(mailboxes: impl IntoIterator<Item = &'a mut ListItem>) {
    let mut mailboxes: Vec<_> = mailboxes.into_iter().collect();
    for (attribute, names) in NAMES {
        if mailboxes.iter().any(|mailbox| mailbox.has(attribute)) {
            continue;
        }
        let is_free = |mailbox: &ListItem| mailbox.is_selectable() && !has_use(mailbox);
        let candidates = mailboxes.iter_mut().filter(|mailbox| is_free(mailbox));
        let by_depth = candidates.filter_map(|mailbox| Some((depth(mailbox, names)?, mailbox)));
        if let Some((_, mailbox)) = by_depth.min_by_key(|(depth, _)| *depth) {
            mailbox.attributes.push(attribute.clone());
        }
    }
}

/// Whether the mailbox is for something of its own.
pub(super) fn has_use(mailbox: &ListItem) -> bool {
    NAMES.iter().any(|(attribute, _)| mailbox.has(attribute))
}

/// How many levels lie above a mailbox that has one of these names; none for any other, and for one too deep.
fn depth(mailbox: &ListItem, names: &[&str]) -> Option<usize> {
    let name = mailbox.name.as_str().to_lowercase();
    let mut levels = mailbox.delimiter.map_or(vec![&*name], |delimiter| name.split(delimiter).collect());
    let last = levels.pop()?;
    (levels.len() <= 1 && names.contains(&last)).then_some(levels.len())
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

    type Case<'a> = (&'a str, &'a [MailboxAttribute], &'a [MailboxAttribute]);

    fn check(cases: &[Case<'_>]) {
        let mailbox = |(name, told, _): &Case<'_>| ListItem {
            kind: ListKind::List,
            name: MailboxName::try_from(*name).unwrap(),
            delimiter: Some('/'),
            attributes: told.to_vec(),
            child_info: vec![],
            old_name: None,
            extended: vec![],
        };
        let mut mailboxes: Vec<_> = cases.iter().map(mailbox).collect();
        guess(&mut mailboxes);
        for (mailbox, (name, _, expected)) in mailboxes.iter().zip(cases) {
            assert_eq!(mailbox.attributes, *expected, "{name}");
        }
    }

    #[test]
    fn one_mailbox_of_each_use_is_guessed() {
        use MailboxAttribute::{Drafts, Junk, NoSelect, Sent, Trash};
        check(&[
            ("INBOX", &[], &[]),
            ("INBOX/Sent", &[], &[Sent]),
            ("Work/2026/Sent Items", &[], &[]),
            ("Papierkorb", &[], &[Trash]),
            ("Work/2026/Drafts", &[], &[]),
            ("Entwürfe", &[], &[Drafts]),
            ("Junk", &[NoSelect], &[NoSelect]),
            ("Müll", &[Junk], &[Junk]),
            ("Spam", &[], &[]),
        ]);
    }

    /// An archive of another account, moved in whole, keeps its own Sent and Trash.
    #[test]
    fn the_mailbox_nearest_to_the_top_has_the_use() {
        use MailboxAttribute::{Archive, Drafts, Junk, Sent, Trash};
        check(&[
            ("Archive", &[], &[Archive]),
            ("Archive/Drafts", &[], &[]),
            ("Archive/Inbox", &[], &[]),
            ("Archive/Sent", &[], &[]),
            ("Archive/Trash", &[], &[]),
            ("Projects/Spam", &[], &[]),
            ("Drafts", &[], &[Drafts]),
            ("Sent", &[], &[Sent]),
            ("Spam", &[], &[Junk]),
            ("Trash", &[], &[Trash]),
        ]);
    }

    #[test]
    fn the_servers_word_counts_wherever_it_stands_in_the_list() {
        use MailboxAttribute::Sent;
        check(&[("Sent", &[], &[]), ("Postausgang", &[Sent], &[Sent])]);
    }
}
