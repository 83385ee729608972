//! Which pages may open a WebSocket here: the exact `Origin` allow-list (RFC 6454 section 7).
//!
//! A browser sends cookies and lets any page open a WebSocket to any host; only the `Origin` that it writes itself
//! tells the pages apart. Without a list, the page that this proxy serves may connect, if it was opened by IP
//! address or as `localhost`: those names can't be pointed elsewhere. Any other name must be on the list, since a
//! hostile page could point a name of its own at this proxy and would then look like "the same host" (DNS rebinding).

use std::fmt;
use std::net::IpAddr;

use hyper::HeaderMap;
use hyper::header::{HOST, ORIGIN};
use hyper::http::uri::Authority;
use url::{Host, Url};

/// Scheme, host and port of a page, in the one spelling that browsers send: `https://mail.example.com`.
///
/// Without any, the page that the proxy itself serves may connect, if it was opened by IP address or as `localhost`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl TryFrom<&str> for Origin {
    type Error = String;

    fn try_from(text: &str) -> Result<Self, String> {
        let wrong =
            |why: &str| format!("{why}; write scheme, host and port, such as https://mail.example.com");
        let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("a page has the scheme http or https"));
        }
        let has_user = url.username() != "" || url.password().is_some();
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || has_user {
            return Err(wrong("an origin has no path, query or user"));
        }
        if text.contains('*') {
            return Err(wrong("no patterns: each page is named exactly"));
        }
        Ok(Self(url.origin().ascii_serialization()))
    }
}

impl Origin {
    /// Whether the page comes over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The host, without the port; IPv6 in brackets.
    pub(crate) fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or("", |(_, authority)| authority);
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }

    /// Whether it is a page of this machine, which browsers trust without TLS.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.host().trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || host.ends_with(".localhost")
            || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether the page that sent these headers may connect. Missing, twice, `null` or in any other spelling: no.
///
/// `own_scheme` is the one of the page that this proxy serves, at the host of the request's `authority` or, without one,
/// of its `Host` (RFC 9112 section 3.3, RFC 9113 section 8.3.1).
pub(crate) fn is_allowed(
    headers: &HeaderMap,
    authority: Option<&Authority>,
    allowed: &[Origin],
    own_scheme: &str,
) -> bool {
    let Some(origin) = the_only(headers, ORIGIN.as_str()) else { return false };
    if allowed.is_empty() {
        let host = authority.map(Authority::as_str).or_else(|| the_only(headers, HOST.as_str()));
        return host.is_some_and(|host| is_own_page(origin, own_scheme, host));
    }
    allowed.iter().any(|allowed| allowed.0 == origin)
}

/// Whether `origin` is the page served at `host`, and `host` is a name that nobody can move.
fn is_own_page(origin: &str, scheme: &str, host: &str) -> bool {
    let Ok(page) = Origin::try_from(origin) else { return false };
    let Ok(own) = Origin::try_from(format!("{scheme}://{host}").as_str()) else { return false };
    let unmovable = match Url::parse(&own.0).ok().and_then(|url| url.host().map(|host| host.to_owned())) {
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    unmovable && page.0 == origin && page == own
}

fn the_only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    value.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(allowed: &[&str], host: &str, origins: &[&str], expected: bool) {
        let allowed: Vec<_> = allowed.iter().map(|text| Origin::try_from(*text).unwrap()).collect();
        let mut headers = HeaderMap::new();
        headers.append(HOST, host.parse().unwrap());
        for origin in origins {
            headers.append(ORIGIN, origin.parse().unwrap());
        }
        assert_eq!(is_allowed(&headers, None, &allowed, "http"), expected, "{allowed:?} {host} {origins:?}");
    }

    #[test]
    fn p03_origin_lookalikes_are_refused() {
        let allowed = ["https://mail.example.com", "http://127.0.0.1:8080/"];
        check(&allowed, "anything", &["https://mail.example.com"], true);
        check(&allowed, "anything", &["http://127.0.0.1:8080"], true);
        for refused in [
            "null",
            "",
            "http://mail.example.com",
            "https://mail.example.com:443",
            "https://mail.example.com:8443",
            "https://mail.example.com.evil.test",
            "https://evil-mail.example.com",
            "https://sub.mail.example.com",
            "https://example.com",
            "https://mail.example.com/",
            "HTTPS://mail.example.com",
            "https://MAIL.example.com",
            "https://mail.example.com@evil.test",
            "https://xn--mil-ula.example.com",
            "http://127.0.0.1",
            "http://localhost:8080",
        ] {
            check(&allowed, "mail.example.com", &[refused], false);
        }
        check(&allowed, "mail.example.com", &[], false);
        check(&allowed, "mail.example.com", &["https://mail.example.com", "https://mail.example.com"], false);
    }

    #[test]
    fn p03_without_a_list_the_own_page_by_address_may_connect() {
        check(&[], "127.0.0.1:8080", &["http://127.0.0.1:8080"], true);
        check(&[], "localhost:8080", &["http://localhost:8080"], true);
        check(&[], "[::1]:8080", &["http://[::1]:8080"], true);
        check(&[], "192.168.1.7", &["http://192.168.1.7"], true);
        for (host, origin) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8081"),
            ("127.0.0.1:8080", "https://127.0.0.1:8080"),
            ("127.0.0.1:8080", "http://localhost:8080"),
            ("127.0.0.1:8080", "null"),
            ("2130706433:8080", "http://2130706433:8080"),
        ] {
            check(&[], host, &[origin], false);
        }
        check(&[], "127.0.0.1:8080", &[], false);
    }

    #[test]
    fn the_own_page_has_the_own_scheme() {
        for (own, page, expected) in
            [("https", "https://127.0.0.1:8080", true), ("https", "http://127.0.0.1:8080", false)]
        {
            let mut headers = HeaderMap::new();
            headers.append(HOST, "127.0.0.1:8080".parse().unwrap());
            headers.append(ORIGIN, page.parse().unwrap());
            assert_eq!(is_allowed(&headers, None, &[], own), expected, "{own} {page}");
        }
    }

    #[test]
    fn the_requests_target_comes_before_its_host_header() {
        let mut headers = HeaderMap::new();
        headers.append(ORIGIN, "http://127.0.0.1:8080".parse().unwrap());
        for (authority, host, expected) in [
            ("127.0.0.1:8080", None, true),
            ("evil.test", None, false),
            ("evil.test", Some("127.0.0.1:8080"), false),
        ] {
            headers.remove(HOST);
            headers.extend(host.map(|host| (HOST, host.parse().unwrap())));
            let authority = authority.parse().unwrap();
            assert_eq!(is_allowed(&headers, Some(&authority), &[], "http"), expected, "{authority} {host:?}");
        }
    }

    #[test]
    fn p03_a_name_pointed_at_us_is_not_our_own_page() {
        check(&[], "evil.test:8080", &["http://evil.test:8080"], false);
        check(&[], "localhost.evil.test", &["http://localhost.evil.test"], false);
    }

    #[test]
    fn an_origin_is_written_in_full() {
        for wrong in [
            "mail.example.com",
            "*",
            "https://*.example.com",
            "https://a.test/path",
            "ftp://a.test",
            "null",
            "https://:x@a.test",
        ] {
            assert!(Origin::try_from(wrong).is_err(), "{wrong}");
        }
    }
}
