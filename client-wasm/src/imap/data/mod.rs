//! What JavaScript is told, if several methods tell it. Nothing here fails, and nothing runs a command.

pub(crate) mod body_structure;
pub(crate) mod envelope;
pub(crate) mod list_entry;
pub(crate) mod mailbox_event;
pub(crate) mod mailbox_status;
pub(crate) mod message;
pub(crate) mod message_flags;
pub(crate) mod metadata;
pub(crate) mod moved;
pub(crate) mod text;
