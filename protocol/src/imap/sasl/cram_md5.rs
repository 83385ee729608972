//! CRAM-MD5: a keyed hash of what the server says. RFC 2195. The last choice: the server proves nothing, and
//! whoever reads its store can sign in.

use super::{Account, Sasl, SaslError};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use std::fmt::Write as _;

/// An exchange that is over once the challenge is answered.
pub(super) struct CramMd5 {
    account: Option<Account>,
}

impl CramMd5 {
    pub(super) fn new(account: Account) -> Self {
        Self { account: Some(account) }
    }
}

impl Sasl for CramMd5 {
    fn name(&self) -> &'static str {
        "CRAM-MD5"
    }

    fn initial(&mut self) -> Option<Vec<u8>> {
        None
    }

    /// The user name, a space, and the hash in lower case.
    fn answer(&mut self, challenge: &[u8]) -> Result<Vec<u8>, SaslError> {
        let Account { user, password, .. } = self.account.take().ok_or(SaslError::UnexpectedChallenge)?;
        // HMAC takes a key of any length.
        let mut mac =
            Hmac::<Md5>::new_from_slice(password.as_bytes()).map_err(|_| SaslError::UnreadableChallenge)?;
        mac.update(challenge);
        let mut answer = user + " ";
        for byte in mac.finalize().into_bytes() {
            // Writing to a string does not fail.
            let _ = write!(answer, "{byte:02x}");
        }
        Ok(answer.into_bytes())
    }

    fn is_proven(&self) -> bool {
        self.account.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 2195 section 2.
    #[test]
    fn the_example_of_the_rfc() {
        let mut sasl = CramMd5::new(Account::new("tim", "tanstaaftanstaaf"));
        assert_eq!(sasl.initial(), None);
        assert!(!sasl.is_proven());
        let answer = sasl.answer(b"<1896.697170952@postoffice.reston.mci.net>").unwrap();
        assert_eq!(answer, b"tim b913a602c7eda7a495b4e6e7334d3890");
        assert!(sasl.is_proven());
        assert_eq!(sasl.answer(b"<2>"), Err(SaslError::UnexpectedChallenge));
    }
}
