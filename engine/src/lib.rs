//! One mail account as a sans-IO state machine.
//!
//! The engine takes in [`Intent`]s, bytes, closed links and the time, and gives out [`Update`]s, bytes, links to
//! open and to close, and the next timeout. It has no socket, clock, thread, random source or `async`.
//!
//! The store is the only truth about mail. What the server says and what the user does become writes, and a write notes what
//! it touched. Views turn what was touched into updates, and nothing else emits lists, rows or counts. Views say what they
//! need; the account's plan turns needs into jobs; a job's answers are writes again.
//!
//! ```text
//!           Intent (look)  ┌────────┐  Demand                 ┌──────────┐ JobKey ┌──────┐ bytes
//!  page ─────────────────▶ │ views  │ ──────────────────────▶ │ account  │ ─────▶ │ link │ ─────▶
//!       ◀───────────────── │        │ ◀────────────────────── │   plan   │ ◀───── │      │ ◀─────
//!           Update         └────────┘  Report                 └──────────┘ Event  └──────┘
//!                              ▲ Changes        writes (Tx)        │
//!           Intent (act)       │          ┌──────────────┐ ◀───────┘
//!  page ─────────────────▶ actions ─────▶ │    store     │
//!                              writes     └──────────────┘
//! ```
//!
//! | room | what it holds |
//! | --- | --- |
//! | [`border`] | everything that the view and the engine say to each other |
//! | `store` | what is known; `Tx` is every write, `Changes` what a write touched |
//! | `link` | one connection: open, sign in, run tasks, close; knows no mail |
//! | `account` | one account in step with its server: its session, its links, its plan, its jobs |
//! | `actions` | what the user does to messages |
//! | `views` | what each screen looks at; the only room that emits updates |
//! | [`mime`] | between the server's words for a message, `postern_mime` and the view |
//!
//! Views and account never name each other. They meet in `engine.rs`, the only file that knows all rooms, through plain
//! values: `Changes`, `Demand` and `Report`.

mod account;
mod actions;
pub mod border;
mod config;
mod demand;
mod engine;
mod link;
pub mod mime;
mod output;
mod report;
mod store;
mod views;

pub use border::{Intent, Update};
pub use config::{Budget, Config};
pub use engine::Engine;
pub use link::{Endpoint, LinkClose, LinkId};
pub use output::Output;
pub use postern_mime::{DecodeCharset, decode_words};
