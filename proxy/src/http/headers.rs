//! The headers that every answer carries: what the page may do, and what a mail in it may not. security.md H1 and K3.

use hyper::HeaderMap;
use hyper::header::{
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_DNS_PREFETCH_CONTROL,
};

/// Adds them all.
pub(super) fn secure(headers: &mut HeaderMap) {
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A mail's sender must not learn from a click where it was read.
        (REFERRER_POLICY, "no-referrer"),
        // A look-up of a link's host tells its owner that the mail was opened; CSP does not cover it.
        (X_DNS_PREFETCH_CONTROL, "off"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// The page's policy. A mail's `srcdoc` frame inherits it and adds a tighter one of its own, so that both hold.
const POLICY: &str = concat!(
    // Whatever is not named below: nothing.
    "default-src 'none'; ",
    // Our own files, and the compiling of our own wasm.
    "script-src 'self' 'wasm-unsafe-eval'; ",
    // Our own API; 'self' covers ws: and wss: of the same host (CSP 3 section 6.7.2.8).
    "connect-src 'self'; ",
    // A mail's own styles are inline in its srcdoc frame, which inherits this policy; without script, url() is all
    // that they could load, and img-src and the frame's own policy decide that.
    "style-src 'self' 'unsafe-inline'; ",
    // cid: parts as data:, and remote images over TLS that a person allowed. The frame's own policy refuses https:
    // until then.
    "img-src 'self' data: https:; ",
    // The engine's dedicated worker, and later the service worker.
    "worker-src 'self'; ",
    "manifest-src 'self'; ",
    // Frames and fonts are 'none' too: a mail's srcdoc frame is loaded from nowhere, so no policy is asked.
    //
    // Nobody frames us: no clickjacking.
    "frame-ancestors 'none'; ",
    // A <base> in a mail could redirect every relative link.
    "base-uri 'none'; ",
    // Forms in mail are removed; should one slip through, it goes nowhere.
    "form-action 'none'; ",
    // Text becomes HTML or script only through one of the policies named here: DOMPurify's own, Solid's compiled
    // templates, the worker's URL, and the srcdoc of a mail's frame.
    "require-trusted-types-for 'script'; ",
    "trusted-types dompurify solid-templates postern-worker postern-mail postern-text postern-frame",
);

/// A mail program needs none of these, so a mail that gets through all else has none of them either.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
    magnetometer=(), microphone=(), midi=(), payment=(), usb=()";
