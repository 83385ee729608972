//! Why a connection ended: the code and the reason of the WebSocket's Close frame.
//!
//! A browser can't read the HTTP status of a failed upgrade, so every refusal is an accepted WebSocket that is closed
//! with a stable word, a colon, and a sentence that a person can act on. RFC 6455 sections 5.5.1 and 7.4.

use postern_protocol::starttls;
use postern_protocol::wire::CloseReason;

/// Why a connection ended. Whose fault it is shows in the code: 44xx the page's or the operator's, 45xx the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The server closed, or the client did and the server followed.
    Closed,
    /// The proxy stops.
    GoingAway,
    /// A frame that breaks RFC 6455.
    Protocol,
    /// A text message; bytes come in binary ones.
    TextRefused,
    /// A frame or message over 1 MiB.
    TooBig,
    /// No upstream of that name.
    UnknownUpstream,
    /// A query that means nothing here.
    BadQuery,
    /// `?tls=client` if the operator does not allow it.
    ClientTlsForbidden,
    /// No `?tls=client` if the operator requires it.
    ClientTlsRequired,
    /// A page that is not on the list.
    OriginRefused,
    /// The server's name leads to an address that is not allowed.
    TargetRefused,
    /// No pong.
    Idle,
    /// TLS or STARTTLS took too long.
    HandshakeTimeout,
    /// The limit of all connections.
    TooMany,
    /// The limit of one address.
    TooManyFromAddress,
    /// The limit of one server.
    TooManyToServer,
    /// The limit of new connections from one address.
    TooFast,
    /// The limit of connections from one address that ended soon.
    TooManyShort,
    /// The server's name has no address.
    Dns,
    /// The nameserver did not answer in time.
    DnsTimeout,
    /// Nothing listens at the server's port.
    Refused,
    /// No way to the server, or no answer.
    Unreachable,
    /// The server cut the connection.
    Reset,
    /// The server took none of the client's bytes for so long that it was given up.
    Stalled,
    /// The certificate is not of a trusted authority.
    TlsUntrusted,
    /// The certificate is for another name.
    TlsName,
    /// The certificate is not valid today.
    TlsExpired,
    /// No TLS in common, or no TLS at all.
    TlsFailed,
    /// What answered a handshake is not TLS.
    NotTls,
    /// The server offers no STARTTLS.
    StartTlsMissing,
    /// The server would not do STARTTLS, or answered with something else.
    StartTlsRefused,
    /// What greeted there is no such mail server.
    OtherProtocol,
    /// The server turned the connection away before TLS.
    TurnedAway,
    /// Something was said before TLS that had no cause.
    StartTlsInjected,
    /// The session came signed in, which rules STARTTLS out.
    Preauth,
}

impl Reason {
    /// Each of them once, in order.
    pub const ALL: [Self; 35] = [
        Self::Closed,
        Self::GoingAway,
        Self::Protocol,
        Self::TextRefused,
        Self::TooBig,
        Self::UnknownUpstream,
        Self::BadQuery,
        Self::ClientTlsForbidden,
        Self::ClientTlsRequired,
        Self::OriginRefused,
        Self::TargetRefused,
        Self::Idle,
        Self::HandshakeTimeout,
        Self::TooMany,
        Self::TooManyFromAddress,
        Self::TooManyToServer,
        Self::TooFast,
        Self::TooManyShort,
        Self::Dns,
        Self::DnsTimeout,
        Self::Refused,
        Self::Unreachable,
        Self::Reset,
        Self::Stalled,
        Self::TlsUntrusted,
        Self::TlsName,
        Self::TlsExpired,
        Self::TlsFailed,
        Self::NotTls,
        Self::StartTlsMissing,
        Self::StartTlsRefused,
        Self::OtherProtocol,
        Self::TurnedAway,
        Self::StartTlsInjected,
        Self::Preauth,
    ];

    /// The Close frame's code.
    pub fn code(self) -> u16 {
        self.parts().0.code()
    }

