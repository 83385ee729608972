//! IDLE on the background link (RFC 2177): whatever it says is a reason to ask on the foreground link.

use crate::account::desk::Desk;
use crate::account::job::{Job, JobLink};
use crate::account::key::JobKey;
use crate::link::is_link_gone;
use postern_protocol::imap::{CommandError, Done, Item};

#[derive(Debug)]
struct Idle;

pub(super) fn start(desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    link.send(postern_protocol::imap::command::Idle, Box::new(Idle), desk.now);
}

impl Job for Idle {
    fn key(&self) -> JobKey {
        JobKey::Idle
    }

    /// What changed before it began to idle was not reported.
    fn item(&mut self, item: Item, desk: &mut Desk<'_, '_>) {
        if matches!(item, Item::Idling) {
            desk.poll_soon();
        }
    }

    /// It ends by itself only if the server won't have it: then the foreground link polls.
    fn done(&mut self, result: &Result<Done, CommandError>, desk: &mut Desk<'_, '_>) {
        let is_refused =
            matches!(result, Err(error) if !is_link_gone(error) && *error != CommandError::Cancelled);
        desk.line.refuses_idle |= is_refused;
    }
}
