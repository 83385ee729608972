//! What a `ManageSieve` server may say before TLS: its capabilities, and the answer to STARTTLS.
//! RFC 5804 sections 1.2, 1.7 and 2.2.
//!
//! After TLS the server tells its capabilities again without being asked (section 2.2), so that it greets the client
//! itself, and nobody else needs to.

use super::{Error, Step, split_word, words};

/// Where the talk stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Script {
    /// The greeting, line by line, and whether it offered STARTTLS so far.
    Greeting { offered: bool },
    /// `STARTTLS` was asked.
    StartTls,
}

impl Script {
    pub(super) fn handle_line(&mut self, line: &[u8], unwritten: bool) -> Result<Step, Error> {
        if unwritten {
            // The server speaks in turns: this answers a command that it has not seen.
            return Err(Error::Injected);
        }
        // A line that ends in a literal goes on behind its end. No server greets so, and what can't be cut into lines
        // is not guessed at.
        if line.ends_with(b"}") {
            return Err(self.malformed());
        }
        match line.strip_prefix(b"\"") {
            Some(rest) => self.handle_capability(rest),
            None => self.handle_response(line),
        }
    }

    /// `capability = DQUOTE name DQUOTE [SP string] CRLF`, behind the first quote.
    fn handle_capability(&mut self, rest: &[u8]) -> Result<Step, Error> {
        // An answer has no capabilities before it: they are meant to be taken for those after TLS.
        let Self::Greeting { offered } = self else { return Err(Error::Injected) };
        let end = memchr::memchr(b'"', rest).ok_or(Error::BadGreeting)?;
        *offered |= rest[..end].eq_ignore_ascii_case(b"STARTTLS");
        Ok(Step::Wait)
    }

    /// `response-oknobye = ("OK" / "NO" / "BYE") [SP "(" resp-code ")"] [SP string] CRLF`
    fn handle_response(&mut self, line: &[u8]) -> Result<Step, Error> {
        let (word, text) = split_word(line);
        let words = || words(text);
        match (*self, word.to_ascii_uppercase().as_slice()) {
            (_, b"BYE") | (Self::Greeting { .. }, b"NO") => Err(Error::Bye { words: words() }),
            (Self::Greeting { offered: false }, b"OK") => Err(Error::Missing),
            (Self::Greeting { offered: true }, b"OK") => {
                *self = Self::StartTls;
                Ok(Step::Send(b"STARTTLS\r\n".to_vec()))
            }
            (Self::StartTls, b"OK") => Ok(Step::Ready),
            (Self::StartTls, b"NO") => Err(Error::Refused { words: words() }),
            _ => Err(self.malformed()),
        }
    }

    fn malformed(self) -> Error {
        match self {
            Self::Greeting { .. } => Error::BadGreeting,
            Self::StartTls => Error::BadAnswer,
        }
    }
}
