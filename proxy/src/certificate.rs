//! What a certificate says of itself: for when it is valid, for whom, and whether it leads to an authority.
//!
//! rustls reads certificates and does not tell what is in them. It is asked as a verifier instead: at the end of time a
//! certificate has expired, and the refusal says since when. RFC 5280 sections 4.1.2.5 and 4.2.1.6.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::ring;
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error, RootCertStore};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

/// Whether a certificate is valid today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    Good,
    ExpiresSoon {
        days: u64,
    },
    Expired {
        days: u64,
    },
    /// Its first day is still to come.
    NotYet {
        days: u64,
    },
}

impl Age {
    pub(crate) fn of(certificate: &CertificateDer<'_>, now: SystemTime) -> Self {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let days = |duration: Duration| duration.as_secs() / DAY.as_secs();
        if let Some(early) = not_before(certificate).and_then(|first| first.checked_sub(now)) {
            return Self::NotYet { days: days(early) };
        }
        let Some(last) = not_after(certificate) else { return Self::Good };
        match last.checked_sub(now) {
            None => Self::Expired { days: days(now - last) },
            Some(left) if left < SOON => Self::ExpiresSoon { days: days(left) },
            Some(_) => Self::Good,
        }
    }
}

/// Goes on after "the certificate".
impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good => f.write_str("is valid"),
            Self::ExpiresSoon { days: 0 } => f.write_str("expires today"),
            Self::ExpiresSoon { days } => write!(f, "expires in {days} days"),
            Self::Expired { days: 0 } => f.write_str("has expired today"),
            Self::Expired { days } => write!(f, "expired {days} days ago"),
            Self::NotYet { days: 0 } => f.write_str("is not valid yet; is the clock right?"),
            Self::NotYet { days } => {
                write!(f, "is not valid before {days} days from now; is the clock right?")
            }
        }
    }
}

/// When it expires, since 1970; `None` if it never does (year 9999), or is no certificate.
pub(crate) fn not_after(certificate: &CertificateDer<'_>) -> Option<Duration> {
    match verify(certificate, &[], &RootCertStore::empty(), END_OF_TIME) {
        Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
            Some(Duration::from_secs(not_after.as_secs()))
        }
        _ => None,
    }
}

/// When it begins to be valid, since 1970.
fn not_before(certificate: &CertificateDer<'_>) -> Option<Duration> {
    match verify(certificate, &[], &RootCertStore::empty(), Duration::ZERO) {
        Err(Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. })) => {
            Some(Duration::from_secs(not_before.as_secs()))
        }
        _ => None,
    }
}

/// Whether a browser that opened this host takes it for that host's.
pub(crate) fn is_for(certificate: &CertificateDer<'_>, host: &str) -> bool {
    let name = ServerName::try_from(host.trim_start_matches('[').trim_end_matches(']'));
    let (Ok(name), Ok(parsed)) = (name, ParsedCertificate::try_from(certificate)) else { return false };
    verify_server_name(&parsed, &name).is_ok()
}

/// Whether the chain leads to one of these authorities, whatever its age.
pub(crate) fn leads_to(chain: &[CertificateDer<'_>], authorities: &RootCertStore) -> bool {
    let [certificate, intermediates @ ..] = chain else { return false };
    // At a moment when it is valid, as far as it can be known.
    let moment = not_after(certificate).map_or(Duration::ZERO, |last| last.saturating_sub(DAY));
    verify(certificate, intermediates, authorities, moment).is_ok()
}

fn verify(
    certificate: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    authorities: &RootCertStore,
    at: Duration,
) -> Result<(), Error> {
    let algorithms = ring::default_provider().signature_verification_algorithms;
    let parsed = ParsedCertificate::try_from(certificate)?;
    let at = UnixTime::since_unix_epoch(at);
    verify_server_cert_signed_by_trust_anchor(&parsed, authorities, intermediates, at, algorithms.all)
}

/// The last second of the year 9999, which stands for never (RFC 5280 section 4.1.2.5).
const END_OF_TIME: Duration = Duration::from_secs(253_402_300_799);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// When to renew it at the latest. What renews by itself does so a month before.
const SOON: Duration = Duration::from_secs(14 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn certificate(names: &[&str]) -> CertificateDer<'static> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_before = date_time_ymd(2026, 1, 1);
        params.not_after = date_time_ymd(2026, 4, 1);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().clone()
    }

    #[test]
    fn its_age_is_told_in_days() {
        let certificate = certificate(&["a.test"]);
        // 2026-04-01 and 2026-01-01, 0:00 UTC.
        let (last, first) = (1_775_001_600, 1_767_225_600);
        assert_eq!(not_after(&certificate), Some(Duration::from_secs(last)));
        for (now, age) in [
            (first - 3 * 86_400 - 1, Age::NotYet { days: 3 }),
            (first + 1, Age::Good),
            (last - 14 * 86_400 - 1, Age::Good),
            (last - 14 * 86_400 + 1, Age::ExpiresSoon { days: 13 }),
            (last - 5, Age::ExpiresSoon { days: 0 }),
            (last + 5, Age::Expired { days: 0 }),
            (last + 30 * 86_400, Age::Expired { days: 30 }),
        ] {
            assert_eq!(Age::of(&certificate, UNIX_EPOCH + Duration::from_secs(now)), age, "{now}");
        }
    }

    #[test]
    fn it_is_for_the_names_in_it() {
        let certificate = certificate(&["mail.example.com", "*.example.org", "192.0.2.1"]);
        for (host, expected) in [
            ("mail.example.com", true),
            ("example.com", false),
            ("a.example.org", true),
            ("a.b.example.org", false),
            ("192.0.2.1", true),
            ("192.0.2.2", false),
            ("[::1]", false),
        ] {
            assert_eq!(is_for(&certificate, host), expected, "{host}");
        }
    }

    #[test]
    fn what_is_no_certificate_has_no_age() {
        assert_eq!(not_after(&CertificateDer::from_slice(b"nonsense")), None);
    }
}
