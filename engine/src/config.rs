//! What a driver may set.

use postern_mime::DecodeCharset;
use postern_protocol::imap;

/// What a driver may set.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// For the jitter of the back-off: any number, another one in each engine.
    pub seed: u64,
    /// Decodes the charsets that the engine has no tables for: in a browser `TextDecoder`.
    pub decode_charset: Option<DecodeCharset>,
    /// How each connection behaves.
    pub connection: imap::Config,
}

/// How much one [`Engine::step`](crate::Engine::step) does at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Things that the server said: a row, a piece of a text, the end of an answer.
    pub events: usize,
}

impl Default for Budget {
    /// About a millisecond in a browser.
    fn default() -> Self {
        Self { events: 64 }
    }
}
