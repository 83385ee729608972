//! The web page, from inside the binary: built files with strong validators, hashed ones for ever. RFC 9110, 9111.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, VARY,
};
use hyper::{HeaderMap, Response, StatusCode};

use super::{Body, text};

/// One file of the page, as `build.rs` found it.
#[derive(Debug)]
struct Asset {
    /// As in the URL, from the first slash on.
    path: &'static str,
    media_type: &'static str,
    /// A hash of the content, in hexadecimal.
    hash: &'static str,
    body: &'static [u8],
    /// The same compressed, if that is shorter.
    brotli: Option<&'static [u8]>,
}

// `ASSETS`, sorted by path.
include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The notices of all that others wrote and this program brings, the page's included.
pub fn licences() -> &'static [u8] {
    asset("/licences.txt").map_or(&[], |asset| asset.body)
}

/// Answers GET and HEAD; hyper leaves a HEAD's body out and its length in.
pub(super) fn respond(path: &str, request: &HeaderMap) -> Response<Body> {
    // The page has one document: there is no fallback, so a missing file is a 404 and not a page that can't run.
    let path = if path == "/" { "/index.html" } else { path };
    let Some(asset) = asset(path) else {
        return text(StatusCode::NOT_FOUND, NOT_FOUND);
    };
    let brotli = asset.brotli.filter(|_| accepts_brotli(request));
    // A strong validator differs between encodings (RFC 9110 section 8.8.3.3).
    let tag = format!("\"{}{}\"", asset.hash, if brotli.is_some() { "-br" } else { "" });
    let mut response = if has_tag(request, &tag) {
        let mut response = Response::new(Full::default());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        Response::new(Full::from(Bytes::from_static(brotli.unwrap_or(asset.body))))
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching(asset.path)));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(ETAG, tag);
    }
    if asset.brotli.is_some() {
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if brotli.is_some() {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

fn asset(path: &str) -> Option<&'static Asset> {
    ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok().map(|index| &ASSETS[index])
}

/// Files below `assets/` carry a hash of their content in their name, so the name never means anything else.
fn caching(path: &str) -> &'static str {
    if path.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn accepts_brotli(request: &HeaderMap) -> bool {
    let values = request.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("br") && !refused
    })
}

/// RFC 9110 section 13.1.2: compared weakly, and `*` is any.
fn has_tag(request: &HeaderMap, tag: &str) -> bool {
    let values = request.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|candidate| {
        let candidate = candidate.trim();
        candidate == "*" || candidate.strip_prefix("W/").unwrap_or(candidate) == tag
    })
}

const NOT_FOUND: &str = "There is nothing at this address; open / for the web page. A web server that serves it below a path takes \
    that path away, as deploy/reverse-proxy/nginx-subpath.conf does.\n";
