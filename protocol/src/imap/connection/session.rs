//! What is known of the server and the session: state, capabilities, the open mailbox.

use crate::imap::command::shared::{Server, Transition};
use crate::imap::{Capabilities, Capability, MailboxEncoding, MailboxName, Security, State};

/// The session as the server's answers have made it so far.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) state: State,
    pub(super) selected: Option<MailboxName>,
    capabilities: Capabilities,
    /// What ENABLE turned on.
    enabled: Capabilities,
    /// ID was offered at any time: some servers do before the login alone, and ask for it after.
    takes_id: bool,
    /// Whether the server told its capabilities since the session last changed its rights.
    told: bool,
    encoding: MailboxEncoding,
    login_over: Security,
}

impl Session {
    pub(super) fn new(login_over: Security) -> Self {
        Self {
            state: State::Connecting,
            selected: None,
            capabilities: Capabilities::default(),
            enabled: Capabilities::default(),
            takes_id: false,
            told: false,
            encoding: MailboxEncoding::default(),
            login_over,
        }
    }

    pub(super) fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    pub(super) fn server(&self, is_compressed: bool) -> Server<'_> {
        Server {
            capabilities: &self.capabilities,
            enabled: &self.enabled,
            takes_id: self.takes_id,
            state: self.state,
            login_over: self.login_over,
            is_compressed,
        }
    }

    pub(super) fn encoding(&self) -> MailboxEncoding {
        self.encoding
    }

    /// Takes a list of capabilities. False where it says nothing new.
    pub(super) fn learn(&mut self, capabilities: Capabilities) -> bool {
        self.told = true;
        self.takes_id |= capabilities.contains(&Capability::Id);
        let changed = self.capabilities != capabilities;
        self.capabilities = capabilities;
        changed
    }

    /// These are on from here on.
    pub(super) fn enable(&mut self, enabled: &Capabilities) {
        self.enabled.extend(enabled.iter().cloned());
        // RFC 6855 3, RFC 9051 5.1.
        if [Capability::Utf8Accept, Capability::Imap4Rev2].iter().any(|it| enabled.contains(it)) {
            self.encoding = MailboxEncoding::Utf8;
        }
    }

    pub(super) fn has(&self, capability: &Capability) -> bool {
        self.capabilities.contains(capability)
    }

    /// A command that changes the session is about to be written: what the server tells from here on counts
    /// for the new one.
    pub(super) fn expect_change(&mut self) {
        self.told = false;
    }

    /// Whether the capabilities must be asked for.
    pub(super) fn must_ask(&self) -> bool {
        !self.told
    }

    /// Capabilities that the server has not told for the session as it is now.
    fn forget(&mut self) {
        if !self.told {
            self.capabilities = Capabilities::default();
        }
    }

    pub(super) fn apply(&mut self, transition: Transition) {
        match transition {
            Transition::Authenticated => {
                self.state = State::Authenticated;
                // RFC 9051 6.2.2, 6.2.3: the capabilities from before no longer count.
                self.forget();
            }
            Transition::Selected(mailbox) => {
                self.state = State::Selected;
                self.selected = Some(mailbox);
            }
            Transition::Deselected => {
                self.state = State::Authenticated;
                self.selected = None;
            }
            Transition::Unauthenticated => {
                self.state = State::NotAuthenticated;
                self.selected = None;
                // RFC 8437 4: what was enabled is off.
                self.encoding = MailboxEncoding::default();
                self.enabled = Capabilities::default();
                self.forget();
            }
            // Below the session: the connection's to know.
            Transition::Compressed => {}
            Transition::LoggedOut => {
                self.state = State::LoggedOut;
                self.selected = None;
            }
        }
    }
}
