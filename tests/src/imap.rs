//! Another client of the same account: just enough IMAP to change something behind our back.
//!
//! Blocking and without TLS, which Dovecot allows over loopback. Not the project's client: a test that used the
//! one under test for both sides would not notice what both get wrong.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::process::PATIENCE;

/// One connection.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<TcpStream>,
    tag: u32,
}

impl Client {
    /// Connects and waits for the greeting.
    ///
    /// # Errors
    /// Where nobody listens, or what answers is no IMAP server.
    pub fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut client = Self { stream: BufReader::new(stream), tag: 0 };
        let greeting = client.line()?;
        if greeting.starts_with("* OK") { Ok(client) } else { Err(io::Error::other(greeting)) }
    }

    /// Connects, and signs in with `LOGIN`.
    ///
    /// # Errors
    /// As [`Client::connect`], and where the server refuses.
    pub fn signed_in(address: SocketAddr, user: &str, password: &str) -> io::Result<Self> {
        let mut client = Self::connect(address)?;
        client.login(user, password)?;
        Ok(client)
    }

    /// `LOGIN`.
    ///
    /// # Errors
    /// Where the server refuses.
    pub fn login(&mut self, user: &str, password: &str) -> io::Result<()> {
        self.command(&format!("LOGIN {} {}", quoted(user), quoted(password))).map(drop)
    }

    /// `APPEND` of a message, with flags such as `\Seen`.
    ///
    /// # Errors
    /// Where the server refuses.
    pub fn append(&mut self, mailbox: &str, flags: &str, message: &[u8]) -> io::Result<()> {
        let tag = self.begin(&format!("APPEND {} ({flags}) {{{}}}", quoted(mailbox), message.len()))?;
        let ready = self.line()?;
        if !ready.starts_with('+') {
            return Err(io::Error::other(ready));
        }
        self.stream.get_mut().write_all(message)?;
        self.stream.get_mut().write_all(b"\r\n")?;
        self.finish(&tag).map(drop)
    }

    /// Any command in one line. Returns the untagged lines of its answer.
    ///
    /// # Errors
    /// Where the server says NO or BAD, with its words, or the connection ends.
    pub fn command(&mut self, line: &str) -> io::Result<Vec<String>> {
        let tag = self.begin(line)?;
        self.finish(&tag)
    }

    fn begin(&mut self, line: &str) -> io::Result<String> {
        self.tag += 1;
        let tag = format!("x{}", self.tag);
        self.stream.get_mut().write_all(format!("{tag} {line}\r\n").as_bytes())?;
        Ok(tag)
    }

    fn finish(&mut self, tag: &str) -> io::Result<Vec<String>> {
        let mut untagged = Vec::new();
        loop {
            let line = self.line()?;
            let Some(rest) = line.strip_prefix(tag) else {
                untagged.push(line);
                continue;
            };
            return if rest.starts_with(" OK") { Ok(untagged) } else { Err(io::Error::other(line)) };
        }
    }

    /// One line, with the literals in it.
    fn line(&mut self) -> io::Result<String> {
        let mut bytes = Vec::new();
        loop {
            if self.stream.read_until(b'\n', &mut bytes)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let Some(size) = announced_literal(&bytes) else {
                return Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned());
            };
            (&mut self.stream).take(size).read_to_end(&mut bytes)?;
        }
    }
}

/// The number in a `{…}` at the line's end.
fn announced_literal(line: &[u8]) -> Option<u64> {
    let text = line.strip_suffix(b"}\r\n")?;
    let open = text.iter().rposition(|&byte| byte == b'{')?;
    std::str::from_utf8(&text[open + 1..]).ok()?.parse().ok()
}

/// RFC 9051 section 9: `quoted`.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_literal_at_a_lines_end() {
        assert_eq!(announced_literal(b"* 1 FETCH (BODY[] {12}\r\n"), Some(12));
        assert_eq!(announced_literal(b"* OK {12} done\r\n"), None);
        assert_eq!(announced_literal(b"* OK {twelve}\r\n"), None);
    }

    #[test]
    fn quotes_what_needs_it() {
        assert_eq!(quoted(r#"a"b\c"#), r#""a\"b\\c""#);
    }
}
