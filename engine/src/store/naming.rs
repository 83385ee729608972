//! From the names that a server lists to the paths that the view shows. Servers list names that are nothing but a
//! separator, end in one, begin with one or come twice; none of that makes a row without a name, or two for one mailbox.

use crate::store::listed::Listed;
use postern_mime::one_line;
use std::collections::HashMap;

/// The mailboxes to show, each with its path; no two paths are the same.
pub(crate) fn with_paths(listed: Vec<Listed>) -> Vec<(Listed, Vec<String>)> {
    let mut found: Vec<(Listed, Vec<String>)> = Vec::new();
    let mut by_path: HashMap<Vec<String>, usize> = HashMap::new();
    for one in listed {
        let Some(mut path) = path(&one) else { continue };
        if let Some(&index) = by_path.get(&path) {
            let earlier = &mut found[index].0;
            if is_same(earlier, &one) {
                join(earlier, one);
                continue;
            }
            // Two mailboxes whose names differ in what is not shown, such as a leading separator: the whole name is.
            path = vec![one.name.as_str().to_owned()];
        }
        if by_path.contains_key(&path) {
            continue;
        }
        by_path.insert(path.clone(), found.len());
        found.push((one, path));
    }
    found
}

/// The levels of a name, decoded; none if it names nothing.
fn path(listed: &Listed) -> Option<Vec<String>> {
    let name = listed.name.as_str();
    let mut path: Vec<String> = match listed.delimiter {
        Some(delimiter) => name.split(delimiter).filter(|level| !level.is_empty()).map(shown).collect(),
        None => Some(name).filter(|name| !name.is_empty()).map(shown).into_iter().collect(),
    };
    // RFC 9051 section 5.1: INBOX is the same in any case, and so is what lies below it.
    if let [first, _, ..] = &mut *path
        && first.eq_ignore_ascii_case("INBOX")
    {
        "INBOX".clone_into(first);
    }
    (!path.is_empty()).then_some(path)
}

/// One level as a person reads it. Blanks alone would be nothing to click on.
fn shown(level: &str) -> String {
    let text = one_line(level);
    if text.trim().is_empty() { format!("{level:?}") } else { text }
}

/// Whether two entries are one mailbox: the same name, or but for the separators at its end, with which servers mark
/// what only has others below it.
fn is_same(one: &Listed, other: &Listed) -> bool {
    let bare = |listed: &Listed| {
        let name = listed.name.as_str();
        listed.delimiter.map_or(name, |delimiter| name.trim_end_matches(delimiter)).to_owned()
    };
    let (one, other) = (bare(one), bare(other));
    one == other || (below_inbox(&one) && one.eq_ignore_ascii_case(&other))
}

fn below_inbox(name: &str) -> bool {
    name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("INBOX"))
}

/// The same mailbox was listed again. The entry that can be opened names it.
fn join(earlier: &mut Listed, again: Listed) {
    let role = earlier.role.or(again.role);
    if !earlier.selectable && again.selectable {
        *earlier = again;
    }
    earlier.role = role;
}
