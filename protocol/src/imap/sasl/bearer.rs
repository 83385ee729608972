//! Signing in by an OAuth 2 token: OAUTHBEARER (RFC 7628), and XOAUTH2, which Google made first and Microsoft
//! speaks.
//!
//! A server that refuses the token says why in a challenge of JSON and waits for an empty word before it says NO:
//! both are answered here, and the reason is kept for [`TokenRefusal`].

use super::{Sasl, SaslError, Token, TokenRefusal, text};
use serde_json::Value;

/// Which of the two is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    OAuthBearer,
    XOAuth2,
}

/// One token's exchange.
pub(super) struct Bearer {
    dialect: Dialect,
    token: Token,
    refusal: Option<TokenRefusal>,
}

impl Bearer {
    pub(super) fn new(dialect: Dialect, token: Token) -> Self {
        Self { dialect, token, refusal: None }
    }
}

impl Sasl for Bearer {
    fn name(&self) -> &'static str {
        match self.dialect {
            Dialect::OAuthBearer => "OAUTHBEARER",
            Dialect::XOAuth2 => "XOAUTH2",
        }
    }

    fn initial(&mut self) -> Option<Vec<u8>> {
        let Token { user, token, server } = &self.token;
        let message = match self.dialect {
            // RFC 7628 3.1: client-resp = (gs2-header kvsep *kvpair kvsep)
            Dialect::OAuthBearer => {
                let server = server.as_ref().map(|(host, port)| format!("host={host}\x01port={port}\x01"));
                let server = server.unwrap_or_default();
                format!("n,a={},\x01{server}auth=Bearer {token}\x01\x01", saslname(user))
            }
            Dialect::XOAuth2 => format!("user={user}\x01auth=Bearer {token}\x01\x01"),
        };
        Some(message.into_bytes())
    }

    fn answer(&mut self, challenge: &[u8]) -> Result<Vec<u8>, SaslError> {
        if self.refusal.is_some() {
            return Err(SaslError::UnexpectedChallenge);
        }
        self.refusal = Some(text(challenge).map(read_refusal)?);
        Ok(match self.dialect {
            // RFC 7628 3.2.3: a client "MUST" send a dummy response, of one %x01.
            Dialect::OAuthBearer => vec![1],
            Dialect::XOAuth2 => Vec::new(),
        })
    }

    /// An error was told: a success behind it would be a lie.
    fn is_proven(&self) -> bool {
        self.refusal.is_none()
    }

    fn refusal(&mut self) -> Option<TokenRefusal> {
        self.refusal.take()
    }
}

/// Reads the server's reason. What is no JSON, or says nothing, is a refusal all the same.
fn read_refusal(challenge: &str) -> TokenRefusal {
    let Ok(Value::Object(fields)) = serde_json::from_str(challenge) else { return TokenRefusal::default() };
    let field = |name| match fields.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    TokenRefusal {
        status: field("status").unwrap_or_default(),
        scope: field("scope"),
        openid_configuration: field("openid-configuration"),
    }
}

/// `saslname`: a comma would end the name (RFC 5802 section 5.1).
pub(super) fn saslname(name: &str) -> String {
    name.replace('=', "=3D").replace(',', "=2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Token {
        Token::new("user@example.com", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==")
    }

    /// The example of RFC 7628 section 4.1, with the server that it leaves out.
    #[test]
    fn oauthbearer_says_what_the_rfc_says() {
        let mut sasl = Bearer::new(Dialect::OAuthBearer, token().for_server("server.example.com", 143));
        let expected = "n,a=user@example.com,\x01host=server.example.com\x01port=143\x01\
            auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01";
        assert_eq!(sasl.initial().unwrap(), expected.as_bytes());
    }

    #[test]
    fn xoauth2_says_what_google_says() {
        let mut sasl = Bearer::new(Dialect::XOAuth2, token());
        let expected =
            "user=user@example.com\x01auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01";
        assert_eq!(sasl.initial().unwrap(), expected.as_bytes());
    }

    #[test]
    fn names_keep_their_commas() {
        let mut sasl = Bearer::new(Dialect::OAuthBearer, Token::new("a=b,c", "t"));
        assert_eq!(sasl.initial().unwrap(), b"n,a=a=3Db=2Cc,\x01auth=Bearer t\x01\x01");
    }

    fn check_refusal(challenge: &str, expected: &TokenRefusal) {
        for (dialect, answer) in [(Dialect::OAuthBearer, &b"\x01"[..]), (Dialect::XOAuth2, b"")] {
            let mut sasl = Bearer::new(dialect, token());
            assert!(sasl.is_proven());
            assert_eq!(sasl.answer(challenge.as_bytes()).unwrap(), answer);
            assert!(!sasl.is_proven());
            assert_eq!(sasl.answer(b"{}"), Err(SaslError::UnexpectedChallenge));
            assert_eq!(sasl.refusal().as_ref(), Some(expected));
        }
    }

    /// RFC 7628 section 4.3, and what Gmail says; then what no server should.
    #[test]
    fn refusals_are_read() {
        let configuration = "https://example.com/.well-known/openid-configuration";
        check_refusal(
            r#"{"status":"invalid_token","scope":"example_scope",
                "openid-configuration":"https://example.com/.well-known/openid-configuration"}"#,
            &TokenRefusal {
                status: "invalid_token".into(),
                scope: Some("example_scope".into()),
                openid_configuration: Some(configuration.into()),
            },
        );
        check_refusal(
            r#"{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}"#,
            &TokenRefusal {
                status: "400".into(),
                scope: Some("https://mail.google.com/".into()),
                openid_configuration: None,
            },
        );
        check_refusal(r#"{"status":401}"#, &TokenRefusal { status: "401".into(), ..TokenRefusal::default() });
        for odd in ["", "no", "[]", "{", r#"{"status":{}}"#, &"[".repeat(100_000)] {
            check_refusal(odd, &TokenRefusal::default());
        }
    }
}
