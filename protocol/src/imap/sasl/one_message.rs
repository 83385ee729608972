//! The mechanisms that say all in one message: PLAIN (RFC 4616), EXTERNAL (RFC 4422 appendix A) and ANONYMOUS
//! (RFC 4505).

use super::{Account, Sasl};

/// One message and nothing behind it.
pub(super) struct OneMessage {
    name: &'static str,
    message: Vec<u8>,
}

/// `message = [authzid] UTF8NUL authcid UTF8NUL passwd`
pub(super) fn plain(account: &Account) -> OneMessage {
    let Account { user, password, act_as } = account;
    let message = format!("{}\0{user}\0{password}", act_as.as_deref().unwrap_or_default());
    OneMessage { name: "PLAIN", message: message.into_bytes() }
}

/// `initial-response = *( UTF8-char-no-nul )`: empty for whoever the certificate or the link names.
pub(super) fn external(act_as: Option<&str>) -> OneMessage {
    OneMessage { name: "EXTERNAL", message: act_as.unwrap_or_default().into() }
}

/// `message = [ email / token ]`
pub(super) fn anonymous(trace: &str) -> OneMessage {
    OneMessage { name: "ANONYMOUS", message: trace.into() }
}

impl Sasl for OneMessage {
    fn name(&self) -> &'static str {
        self.name
    }

    fn initial(&mut self) -> Option<Vec<u8>> {
        Some(self.message.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::sasl::SaslError;

    fn check(mut sasl: OneMessage, message: &[u8]) {
        assert_eq!(sasl.initial().as_deref(), Some(message));
        assert_eq!(sasl.answer(b""), Err(SaslError::UnexpectedChallenge));
    }

    /// The examples of RFC 4616 section 4, RFC 4422 appendix A and RFC 4505 section 4.
    #[test]
    fn messages_of_the_rfcs() {
        check(plain(&Account::new("tim", "tanstaaftanstaaf")), b"\0tim\0tanstaaftanstaaf");
        check(plain(&Account::new("Kurt", "xipj3plmq").acting_as("Ursel")), b"Ursel\0Kurt\0xipj3plmq");
        check(external(None), b"");
        check(external(Some("fred@example.com")), b"fred@example.com");
        check(anonymous("sirhc"), b"sirhc");
    }
}
