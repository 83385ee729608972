//! The opening handshake: whether a request asks for a WebSocket, and the answer to it. RFC 6455 section 4.2.
//!
//! No extension is ever agreed (no permessage-deflate: its memory is the attacker's choice) and no subprotocol.

use hyper::header::{HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_VERSION, UPGRADE};
use hyper::{Request, Response, StatusCode};
use tokio_tungstenite::tungstenite::error::{Error, ProtocolError};
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;

/// Whether the request asks for a WebSocket, rightly or not.
pub(crate) fn is_upgrade<B>(request: &Request<B>) -> bool {
    has_token(request.headers(), &UPGRADE, "websocket")
}

/// The answer that accepts.
///
/// # Errors
/// The answer that refuses, where the request is not one of RFC 6455 section 4.2.1.
pub(crate) fn accept<B, A: Default>(request: &Request<B>) -> Result<Response<A>, Response<A>> {
    create_response_with_body(request, A::default).map_err(|error| match error {
        Error::Protocol(ProtocolError::MissingSecWebSocketVersionHeader) => {
            let mut response = status(StatusCode::UPGRADE_REQUIRED);
            // Section 4.4: this is the version that we speak.
            response.headers_mut().insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            response
        }
        _ => status(StatusCode::BAD_REQUEST),
    })
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