    /// The stable word, for programs.
    pub fn word(self) -> &'static str {
        self.parts().0.word()
    }

    /// The same, but no two share it, for the operator's logs and figures.
    pub fn label(self) -> &'static str {
        match self {
            Self::ClientTlsForbidden => "client-tls-forbidden",
            Self::ClientTlsRequired => "client-tls-required",
            Self::TooManyFromAddress => "too-many-from-address",
            Self::TooManyToServer => "too-many-to-server",
            Self::DnsTimeout => "dns-timeout",
            Self::NotTls => "not-tls",
            Self::OtherProtocol => "other-protocol",
            Self::TurnedAway => "turned-away",
            Self::TooFast => "too-fast",
            Self::TooManyShort => "too-many-short",
            _ => self.word(),
        }
    }

    /// The Close frame's reason: `word: sentence`, at most [`MAX_REASON`] bytes.
    pub fn text(self) -> String {
        let (reason, sentence) = self.parts();
        format!("{}: {sentence}", reason.word())
    }

    #[rustfmt::skip] // A table is read by its columns.
    fn parts(self) -> (CloseReason, &'static str) {
        use CloseReason as C;
        match self {
            Self::Closed => (C::Closed, "the mail server ended the connection"),
            Self::GoingAway => (C::GoingAway, "the proxy is restarting; connect again"),
            Self::Protocol => (C::Protocol, "this frame is not one of RFC 6455"),
            Self::TextRefused => (C::TextRefused, "send bytes in binary messages"),
            Self::TooBig => (C::TooBig, "a frame or message may have 1 MiB; send smaller ones"),
            Self::UnknownUpstream => (C::UnknownUpstream, "this proxy knows no mail server of that name; see /api/config"),
            Self::BadQuery => (C::BadRequest, "the only query is ?tls=client"),
            Self::ClientTlsForbidden => (C::BadRequest, "leave out ?tls=client; the proxy does TLS with this server"),
            Self::ClientTlsRequired => (C::BadRequest, "add ?tls=client; the browser does TLS with this server"),
            Self::OriginRefused => (C::OriginRefused, "this page may not connect; the operator allows it with --origin"),
            Self::TargetRefused => (C::TargetRefused, "the server's address is not public; the operator can --allow-address it"),
            Self::Idle => (C::Idle, "the browser stopped answering; connect again"),
            Self::HandshakeTimeout => (C::HandshakeTimeout, "the mail server did not finish the TLS handshake in time"),
            Self::TooMany => (C::TooMany, "the proxy has as many connections as it may; try again in a minute"),
            Self::TooManyFromAddress => (C::TooMany, "too many connections from your address; close some or retry in a minute"),
            Self::TooManyToServer => (C::TooMany, "this mail server has as many connections as it may; retry in a minute"),
            Self::TooFast => (C::TooMany, "too many new connections from your address; retry in a minute"),
            Self::TooManyShort => (C::TooMany, "too many sign-ins that failed at once; retry in a minute"),
            Self::Dns => (C::Dns, "the mail server's name was not found (DNS)"),
            Self::DnsTimeout => (C::Dns, "the mail server's name could not be looked up in time (DNS)"),
            Self::Refused => (C::Refused, "nothing answers at the mail server's port"),
            Self::Unreachable => (C::Unreachable, "the mail server can't be reached"),
            Self::Reset => (C::Reset, "the mail server cut the connection"),
            Self::Stalled => (C::Stalled, "the mail server takes no more of what is sent; connect again"),
            Self::TlsUntrusted => (C::TlsUntrusted, "the mail server's certificate is not from a trusted authority"),
            Self::TlsName => (C::TlsName, "the mail server's certificate is for another name"),
            Self::TlsExpired => (C::TlsExpired, "the mail server's certificate is not valid today"),
            Self::TlsFailed => (C::TlsFailed, "the mail server and the proxy found no TLS in common"),
            Self::NotTls => (C::TlsFailed, "what answers at the mail server's port does not speak TLS"),
            Self::StartTlsMissing => (C::StarttlsMissing, "the mail server offers no encryption (STARTTLS) at this port"),
            Self::StartTlsRefused => (C::StarttlsRefused, "the mail server would not start encryption (STARTTLS)"),
            Self::OtherProtocol => (C::StarttlsRefused, "what answers at this port is no such mail server; is it the right port?"),
            Self::TurnedAway => (C::StarttlsRefused, "the mail server turned the connection away"),
            Self::StartTlsInjected => (C::StarttlsInjected, "someone wrote into the connection before encryption"),
            Self::Preauth => (C::Preauth, "the mail server skips the sign-in, so encryption can't start"),
        }
    }
}

impl From<&starttls::Error> for Reason {
    fn from(error: &starttls::Error) -> Self {
        match error {
            starttls::Error::Missing => Self::StartTlsMissing,
            starttls::Error::Injected => Self::StartTlsInjected,
            starttls::Error::Preauth => Self::Preauth,
            starttls::Error::BadGreeting => Self::OtherProtocol,
            starttls::Error::Bye { .. } => Self::TurnedAway,
            starttls::Error::Refused { .. } | starttls::Error::BadAnswer | starttls::Error::TooLong => {
                Self::StartTlsRefused
            }
        }
    }
}

/// A control frame holds 125 bytes (RFC 6455 section 5.5), two of them the code.
pub const MAX_REASON: usize = 123;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_a_word_and_a_sentence_that_fit() {
        for reason in Reason::ALL {
            let text = reason.text();
            assert!(text.len() <= MAX_REASON, "{text}: {} bytes", text.len());
            let (word, sentence) = text.split_once(": ").unwrap();
            assert!(word.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{word}");
            assert!(!sentence.is_empty() && sentence.is_ascii(), "{sentence}");
        }
    }
}
