//! What an IMAP server may say before TLS: a greeting, its capabilities, and the answer to STARTTLS.
//! RFC 9051 sections 6.2.1, 7.1 and 11.1.

use super::{Error, Step, split_word, words};

/// Where the talk stands.
#[derive(Debug, Default, Clone, Copy)]
pub(super) enum Script {
    /// Nothing came yet.
    #[default]
    Greeting,
    /// `CAPABILITY` was asked, because the greeting did not tell.
    Capability(Offer),
    /// `STARTTLS` was asked.
    StartTls,
}

/// Whether STARTTLS was on the list that answers CAPABILITY.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offer {
    #[default]
    Unseen,
    Seen,
}

impl Script {
    pub(super) fn handle_line(&mut self, line: &[u8], unwritten: bool) -> Result<Step, Error> {
        if matches!(self, Self::Greeting) {
            return self.handle_greeting(line);
        }
        match split_word(line) {
            (b"*", rest) => self.handle_untagged(rest),
            // No command here takes a continuation.
            (b"+", _) => Err(Error::BadAnswer),
            // security.md NST 7, CVE-2026-42246: an answer to a command that was not written yet was guessed.
            _ if unwritten => Err(Error::Injected),
            (tag, rest) => self.handle_tagged(tag, rest),
        }
    }

    fn handle_greeting(&mut self, line: &[u8]) -> Result<Step, Error> {
        // CVE-2020-28896: a first line that is not an untagged OK, PREAUTH or BYE must not be skipped.
        let (b"*", rest) = split_word(line) else { return Err(Error::BadGreeting) };
        let (status, text) = split_word(rest);
        match status.to_ascii_uppercase().as_slice() {
            b"OK" => {}
            b"PREAUTH" => return Err(Error::Preauth),
            b"BYE" => return Err(Error::Bye { words: words(text) }),
            _ => return Err(Error::BadGreeting),
        }
        match greeting_capabilities(text) {
            Some(list) if offers_starttls(list) => Ok(self.ask_starttls()),
            Some(_) => Err(Error::Missing),
            None => {
                *self = Self::Capability(Offer::Unseen);
                Ok(Step::Send([CAPABILITY_TAG, b" CAPABILITY\r\n"].concat()))
            }
        }
    }

    /// Only status and capabilities have a place here; anything else is meant to be taken for mail (NST 5).
    fn handle_untagged(&mut self, rest: &[u8]) -> Result<Step, Error> {
        let (word, text) = split_word(rest);
        match word.to_ascii_uppercase().as_slice() {
            b"OK" | b"NO" | b"BAD" => {}
            b"CAPABILITY" => {
                if let Self::Capability(offer) = self
                    && offers_starttls(text)
                {
                    *offer = Offer::Seen;
                }
            }
            b"BYE" => return Err(Error::Bye { words: words(text) }),
            b"PREAUTH" => return Err(Error::Preauth),
            _ => return Err(Error::Injected),
        }
        Ok(Step::Wait)
    }

    fn handle_tagged(&mut self, tag: &[u8], rest: &[u8]) -> Result<Step, Error> {
        let (status, text) = split_word(rest);
        let status = status.to_ascii_uppercase();
        if !matches!(status.as_slice(), b"OK" | b"NO" | b"BAD") {
            return Err(Error::BadAnswer);
        }
        match self {
            Self::Capability(offer) if tag == CAPABILITY_TAG => match (status.as_slice(), *offer) {
                (b"OK", Offer::Seen) => Ok(self.ask_starttls()),
                _ => Err(Error::Missing),
            },
            Self::StartTls if tag == STARTTLS_TAG => match status.as_slice() {
                b"OK" => Ok(Step::Ready),
                _ => Err(Error::Refused { words: words(text) }),
            },
            // An answer to a tag that was never sent.
            _ => Err(Error::Injected),
        }
    }

    fn ask_starttls(&mut self) -> Step {
        *self = Self::StartTls;
        Step::Send([STARTTLS_TAG, b" STARTTLS\r\n"].concat())
    }
}

/// The list inside `[CAPABILITY …]` at the start of a greeting's text, if it has one.
fn greeting_capabilities(text: &[u8]) -> Option<&[u8]> {
    let code = text.strip_prefix(b"[")?;
    let code = &code[..memchr::memchr(b']', code)?];
    let (name, list) = split_word(code);
    name.eq_ignore_ascii_case(b"CAPABILITY").then_some(list)
}

/// STARTTLS, of a server that speaks a protocol we do: IMAP4 alone (RFC 1730) is too old to know STARTTLS.
fn offers_starttls(list: &[u8]) -> bool {
    let has = |name: &[u8]| list.split(|&byte| byte == b' ').any(|word| word.eq_ignore_ascii_case(name));
    has(b"STARTTLS") && (has(b"IMAP4rev1") || has(b"IMAP4rev2"))
}

const CAPABILITY_TAG: &[u8] = b"P1";
const STARTTLS_TAG: &[u8] = b"P2";
