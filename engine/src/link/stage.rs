//! How far a link has come.

/// How far a link has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The WebSocket is being opened.
    Connecting,
    /// Open; the greeting and the sign-in are under way.
    SigningIn,
    /// Signed in; what the server can do is not known yet.
    Learning,
    /// Ready for commands.
    Ready,
}

/// Whether anything came over a link before it closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Received {
    Nothing,
    Something,
}
