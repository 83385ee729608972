//! Everything that is asked of the server, one file each: what it sends, what its answer writes, and how it ends.

pub(crate) mod compare;
pub(crate) mod details;
mod headers;
mod idle;
mod introduce;
pub(crate) mod list_mailboxes;
mod poll;
mod previews;
pub(crate) mod rows;
pub(crate) mod select;
mod status;
pub(crate) mod store_flags;
mod window;

use crate::account::desk::Desk;
use crate::account::job::JobLink;
use crate::account::key::JobKey;

/// Sends what this asks for, if there is still anything to ask for. Afterwards `plan` no longer wants it.
pub(crate) fn start(key: JobKey, desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    match key {
        JobKey::Introduce => introduce::start(desk, link),
        JobKey::ListMailboxes(listing) => list_mailboxes::start(listing, desk, link),
        JobKey::Status(mailbox) => status::start(mailbox, desk, link),
        JobKey::Select(mailbox) => select::start(mailbox, desk, link),
        JobKey::Compare(mailbox) => compare::start(mailbox, desk, link),
        JobKey::Rows => rows::start(desk, link),
        JobKey::Details(mailbox) => details::start(mailbox, desk, link),
        JobKey::Previews => previews::start(desk, link),
        JobKey::Headers => headers::start(desk, link),
        JobKey::StoreFlags(number) => store_flags::start(number, desk, link),
        JobKey::Window(body, _) => window::start(body, desk, link),
        JobKey::Noop => poll::start(desk, link),
        JobKey::Idle => idle::start(desk, link),
    }
}
