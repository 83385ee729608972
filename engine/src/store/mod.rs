//! What is known: mailboxes, messages, their order, what was read, and what the user did that the server has not
//! confirmed. The only truth about mail, in maps in memory. No clock, no connection.
//!
//! Everybody may read; every write goes through [`Tx`], which notes what it touched.

mod actions;
mod bodies;
mod changes;
mod folders;
mod listed;
mod mailboxes;
mod messages;
mod naming;
mod order;
mod tables;
mod tx;

pub(crate) use actions::{Mark, PendingAction};
pub(crate) use changes::{Changes, Delta};
pub(crate) use folders::{Folder, Identity};
pub(crate) use listed::Listed;
pub(crate) use mailboxes::Counts;
pub(crate) use messages::{Head, Message};
pub(crate) use order::{Grown, Order, Splice};
pub(crate) use tables::Store;
pub(crate) use tx::Tx;

#[cfg(test)]
mod tests;
