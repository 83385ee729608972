//! The list of mailboxes, and the list of messages in the open one, in step with the server.

pub(crate) mod blanks;
pub(crate) mod details;
pub(crate) mod fetching;
pub(crate) mod folder;
pub(crate) mod headers;
pub(crate) mod list;
pub(crate) mod mailboxes;
pub(crate) mod naming;
pub(crate) mod previews;
pub(crate) mod rows;
pub(crate) mod stubborn;
pub(crate) mod sync;
pub(crate) mod view;
