//! What stands at a port, and the line to write in place of the one that is wrong.

use crate::config::{Kind, Security, Target};
use crate::upstream::Voice;

/// Behind words that say what went wrong: what answers at the target's port, and what to write. Nothing if that does not
/// explain it.
pub(super) fn instead(target: &Target, voice: Voice) -> String {
    let Target { kind, security, .. } = *target;
    match voice {
        Voice::Mail(heard) if heard == kind && security == Security::Implicit => format!(
            "; this port begins without TLS: write {} (STARTTLS), or the port with TLS, such as {}",
            with(target, Security::StartTls),
            at_default_port(target, Security::Implicit),
        ),
        Voice::Mail(heard) if heard == kind => String::new(),
        Voice::Tls if security == Security::Implicit => String::new(),
        Voice::Tls => {
            format!("; this port speaks TLS from the first byte: write {}", with(target, Security::Implicit))
        }
        // Nothing is heard of it at all, which is how a listener for the PROXY protocol waits.
        Voice::Unknown => format!("{}; or does it wait for proxy_protocol = true?", other(target, voice)),
        voice => other(target, voice),
    }
}

/// Where a server that is told the client's address says something else than it should.
pub(super) const PROXY_PROTOCOL: &str = "; it is told the client's address first (proxy_protocol = true): its listener must \
    expect that (haproxy = yes in Dovecot), else leave proxy_protocol out";

/// What another protocol's server is, and what to write.
pub(super) fn other(target: &Target, voice: Voice) -> String {
    let what = match voice {
        Voice::Mail(Kind::Imap) => "an IMAP server answers at this port",
        Voice::Mail(Kind::Smtp) => "an SMTP server answers at this port",
        Voice::Mail(Kind::Sieve) => "a ManageSieve server answers at this port",
        Voice::Pop3 => "a POP3 server answers at this port, which Postern does not speak",
        Voice::Ssh => "an SSH server answers at this port",
        Voice::Http => "a web server answers at this port, it seems",
        Voice::Tls => "this port speaks TLS from the first byte",
        Voice::Unknown => "is this the right port?",
    };
    let kind = target.kind;
    format!(
        "; {what}: write the {kind} server's, such as {} or {}",
        at_default_port(target, Security::Implicit),
        at_default_port(target, Security::StartTls),
    )
}

/// The other of the two usual ports, if the target is at one of them.
pub(super) fn other_port(target: &Target) -> Option<Target> {
    let other = match target.security {
        Security::Implicit => Security::StartTls,
        Security::StartTls => Security::Implicit,
        Security::Plain => return None,
    };
    let [own, port] = [target.security, other].map(|security| target.kind.port(security));
    let usual = target.port() == Some(own) && own != port;
    usual.then(|| Target::at_host(target.kind, other, target.host(), port))
}

/// The same host and port, with TLS begun otherwise.
fn with(target: &Target, security: Security) -> Target {
    let port = target.port().unwrap_or(target.kind.port(security));
    Target::at_host(target.kind, security, target.host(), port)
}

fn at_default_port(target: &Target, security: Security) -> Target {
    Target::at_host(target.kind, security, target.host(), target.kind.port(security))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, voice: Voice, expected: &str) {
        let words = instead(&Target::parse(Kind::Imap, url).unwrap(), voice);
        assert!(
            words.contains(expected) && words.is_empty() == expected.is_empty(),
            "{url} {voice:?}: {words}"
        );
    }

    #[test]
    fn each_wrong_port_has_its_line_to_write() {
        check(
            "imaps://a.test:143",
            Voice::Mail(Kind::Imap),
            "write imap://a.test:143 (STARTTLS), or the port with TLS, such as imaps://a.test:993",
        );
        check(
            "imaps://a.test:465",
            Voice::Mail(Kind::Smtp),
            "an SMTP server answers at this port: write the imap server's, such as imaps://a.test:993",
        );
        check("imaps://a.test:443", Voice::Http, "a web server");
        check("imap://a.test:110", Voice::Pop3, "POP3");
        check("imap://a.test:993", Voice::Tls, "write imaps://a.test:993");
        check("imap+plain://127.0.0.1:993", Voice::Tls, "write imaps://127.0.0.1:993");
        check("imap://[::1]:22", Voice::Ssh, "imaps://[::1]:993");
        // What is as it was written explains nothing.
        check("imap://a.test", Voice::Mail(Kind::Imap), "");
        check("imaps://a.test", Voice::Tls, "");
    }

    #[test]
    fn the_other_usual_port() {
        for (url, expected) in [
            ("imaps://a.test", Some("imap://a.test:143")),
            ("imap://a.test", Some("imaps://a.test:993")),
            ("imaps://a.test:1993", None),
            ("imap+plain://127.0.0.1", None),
        ] {
            let other = other_port(&Target::parse(Kind::Imap, url).unwrap());
            assert_eq!(other.map(|target| target.to_string()).as_deref(), expected, "{url}");
        }
        assert_eq!(other_port(&Target::parse(Kind::Sieve, "sieve://a.test").unwrap()), None);
    }
}
