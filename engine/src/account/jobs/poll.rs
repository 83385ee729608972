//! NOOP: lets the server report what is new.

use crate::account::desk::Desk;
use crate::account::job::{Job, JobLink};
use crate::account::key::JobKey;
use postern_protocol::imap::command::Noop;
use postern_protocol::imap::{CommandError, Done};

#[derive(Debug)]
struct Poll;

pub(super) fn start(desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    desk.work.schedule.poll_asked();
    link.send(Noop, Box::new(Poll), desk.now);
}

impl Job for Poll {
    fn key(&self) -> JobKey {
        JobKey::Noop
    }

    fn done(&mut self, _: &Result<Done, CommandError>, _: &mut Desk<'_, '_>) {}
}
