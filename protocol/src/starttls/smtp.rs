//! What a submission server may say before TLS: a greeting, its extensions, and the answer to STARTTLS, each
//! of one or more lines. RFC 3207 section 4; RFC 5321 section 4.2 for the form of a reply.

use super::{Error, Step, words};

/// Where the talk stands.
#[derive(Debug)]
pub(super) struct Script {
    stage: Stage,
    ehlo: Vec<u8>,
    /// The code of the reply whose lines are coming in.
    code: Option<[u8; 3]>,
    offered: bool,
}

#[derive(Debug, Clone, Copy)]
enum Stage {
    Greeting,
    Ehlo,
    StartTls,
}

impl Script {
    pub(super) fn new(client_name: &str) -> Self {
        let name = if is_client_name(client_name) { client_name } else { "localhost" };
        let ehlo = format!("EHLO {name}\r\n").into_bytes();
        Self { stage: Stage::Greeting, ehlo, code: None, offered: false }
    }

    pub(super) fn handle_line(&mut self, line: &[u8], unwritten: bool) -> Result<Step, Error> {
        if unwritten {
            // The server speaks in turns: this answers a command that it has not seen.
            return Err(Error::Injected);
        }
        let reply = Line::parse(line).filter(|reply| self.code.is_none_or(|code| code == reply.code));
        let Some(reply) = reply else { return Err(self.malformed()) };
        if matches!(self.stage, Stage::Ehlo) && reply.text.eq_ignore_ascii_case(b"STARTTLS") {
            self.offered = true;
        }
        if reply.more {
            self.code = Some(reply.code);
            return Ok(Step::Wait);
        }
        self.code = None;
        self.handle_reply(&reply)
    }

    fn handle_reply(&mut self, reply: &Line<'_>) -> Result<Step, Error> {
        let words = || words(reply.text);
        match (self.stage, &reply.code) {
            (_, b"421") | (Stage::Greeting, [b'4' | b'5', ..]) => Err(Error::Bye { words: words() }),
            (Stage::Greeting, b"220") => {
                self.stage = Stage::Ehlo;
                Ok(Step::Send(self.ehlo.clone()))
            }
            (Stage::Ehlo, b"250") if self.offered => {
                self.stage = Stage::StartTls;
                Ok(Step::Send(b"STARTTLS\r\n".to_vec()))
            }
            // A server that knows no EHLO knows no STARTTLS.
            (Stage::Ehlo, b"250" | [b'4' | b'5', ..]) => Err(Error::Missing),
            (Stage::StartTls, b"220") => Ok(Step::Ready),
            (Stage::StartTls, [b'4' | b'5', ..]) => Err(Error::Refused { words: words() }),
            _ => Err(self.malformed()),
        }
    }

    fn malformed(&self) -> Error {
        match self.stage {
            Stage::Greeting => Error::BadGreeting,
            Stage::Ehlo | Stage::StartTls => Error::BadAnswer,
        }
    }
}

/// One line of a reply.
struct Line<'a> {
    code: [u8; 3],
    /// Whether a `-` says that more lines follow.
    more: bool,
    text: &'a [u8],
}

impl<'a> Line<'a> {
    /// `Reply-line = Reply-code [ ("-" / SP) textstring ]`
    fn parse(line: &'a [u8]) -> Option<Self> {
        let (code, rest) = line.split_first_chunk::<3>()?;
        let valid = matches!(code[0], b'2'..=b'5') && code.iter().all(u8::is_ascii_digit);
        match rest {
            _ if !valid => None,
            [] => Some(Self { code: *code, more: false, text: rest }),
            [b' ', text @ ..] => Some(Self { code: *code, more: false, text: text.trim_ascii() }),
            [b'-', text @ ..] => Some(Self { code: *code, more: true, text: text.trim_ascii() }),
            _ => None,
        }
    }
}

/// The letters of a domain or of an address literal, and no more (security.md S12).
fn is_client_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    (1..=255).contains(&name.len()) && name.bytes().all(plain)
}
