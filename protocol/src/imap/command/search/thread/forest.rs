//! Trees of messages, and their way into an answer. Nothing here recurses: a thread may be 100,000 deep.

use crate::imap::types::{ThreadNode, Threads};

/// Which messages stand below which. A node without a message stands for one that is known by its answers alone.
#[derive(Debug, Default)]
pub(super) struct Forest {
    /// UIDs.
    pub(super) messages: Vec<Option<u32>>,
    pub(super) children: Vec<Vec<usize>>,
    pub(super) roots: Vec<usize>,
}

impl Forest {
    pub(super) fn add(&mut self, message: Option<u32>) -> usize {
        self.messages.push(message);
        self.children.push(Vec::new());
        self.messages.len() - 1
    }

    /// Every message after what it answers.
    pub(super) fn into_threads(self) -> Threads {
        let mut threads = Threads::default();
        let mut next: Vec<(usize, u32)> = self.roots.iter().rev().map(|&root| (root, 0)).collect();
        while let Some((node, depth)) = next.pop() {
            threads.nodes.push(ThreadNode { number: self.messages[node], depth });
            next.extend(self.children[node].iter().rev().map(|&child| (child, depth + 1)));
        }
        threads
    }
}
