//! What is shown beside mail: how the session stands, what does not work, what the server wants read. The same
//! words come once.

use crate::border::{Problem, Session, Update};

/// What was emitted.
#[derive(Debug, Default)]
pub(super) struct Notices {
    session: Option<Session>,
    troubles: Vec<Problem>,
    alerts: Vec<String>,
}

impl Notices {
    /// How it stands between us and the server.
    pub(super) fn session(&mut self, session: Session) -> Update {
        self.session = Some(session.clone());
        Update::Session { session }
    }

    /// Whether nobody is signed in.
    pub(super) fn is_signed_out(&self) -> bool {
        matches!(self.session, None | Some(Session::SignedOut { .. }))
    }

    /// Something does not work: the same words at most once until a person asks anew.
    pub(super) fn trouble(&mut self, problem: Problem) -> Option<Update> {
        if self.troubles.len() >= MOST_TROUBLES || self.troubles.contains(&problem) {
            return None;
        }
        self.troubles.push(problem.clone());
        Some(Update::Trouble { problem })
    }

    /// A person asks anew.
    pub(super) fn forgive_troubles(&mut self) {
        self.troubles.clear();
    }

    /// Both links may hear the same words, and every reconnect again.
    pub(super) fn alert(&mut self, text: &str) -> Option<Update> {
        let text: String = text.trim().chars().take(LONGEST_ALERT).collect();
        if text.is_empty() || self.alerts.len() >= MOST_ALERTS || self.alerts.contains(&text) {
            return None;
        }
        self.alerts.push(text.clone());
        Some(Update::Alert { text })
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Troubles that are emitted before a person asks anew.
const MOST_TROUBLES: usize = 20;

/// Characters of an alert that are emitted.
const LONGEST_ALERT: usize = 1000;

/// Alerts that are emitted in one session: a server that has more to say than that has nothing to say.
const MOST_ALERTS: usize = 20;
