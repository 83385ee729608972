//! What answers at a port that is not what the operator wrote: for the words of `postern check` alone.
//!
//! It listens, and tries TLS if nothing is said. Nothing that came without TLS leaves this module but which protocol it
//! looks like.

use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use super::{Connector, ServerTls, connect};
use crate::close::Reason;
use crate::config::{Kind, Target};

/// What a port sounds like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// A greeting of one of our protocols.
    Mail(Kind),
    Pop3,
    Ssh,
    /// Silent until it is spoken to in TLS.
    Tls,
    /// Silent, and not TLS: most likely the web.
    Http,
    Unknown,
}

impl Voice {
    /// What the first bytes of a server are.
    pub(crate) fn of(greeting: &[u8]) -> Self {
        match greeting {
            [b'*', b' ', ..] => Self::Mail(Kind::Imap),
            [b'2' | b'4' | b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..] => Self::Mail(Kind::Smtp),
            [b'+', b'O', b'K', ..] | [b'-', b'E', b'R', b'R', ..] => Self::Pop3,
            [b'"', ..] => Self::Mail(Kind::Sieve),
            [b'S', b'S', b'H', b'-', ..] => Self::Ssh,
            [b'H', b'T', b'T', b'P', ..] => Self::Http,
            _ => Self::Unknown,
        }
    }
}

impl Connector {
    /// What answers at the target's port; `None` if it can't be connected to.
    pub(crate) async fn listen_to(&self, target: &Target, tls: &ServerTls) -> Option<Voice> {
        let dial = || connect::connect(target, &self.allowed_addresses, self.deadlines.connect);
        let mut greeting = [0; 16];
        let mut socket = dial().await.ok()?;
        match timeout(LISTEN_FOR, socket.read(&mut greeting)).await {
            Ok(Ok(count)) if count > 0 => return Some(Voice::of(&greeting[..count])),
            Ok(_) => return Some(Voice::Unknown),
            Err(_) => {}
        }
        match tls.handshake(target, dial().await.ok()?, self.deadlines.tls.min(LISTEN_FOR)).await {
            Ok(_) => Some(Voice::Tls),
            Err(failure) => Some(match failure.reason {
                Reason::NotTls => Voice::Http,
                Reason::TlsUntrusted | Reason::TlsName | Reason::TlsExpired => Voice::Tls,
                _ => Voice::Unknown,
            }),
        }
    }

    /// Whether anything listens at the target's port.
    pub(crate) async fn answers(&self, target: &Target) -> bool {
        connect::connect(target, &self.allowed_addresses, LISTEN_FOR).await.is_ok()
    }
}

/// Long enough for a greeting, which a server may hold back from those who talk too early.
const LISTEN_FOR: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_are_told_apart() {
        for (greeting, expected) in [
            ("* OK ready", Voice::Mail(Kind::Imap)),
            ("220 mail ESMTP", Voice::Mail(Kind::Smtp)),
            ("554-no", Voice::Mail(Kind::Smtp)),
            ("+OK Dovecot ready.", Voice::Pop3),
            ("\"IMPLEMENTATION\" \"x\"", Voice::Mail(Kind::Sieve)),
            ("SSH-2.0-OpenSSH", Voice::Ssh),
            ("HTTP/1.1 400 Bad", Voice::Http),
            ("hello", Voice::Unknown),
        ] {
            assert_eq!(Voice::of(greeting.as_bytes()), expected, "{greeting}");
        }
    }
}
