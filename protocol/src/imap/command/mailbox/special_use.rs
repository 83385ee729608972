//! What mailboxes are for, where the server does not say: by their names.
//!
//! RFC 6154 asks servers to tell. For those that don't, [`MailboxUse`] knows names in many languages. Of several mailboxes for one use the one nearest to the
//! top counts, and of these the first; none counts that lies deeper than right below the top.

use crate::imap::{ListItem, MailboxAttribute};
use postern_mime::MailboxUse;

/// Adds what each mailbox seems to be for. No use is guessed that the server named a mailbox for, or twice.
pub(super) fn guess<'a>(mailboxes: impl IntoIterator<Item = &'a mut ListItem>) {
    let mut mailboxes: Vec<_> = mailboxes.into_iter().collect();
    for (attribute, mailbox_use) in &USES {
        if mailboxes.iter().any(|mailbox| mailbox.has(attribute)) {
            continue;
        }
        let is_free = |mailbox: &ListItem| mailbox.is_selectable() && !has_use(mailbox);
        let candidates = mailboxes.iter_mut().filter(|mailbox| is_free(mailbox));
        let by_depth = candidates.filter_map(|mailbox| Some((depth(mailbox, *mailbox_use)?, mailbox)));
        if let Some((_, mailbox)) = by_depth.min_by_key(|(depth, _)| *depth) {
            mailbox.attributes.push(attribute.clone());
        }
    }
}

/// Whether the mailbox is for something of its own.
pub(super) fn has_use(mailbox: &ListItem) -> bool {
    let unnamed = [MailboxAttribute::Flagged, MailboxAttribute::Important];
    USES.iter().map(|(attribute, _)| attribute).chain(&unnamed).any(|attribute| mailbox.has(attribute))
}

/// How many levels lie above a mailbox whose name says this use; none for any other, and for one too deep.
fn depth(mailbox: &ListItem, mailbox_use: MailboxUse) -> Option<usize> {
    let name = mailbox.name.as_str();
    let mut levels = mailbox.delimiter.map_or(vec![name], |delimiter| name.split(delimiter).collect());
    let last = levels.pop()?;
    (levels.len() <= 1 && MailboxUse::of_name(last) == Some(mailbox_use)).then_some(levels.len())
}

/// Uses that a name can say.
const USES: [(MailboxAttribute, MailboxUse); 6] = [
    (MailboxAttribute::Drafts, MailboxUse::Drafts),
    (MailboxAttribute::Sent, MailboxUse::Sent),
    (MailboxAttribute::Trash, MailboxUse::Trash),
    (MailboxAttribute::Junk, MailboxUse::Junk),
    (MailboxAttribute::Archive, MailboxUse::Archive),
    (MailboxAttribute::All, MailboxUse::All),
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
