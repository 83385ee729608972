//! ID (RFC 2971): names the client. 163.com opens no mailbox before that, and offers it before the login alone.

use crate::account::desk::Desk;
use crate::account::job::{Job, JobLink};
use crate::account::key::JobKey;
use postern_protocol::imap::command::Id;
use postern_protocol::imap::{CommandError, Done};

#[derive(Debug)]
struct Introduce;

pub(super) fn start(desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    desk.line.is_introduced = true;
    let fields = vec![("name".to_owned(), "Postern".to_owned())];
    link.send(Id { fields }, Box::new(Introduce), desk.now);
}

impl Job for Introduce {
    fn key(&self) -> JobKey {
        JobKey::Introduce
    }

    fn done(&mut self, _: &Result<Done, CommandError>, _: &mut Desk<'_, '_>) {}
}
