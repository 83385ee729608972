//! The talk before TLS: from the server's greeting to the moment when a `ClientHello` may be written.
//!
//! Required, never opportunistic: a [`Dialogue`] ends ready or in an [`Error`], and nothing that the server
//! said on the way leaves it, neither capabilities nor alerts nor mail (RFC 9051 section 11.1, RFC 3207
//! section 4.2). It never holds a credential. RFC 9051 section 6.2.1; RFC 3207 section 4; RFC 5804 section 2.2.
//!
//! ```
//! use postern_protocol::starttls::Dialogue;
//!
//! let mut dialogue = Dialogue::imap();
//! dialogue.handle_input(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n")?;
//! assert_eq!(dialogue.poll_transmit().as_deref(), Some(&b"P2 STARTTLS\r\n"[..]));
//! dialogue.handle_input(b"P2 OK go ahead\r\n")?;
//! assert!(dialogue.is_ready());
//! # Ok::<(), postern_protocol::starttls::Error>(())
//! ```

mod imap;
mod lines;
mod sieve;
mod smtp;
#[cfg(test)]
mod tests;

use self::lines::Lines;

/// One STARTTLS upgrade, of an IMAP, SMTP or `ManageSieve` connection that was just opened.
///
/// The driver hands in what arrived, writes what [`poll_transmit`](Self::poll_transmit) gives (whole, before it
/// reads again), and begins TLS once [`is_ready`](Self::is_ready). Right before the `ClientHello` it must look
/// whether the socket holds more bytes and hand those in too: a server is silent there, so they are an attack.
#[derive(Debug)]
pub struct Dialogue {
    lines: Lines,
    script: Script,
    transmit: Option<Vec<u8>>,
    phase: Phase,
}

impl Dialogue {
    /// An upgrade of a connection to an IMAP server.
    #[must_use]
    pub fn imap() -> Self {
        Self::new(Script::Imap(imap::Script::default()))
    }

    /// An upgrade of a connection to an SMTP submission server, which is told `client_name` in the EHLO.
    ///
    /// A name that is neither a domain nor an address literal (RFC 5321 section 4.1.3) is replaced by
    /// `localhost`, so that it cannot carry a second command.
    #[must_use]
    pub fn smtp(client_name: &str) -> Self {
        Self::new(Script::Smtp(smtp::Script::new(client_name)))
    }

    /// An upgrade of a connection to a `ManageSieve` server, which greets once more by itself when TLS is up.
    #[must_use]
    pub fn sieve() -> Self {
        Self::new(Script::Sieve(sieve::Script::Greeting { offered: false }))
    }

    fn new(script: Script) -> Self {
        Self { lines: Lines::default(), script, transmit: None, phase: Phase::Talking }
    }

    /// Whether TLS may begin: the server agreed, and not one byte came behind its answer.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        matches!(self.phase, Phase::Ready)
    }

    /// Takes in bytes from the server, however they were cut.
    ///
    /// # Errors
    /// The first reason to close the connection; every later call returns the same one. Bytes after
    /// [`is_ready`](Self::is_ready) are [`Error::Injected`].
    pub fn handle_input(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.take_in(bytes).inspect_err(|error| {
            self.transmit = None;
            self.phase = Phase::Failed(error.clone());
        })
    }

    /// The next command to write, if there is one.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.transmit.take()
    }

    fn take_in(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match &self.phase {
            Phase::Failed(error) => return Err(error.clone()),
            // security.md NST 4: whatever comes behind the answer would be taken for the server's word after TLS.
            Phase::Ready if !bytes.is_empty() => return Err(Error::Injected),
            Phase::Ready | Phase::Talking => self.lines.push(bytes)?,
        }
        while let Some(line) = self.lines.next_line()? {
            match self.script.handle_line(&line, self.transmit.is_some())? {
                Step::Wait => {}
                Step::Send(command) => self.transmit = Some(command),
                Step::Ready if self.lines.is_empty() => self.phase = Phase::Ready,
                Step::Ready => return Err(Error::Injected),
            }
        }
        // security.md NST 7: what began before its command was written is no answer, wherever its end is cut off.
        if self.transmit.is_some() && self.script.is_guess(self.lines.rest()) {
            return Err(Error::Injected);
        }
        Ok(())
    }
}

/// Why the upgrade failed. In every case: close the connection, send nothing more, show nothing that it said.
///
/// `words` are the server's, shortened and without control characters, but nobody vouches for them: they came
/// without TLS, so anyone on the way may have written them. They are for an operator's log, not for a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The server does not offer STARTTLS, or someone on the way hides that it does.
    #[error("the server does not offer STARTTLS")]
    Missing,
    /// The server offered STARTTLS and then would not do it.
    #[error("the server refused STARTTLS: {words}")]
    Refused {
        /// What the server said; unauthenticated.
        words: String,
    },
    /// Something was said that the server had no cause to say before TLS: mail data, an answer to a command
    /// that was not yet written, or bytes behind the answer that begins TLS.
    #[error("unexpected data was injected before TLS")]
    Injected,
    /// The greeting says that the session is signed in already, which rules STARTTLS out (RFC 9051 section 7.1.4).
    #[error("the server signed the session in before TLS (PREAUTH)")]
    Preauth,
    /// The first line is no greeting.
    #[error("the server's greeting is not one of its protocol")]
    BadGreeting,
    /// A later line is no answer to what was asked.
    #[error("the server's answer is not one of its protocol")]
    BadAnswer,
    /// A line, or the whole talk, was longer than any honest server's.
    #[error("the server said too much before TLS")]
    TooLong,
    /// The server turned the connection away.
    #[error("the server turned the connection away: {words}")]
    Bye {
        /// What the server said; unauthenticated.
        words: String,
    },
}

#[derive(Debug)]
enum Phase {
    Talking,
    Ready,
    Failed(Error),
}

#[derive(Debug)]
enum Script {
    Imap(imap::Script),
    Smtp(smtp::Script),
    Sieve(sieve::Script),
}

impl Script {
    /// `unwritten`: the last command was not yet taken by the driver, so nothing can be an answer to it.
    fn handle_line(&mut self, line: &[u8], unwritten: bool) -> Result<Step, Error> {
        match self {
            Self::Imap(script) => script.handle_line(line, unwritten),
            Self::Smtp(script) => script.handle_line(line, unwritten),
            Self::Sieve(script) => script.handle_line(line, unwritten),
        }
    }

    /// Whether the start of a line that came before a command was written could pass for its answer.
    fn is_guess(&self, start: &[u8]) -> bool {
        match self {
            // An untagged line may come at any time (RFC 9051 section 5.3).
            Self::Imap(_) => !start.is_empty() && !start.starts_with(b"*"),
            // The server speaks in turns.
            Self::Smtp(_) | Self::Sieve(_) => !start.is_empty(),
        }
    }
}

/// What a line led to.
#[derive(Debug)]
enum Step {
    Wait,
    Send(Vec<u8>),
    Ready,
}

/// A server's text for a log: one line, printable, at most [`MAX_WORDS`] characters.
fn words(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.trim().chars().filter(|c| !c.is_control()).take(MAX_WORDS).collect()
}

/// Cuts `line` at its first space.
fn split_word(line: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b' ', line) {
        Some(at) => (&line[..at], &line[at + 1..]),
        None => (line, &[]),
    }
}

const MAX_WORDS: usize = 200;
