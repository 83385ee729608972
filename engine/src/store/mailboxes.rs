//! The account's mailboxes: their numbers, roles, order and counts. Knows no connection.

use crate::border::{MailboxId, MailboxRole, MailboxRow};
use crate::store::listed::Listed;
use crate::store::naming;
use postern_protocol::imap::MailboxName;
use std::collections::{BTreeMap, HashMap};

/// How many messages a mailbox has, as far as we know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) total: Option<u32>,
    pub(crate) unread: Option<u32>,
}

/// All mailboxes.
#[derive(Debug, Default)]
pub(crate) struct Mailboxes {
    /// Every name ever seen keeps its number.
    ids: HashMap<String, MailboxId>,
    names: HashMap<MailboxId, MailboxName>,
    counts: BTreeMap<MailboxId, Counts>,
    rows: Vec<MailboxRow>,
    next: u32,
}

impl Mailboxes {
    /// The list came anew.
    pub(super) fn replace(&mut self, mut listed: Vec<Listed>) {
        listed.truncate(MOST_MAILBOXES);
        let named = naming::with_paths(listed);
        let mut folders: Vec<_> = named.into_iter().map(|(one, path)| self.folder(&one, path)).collect();
        give_roles(&mut folders);
        self.rows = in_order(folders);
        let kept: Vec<_> = self.rows.iter().map(|row| row.id).collect();
        self.counts.retain(|id, _| kept.contains(id));
    }

    /// The rows as the view shows them.
    pub(crate) fn rows(&self) -> Vec<MailboxRow> {
        let counted = |row: &MailboxRow| {
            let Counts { total, unread } = self.counts(row.id);
            MailboxRow { total, unread, ..row.clone() }
        };
        self.rows.iter().map(counted).collect()
    }

    /// The mailboxes that have counts to ask for, in the order shown.
    pub(crate) fn selectable(&self) -> impl Iterator<Item = MailboxId> + '_ {
        self.rows.iter().filter(|row| row.selectable).map(|row| row.id)
    }

    pub(crate) fn id(&self, name: &MailboxName) -> Option<MailboxId> {
        self.ids.get(name.as_str()).copied()
    }

    pub(crate) fn name(&self, id: MailboxId) -> Option<&MailboxName> {
        self.names.get(&id)
    }

    pub(crate) fn role(&self, id: MailboxId) -> Option<MailboxRole> {
        self.rows.iter().find(|row| row.id == id)?.role
    }

    pub(crate) fn with_role(&self, role: MailboxRole) -> Option<MailboxId> {
        self.rows.iter().find(|row| row.role == Some(role)).map(|row| row.id)
    }

    pub(crate) fn counts(&self, id: MailboxId) -> Counts {
        self.counts.get(&id).copied().unwrap_or_default()
    }

    /// Sets the counts; `true` if that changed anything.
    pub(super) fn set_counts(&mut self, id: MailboxId, counts: Counts) -> bool {
        self.counts.insert(id, counts) != Some(counts)
    }

    /// Forgets all mailboxes. No number is used again.
    pub(super) fn clear(&mut self) {
        *self = Self { next: self.next, ..Self::default() };
    }

    /// Whether the mailbox is in the list that is shown.
    pub(crate) fn is_shown(&self, id: MailboxId) -> bool {
        self.rows.iter().any(|row| row.id == id)
    }

    fn folder(&mut self, listed: &Listed, path: Vec<String>) -> Folder {
        let id = *self.ids.entry(listed.name.as_str().to_owned()).or_insert_with(|| {
            self.next = self.next.saturating_add(1);
            MailboxId(self.next)
        });
        self.names.entry(id).or_insert_with(|| listed.name.clone());
        let role = if listed.name.is_inbox() { Some(MailboxRole::Inbox) } else { listed.role };
        Folder { id, path, role, selectable: listed.selectable }
    }
}

/// Mailboxes read at most; a server that names more is not believed.
const MOST_MAILBOXES: usize = 20_000;

