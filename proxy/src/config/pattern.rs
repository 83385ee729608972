//! Patterns: more mail servers than an operator can name, from a URL such as `imaps://*.example.com`.

use std::fmt;

use rustls_pki_types::ServerName;

use super::target::{is_localhost, suffix};
use super::{Kind, Security, Target};

/// Every server whose name ends in something: `imaps://*.example.com`, or `imaps://*` for all that there are.
///
/// The page chooses among them, so none of them is this machine, none is named by address, none speaks plain text, and
/// what a name resolves to is checked as for any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The protocol.
    pub kind: Kind,
    /// How TLS starts.
    pub security: Security,
    /// From its first dot on, or nothing.
    suffix: String,
    port: u16,
}

impl Pattern {
    /// Reads `scheme://*.domain[:port]`.
    ///
    /// # Errors
    /// What is wrong and what to write instead.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, String> {
        // What stands in for the star makes it a target, and a target has rules enough.
        let target = Target::parse(kind, &text.replacen('*', STAND_IN, 1))?;
        let suffix =
            target.host().strip_prefix(STAND_IN).filter(|rest| rest.is_empty() || rest.starts_with('.'));
        match (suffix, target.port()) {
            (Some(suffix), Some(port)) if target.security != Security::Plain => {
                Ok(Self { kind, security: target.security, suffix: suffix.to_owned(), port })
            }
            _ => Err(format!(
                "the star stands for what is before a domain, and the server does TLS; write {kind}s://*.example.com"
            )),
        }
    }

    /// The server of this name, if it is one of these.
    pub fn target(&self, host: &str) -> Option<Target> {
        // An address in an odd spelling (0x7f.1, 2130706433) is one to `url` too.
        let is_name = matches!(url::Host::parse(host), Ok(url::Host::Domain(name)) if name == host);
        let fits = is_name
            && host.contains('.')
            && !host.ends_with('.')
            && host.strip_suffix(&*self.suffix).is_some_and(|rest| !rest.is_empty())
            && !is_localhost(host)
            && matches!(ServerName::try_from(host), Ok(ServerName::DnsName(_)));
        fits.then(|| Target::at_host(self.kind, self.security, host, self.port))
    }

    /// Whether the operator wrote down this domain or one above it: `*.example.com` names `example.com` and what is below,
    /// `*` names none.
    pub(crate) fn names(&self, domain: &str) -> bool {
        let own = self.suffix.strip_prefix('.').unwrap_or_default();
        !own.is_empty() && (domain == own || domain.ends_with(&self.suffix))
    }

    /// `*.example.com`.
    pub fn hosts(&self) -> String {
        format!("*{}", self.suffix)
    }
}

/// As a URL again, port included.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}://{}:{}", self.kind, suffix(self.security), self.hosts(), self.port)
    }
}

/// What a URL of the operator leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// One server.
    Server(Target),
    /// The server that the page names, if it is one of these.
    Pattern(Pattern),
}

impl Destination {
    /// Reads either of them.
    ///
    /// # Errors
    /// What is wrong and what to write instead.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, String> {
        // A star in a path is the path's own.
        if text.contains('*') && !text.contains("+unix:") {
            Pattern::parse(kind, text).map(Self::Pattern)
        } else {
            Target::parse(kind, text).map(Self::Server)
        }
    }

    /// The protocol.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Server(target) => target.kind,
            Self::Pattern(pattern) => pattern.kind,
        }
    }

    /// How TLS starts.
    pub fn security(&self) -> Security {
        match self {
            Self::Server(target) => target.security,
            Self::Pattern(pattern) => pattern.security,
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(target) => target.fmt(f),
            Self::Pattern(pattern) => pattern.fmt(f),
        }
    }
}

/// Stands where the star of a pattern stood.
const STAND_IN: &str = "any";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p01_a_pattern_leads_to_no_more_than_it_says() {
        let example = Pattern::parse(Kind::Imap, "imaps://*.Example.com").unwrap();
        let all = Pattern::parse(Kind::Imap, "imaps://*").unwrap();
        for (host, of_example, of_all) in [
            ("mail.example.com", true, true),
            ("a.b.example.com", true, true),
            ("example.com", false, true),
            ("mail.example.com.evil.test", false, true),
            ("evilexample.com", false, true),
            (".example.com", false, false),
            ("MAIL.example.com", false, false),
            ("mail.example.com.", false, false),
            ("mail.example.com:25", false, false),
            ("user@mail.example.com", false, false),
            ("localhost", false, false),
            ("a.localhost", false, false),
            ("intranet", false, false),
            ("127.0.0.1", false, false),
            ("2130706433", false, false),
            ("0x7f.1", false, false),
            ("[::1]", false, false),
            ("::1", false, false),
            ("a b.example.com", false, false),
            ("a/b.example.com", false, false),
            ("b\u{fc}cher.example.com", false, false),
            ("", false, false),
        ] {
            assert_eq!(example.target(host).is_some(), of_example, "{host}");
            assert_eq!(all.target(host).is_some(), of_all, "{host}");
        }
        let target = example.target("mail.example.com").unwrap();
        assert_eq!(target.to_string(), "imaps://mail.example.com:993");
        assert_eq!(example.to_string(), "imaps://*.example.com:993");
    }

    #[test]
    fn a_pattern_has_one_star_before_a_domain_and_tls() {
        for wrong in [
            "imaps://mail.*.com",
            "imaps://*example.com",
            "imaps://*.*.com",
            "imap+plain://*",
            "imap+plain://*.localhost",
            "smtps://*.example.com",
            "imaps://*.example.com/x",
        ] {
            let error = Pattern::parse(Kind::Imap, wrong).unwrap_err();
            assert!(error.contains("write imaps://"), "{wrong}: {error}");
        }
    }
}
