//! What the user does: written at once, so that it shows, and sent when there is a connection.

mod mark;

pub(crate) use mark::mark;
