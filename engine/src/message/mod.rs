//! Single messages: what is known of them, reading them, their attachments, and what the user marks.

pub(crate) mod actions;
pub(crate) mod downloads;
pub(crate) mod flags;
pub(crate) mod messages;
pub(crate) mod octets;
pub(crate) mod reading;
