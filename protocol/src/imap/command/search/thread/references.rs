//! Threads by what answers what. RFC 5256 section 3 (REFERENCES), steps 2 to 6; step 1 is [`Containers`]'.

use super::containers::Containers;
use super::forest::Forest;
use crate::imap::command::search::collate::Facts;
use crate::imap::types::Threads;
use postern_mime::BaseSubject;
use std::collections::HashMap;

/// Whether threads of the same subject are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subjects {
    /// REFERENCES, step 5.
    Merge,
    /// REFS.
    Ignore,
}

pub(super) fn threads(facts: &[Facts], subjects: Subjects) -> Threads {
    let mut builder = Builder::of(facts);
    builder.sort();
    if subjects == Subjects::Merge {
        builder.merge_subjects();
        builder.sort();
    }
    builder.forest.into_threads()
}

struct Builder<'a> {
    facts: &'a [Facts],
    forest: Forest,
    /// The place in `facts` of each node; none for a message that is missing.
    places: Vec<Option<usize>>,
}

impl<'a> Builder<'a> {
    /// Steps 2 and 3: messages that are missing give way to their children, unless they hold a thread together.
    fn of(facts: &'a [Facts]) -> Self {
        let Containers { messages, parents, .. } = Containers::of(facts);
        let mut forest = Forest::default();
        for place in &messages {
            forest.add(place.map(|at| facts[at].uid));
        }
        let mut builder = Self { facts, forest, places: messages };
        for node in upwards(&parents) {
            let missing = builder.places[node].is_none();
            match parents[node] {
                Some(parent) if missing => builder.adopt(parent, node),
                Some(parent) => builder.forest.children[parent].push(node),
                None => builder.plant(node),
            }
        }
        builder
    }

    /// The children of one node go to another. The order is made later, so the shorter list goes into the longer.
    fn adopt(&mut self, parent: usize, from: usize) {
        let mut orphans = std::mem::take(&mut self.forest.children[from]);
        let children = &mut self.forest.children[parent];
        if orphans.len() > children.len() {
            std::mem::swap(&mut orphans, children);
        }
        children.append(&mut orphans);
    }

    /// Step 3: at the top, a missing message with several children stays.
    fn plant(&mut self, node: usize) {
        match &self.forest.children[node][..] {
            [] if self.places[node].is_none() => {}
            &[only] if self.places[node].is_none() => {
                self.forest.children[node].clear();
                self.forest.roots.push(only);
            }
            _ => self.forest.roots.push(node),
        }
    }

    /// Steps 4 and 6: by date sent. Only at the top can a message be missing; there its first child stands for it.
    fn sort(&mut self) {
        let mut children = std::mem::take(&mut self.forest.children);
        for below in &mut children {
            below.sort_unstable_by_key(|&node| self.date(node));
        }
        self.forest.children = children;
        let mut roots = std::mem::take(&mut self.forest.roots);
        roots.sort_unstable_by_key(|&root| self.first(root).map(|node| self.date(node)));
        self.forest.roots = roots;
    }

    fn date(&self, node: usize) -> (i64, u32) {
        self.places[node].map_or((i64::MAX, u32::MAX), |at| (self.facts[at].sent, self.facts[at].uid))
    }

    fn is_missing(&self, node: usize) -> bool {
        self.places[node].is_none()
    }

    /// The message that a thread begins with.
    fn first(&self, root: usize) -> Option<usize> {
        if self.is_missing(root) { self.forest.children[root].first().copied() } else { Some(root) }
    }

