//! A first link that is stuck in one answer while a person waits for another message: it is made anew, so that only the
//! one that is stuck has to wait.

use crate::border::{Problem, ProblemCode};
use crate::engine::{Engine, Output};
use crate::links::link::{Purpose, Role};
use postern_protocol::Time;
use std::time::Duration;

impl Engine {
    /// A person opened a message. Where the link has not said a word for a while, and should have, it is replaced.
    pub(crate) fn replace_stalled_work(&mut self) {
        self.replace_work_if_silent(A_WHILE);
    }

    /// When a link that more than one message waits for counts as stuck.
    pub(crate) fn next_stall(&self) -> Option<Time> {
        let link = self.work.as_ref().filter(|_| self.reading.is_queue())?;
        link.any(is_part).then(|| link.heard_at + TOO_LONG)
    }

    pub(crate) fn replace_work_if_stalled(&mut self) {
        if self.next_stall().is_some_and(|at| at <= self.now) {
            self.replace_work_if_silent(TOO_LONG);
        }
    }

    fn replace_work_if_silent(&mut self, time: Duration) {
        let is_stuck = self
            .work
            .as_ref()
            .is_some_and(|link| link.is_signed_in() && link.any(is_part) && self.now - link.heard_at >= time);
        if !is_stuck || !self.reading.is_queue() {
            return;
        }
        let Some(mut link) = self.take_link(Role::Work) else { return };
        link.leave_all_unanswered();
        self.outputs.push_back(Output::Close { link: link.id });
        self.blame(Role::Work, &link);
        self.note_life(Role::Work, &link);
        self.hurry = true;
        let detail = "the server did not answer in time".to_owned();
        self.work_lost(Problem { code: ProblemCode::ConnectionLost, detail });
    }
}

fn is_part(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::Part { .. })
}

const A_WHILE: Duration = Duration::from_secs(5);
const TOO_LONG: Duration = Duration::from_secs(10);
