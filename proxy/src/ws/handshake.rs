//! The opening handshake: whether a request asks for a WebSocket, and the answer to it. RFC 6455 section 4.2.
//!
//! No extension is ever agreed (no permessage-deflate: its memory is the attacker's choice) and no subprotocol.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{
    CONNECTION, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use hyper::{HeaderMap, Method, Request, Response, StatusCode, Version};
use sha1::{Digest, Sha1};

/// Whether the request asks for a WebSocket, rightly or not.
pub(crate) fn is_upgrade<B>(request: &Request<B>) -> bool {
    has_token(request.headers(), &UPGRADE, "websocket")
}

/// The answer that accepts.
///
/// # Errors
/// The answer that refuses, where the request is not one of RFC 6455 section 4.2.1.
pub(crate) fn accept<B, A: Default>(request: &Request<B>) -> Result<Response<A>, Response<A>> {
    let headers = request.headers();
    if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        let mut response = status(StatusCode::UPGRADE_REQUIRED);
        response.headers_mut().insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        return Err(response);
    }
    let valid = request.method() == Method::GET
        && request.version() == Version::HTTP_11
        && has_token(headers, &CONNECTION, "upgrade");
    let key = headers.get(SEC_WEBSOCKET_KEY).filter(|_| valid).and_then(accept_key);
    let Some(accept) = key else { return Err(status(StatusCode::BAD_REQUEST)) };
    let mut response = status(StatusCode::SWITCHING_PROTOCOLS);
    let headers = response.headers_mut();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    Ok(response)
}

/// What proves that the request was understood; `None` if the key is not 16 bytes of base64.
fn accept_key(key: &HeaderValue) -> Option<HeaderValue> {
    let decoded = STANDARD.decode(key.as_bytes()).ok()?;
    if decoded.len() != 16 {
        return None;
    }
    let digest = Sha1::new().chain_update(key.as_bytes()).chain_update(MAGIC).finalize();
    HeaderValue::try_from(STANDARD.encode(digest)).ok()
}

fn status<A: Default>(status: StatusCode) -> Response<A> {
    let mut response = Response::new(A::default());
    *response.status_mut() = status;
    response
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| value.trim().eq_ignore_ascii_case(token))
}

/// RFC 6455 section 1.3.
const MAGIC: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_rfc() {
        let key = HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(accept_key(&key).unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        for wrong in ["", "dGhlIHNhbXBsZSBub25j", "not base64 at all!!!!!!=="] {
            assert!(accept_key(&HeaderValue::from_static(wrong)).is_none(), "{wrong}");
        }
    }
}
