//! One account in step with its server: what is needed becomes jobs (`plan`), jobs go over its links, and what their answers
//! say is written to the store.
//!
//! | files | what they are |
//! | --- | --- |
//! | `account`, `traffic` | the account: what is asked of it, and what happens on its links |
//! | `plan`, `key` | what is asked of the server next; pure |
//! | `jobs/`, `job` | each thing that is asked: what it sends, what its answer writes |
//! | `session`, `pool`, `line`, `state` | who is signed in, and over which links |
//! | `follow`, `numbers`, `ingest`, `empty_rows` | what the server says of the open mailbox, and of each message |
//! | `rows`, `stubborn`, `blanks`, `details`, `reads`, `files`, `windows`, `schedule`, `trials` | how far each thing has come; none knows another |
//! | `refusals`, `quarantine` | what follows from a refusal, and from a link's end |

#[expect(clippy::module_inception, reason = "the room is named after its one object")]
mod account;
mod arriving;
mod blanks;
mod cx;
mod desk;
mod details;
mod empty_rows;
mod files;
mod follow;
mod ingest;
mod job;
mod jobs;
mod key;
mod line;
mod numbers;
mod plan;
mod pool;
mod quarantine;
mod reads;
mod refusals;
mod role;
mod rows;
mod schedule;
mod session;
mod state;
mod stubborn;
mod traffic;
mod trials;
mod windows;
mod work;

pub(crate) use account::Account;
pub(crate) use cx::Cx;
