//! How a link ends.

/// How a WebSocket ended. 1006 is the browser's own: it was cut, or never opened, without a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkClose {
    pub(crate) code: u16,
    pub(crate) reason: String,
}
