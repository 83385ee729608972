//! Commands about the session itself: signing in and out, what the server can do, how both sides speak.

mod authenticate;
mod capability;
mod comparator;
mod compress;
mod enable;
mod get_jmap_access;
mod id;
mod language;
mod login;
mod logout;
mod noop;
mod unauthenticate;

pub use authenticate::Authenticate;
pub use capability::Capability;
pub use comparator::Comparator;
pub use compress::Compress;
pub use enable::Enable;
pub use get_jmap_access::GetJmapAccess;
pub use id::Id;
pub use language::Language;
pub use login::Login;
pub use logout::Logout;
pub use noop::Noop;
pub use unauthenticate::Unauthenticate;