    /// A thread's subject is that of its first message.
    fn subject(&self, root: usize) -> Option<&'a BaseSubject> {
        let place = self.first(root).and_then(|node| self.places[node]);
        place.map(|at| &self.facts[at].subject).filter(|subject| !subject.key.is_empty())
    }

    fn is_reply(&self, root: usize) -> bool {
        self.subject(root).is_some_and(|subject| subject.is_reply)
    }

    /// Step 5: threads whose first messages have the same base subject become one.
    fn merge_subjects(&mut self) {
        let roots = std::mem::take(&mut self.forest.roots);
        let keyed: Vec<_> =
            roots.iter().map(|&root| (root, self.subject(root).map(|subject| &*subject.key))).collect();
        let chosen = self.subject_table(&keyed);
        let mut threads = chosen.clone();
        for (root, key) in keyed {
            let Some(key) = key else {
                self.forest.roots.push(root);
                continue;
            };
            if let Some(&thread) = threads.get(key).filter(|_| chosen.get(key) != Some(&root)) {
                threads.insert(key, self.merge(thread, root));
            }
        }
        self.forest.roots.extend(threads.into_values());
    }

    /// Step 5.B: which thread the others of a subject join: one without a message at its top before one with, and
    /// one that is no answer before one that is.
    fn subject_table(&self, roots: &[(usize, Option<&'a str>)]) -> HashMap<&'a str, usize> {
        let mut table = HashMap::new();
        for &(root, key) in roots {
            let Some(key) = key else { continue };
            let rank = |root: usize| (!self.is_missing(root), self.is_reply(root));
            table
                .entry(key)
                .and_modify(|first| *first = if rank(root) < rank(*first) { root } else { *first })
                .or_insert(root);
        }
        table
    }

    /// Step 5.C: the thread that two of the same subject make.
    fn merge(&mut self, thread: usize, other: usize) -> usize {
        match (self.is_missing(thread), self.is_missing(other)) {
            (true, true) => self.adopt(thread, other),
            (true, false) => self.forest.children[thread].push(other),
            _ if self.is_reply(other) && !self.is_reply(thread) => self.forest.children[thread].push(other),
            _ => {
                let both = self.forest.add(None);
                self.places.push(None);
                self.forest.children[both] = vec![thread, other];
                return both;
            }
        }
        thread
    }
}

/// Every node before the one above it.
fn upwards(parents: &[Option<usize>]) -> Vec<usize> {
    let mut waits = vec![0_u32; parents.len()];
    for parent in parents.iter().flatten() {
        waits[*parent] += 1;
    }
    let mut order: Vec<usize> = (0..parents.len()).filter(|&node| waits[node] == 0).collect();
    let mut at = 0;
    while let Some(&node) = order.get(at) {
        at += 1;
        if let Some(parent) = parents[node] {
            waits[parent] -= 1;
            if waits[parent] == 0 {
                order.push(parent);
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `uid@date subject < references`, with the uid as the message's id.
    fn facts(lines: &str) -> Vec<Facts> {
        let read = |line: &str| {
            let (what, references) = line.split_once('<').unwrap_or((line, ""));
            let (uid, rest) = what.trim().split_once('@').unwrap();
            let (sent, subject) = rest.split_once(' ').unwrap_or((rest, ""));
            Facts {
                uid: uid.parse().unwrap(),
                sent: sent.parse().unwrap(),
                subject: BaseSubject::of(subject.as_bytes()),
                message_id: Some(uid.as_bytes().into()),
                references: references.split_whitespace().map(|id| id.as_bytes().into()).collect(),
                ..Facts::default()
            }
        };
        lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(read).collect()
    }

    /// Each message with as many dots before it as messages stand above it.
    fn show(threads: &Threads) -> String {
        let show = |node: &crate::imap::types::ThreadNode| {
            let dots = ".".repeat(node.depth as usize);
            node.number.map_or(format!("{dots}?"), |number| format!("{dots}{number}"))
        };
        threads.nodes.iter().map(show).collect::<Vec<_>>().join(" ")
    }

    fn check(lines: &str, refs: &str, references: &str) {
        let facts = facts(lines);
        assert_eq!(show(&threads(&facts, Subjects::Ignore)), refs, "REFS of {lines}");
        assert_eq!(show(&threads(&facts, Subjects::Merge)), references, "REFERENCES of {lines}");
    }

    #[test]
    fn answers_stand_below_what_they_answer() {
        let lines = "1@10 a\n 2@20 b < 1\n 3@30 c < 1 2\n 4@25 d < 1\n 5@5 e";
        check(lines, "5 1 .2 ..3 .4", "5 1 .2 ..3 .4");
    }

    #[test]
    fn missing_messages_hold_threads_together() {
        // x is missing: one child takes its place, two stay together.
        check("1@10 a < x", "1", "1");
        check("1@10 a < x\n 2@20 b < x", "? .1 .2", "? .1 .2");
        // Below the top, the children of the missing one go up.
        check("1@10 a\n 2@20 b < 1 x\n 3@30 c < 1 x", "1 .2 .3", "1 .2 .3");
        // A chain tells where the missing one stood.
        check("1@10 a\n 2@20 b < 1 x y", "1 .2", "1 .2");
    }

    #[test]
    fn subjects_join_threads() {
        check("1@10 a\n 2@20 Re: a", "1 2", "1 .2");
        check("1@10 Re: a\n 2@20 a", "1 2", "2 .1");
        check("1@10 a\n 2@20 a\n 3@30 Re: a", "1 2 3", "? .1 .2 .3");
        check("1@10 Re: a\n 2@20 Re: a", "1 2", "? .1 .2");
        check("1@10 a < x\n 2@20 b < x\n 3@5 Re: a", "3 ? .1 .2", "? .3 .1 .2");
        check("1@10 a < x\n 2@20 b < x\n 3@30 a < y\n 4@40 c < y", "? .1 .2 ? .3 .4", "? .1 .2 .3 .4");
        check("1@10\n 2@20", "1 2", "1 2");
    }

    #[test]
    fn circles_and_doubles_are_left_out() {
        check("1@10 a < 2\n 2@20 b < 1", "2 .1", "2 .1");
        check("1@10 a < 1", "1", "1");
        check("1@10 a < 3\n 2@20 b < 1\n 3@30 c < 2", "3 .1 ..2", "3 .1 ..2");
        let mut double = facts("1@10 a\n 2@20 b\n 3@30 c < 1");
        double[1].message_id = Some(b"1".as_slice().into());
        assert_eq!(show(&threads(&double, Subjects::Ignore)), "1 .3 2");
    }

    /// S4: deep, wide and missing, each 100,000 times.
    #[test]
    fn s4_hostile_threads_stay_linear() {
        let many = 100_000;
        let id = |number: u32| number.to_string().into_bytes().into_boxed_slice();
        let message = |uid: u32, references: Vec<Box<[u8]>>| Facts {
            uid,
            message_id: Some(id(uid)),
            references,
            ..Facts::default()
        };
        let chain: Vec<_> = (1..=many).map(|uid| message(uid, vec![id(uid - 1)])).collect();
        let nodes = threads(&chain, Subjects::Merge).nodes;
        assert_eq!((nodes.len(), nodes.last().unwrap().depth), (many as usize, many - 1));
        let backwards: Vec<_> = (1..=many).map(|uid| message(uid, vec![id(uid + 1)])).collect();
        assert_eq!(threads(&backwards, Subjects::Merge).nodes.last().unwrap().depth, many - 1);
        // A long chain of missing messages, with many answers to the last.
        let missing: Vec<_> = (many + 1..many + 1000).map(id).collect();
        let mut wide: Vec<_> = (1..=many).map(|uid| message(uid, vec![id(many + 1000)])).collect();
        wide[0].references = [missing, vec![id(many + 1000)]].concat();
        assert_eq!(threads(&wide, Subjects::Merge).nodes.len(), many as usize + 1);
    }
}
