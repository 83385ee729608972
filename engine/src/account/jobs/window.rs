//! FETCH of one window of a body, be it to be read or to be saved.

use crate::account::desk::Desk;
use crate::account::job::{Job, JobLink};
use crate::account::key::{Body, JobKey};
use crate::account::refusals::{MOST_REFUSALS, Retry, patience_left, refused};
use crate::account::windows::{self, Answered, Windows};
use crate::account::work::Work;
use crate::border::{Problem, ProblemCode};
use crate::link::{Refusal, is_link_gone, words};
use crate::report::Report;
use postern_protocol::imap::{CommandError, Done, Item, Uid};
use std::time::Duration;

#[derive(Debug)]
struct Window {
    body: Body,
    offset: u32,
}

pub(super) fn start(body: Body, desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    let Some((windows, uid, section)) = of(desk.work, body) else { return };
    let Some((offset, size)) = windows.ask() else { return };
    link.send(windows::fetch(uid, section, offset, size), Box::new(Window { body, offset }), desk.now);
    if let Body::Download(id) = body {
        desk.work.files.set_role(id, desk.role);
    }
}

impl Job for Window {
    fn key(&self) -> JobKey {
        JobKey::Window(self.body, self.offset)
    }

    fn item(&mut self, item: Item, desk: &mut Desk<'_, '_>) {
        let Some((windows, uid, _)) = of(desk.work, self.body) else { return };
        let came = windows.accept(&item, uid, self.offset);
        match self.body {
            Body::Piece(id, index) => {
                if let Some(bytes) = came {
                    desk.work.reads.push(id, index, &bytes);
                } else if matches!(item, Item::BodyChunk(_))
                    && let Some((received, total)) = desk.work.reads.progress(id, desk.now)
                {
                    desk.report(Report::Progress(id, received, total));
                }
            }
            Body::Download(id) => {
                let bytes = came.map(|encoded| desk.work.files.push(id, &encoded));
                if let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) {
                    desk.report(Report::Chunk(id, bytes));
                }
            }
        }
    }

    fn done(&mut self, result: &Result<Done, CommandError>, desk: &mut Desk<'_, '_>) {
        let is_full = match self.body {
            Body::Piece(id, index) => desk.work.reads.is_full(id, index),
            Body::Download(_) => false,
        };
        let Some((windows, ..)) = of(desk.work, self.body) else { return };
        match result {
            // Asked again on the next link.
            Err(error) if is_link_gone(error) => return,
            Err(CommandError::Cancelled) => return windows.give_back(),
            Err(error) => {
                windows.give_back();
                return self.refused(error, desk);
            }
            Ok(_) => match windows.answered(self.offset) {
                _ if is_full || windows.is_at_end() => {}
                Answered::Something => {}
                // Whether the message is gone shows in what NOOP brings.
                Answered::NothingOnce => return desk.poll_soon(),
                Answered::Nothing => return self.fail(nothing_came(), desk),
            },
        }
        self.finish(desk);
    }
}

impl Window {
    /// The server would not give this. It is asked again a few times; then it is reported why.
    fn refused(&self, error: &CommandError, desk: &mut Desk<'_, '_>) {
        let code = match (refused(desk, self.key(), error), Refusal::of(error), self.body) {
            (Retry::Later(0), ..) if patience_left(desk) <= LONGEST_LOADING => return,
            (Retry::Later(1..=MOST_REFUSALS), ..) => return,
            (Retry::Later(_), refusal, _) if refusal.is_temporary() => ProblemCode::NotNow,
            (_, _, Body::Piece(..)) => ProblemCode::Unreadable,
            (_, _, Body::Download(_)) => ProblemCode::Refused,
        };
        self.fail(Problem { code, detail: words(error) }, desk);
    }

    fn fail(&self, problem: Problem, desk: &mut Desk<'_, '_>) {
        match self.body {
            Body::Piece(id, _) => desk.fail_message(id, problem),
            Body::Download(id) => desk.fail_download(id, problem),
        }
    }

    fn finish(&self, desk: &mut Desk<'_, '_>) {
        match self.body {
            Body::Piece(id, _) => desk.finish_message(id),
            Body::Download(id) => match desk.work.files.finish(id) {
                None => {}
                Some(Err(problem)) => desk.report(Report::DownloadFailed(id, problem)),
                Some(Ok(bytes)) => {
                    if !bytes.is_empty() {
                        desk.report(Report::Chunk(id, bytes));
                    }
                    desk.report(Report::DownloadDone(id));
                }
            },
        }
    }
}

fn of(work: &mut Work, body: Body) -> Option<(&mut Windows, Uid, &str)> {
    match body {
        Body::Piece(id, index) => work.reads.windows(id, index),
        Body::Download(id) => work.files.windows(id),
    }
}

/// The server says that all is well, and sends nothing.
fn nothing_came() -> Problem {
    Problem { code: ProblemCode::NothingCame, detail: String::new() }
}

/// A message is shown to be loading for this long at most while the server wants to be left alone.
const LONGEST_LOADING: Duration = Duration::from_secs(30);
