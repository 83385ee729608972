//! The protocol's [`Connection`] as a [`Machine`] with one link. Remembers why it ended.

use crate::driver::{LinkClose, Machine, Output};
use crate::error::Error;
use postern_protocol::Time;
use postern_protocol::imap::{
    self, Code, Command, CommandError, CommandId, Config, Connection, ConnectionError, Done, Event,
};
use std::time::Duration;

/// One connection to one server.
pub(crate) struct ImapMachine {
    connection: Connection,
    /// Where to; none once the link was asked for.
    url: Option<String>,
    greeted: bool,
    ended: Option<Error>,
}

/// What [`ImapMachine`] tells.
pub(crate) enum Update {
    /// Something happened that no command's end is.
    Event(Box<Event>),
    /// A command is settled.
    Done(CommandId, Result<Done, Failure>),
    /// The connection is over, for this reason.
    Closed(Error),
}

/// Why a command failed, with the server's code where it gave one.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) code: Option<Code>,
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

impl ImapMachine {
    pub(crate) fn new(url: String, config: Config, now: Time) -> Self {
        Self { connection: Connection::new(config, now), url: Some(url), greeted: false, ended: None }
    }

    /// Looks at the connection.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Why it ended, if it has.
    pub(crate) fn ended(&self) -> Option<&Error> {
        self.ended.as_ref()
    }

    /// How long an IDLE lasts, from the next one on.
    pub(crate) fn renew_idle_after(&mut self, after: Duration) {
        let mut deadlines = self.connection.deadlines();
        deadlines.idle_renewal = after;
        self.connection.set_deadlines(deadlines);
    }

    pub(crate) fn send(&mut self, command: Command, now: Time) -> CommandId {
        self.connection.send(command, now)
    }

    pub(crate) fn cancel(&mut self, id: CommandId, now: Time) {
        self.connection.cancel(id, now);
    }

    /// Hands in the next bytes of a message. Whether they are still wanted.
    pub(crate) fn append_chunk(&mut self, id: CommandId, bytes: &[u8], now: Time) -> bool {
        self.connection.append_chunk(id, bytes, now).is_ok()
    }

    fn translate(&mut self, event: Event) -> Update {
        match event {
            Event::Greeting(_) => self.greeted = true,
            Event::Bye(ref text) => self.ended = Some(Error::from_bye(text)),
            Event::Done(id, done) => return Update::Done(id, done.map_err(|error| self.failure(error))),
            Event::Closed(reason) => {
                let ended = match reason {
                    // LOGOUT is answered with BYE: that one is no failure.
                    ConnectionError::LoggedOut => Error::closed(),
                    reason => self.ended.take().unwrap_or_else(|| Error::from(&reason)),
                };
                self.ended = Some(ended.clone());
                return Update::Closed(ended);
            }
            _ => {}
        }
        Update::Event(Box::new(event))
    }

    fn failure(&self, error: CommandError) -> Failure {
        let code = match &error {
            CommandError::Refused(text) => text.code.clone(),
            _ => None,
        };
        Failure { error: Error::from_command(error, self.ended.as_ref()), code }
    }
}

impl Machine for ImapMachine {
    type LinkId = ();
    type Update = Update;

    /// The connection waits for the greeting from the start on; an open link is nothing new to it.
    fn handle_connected(&mut self, (): (), _now: Time) {}

    fn handle_input(&mut self, (): (), bytes: &[u8], now: Time) {
        self.connection.handle_input(bytes, now);
    }

    fn handle_closed(&mut self, (): (), close: LinkClose, now: Time) {
        if self.ended.is_none() {
            self.ended = Some(Error::from_link(&close, self.greeted));
        }
        self.connection.handle_closed(now);
    }

    fn handle_timeout(&mut self, now: Time) {
        self.connection.handle_timeout(now);
    }

    fn poll_output(&mut self) -> Option<Output<Self>> {
        if let Some(url) = self.url.take() {
            return Some(Output::Connect { link: (), url });
        }
        Some(match self.connection.poll_output()? {
            imap::Output::Transmit(bytes) => Output::Transmit { link: (), bytes },
            imap::Output::Event(event) => Output::Update(self.translate(event)),
            imap::Output::Close => Output::Close { link: () },
        })
    }

    fn poll_timeout(&self) -> Option<Time> {
        self.connection.poll_timeout()
    }
}
