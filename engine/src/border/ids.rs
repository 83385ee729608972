//! The numbers that the view and the engine know things by.

use serde::{Deserialize, Serialize};

/// A mailbox (folder), as the engine numbers it. Stable while the engine lives; never reused for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MailboxId(pub u32);

/// A message in a mailbox, as the engine numbers it. Stable while the engine lives; never reused for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MessageId(pub u32);

/// A download, as the view numbers it: any number not in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DownloadId(pub u32);
