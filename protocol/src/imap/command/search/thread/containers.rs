//! Which message stands below which, by what they say of each other. RFC 5256 section 3 (REFERENCES), step 1.
//!
//! Links that would close a circle are left out. Whether one would is asked of a union-find structure, not of the
//! chain above: so a chain of 100,000 answers costs little more than as many messages without one.

use crate::imap::command::search::collate::Facts;
use std::collections::HashMap;

/// A place for each message, and for each that is only referred to.
#[derive(Debug, Default)]
pub(super) struct Containers<'a> {
    /// Which of the facts it holds; none where nothing but references tell of it.
    pub(super) messages: Vec<Option<usize>>,
    pub(super) parents: Vec<Option<usize>>,
    /// Towards the root of each tree, by short cuts.
    shortcuts: Vec<usize>,
    by_id: HashMap<&'a [u8], usize>,
}

impl<'a> Containers<'a> {
    pub(super) fn of(facts: &'a [Facts]) -> Self {
        let mut containers = Self::default();
        let places: Vec<usize> = (0..facts.len()).map(|at| containers.place(facts, at)).collect();
        // A message stands below the last one that it refers to, whatever others say. Done first for all, so that no
        // link must be cut again.
        for (facts, &place) in facts.iter().zip(&places) {
            if let Some(last) = facts.references.last() {
                let parent = containers.find_or_add(last);
                containers.link(parent, place);
            }
        }
        // Where a message is missing, the chains of those that answer it tell where it stood.
        for facts in facts {
            let chain: Vec<usize> = facts.references.iter().map(|id| containers.find_or_add(id)).collect();
            for pair in chain.windows(2) {
                if containers.messages[pair[1]].is_none() {
                    containers.link(pair[0], pair[1]);
                }
            }
        }
        containers
    }

    /// A message without an id, or with one that another has already, gets a place of its own.
    fn place(&mut self, facts: &'a [Facts], at: usize) -> usize {
        let place = match facts[at].message_id.as_deref() {
            Some(id) if !self.by_id.contains_key(id) => self.find_or_add(id),
            _ => self.add(),
        };
        self.messages[place] = Some(at);
        place
    }

    fn find_or_add(&mut self, id: &'a [u8]) -> usize {
        if let Some(&place) = self.by_id.get(id) {
            return place;
        }
        let place = self.add();
        self.by_id.insert(id, place);
        place
    }

    fn add(&mut self) -> usize {
        self.messages.push(None);
        self.parents.push(None);
        self.shortcuts.push(self.shortcuts.len());
        self.shortcuts.len() - 1
    }

    /// Unless the child has a parent, or the parent stands below it.
    fn link(&mut self, parent: usize, child: usize) {
        if self.parents[child].is_none() && self.root(parent) != child {
            self.parents[child] = Some(parent);
            self.shortcuts[child] = parent;
        }
    }

    /// The top of the tree that a place is in. Each place that is passed is moved nearer to it.
    fn root(&mut self, mut place: usize) -> usize {
        while self.shortcuts[place] != place {
            let above = self.shortcuts[self.shortcuts[place]];
            self.shortcuts[place] = above;
            place = above;
        }
        place
    }
}
