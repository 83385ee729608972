//! IMAP: the client's side of RFC 9051 and RFC 3501, and of their extensions.

mod types;

pub use types::*;