#[derive(Debug)]
struct Folder {
    id: MailboxId,
    path: Vec<String>,
    role: Option<MailboxRole>,
    selectable: bool,
}

/// At most one mailbox has each role: of those that the server names for it (RFC 6154) the one nearest to the top. Where
/// it names none, names that everyone uses do: an archived account's own Sent, further down, is not this one's.
fn give_roles(folders: &mut [Folder]) {
    let has = |folder: &Folder, role| folder.role == Some(role);
    for role in NAMED_ROLES {
        let told = (0..folders.len()).filter(|&index| has(&folders[index], role));
        let Some(first) = told.min_by_key(|&index| folders[index].path.len()) else { continue };
        let others = folders.iter_mut().enumerate().filter(|(index, _)| *index != first);
        others
            .map(|(_, folder)| folder)
            .filter(|folder| has(folder, role))
            .for_each(|folder| folder.role = None);
    }
    for (role, names) in WELL_KNOWN {
        if folders.iter().any(|folder| has(folder, role)) {
            continue;
        }
        let rank = |folder: &Folder| {
            let name = folder.path.last().filter(|_| folder.path.len() <= DEEPEST_GUESS)?.to_lowercase();
            Some((folder.path.len(), names.iter().position(|known| *known == name)?))
        };
        let free = folders.iter_mut().filter(|folder| folder.role.is_none() && folder.selectable);
        let ranked = free.filter_map(|folder| Some((rank(folder)?, folder)));
        if let Some((_, folder)) = ranked.min_by_key(|(rank, _)| *rank) {
            folder.role = Some(role);
        }
    }
}

/// Levels of a name that may say what a mailbox is for.
const DEEPEST_GUESS: usize = 2;

const NAMED_ROLES: [MailboxRole; 7] = [
    MailboxRole::Drafts,
    MailboxRole::Sent,
    MailboxRole::Archive,
    MailboxRole::Junk,
    MailboxRole::Trash,
    MailboxRole::All,
    MailboxRole::Flagged,
];

const WELL_KNOWN: [(MailboxRole, &[&str]); 5] = [
    (MailboxRole::Drafts, &["drafts", "draft"]),
    (MailboxRole::Sent, &["sent", "sent items", "sent messages", "sent mail"]),
    (MailboxRole::Archive, &["archive", "archives"]),
    (MailboxRole::Junk, &["junk", "spam", "junk e-mail", "junk email", "bulk mail"]),
    (MailboxRole::Trash, &["trash", "deleted items", "deleted messages", "bin"]),
];

/// Special ones first, then by name, children after their parents.
fn in_order(mut folders: Vec<Folder>) -> Vec<MailboxRow> {
    strip_inbox_prefix(&mut folders);
    let by_path: HashMap<Vec<String>, usize> =
        folders.iter().enumerate().map(|(index, folder)| (folder.path.clone(), index)).collect();
    let parents: Vec<_> = folders.iter().map(|folder| parent(folder, &by_path)).collect();
    let mut children: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
    for (index, parent) in parents.iter().enumerate() {
        children.entry(*parent).or_default().push(index);
    }
    let key = |&index: &usize| {
        let folder = &folders[index];
        (folder.role.is_none(), folder.role, folder.path.join("/").to_lowercase())
    };
    children.values_mut().for_each(|siblings| siblings.sort_by_cached_key(key));
    // Depth first without recursion: the depth is the server's to choose.
    let mut rows = Vec::new();
    let mut waiting: Vec<_> =
        children.remove(&None).into_iter().flatten().rev().map(|index| (index, 0)).collect();
    while let Some((index, depth)) = waiting.pop() {
        let below = children.remove(&Some(index)).unwrap_or_default();
        // A mere container whose special children were lifted out of it shows nothing ("[Gmail]").
        if folders[index].selectable || !below.is_empty() {
            rows.push(row(&folders[index], parents[index].map(|parent| &folders[parent]), depth));
        }
        waiting.extend(below.into_iter().rev().map(|index| (index, depth + 1)));
    }
    rows
}

