//! Mail's own formats: what a message is made of, and how its bytes become text. Knows nothing of connections.

pub(crate) mod charset;
pub(crate) mod choice;
pub(crate) mod image;
pub(crate) mod letter;
pub(crate) mod parameters;
pub(crate) mod part;
pub(crate) mod structure;
pub(crate) mod transfer;
pub(crate) mod words;

pub use charset::DecodeCharset;
pub use words::decode as decode_words;
