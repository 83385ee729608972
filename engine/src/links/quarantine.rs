//! What is refused, and what ended a link: told once in words, asked again later, or set aside while all else goes on.

use crate::border::{MailboxId, Problem, ProblemCode, Update};
use crate::engine::Engine;
use crate::links::link::{Link, Listing, Purpose, Role};
use crate::links::refusal::Refusal;
use crate::links::sign_in::words;
use crate::links::trials::{Subject, Verdict};
use postern_protocol::imap::{CommandError, Done};
use std::time::Duration;

/// What follows from a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// It is asked again after a while: so often it was refused, not counting that the server wanted patience.
    Later(u32),
    /// The server will not do it.
    Never,
}

impl Engine {
    /// The server refused this. Nothing tells that it will go on refusing, unless its own words do.
    pub(crate) fn refused(&mut self, subject: Subject, error: &CommandError) -> Next {
        match Refusal::of(error) {
            Refusal::SlowDown(wait) => {
                self.slow_down(wait, error);
                Next::Later(0)
            }
            Refusal::ForNow(wait) => Next::Later(self.trials.refused(subject, wait, self.now)),
            Refusal::Unclear => Next::Later(self.trials.refused(subject, None, self.now)),
            Refusal::Final => Next::Never,
        }
    }

    /// The server wants to be asked less, and is.
    pub(crate) fn slow_down(&mut self, named: Option<Duration>, error: &CommandError) {
        let wait = self.patience.hold(named, self.now);
        if self.patience.is_to_be_told(wait) {
            self.tell_trouble(ProblemCode::NotNow, words(error));
        }
    }

    /// How long nothing is asked from now on.
    pub(crate) fn patience_left(&self) -> Duration {
        self.patience.until(self.now).map_or(Duration::ZERO, |until| until - self.now)
    }

    /// Tells that something does not work, the same words at most once until a person asks anew.
    pub(crate) fn tell_trouble(&mut self, code: ProblemCode, detail: String) {
        let problem = Problem { code, detail };
        if self.troubles.len() < MOST_TROUBLES && !self.troubles.contains(&problem) {
            self.troubles.push(problem.clone());
            self.tell(Update::Trouble { problem });
        }
    }

    /// A person asks for news: whatever waited or was set aside is asked again.
    pub(crate) fn forgive(&mut self) {
        self.trials.forgive();
        self.troubles.clear();
        self.polling.forgive();
        self.ask_blanks_again();
        self.ask_details_again();
    }

    /// An answer of whatever kind came.
    pub(crate) fn note_answer(&mut self, purpose: Purpose, result: &Result<Done, CommandError>) {
        match result {
            Ok(_) => {
                if let Some(subject) = self.subject(purpose) {
                    self.trials.settled(subject);
                    self.patience.relieved(self.now);
                }
            }
            // What else is asked by itself tells of its refusals where it is answered.
            Err(error) if matches!(purpose, Purpose::Counts(_) | Purpose::Previews | Purpose::Headers) => {
                if let Refusal::SlowDown(wait) = Refusal::of(error) {
                    self.slow_down(wait, error);
                }
                if let Purpose::Counts(mailbox) = purpose
                    && Refusal::of(error).is_temporary()
                {
                    self.polling.count_later(mailbox);
                }
            }
            Err(_) => {}
        }
    }

    /// A link ended: what it ended over may be to blame. What ended two of them is set aside.
    pub(crate) fn blame(&mut self, role: Role, link: &Link) {
        let Some(purpose) = link.ended_over() else { return };
        match purpose {
            Purpose::Rows(_) => return self.rows_ended_link(),
            Purpose::Details(mailbox) => return self.details_ended_link(mailbox),
            // A server that lets nobody idle for long is no reason to stop: the link is just made again.
            Purpose::Idle if link.has_lived(self.now) || role == Role::Work => return,
            Purpose::Mailboxes(Listing::Counted) => self.polling.is_plain = true,
            _ => {}
        }
        let Some(subject) = self.subject(purpose) else { return };
        if self.trials.ended_link(subject, self.now) == Verdict::SetAside {
            self.set_aside(subject);
        } else if let Subject::Part(message, ..) = subject {
            self.reading.take_elsewhere(message);
        }
    }

    /// This ended two links, and is left out from now on.
    fn set_aside(&mut self, subject: Subject) {
        let problem = |detail: String| Problem { code: ProblemCode::SetAside, detail };
        match subject {
            // News come by polling, who we are is not told, and the list is asked for without its counts.
            Subject::Id | Subject::Idle | Subject::CountedMailboxes | Subject::Rows | Subject::Details(_) => {
            }
            Subject::Mailboxes => {
                self.tell_trouble(ProblemCode::SetAside, "the list of folders".to_owned());
                self.do_with_inbox();
            }
            Subject::Counts(mailbox) => {
                let detail = format!("the number of messages in “{}”", self.path(mailbox));
                self.tell_trouble(ProblemCode::SetAside, detail);
            }
            Subject::Select(mailbox) => {
                let detail = format!("opening the folder “{}”", self.path(mailbox));
                self.give_up_mailbox(mailbox, &problem(detail.clone()));
                self.tell_trouble(ProblemCode::SetAside, detail);
            }
            Subject::Reconcile(mailbox) => self.start_over(mailbox),
            Subject::Store(number) => {
                let detail = "changing marks of messages".to_owned();
                self.give_up_wish(number, problem(detail));
            }
            Subject::Part(message, ..) => {
                self.fail_message(message, problem("the text of this message".to_owned()));
            }
            Subject::Window(download, _) => {
                self.fail_download(download, problem("this attachment".to_owned()));
            }
        }
    }

    /// What a command asks for, where it is asked by itself and again after a failure.
    fn subject(&self, purpose: Purpose) -> Option<Subject> {
        Some(match purpose {
            Purpose::Id => Subject::Id,
            Purpose::Mailboxes(Listing::Counted) => Subject::CountedMailboxes,
            Purpose::Mailboxes(Listing::Plain) => Subject::Mailboxes,
            Purpose::Counts(mailbox) => Subject::Counts(mailbox),
            Purpose::Select(mailbox) => Subject::Select(mailbox),
            Purpose::Rows(_) => Subject::Rows,
            Purpose::Reconcile => Subject::Reconcile(self.view.mailbox?),
            Purpose::Details(mailbox) => Subject::Details(mailbox),
            Purpose::Store(number) => Subject::Store(number),
            Purpose::Part { message, part, offset } => Subject::Part(message, part, offset),
            Purpose::Window { download, offset } => Subject::Window(download, offset),
            Purpose::Idle => Subject::Idle,
            Purpose::SignIn | Purpose::Previews | Purpose::Headers | Purpose::Poll => return None,
        })
    }

    fn path(&self, mailbox: MailboxId) -> String {
        self.mailboxes.name(mailbox).map(ToString::to_string).unwrap_or_default()
    }
}

/// Troubles that are told before a person asks anew.
const MOST_TROUBLES: usize = 20;
