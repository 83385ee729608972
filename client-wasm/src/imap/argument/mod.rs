//! What JavaScript asks with, in the protocol's terms: which messages, which mailboxes, what of them.

pub(crate) mod append_options;
pub(crate) mod day;
pub(crate) mod mailbox;
pub(crate) mod query;
pub(crate) mod returns;
pub(crate) mod section;
pub(crate) mod set;
pub(crate) mod store_action;
pub(crate) mod uids;
pub(crate) mod window;
