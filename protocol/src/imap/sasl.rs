//! SASL mechanisms: what a client says to prove who it is. They know no IMAP. RFC 4422.

/// One exchange of one mechanism.
pub(crate) trait Sasl: Send {
    /// The mechanism's registered name.
    fn name(&self) -> &'static str;

    /// What the client says first, on the server's empty challenge or with the command.
    fn initial(&mut self) -> Vec<u8>;

    /// The answer to a later challenge; none where there can't be one, which cancels the exchange.
    fn answer(&mut self, challenge: &[u8]) -> Option<Vec<u8>>;
}

/// PLAIN, RFC 4616: `[authzid] NUL authcid NUL passwd`, all in one go.
pub(crate) struct Plain {
    message: Vec<u8>,
}

impl Plain {
    pub(crate) fn new(user: &str, password: &str) -> Self {
        Self { message: format!("\0{user}\0{password}").into_bytes() }
    }
}

impl Sasl for Plain {
    fn name(&self) -> &'static str {
        "PLAIN"
    }

    fn initial(&mut self) -> Vec<u8> {
        self.message.clone()
    }

    fn answer(&mut self, _challenge: &[u8]) -> Option<Vec<u8>> {
        None
    }
}
