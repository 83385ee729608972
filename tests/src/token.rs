//! OAuth 2 access tokens: JSON Web Tokens (RFC 7519) signed with HS256 by the `openssl` command, as a provider would
//! sign them that shares a key with the mail server.

use crate::folder::Owner;
use crate::seed::{base64, now};
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// What a token says of the time that it is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Good for another hour.
    Current,
    /// Good until an hour ago.
    Expired,
}

/// A token that lets this user in at a server that has the key. Nothing in the name is escaped.
///
/// # Errors
/// Where `openssl` is missing or fails.
pub fn access_token(user: &str, validity: Validity) -> io::Result<String> {
    let issued = now() - 2 * HOUR;
    let expires = match validity {
        Validity::Current => issued + 3 * HOUR,
        Validity::Expired => issued + HOUR,
    };
    let claims = format!(r#"{{"sub":"{user}","iat":{issued},"nbf":{issued},"exp":{expires}}}"#);
    let signed = format!("{}.{}", base64url(br#"{"alg":"HS256","typ":"JWT"}"#), base64url(claims.as_bytes()));
    let signature = base64url(&sign(signed.as_bytes())?);
    Ok(format!("{signed}.{signature}"))
}

/// Writes the key where Dovecot looks for it below `folder`: by authorised party, algorithm and key id, of which
/// the tokens name only the second.
pub(crate) fn write_key(folder: &Path, owner: Owner) -> io::Result<()> {
    let folder = folder.join("default/HS256");
    owner.make_folder(&folder)?;
    owner.write(&folder.join("default"), base64(KEY.as_bytes()).as_bytes())
}

/// HMAC with SHA-256 (RFC 7515 appendix A.1).
fn sign(text: &[u8]) -> io::Result<Vec<u8>> {
    let mut command = Command::new("openssl");
    command.args(["dgst", "-sha256", "-hmac", KEY, "-binary"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(text)?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(io::Error::other(format!("openssl failed: {}", String::from_utf8_lossy(&output.stderr))))
}

/// RFC 7515 section 2: `+` and `/` are `-` and `_`, and nothing fills up the end.
fn base64url(bytes: &[u8]) -> String {
    base64(bytes).replace('+', "-").replace('/', "_").replace('=', "")
}

const KEY: &str = "shared by the provider and the mail server";

const HOUR: u64 = 3600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_three_words_for_urls() {
        let token = access_token("ada", Validity::Current).unwrap();
        let words: Vec<&str> = token.split('.').collect();
        assert_eq!(words.len(), 3, "{token}");
        assert_eq!(words[0], "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9");
        assert_eq!(words[2].len(), 43, "256 bits: {token}");
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)), "{token}");
    }
}
