//! The two links of an account.

/// What a link is for. There is at most one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Answers the user.
    Foreground,
    /// Waits for new mail, and carries downloads so that they stand in nobody's way. What may end a link is asked on it
    /// too, so that the first one stays.
    Background,
}
