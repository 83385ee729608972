//! What the proxy and its clients say to each other beside the bytes that they carry: why a WebSocket was closed.
//!
//! One table for both sides. The proxy sends a code and `word: sentence`; a client reads the two back. A relay of
//! another make sends other codes, or none: they are read as [`CloseReason::Other`], and never an error.
//! RFC 6455 sections 5.5.1 and 7.4.

/// Why a WebSocket closed, as far as programs tell it apart. Whose fault it is shows in the code: 44xx the page's or
/// the operator's, 45xx the mail server's.
///
/// ```
/// use postern_protocol::wire::CloseReason;
///
/// let reason = CloseReason::read(4502, "dns: the mail server's name was not found");
/// assert_eq!(reason, CloseReason::Dns);
/// assert_eq!((reason.code(), reason.word()), (4502, "dns"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseReason {
    /// The server closed the connection, or the client did and the server followed.
    Closed,
    /// The proxy is about to stop; another one may be there already.
    GoingAway,
    /// The client sent a frame that breaks RFC 6455.
    Protocol,
    /// The client sent a text message; bytes travel in binary ones.
    TextRefused,
    /// There was no Close frame: the connection was cut, or never made. Browsers report it so; nobody sends it.
    Lost,
    /// The client sent a frame or message that is larger than the proxy accepts.
    TooBig,
    /// The proxy knows no mail server of that name.
    UnknownUpstream,
    /// The request's query is not one that the proxy understands, or not one that it allows.
    BadRequest,
    /// The page's origin may not connect.
    OriginRefused,
    /// The mail server's name resolves to an address that the proxy may not connect to.
    TargetRefused,
    /// The client answered no ping.
    Idle,
    /// The server's TLS or STARTTLS took too long.
    HandshakeTimeout,
    /// A limit of connections is reached: each further try within the next minute counts against it, too.
    TooMany,
    /// The server's name has no address, or could not be looked up in time.
    Dns,
    /// Nothing listens at the server's port.
    Refused,
    /// There is no way to the server, or it did not answer in time.
    Unreachable,
    /// The server cut the connection.
    Reset,
    /// The server accepted no bytes for so long that it was given up.
    Stalled,
    /// The server's certificate is not from a trusted authority.
    TlsUntrusted,
    /// The server's certificate is for another name.
    TlsName,
    /// The server's certificate is not valid today.
    TlsExpired,
    /// The server and the proxy have no TLS in common, or the server speaks none.
    TlsFailed,
    /// The server does not offer STARTTLS.
    StarttlsMissing,
    /// The server refused STARTTLS, or it is not a mail server of this kind.
    StarttlsRefused,
    /// Data arrived before TLS that nothing had asked for.
    StarttlsInjected,
    /// The session began authenticated, which rules STARTTLS out.
    Preauth,
    /// Any other code, from a relay that is not this project's proxy.
    Other(u16),
}

impl CloseReason {
    /// Each reason that has a code of its own, in the order of the codes.
    pub const ALL: [Self; 26] = [
        Self::Closed,
        Self::GoingAway,
        Self::Protocol,
        Self::TextRefused,
        Self::Lost,
        Self::TooBig,
        Self::BadRequest,
        Self::UnknownUpstream,
        Self::TargetRefused,
        Self::OriginRefused,
        Self::Idle,
        Self::HandshakeTimeout,
        Self::TooMany,
        Self::Unreachable,
        Self::Dns,
        Self::Refused,
        Self::Reset,
        Self::Stalled,
        Self::TlsFailed,
        Self::TlsUntrusted,
        Self::TlsName,
        Self::TlsExpired,
        Self::StarttlsMissing,
        Self::StarttlsRefused,
        Self::StarttlsInjected,
        Self::Preauth,
    ];

    /// Reads a Close frame's code and its reason, of which only the word before the colon counts. A word that is not
    /// known is passed over: the code's first reason in [`ALL`](Self::ALL) stands for all of it.
    #[must_use]
    pub fn read(code: u16, reason: &str) -> Self {
        let word = reason.split(':').next().unwrap_or_default().trim();
        let mut of_code = Self::ALL.into_iter().filter(|it| it.code() == code);
        let exact = of_code.clone().find(|it| it.word() == word);
        exact.or_else(|| of_code.next()).unwrap_or(Self::Other(code))
    }

    /// The Close frame's code (RFC 6455 section 7.4).
    #[must_use]
    pub fn code(self) -> u16 {
        self.parts().0
    }

    /// The stable word that the Close frame's reason begins with; empty for [`Lost`](Self::Lost) and
    /// [`Other`](Self::Other), which have no frame of the proxy's.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.parts().1
    }

    #[rustfmt::skip] // A table is read by its columns.
    fn parts(self) -> (u16, &'static str) {
        match self {
            Self::Closed =>           (1000, "closed"),
            Self::GoingAway =>        (1001, "going-away"),
            Self::Protocol =>         (1002, "protocol"),
            Self::TextRefused =>      (1003, "text-refused"),
            Self::Lost =>             (1006, ""),
            Self::TooBig =>           (1009, "too-big"),
            Self::BadRequest =>       (4400, "bad-request"),
            Self::UnknownUpstream =>  (4400, "unknown-upstream"),
            Self::TargetRefused =>    (4403, "target-refused"),
            Self::OriginRefused =>    (4403, "origin-refused"),
            Self::Idle =>             (4408, "idle"),
            Self::HandshakeTimeout => (4408, "handshake-timeout"),
            Self::TooMany =>          (4429, "too-many"),
            Self::Unreachable =>      (4502, "unreachable"),
            Self::Dns =>              (4502, "dns"),
            Self::Refused =>          (4502, "refused"),
            Self::Reset =>            (4502, "reset"),
            Self::Stalled =>          (4502, "stalled"),
            Self::TlsFailed =>        (4525, "tls-failed"),
            Self::TlsUntrusted =>     (4525, "tls-untrusted"),
            Self::TlsName =>          (4525, "tls-name"),
            Self::TlsExpired =>       (4525, "tls-expired"),
            Self::StarttlsMissing =>  (4526, "starttls-missing"),
            Self::StarttlsRefused =>  (4526, "starttls-refused"),
            Self::StarttlsInjected => (4526, "starttls-injected"),
            Self::Preauth =>          (4526, "preauth"),
            Self::Other(code) =>      (code, ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_close_reason_is_read_back_as_itself() {
        for reason in CloseReason::ALL {
            assert_eq!(CloseReason::read(reason.code(), reason.word()), reason);
            assert_eq!(CloseReason::read(reason.code(), &format!("{} : why", reason.word())), reason);
        }
    }

    #[test]
    fn an_unknown_word_of_a_known_code_is_read_by_the_code() {
        let check = |code, reason, expected| assert_eq!(CloseReason::read(code, reason), expected);
        check(1000, "", CloseReason::Closed);
        check(4400, "unheard-of: words", CloseReason::BadRequest);
        check(4502, "", CloseReason::Unreachable);
        check(4525, "dns: of another code", CloseReason::TlsFailed);
        check(4526, "later", CloseReason::StarttlsMissing);
        check(1011, "closed: of another code", CloseReason::Other(1011));
        assert_eq!((CloseReason::Other(1011).code(), CloseReason::Other(1011).word()), (1011, ""));
    }
}
