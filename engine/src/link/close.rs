//! Why a link closed, in words that a person can act on.

use crate::border::{Problem, ProblemCode};
use crate::link::stage::Received;
use postern_protocol::wire::CloseReason;

/// How a link ended, as the WebSocket said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkClose {
    /// The close code (RFC 6455 section 7.4); 1006 if there was no Close frame.
    pub code: u16,
    /// The reason: with our proxy a stable word, a colon and a sentence. May be empty.
    pub reason: String,
}

impl LinkClose {
    /// The problem to show. `received` says whether anything came from the mail server.
    pub(crate) fn problem(&self, received: Received) -> Problem {
        Problem { code: self.problem_code(received), detail: self.detail() }
    }

    /// Whether the proxy asks to come back at once: it is being replaced.
    pub(crate) fn is_going_away(&self) -> bool {
        self.why() == CloseReason::GoingAway
    }

    /// Whether the proxy has too many connections: each try before a minute is over is one more.
    pub(crate) fn asks_for_patience(&self) -> bool {
        self.why() == CloseReason::TooMany
    }

    /// Whether the proxy or the network ended the link, so that nothing that was asked on it is to blame. What the
    /// server ends the proxy says in words of its own.
    pub(crate) fn is_not_the_servers_doing(&self) -> bool {
        use CloseReason as C;
        matches!(
            self.why(),
            C::GoingAway
                | C::Lost
                | C::BadRequest
                | C::UnknownUpstream
                | C::OriginRefused
                | C::TargetRefused
                | C::Idle
                | C::HandshakeTimeout
                | C::TooMany
        )
    }

    fn why(&self) -> CloseReason {
        CloseReason::read(self.code, &self.reason)
    }

    fn problem_code(&self, received: Received) -> ProblemCode {
        use CloseReason as C;
        match (self.why(), received) {
            (C::BadRequest | C::UnknownUpstream | C::OriginRefused | C::TargetRefused, _) => {
                ProblemCode::NotAllowed
            }
            (C::TooMany, _) => ProblemCode::TooMany,
            (C::Dns | C::Refused | C::Unreachable, _) => ProblemCode::ServerUnreachable,
            (C::TlsUntrusted | C::TlsName | C::TlsExpired, _) => ProblemCode::CertificateUntrusted,
            (C::TlsFailed, _) => ProblemCode::TlsFailed,
            (C::StarttlsMissing | C::StarttlsRefused | C::StarttlsInjected | C::Preauth, _) => {
                ProblemCode::StarttlsMissing
            }
            (C::Lost, Received::Nothing) => ProblemCode::ProxyUnreachable,
            // Closed before the greeting: the server hung up at once.
            (C::Closed | C::Idle | C::HandshakeTimeout | C::Reset | C::Stalled, Received::Nothing) => {
                ProblemCode::ServerUnreachable
            }
            _ => ProblemCode::ConnectionLost,
        }
    }

    fn detail(&self) -> String {
        match self.reason.as_str() {
            "" => format!("closed with code {}", self.code),
            reason => reason.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProblemCode as P;

    fn check(code: u16, reason: &str, before: P, after: P) {
        let close = LinkClose { code, reason: reason.to_owned() };
        assert_eq!(close.problem(Received::Nothing).code, before, "{close:?} before the first byte");
        assert_eq!(close.problem(Received::Something).code, after, "{close:?} after it");
    }

    #[test]
    fn every_code_of_the_proxy_has_its_problem() {
        check(1000, "closed: the server closed the connection", P::ServerUnreachable, P::ConnectionLost);
        check(1001, "going-away: restarting", P::ConnectionLost, P::ConnectionLost);
        check(1006, "", P::ProxyUnreachable, P::ConnectionLost);
        check(4400, "unknown-upstream: no such server", P::NotAllowed, P::NotAllowed);
        check(4403, "origin-refused: not this page", P::NotAllowed, P::NotAllowed);
        check(4403, "target-refused: not this address", P::NotAllowed, P::NotAllowed);
        check(4408, "idle: nothing was said", P::ServerUnreachable, P::ConnectionLost);
        check(4429, "too-many: come back in 30 s", P::TooMany, P::TooMany);
        check(4502, "dns: no such host", P::ServerUnreachable, P::ServerUnreachable);
        check(4502, "refused: port 993", P::ServerUnreachable, P::ServerUnreachable);
        check(4502, "reset: by peer", P::ServerUnreachable, P::ConnectionLost);
        check(4502, "stalled: takes no more", P::ServerUnreachable, P::ConnectionLost);
        check(4525, "tls-untrusted: unknown issuer", P::CertificateUntrusted, P::CertificateUntrusted);
        check(4525, "tls-name: not for this name", P::CertificateUntrusted, P::CertificateUntrusted);
        check(4525, "tls-expired: since May", P::CertificateUntrusted, P::CertificateUntrusted);
        check(4525, "tls-failed: no common version", P::TlsFailed, P::TlsFailed);
        check(4526, "starttls-missing: not offered", P::StarttlsMissing, P::StarttlsMissing);
        check(4526, "starttls-injected: more than an answer", P::StarttlsMissing, P::StarttlsMissing);
    }

    #[test]
    fn the_detail_has_the_words() {
        let close = LinkClose { code: 4502, reason: "dns: no such host".to_owned() };
        assert_eq!(close.problem(Received::Nothing).detail, "dns: no such host");
        let close = LinkClose { code: 1006, reason: String::new() };
        assert_eq!(close.problem(Received::Nothing).detail, "closed with code 1006");
    }
}