/// Some servers (Courier, Cyrus) keep everything below INBOX. Then that says nothing, and is left out.
fn strip_inbox_prefix(folders: &mut [Folder]) {
    let is_inbox = |name: &String| name.eq_ignore_ascii_case("INBOX");
    let all_below = folders.iter().all(|folder| folder.path.first().is_some_and(is_inbox));
    if folders.len() > 1 && all_below {
        for folder in folders.iter_mut().filter(|folder| folder.path.len() > 1) {
            folder.path.remove(0);
        }
    }
}

/// The nearest ancestor that is listed. Special mailboxes stand at the top, wherever the server keeps them.
fn parent(folder: &Folder, by_path: &HashMap<Vec<String>, usize>) -> Option<usize> {
    if folder.role.is_some() {
        return None;
    }
    (1..folder.path.len()).rev().find_map(|len| by_path.get(&folder.path[..len]).copied())
}

fn row(folder: &Folder, parent: Option<&Folder>, depth: u32) -> MailboxRow {
    let above = match parent {
        Some(parent) => parent.path.len(),
        None if folder.role.is_some() => folder.path.len() - 1,
        None => 0,
    };
    MailboxRow {
        id: folder.id,
        name: folder.path[above..].join("/"),
        path: folder.path.join("/"),
        depth,
        role: folder.role,
        selectable: folder.selectable,
        total: None,
        unread: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(name: &str, role: Option<MailboxRole>) -> Listed {
        let name = MailboxName::try_from(name).unwrap();
        Listed { name, delimiter: Some('/'), role, selectable: true }
    }

    /// `name*` can't be selected. Rows read `depth name role`.
    fn check(names: &[&str], expected: &[&str]) {
        let mut mailboxes = Mailboxes::default();
        let one = |name: &&str| Listed {
            selectable: !name.ends_with('*'),
            ..listed(name.trim_end_matches('*'), None)
        };
        mailboxes.replace(names.iter().map(one).collect());
        let rows: Vec<_> =
            mailboxes.rows().iter().map(|row| format!("{} {} {:?}", row.depth, row.name, row.role)).collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn special_ones_come_first_then_by_name() {
        check(
            &["work", "Trash", "Archive/2024", "INBOX", "Archive", "Sent", "apples"],
            &[
                "0 INBOX Some(Inbox)",
                "0 Sent Some(Sent)",
                "0 Archive Some(Archive)",
                "1 2024 None",
                "0 Trash Some(Trash)",
                "0 apples None",
                "0 work None",
            ],
        );
    }

    #[test]
    fn everything_below_inbox_stands_at_the_top() {
        check(
            &["INBOX", "INBOX/Sent", "INBOX/b", "INBOX/b/c"],
            &["0 INBOX Some(Inbox)", "0 Sent Some(Sent)", "0 b None", "1 c None"],
        );
    }

    #[test]
    fn a_container_of_special_ones_only_is_left_out() {
        check(
            &["INBOX", "[Gmail]*", "[Gmail]/Drafts", "lists*", "lists/rust"],
            &["0 INBOX Some(Inbox)", "0 Drafts Some(Drafts)", "0 lists None", "1 rust None"],
        );
    }

    #[test]
    fn parents_that_are_not_listed_stay_in_the_name() {
        check(&["a/b/c", "d"], &["0 a/b/c None", "0 d None"]);
    }

    #[test]
    fn what_the_server_says_wins_over_well_known_names() {
        let mut mailboxes = Mailboxes::default();
        mailboxes.replace(vec![listed("Trash", None), listed("Papierkorb", Some(MailboxRole::Trash))]);
        let roles: Vec<_> = mailboxes.rows().into_iter().map(|row| (row.name, row.role)).collect();
        assert_eq!(roles, [("Papierkorb".to_owned(), Some(MailboxRole::Trash)), ("Trash".to_owned(), None)]);
    }

    #[test]
    fn the_mailbox_nearest_to_the_top_has_the_role() {
        check(
            &[
                "INBOX",
                "Archive",
                "Archive/Drafts",
                "Archive/Inbox",
                "Archive/Sent",
                "Archive/Trash",
                "Projects*",
                "Projects/Spam",
                "Drafts",
                "Sent",
                "Spam",
                "Trash",
            ],
            &[
                "0 INBOX Some(Inbox)",
                "0 Drafts Some(Drafts)",
                "0 Sent Some(Sent)",
                "0 Archive Some(Archive)",
                "1 Drafts None",
                "1 Inbox None",
                "1 Sent None",
                "1 Trash None",
                "0 Spam Some(Junk)",
                "0 Trash Some(Trash)",
                "0 Projects None",
                "1 Spam None",
            ],
        );
    }

    #[test]
    fn a_role_that_the_server_gives_twice_is_that_of_the_upper_one() {
        let mut mailboxes = Mailboxes::default();
        let sent = Some(MailboxRole::Sent);
        mailboxes.replace(vec![listed("old/Gesendet", sent), listed("Gesendet", sent)]);
        let rows: Vec<_> = mailboxes.rows().into_iter().map(|row| (row.path, row.role)).collect();
        assert_eq!(rows, [("Gesendet".to_owned(), sent), ("old/Gesendet".to_owned(), None)]);
    }

    #[test]
    fn a_name_that_comes_twice_is_shown_once() {
        check(
            &["INBOX", "Inbox", "Work", "Work", "Work/a"],
            &["0 INBOX Some(Inbox)", "0 Work None", "1 a None"],
        );
    }

    #[test]
    fn what_lies_below_inbox_in_any_case_stands_below_it() {
        check(
            &["INBOX", "Inbox/x", "inbox/y", "INBOX/Y", "z"],
            &["0 INBOX Some(Inbox)", "1 x None", "1 y None", "1 Y None", "0 z None"],
        );
    }

    #[test]
    fn separators_at_either_end_make_no_row_of_their_own() {
        check(
            &["/", "", "//", "Lists/*", "Lists/rust", "/abs", "a//b", "a"],
            &["0 a None", "1 b None", "0 abs None", "0 Lists None", "1 rust None"],
        );
    }

    /// What is shown of them is the same, and they are two mailboxes all the same.
    #[test]
    fn an_absolute_name_beside_the_same_relative_one_is_a_mailbox_of_its_own() {
        check(&["abs", "/abs", "Lists/", "Lists"], &["0 /abs None", "0 abs None", "0 Lists None"]);
    }

    #[test]
    fn a_name_of_blanks_can_be_seen() {
        check(&[" ", "a/ "], &["0 \" \" None", "0 a/\" \" None"]);
    }

    #[test]
    fn without_a_separator_a_name_is_one_level() {
        let mut mailboxes = Mailboxes::default();
        mailboxes.replace(vec![Listed { delimiter: None, ..listed("a/b", None) }, listed("a", None)]);
        let rows: Vec<_> = mailboxes.rows().into_iter().map(|row| (row.depth, row.name)).collect();
        assert_eq!(rows, [(0, "a".to_owned()), (0, "a/b".to_owned())]);
    }

    #[test]
    fn numbers_stay_when_the_list_comes_anew() {
        let mut mailboxes = Mailboxes::default();
        mailboxes.replace(vec![listed("a", None), listed("b", None)]);
        let b = mailboxes.id(&MailboxName::try_from("b").unwrap());
        mailboxes.replace(vec![listed("c", None), listed("b", None)]);
        assert_eq!(mailboxes.id(&MailboxName::try_from("b").unwrap()), b);
        assert_eq!(mailboxes.rows().len(), 2);
    }

    #[test]
    fn many_levels_are_walked() {
        let names: Vec<_> = (1..300).map(|depth| vec!["x"; depth].join("/")).collect();
        let mut mailboxes = Mailboxes::default();
        mailboxes.replace(names.iter().map(|name| listed(name, None)).collect());
        assert_eq!(mailboxes.rows().last().map(|row| row.depth), Some(298));
    }
}
