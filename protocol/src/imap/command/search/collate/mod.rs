//! What sorting and threading by the client rest on: the parts of a message that are compared, in the form in which
//! they are. RFC 5256 sections 2 and 3, RFC 5957 section 3.

mod facts;
mod gather;

pub(super) use facts::{Facts, references};
pub(super) use gather::{Gather, Next};
