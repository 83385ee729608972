//! The opening handshake: whether a request asks for a WebSocket, and the answer to it. RFC 6455 section 4.2; RFC 8441
//! section 5 for HTTP/2.
//!
//! No extension is ever agreed (no permessage-deflate: its memory is the attacker's choice) and no subprotocol.

use hyper::ext::Protocol;
use hyper::header::{CONNECTION, HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_VERSION, UPGRADE};
use hyper::{Method, Request, Response, StatusCode, Version};
use tokio_tungstenite::tungstenite::error::{Error, ProtocolError};
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;

/// Whether the request asks for a WebSocket, rightly or not.
pub(crate) fn is_upgrade<B>(request: &Request<B>) -> bool {
    if request.version() == Version::HTTP_2 {
        let protocol = request.extensions().get::<Protocol>();
        return request.method() == Method::CONNECT
            && protocol.is_some_and(|name| name.as_str() == "websocket");
    }
    has_token(request.headers(), &UPGRADE, "websocket")
}

/// The answer that accepts.
///
/// # Errors
/// The answer that refuses, if the request is not one of RFC 6455 section 4.2.1.
pub(crate) fn accept<B, A: Default>(request: &Request<B>) -> Result<Response<A>, Response<A>> {
    if request.version() == Version::HTTP_2 {
        return accept_http2(request.headers());
    }
    create_response_with_body(request, A::default).map_err(|error| match error {
        Error::Protocol(ProtocolError::MissingSecWebSocketVersionHeader) => {
            other_version(StatusCode::UPGRADE_REQUIRED)
        }
        _ => status(StatusCode::BAD_REQUEST),
    })
}

/// HTTP/2 itself proves that it is no accident, so there is neither a key nor an answer to it (RFC 8441 section 5).
fn accept_http2<A: Default>(headers: &HeaderMap) -> Result<Response<A>, Response<A>> {
    let versions = headers.get_all(SEC_WEBSOCKET_VERSION).iter();
    if versions.eq([&HeaderValue::from_static("13")]) {
        Ok(status(StatusCode::OK))
    } else {
        Err(other_version(StatusCode::BAD_REQUEST))
    }
}

/// RFC 6455 section 4.4: this is the version that we speak.
fn other_version<A: Default>(code: StatusCode) -> Response<A> {
    let mut response = status(code);
    response.headers_mut().insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    response
}

fn status<A: Default>(status: StatusCode) -> Response<A> {
    let mut response = Response::new(A::default());
    *response.status_mut() = status;
    response
}

/// What keeps a request from being a handshake, for a log.
pub(crate) fn missing<B>(request: &Request<B>) -> &'static str {
    let headers = request.headers();
    if request.version() < Version::HTTP_11 {
        "HTTP/1.1"
    } else if !has_token(headers, &UPGRADE, "websocket") {
        "Upgrade: websocket"
    } else if !has_token(headers, &CONNECTION, "upgrade") {
        "Connection: upgrade"
    } else {
        "a valid Sec-WebSocket-Key or Sec-WebSocket-Version"
    }
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| value.trim().eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 4] = [
        ("Connection", "keep-alive, Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    /// The answer to a request that is good but for one header.
    fn answer(name: &str, value: &str) -> Response<()> {
        let mut request = Request::builder();
        for (good, as_it_is) in GOOD {
            let value = if good == name { value } else { as_it_is };
            request = request.header(good, value);
        }
        let request = request.body(()).unwrap();
        accept(&request).unwrap_or_else(|refusal| refusal)
    }

    #[test]
    fn the_key_of_the_rfc() {
        let answer = answer("", "");
        assert_eq!(answer.status(), 101);
        assert_eq!(answer.headers()["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn what_is_no_handshake_is_refused() {
        for (name, value, status) in [
            ("Sec-WebSocket-Key", "", 400),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j", 400),
            ("Sec-WebSocket-Key", "not base64 at all!!!!!!==", 400),
            ("Connection", "keep-alive", 400),
            ("Sec-WebSocket-Version", "8", 426),
        ] {
            let answer = answer(name, value);
            assert_eq!(answer.status(), status, "{name}: {value}");
            assert_eq!(answer.headers().contains_key("sec-websocket-version"), status == 426);
        }
    }
}
