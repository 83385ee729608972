//! Where the proxy is: the address that the program gave, as a WebSocket address.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::Url;

/// A checked `ws:` or `wss:` address without query and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address(String);

impl Address {
    /// Reads an address as `new WebSocket` would: relative ones are looked at from the page or worker, and
    /// `http:` and `https:` stand for `ws:` and `wss:`. A bare host is none.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if !text.contains("://") && !text.starts_with(['/', '.']) {
            return Err(format!(
                "“{text}” has no scheme; write wss://… for a proxy anywhere (ws://… on this machine), or /… on this \
                 page's own server"
            ));
        }
        let url = match page() {
            Some(page) => Url::new_with_base(text, &page),
            None => Url::new(text),
        };
        let url =
            url.map_err(|_| format!("“{text}” is not an address; write one like wss://mail.example.com"))?;
        match url.protocol().as_str() {
            "ws:" | "wss:" => {}
            "http:" => url.set_protocol("ws:"),
            "https:" => url.set_protocol("wss:"),
            other => {
                return Err(format!("“{other}” is no way to a proxy; use wss: (or ws: on this machine)"));
            }
        }
        url.set_hash("");
        Ok(Self(url.href()))
    }

    /// The endpoint for one IMAP server, if this is the address of a whole proxy: `/imap` for its default,
    /// `/imap/{name}` for another.
    pub(crate) fn imap(&self, upstream: Option<&str>) -> String {
        let base = self.0.split('?').next().unwrap_or_default().trim_end_matches('/');
        match upstream {
            None => format!("{base}/imap"),
            Some(name) => format!("{base}/imap/{}", String::from(js_sys::encode_uri_component(name))),
        }
    }

    /// The address itself where it is that of one endpoint, else the default endpoint of the proxy that it names.
    #[cfg(feature = "imap-client")]
    pub(crate) fn endpoint(&self) -> String {
        let path = Url::new(&self.0).map(|url| url.pathname()).unwrap_or_default();
        if path.trim_matches('/').is_empty() { self.imap(None) } else { self.0.clone() }
    }

    /// Whether nobody on the way can read along: TLS, or it never leaves this machine.
    #[cfg(feature = "imap-client")]
    pub(crate) fn is_private(&self) -> bool {
        let Ok(url) = Url::new(&self.0) else { return false };
        let host = url.hostname();
        url.protocol() == "wss:"
            || host == "localhost"
            || host.ends_with(".localhost")
            || host.starts_with("127.")
            || host == "[::1]"
    }
}

/// The address of this page or worker, if it has one that others can be relative to.
fn page() -> Option<String> {
    let location = Reflect::get(&js_sys::global(), &JsValue::from_str("location")).ok()?;
    let href = Reflect::get(&location, &JsValue::from_str("href")).ok()?.as_string()?;
    href.starts_with("http").then_some(href)
}

#[cfg(all(test, target_family = "wasm"))]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn check(base: &str, upstream: Option<&str>, expected: &str) {
        assert_eq!(Address::parse(base).map(|base| base.imap(upstream)), Ok(expected.to_owned()));
    }

    #[wasm_bindgen_test]
    fn finds_the_endpoint() {
        check("wss://mail.example.com", None, "wss://mail.example.com/imap");
        check("https://mail.example.com/", None, "wss://mail.example.com/imap");
        check("http://127.0.0.1:8080/post/", None, "ws://127.0.0.1:8080/post/imap");
        check("ws://127.0.0.1:8080?a=b#c", Some("work"), "ws://127.0.0.1:8080/imap/work");
        check("wss://mail.example.com", Some("a/b é"), "wss://mail.example.com/imap/a%2Fb%20%C3%A9");
    }

    #[wasm_bindgen_test]
    fn takes_an_endpoint_as_it_is() {
        let check = |given, expected: &str| {
            assert_eq!(Address::parse(given).map(|address| address.endpoint()), Ok(expected.to_owned()));
        };
        check("wss://relay.example.com/imap", "wss://relay.example.com/imap");
        check("https://mail.example.com/imap/work?a=b", "wss://mail.example.com/imap/work?a=b");
        check("wss://mail.example.com", "wss://mail.example.com/imap");
    }

    #[wasm_bindgen_test]
    fn knows_where_others_can_read_along() {
        let is_private = |given| Address::parse(given).is_ok_and(|address| address.is_private());
        assert!(
            is_private("wss://mail.example.com")
                && is_private("ws://127.0.0.1:1")
                && is_private("ws://[::1]:1")
        );
        assert!(!is_private("ws://mail.example.com") && !is_private("http://10.0.0.1"));
    }

    #[wasm_bindgen_test]
    fn refuses_what_is_no_address() {
        for text in ["wss://", "ftp://mail.example.com", "javascript:alert(1)"] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }

    /// It would be looked for on this page's own server, which is hardly ever meant.
    #[wasm_bindgen_test]
    fn a_bare_host_is_refused() {
        for text in ["mail.example.com", "mail.example.com:993", "localhost:8080/imap", "imap", ""] {
            let words = Address::parse(text).expect_err("a bare host is no address");
            assert!(words.contains("wss://"), "{words}");
        }
        assert!(Address::parse("/imap").is_ok() && Address::parse("//mail.example.com/imap").is_ok());
    }
}
