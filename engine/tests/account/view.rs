//! A view as small as can be: it knows nothing but the updates. What it holds is what a person would see.

use postern_engine::border::{
    DownloadId, Flags, ListState, MailboxRow, MessageId, MessageRow, MessageView, Problem, ProblemCode,
    Session, Update,
};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(crate) struct View {
    /// Every session state that was told, in order.
    pub(crate) sessions: Vec<Session>,
    pub(crate) mailboxes: Vec<MailboxRow>,
    pub(crate) generation: u32,
    pub(crate) list_state: Option<ListState>,
    pub(crate) rows: Vec<Option<MessageRow>>,
    pub(crate) news: Vec<(Vec<MessageRow>, u32)>,
    pub(crate) messages: Vec<MessageView>,
    pub(crate) failed: Vec<(MessageId, Problem)>,
    pub(crate) refused: Vec<Problem>,
    pub(crate) troubles: Vec<Problem>,
    pub(crate) alerts: Vec<String>,
    pub(crate) progress: Vec<(u32, u32)>,
    pub(crate) downloads: BTreeMap<DownloadId, Download>,
    /// Everything, in order.
    pub(crate) updates: Vec<Update>,
}

#[derive(Debug, Default)]
pub(crate) struct Download {
    pub(crate) bytes: Vec<u8>,
    pub(crate) end: Option<Result<(), Problem>>,
}

impl View {
    pub(crate) fn apply(&mut self, update: Update) {
        self.updates.push(update.clone());
        match update {
            Update::Session { session } => self.sessions.push(session),
            Update::Mailboxes { mailboxes } => self.mailboxes = mailboxes,
            Update::MailboxCounts { mailbox, total, unread } => {
                let row =
                    self.mailboxes.iter_mut().find(|row| row.id == mailbox).expect("a mailbox that was told");
                (row.total, row.unread) = (total, unread);
            }
            Update::List { generation, total, state, .. } => {
                if generation != self.generation {
                    self.generation = generation;
                    self.rows = vec![None; total as usize];
                }
                assert_eq!(self.rows.len(), total as usize, "the length of the list");
                self.list_state = Some(state);
            }
            Update::Splice { generation, at, removed, inserted } if generation == self.generation => {
                let (at, removed) = (at as usize, removed as usize);
                self.rows.splice(at..at + removed, vec![None; inserted as usize]);
            }
            Update::Rows { generation, first, rows } if generation == self.generation => {
                for (index, row) in rows.into_iter().enumerate() {
                    self.rows[first as usize + index] = Some(row);
                }
            }
            Update::Splice { .. } | Update::Rows { .. } => {}
            Update::FlagsChanged { message, flags } => self.set_flags(message, flags),
            Update::NewMail { rows, count, .. } => self.news.push((rows, count)),
            Update::MessageProgress { received, total, .. } => self.progress.push((received, total)),
            Update::Message { message } => self.messages.push(*message),
            Update::MessageFailed { message, problem } => self.failed.push((message, problem)),
            Update::DownloadChunk { download, bytes } => {
                self.downloads.entry(download).or_default().bytes.extend(bytes);
            }
            Update::DownloadDone { download } => {
                self.downloads.entry(download).or_default().end = Some(Ok(()));
            }
            Update::DownloadFailed { download, problem } => {
                self.downloads.entry(download).or_default().end = Some(Err(problem));
            }
            Update::ActionFailed { problem } => self.refused.push(problem),
            Update::Trouble { problem } => self.troubles.push(problem),
            Update::Alert { text } => self.alerts.push(text),
            unknown => panic!("this view knows no {unknown:?}"),
        }
    }

    pub(crate) fn mailbox(&self, name: &str) -> &MailboxRow {
        self.mailboxes.iter().find(|row| row.name == name).expect("a mailbox of this name")
    }

    /// The problems that were told, by their codes and words.
    pub(crate) fn told(&self) -> Vec<(ProblemCode, &str)> {
        self.troubles.iter().map(|problem| (problem.code, problem.detail.as_str())).collect()
    }

    pub(crate) fn session(&self) -> &Session {
        self.sessions.last().expect("a session state")
    }

    /// The list as text: one line a row, newest first.
    pub(crate) fn list(&self) -> Vec<String> {
        let line = |row: &MessageRow| {
            let mark = |is_set, mark| if is_set { mark } else { "" };
            format!("{}{}{}", row.subject, mark(row.flags.seen, " seen"), mark(row.flags.flagged, " flagged"))
        };
        self.rows.iter().map(|row| row.as_ref().map_or("?".to_owned(), line)).collect()
    }

    fn set_flags(&mut self, message: MessageId, flags: Flags) {
        for row in self.rows.iter_mut().flatten().filter(|row| row.id == message) {
            row.flags = flags;
        }
    }
}
