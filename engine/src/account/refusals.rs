//! What follows from a refusal: reported once in words, asked again later, or never.

use crate::account::desk::Desk;
use crate::account::key::JobKey;
use crate::border::ProblemCode;
use crate::link::{Refusal, words};
use postern_protocol::imap::{CommandError, Done};
use std::time::Duration;

/// Whether something that was refused is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    /// After a while: so often it was refused, not counting that the server wanted to be asked less.
    Later(u32),
    /// The server will not do it.
    Never,
}

/// The server refused this. Nothing says that it will go on refusing, unless its own words do.
pub(crate) fn refused(desk: &mut Desk<'_, '_>, key: JobKey, error: &CommandError) -> Retry {
    match Refusal::of(error) {
        Refusal::SlowDown(wait) => {
            slow_down(desk, wait, error);
            Retry::Later(0)
        }
        Refusal::ForNow(wait) => Retry::Later(desk.work.trials.refused(key, wait, desk.now)),
        Refusal::Unclear => Retry::Later(desk.work.trials.refused(key, None, desk.now)),
        Refusal::Final => Retry::Never,
    }
}

/// The same of what nobody waits for: it is not asked again by itself.
pub(crate) fn refused_in_passing(desk: &mut Desk<'_, '_>, error: &CommandError) {
    if let Refusal::SlowDown(wait) = Refusal::of(error) {
        slow_down(desk, wait, error);
    }
}

/// The server wants to be asked less, and is.
pub(crate) fn slow_down(desk: &mut Desk<'_, '_>, named: Option<Duration>, error: &CommandError) {
    let wait = desk.work.patience.hold(named, desk.now);
    if desk.work.patience.is_to_be_reported(wait) {
        desk.trouble(ProblemCode::NotNow, words(error));
    }
}

/// How long nothing is asked from now on.
pub(crate) fn patience_left(desk: &Desk<'_, '_>) -> Duration {
    desk.work.patience.until(desk.now).map_or(Duration::ZERO, |until| until - desk.now)
}

/// An answer of whatever kind came: what went well has no past.
pub(crate) fn note_answer(desk: &mut Desk<'_, '_>, key: JobKey, result: &Result<Done, CommandError>) {
    let is_tried_again = !matches!(key, JobKey::Previews | JobKey::Headers | JobKey::Noop);
    if result.is_ok() && is_tried_again {
        desk.work.trials.settled(key);
        desk.work.patience.relieved(desk.now);
    }
}

/// How often something is refused before that is reported.
pub(crate) const MOST_REFUSALS: u32 = 3;
