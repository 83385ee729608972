//! LOGIN: user name and password, each when asked for. No RFC has it (draft-murchison-sasl-login tells it), and
//! some servers offer nothing else.

use super::{Account, Sasl, SaslError};

/// What is left to say, last first. The words that the server asks with differ, so they are not looked at.
pub(super) struct Login {
    left: Vec<String>,
}

impl Login {
    pub(super) fn new(account: Account) -> Self {
        Self { left: vec![account.password, account.user] }
    }
}

impl Sasl for Login {
    fn name(&self) -> &'static str {
        "LOGIN"
    }

    fn initial(&mut self) -> Option<Vec<u8>> {
        None
    }

    fn answer(&mut self, _challenge: &[u8]) -> Result<Vec<u8>, SaslError> {
        self.left.pop().map(String::into_bytes).ok_or(SaslError::UnexpectedChallenge)
    }

    fn is_proven(&self) -> bool {
        self.left.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_one_thing_at_a_time() {
        let mut login = Login::new(Account::new("tim", "tanstaaf"));
        assert_eq!(login.initial(), None);
        assert_eq!(login.answer(b"Username:").unwrap(), b"tim");
        assert!(!login.is_proven());
        assert_eq!(login.answer(b"Password:").unwrap(), b"tanstaaf");
        assert!(login.is_proven());
        assert_eq!(login.answer(b"Again:"), Err(SaslError::UnexpectedChallenge));
    }
}
