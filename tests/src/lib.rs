//! Real servers for tests: a Dovecot of one's own with a seeded mailbox, a Cyrus, a Courier, GNU's imap4d, a pymap, and the
//! proxy in front of them.
//!
//! Everything runs from folders of its own on free ports, as an unprivileged user, and is gone on drop. Nothing
//! here sleeps: each start and stop waits for what it is about. The standard library only; TLS keys come from
//! the `openssl` command, which Dovecot's package brings along.

pub mod certificates;
pub mod courier;
pub mod cyrus;
pub mod dovecot;
pub mod folder;
pub mod imap;
pub mod imap4d;
pub mod namespace;
pub mod ports;
pub mod process;
pub mod proxy;
pub mod pymap;
pub mod seed;
pub mod token;
pub mod unpacked;

pub use courier::Courier;
pub use cyrus::Cyrus;
pub use dovecot::{Dovecot, PASSWORD};
pub use imap4d::Imap4d;
pub use proxy::Proxy;
pub use pymap::Pymap;
