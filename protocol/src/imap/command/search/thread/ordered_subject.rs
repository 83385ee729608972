//! Threads by subject alone. RFC 5256 section 3 (ORDEREDSUBJECT).

use super::forest::Forest;
use crate::imap::command::search::collate::Facts;
use crate::imap::types::Threads;

/// By base subject, then by date: the first of each subject is the thread, the others stand right below it. The
/// threads stand by the dates of their first messages.
pub(super) fn threads(facts: &[Facts]) -> Threads {
    let mut sorted: Vec<&Facts> = facts.iter().collect();
    sorted.sort_by_key(|facts| (&facts.subject.key, facts.sent, facts.uid));
    let mut same: Vec<&[&Facts]> = sorted.chunk_by(|a, b| a.subject.key == b.subject.key).collect();
    same.sort_by_key(|thread| (thread[0].sent, thread[0].uid)); // No chunk is empty.
    let mut forest = Forest::default();
    for thread in same {
        let nodes: Vec<usize> = thread.iter().map(|facts| forest.add(Some(facts.uid))).collect();
        if let Some((&root, below)) = nodes.split_first() {
            forest.roots.push(root);
            forest.children[root] = below.to_vec();
        }
    }
    forest.into_threads()
}

#[cfg(test)]
mod tests {
    use super::*;
    use postern_mime::BaseSubject;

    #[test]
    fn by_subject_and_then_by_date() {
        let facts: Vec<_> = [(1, "b", 50), (2, "Re: a", 30), (3, "a", 20), (4, "B (fwd)", 10), (5, "a", 20)]
            .map(|(uid, subject, sent)| Facts {
                uid,
                sent,
                subject: BaseSubject::of(subject.as_bytes()),
                ..Facts::default()
            })
            .into();
        let nodes: Vec<_> =
            threads(&facts).nodes.iter().map(|node| (node.number.unwrap(), node.depth)).collect();
        assert_eq!(nodes, [(4, 0), (1, 1), (3, 0), (5, 1), (2, 1)]);
    }
}
