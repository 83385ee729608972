//! One IMAP connection as a state machine: bytes and commands in, bytes and events out.
//!
//! It frames and reads what the server says, writes commands as soon as their footprints let them go out, gives
//! each answer to the command that it belongs to, and settles every command exactly once. It has no socket and
//! no clock. RFC 9051; the sections stand where they are obeyed.

mod compression;
mod config;
mod error;
mod event;
mod flight;
mod frames;
mod idle;
mod ledger;
mod outbox;
mod receive;
mod session;
#[cfg(test)]
mod tests;
mod upload;

pub use config::{Config, Deadlines};
pub use error::ConnectionError;
pub use event::{CommandId, Event, Greeting, Output};

use self::compression::Compression;
use self::flight::{Flight, Tag, Waiting};
use self::frames::Body;
use self::idle::{Idling, Phase};
use self::ledger::Ledger;
use self::outbox::{Link, Outbox};
use self::session::Session;
use super::command::{self, Ask, Asked};
use crate::Time;
use crate::imap::{Capabilities, CommandError, Done, Framer, MailboxName, Misuse, ResponseText, State};
use std::time::Duration;

/// A connection to one IMAP server.
///
/// The driver hands in what happened ([`handle_input`](Self::handle_input) and its like), and after each such
/// call takes [`poll_output`](Self::poll_output) until it is empty and [`poll_timeout`](Self::poll_timeout) for
/// when to call [`handle_timeout`](Self::handle_timeout). Commands may be sent at any time, the first ones
/// before the greeting: they wait their turn.
///
/// ```
/// use postern_protocol::Time;
/// use postern_protocol::imap::{Config, Connection, Event, Output, command::Login};
///
/// let now = Time::ZERO;
/// let mut connection = Connection::new(Config::default(), now);
/// let login = connection.send(Login { user: "ann".into(), password: "secret".into() }, now);
///
/// connection.handle_input(b"* OK [CAPABILITY IMAP4rev1] hello\r\n", now);
/// let mut sent = Vec::new();
/// while let Some(output) = connection.poll_output() {
///     if let Output::Transmit(bytes) = output {
///         sent.extend(bytes);
///     }
/// }
/// assert_eq!(sent, b"A1 LOGIN \"ann\" \"secret\"\r\n");
///
/// connection.handle_input(b"A1 OK [CAPABILITY IMAP4rev1 IDLE] welcome\r\n", now);
/// let outputs: Vec<_> = std::iter::from_fn(|| connection.poll_output()).collect();
/// let is_done = |output: &_| matches!(output, Output::Event(Event::Done(id, Ok(_))) if *id == login);
/// assert!(outputs.iter().any(is_done));
/// ```
#[derive(Debug)]
pub struct Connection {
    config: Config,
    framer: Framer,
    session: Session,
    ledger: Ledger,
    flight: Flight,
    idling: Idling,
    outbox: Outbox,
    /// What lies between the link and the framer, once COMPRESS is answered.
    compression: Option<Compression>,
    /// When something was handed in last: what it still inflates to is taken as of then.
    heard_at: Time,
    /// The body that is streaming.
    body: Option<Body>,
    /// Octets of a message that were asked for and not handed in.
    wanted: usize,
    /// What the server said while LOGOUT was on its way, and when.
    bye: Option<(ResponseText, Time)>,
    /// The last time that the server did what it was waited for, or had nothing to do.
    progress_at: Time,
    /// Whether the connection is over.
    over: bool,
}

impl Connection {
    /// A connection whose link was just opened.
    #[must_use]
    pub fn new(config: Config, now: Time) -> Self {
        Self {
            framer: Framer::new(config.limits),
            session: Session::new(config.login_over),
            config,
            ledger: Ledger::default(),
            flight: Flight::default(),
            idling: Idling::default(),
            outbox: Outbox::default(),
            compression: None,
            heard_at: now,
            body: None,
            wanted: 0,
            bye: None,
            progress_at: now,
            over: false,
        }
    }

    /// Where the session stands.
    #[must_use]
    pub fn state(&self) -> State {
        if self.over { State::LoggedOut } else { self.session.state }
    }

    /// What the server can do, as far as it told. Empty until it did, and anew after a login.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        self.session.capabilities()
    }

    /// The open mailbox.
    #[must_use]
    pub fn selected(&self) -> Option<&MailboxName> {
        self.session.selected.as_ref()
    }

    /// How long it waits for what.
    #[must_use]
    pub fn deadlines(&self) -> Deadlines {
        self.config.deadlines
    }

    /// Waits for that long from here on. An IDLE under way is renewed as it was going to be; the next one sooner or later.
    pub fn set_deadlines(&mut self, deadlines: Deadlines) {
        self.config.deadlines = deadlines;
    }

    /// Takes in bytes from the link, however they were cut.
    pub fn handle_input(&mut self, bytes: &[u8], now: Time) {
        self.heard_at = now;
        self.receive(bytes, now);
        self.pump(now);
    }

    /// The link ended: whatever is not settled ends with [`CommandError::Closed`], or with
    /// [`CommandError::Partial`] or [`CommandError::Copied`] where part of it was done.
    pub fn handle_closed(&mut self, _now: Time) {
        if self.flight.is_logging_out() {
            return self.end_logged_out(Link::Gone);
        }
        self.end(ConnectionError::Closed, Link::Gone);
    }

    /// Some servers hang up at LOGOUT without a word, and others say BYE and leave it unanswered. It has its effect all
    /// the same.
    fn end_logged_out(&mut self, link: Link) {
        let text = self.bye.take().map_or_else(ResponseText::default, |(text, _)| text);
        for ended in self.flight.clear().iter().filter(|it| it.sent) {
            self.settle(Some(ended.owner), Ok(Done::Ok(text.clone())));
        }
        self.end(ConnectionError::LoggedOut, link);
    }

    /// The time of [`poll_timeout`](Self::poll_timeout) has come. Calling it early or late does no harm.
    pub fn handle_timeout(&mut self, now: Time) {
        if self.over {
            return;
        }
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            return match self.bye {
                Some(_) => self.end_logged_out(Link::There),
                None => self.end(ConnectionError::TimedOut, Link::There),
            };
        }
        if self.keep_alive_at().is_some_and(|at| at <= now) {
            self.flight.ask_first(command::Noop);
        }
        self.renew_idle(now);
        self.pump(now);
    }

    /// Asks something of the server. It goes out as soon as what was asked before allows. Message numbers in it are
    /// those of now, by the events that were taken out.
    ///
    /// It never fails and never blocks: whatever becomes of the command comes as [`Event::Item`] and exactly
    /// one [`Event::Done`].
    pub fn send(&mut self, command: impl Ask, now: Time) -> CommandId {
        let id = self.ledger.enter();
        let refused = if self.over {
            Some(CommandError::Closed)
        } else if self.ledger.len() > self.config.queued {
            Some(Misuse::QueueFull.into())
        } else {
            None
        };
        let Asked { is_idle, task } = command.asked();
        match refused {
            Some(error) => self.settle(Some(id), Err(error)),
            None if is_idle && self.idling.wish.is_some() => {
                self.settle(Some(id), Err(Misuse::AlreadyIdling.into()));
            }
            None if is_idle => self.idling.wish = Some(id),
            None => self.flight.ask(Waiting::new(Some(id), task)),
        }
        self.pump(now);
        id
    }

    /// Settles a command with [`CommandError::Cancelled`] at once; one that is settled already is left alone.
    ///
    /// The connection lives on. What waited is dropped; what was sent is answered to nobody, and its effect on
    /// the server stays. A body that is streaming stops at once; its rest is read and thrown away. Only a message
    /// that is cancelled while its octets are handed in closes the connection: a literal can't be taken back.
    pub fn cancel(&mut self, id: CommandId, now: Time) {
        if !self.ledger.cross_out(id) {
            return;
        }
        self.flight.disown(id);
        if let Some(body) = self.body.as_mut().filter(|body| body.owner == Some(id)) {
            body.owner = None;
        }
        if self.idling.wish == Some(id) {
            self.idling.wish = None;
        }
        self.outbox.event(Event::Done(id, Err(CommandError::Cancelled)));
        self.proceed();
        self.pump(now);
    }

    /// The next thing to do for the driver: bytes to send before events, hanging up last.
    pub fn poll_output(&mut self) -> Option<Output> {
        loop {
            match self.outbox.poll() {
                Some(Output::Transmit(plain)) => {
                    return Some(Output::Transmit(match &mut self.compression {
                        Some(compression) => compression.deflate(&plain),
                        None => plain,
                    }));
                }
                Some(output) => return Some(output),
                None if self.receive_compressed(self.heard_at) => self.pump(self.heard_at),
                None => return None,
            }
        }
    }

    /// When [`handle_timeout`](Self::handle_timeout) is to be called next, if nothing else happens before.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Time> {
        if self.over {
            return None;
        }
        [self.deadline(), self.keep_alive_at(), self.idling.timeout()].into_iter().flatten().min()
    }

    /// When the server counts as gone, while something is waited for.
    fn deadline(&self) -> Option<Time> {
        let Deadlines { greeting, answer, .. } = self.config.deadlines;
        if let Some((_, said_at)) = self.bye {
            return Some(said_at + AFTER_BYE);
        }
        match self.session.state {
            State::Connecting => Some(self.progress_at + greeting),
            _ if self.idling.awaits_answer() => Some(self.progress_at + answer),
            _ => self.flight.waiting_since().map(|since| since + answer),
        }
    }

    /// When a connection that nobody uses says something.
    fn keep_alive_at(&self) -> Option<Time> {
        let quiet = self.session.state != State::Connecting
            && !self.flight.is_busy()
            && matches!(self.idling.phase, Phase::Out | Phase::Resting { .. });
        self.config.deadlines.keep_alive.filter(|_| quiet).map(|after| self.progress_at + after)
    }

    /// Tells what became of a command, or of a part of one. Nobody is told where nobody asked.
    fn settle(&mut self, owner: Option<CommandId>, result: Result<Done, CommandError>) {
        if let Some(id) = owner
            && let Some(result) = self.ledger.settle(id, result)
        {
            self.outbox.event(Event::Done(id, result));
        }
    }

    /// Ends the connection: settles everything, then says so. Later calls change nothing.
    fn end(&mut self, error: ConnectionError, link: Link) {
        if self.over {
            return;
        }
        self.over = true;
        let mut ended = self.flight.clear();
        for id in self.ledger.close() {
            let mut own = ended.iter_mut().filter(|it| it.owner == id).peekable();
            let airborne = own.peek().is_some_and(|it| it.sent)
                || (self.idling.wish == Some(id) && self.idling.tag().is_some());
            let why = match &error {
                ConnectionError::TimedOut if airborne => CommandError::TimedOut,
                ConnectionError::Misbehaved(how) if airborne => CommandError::Misbehaved(*how),
                _ => CommandError::Closed,
            };
            let why = own.fold(why, |why, it| it.task.cut_off(why));
            self.outbox.event(Event::Done(id, Err(why)));
        }
        self.session.selected = None;
        self.outbox.finish(error, link);
    }
}

/// How long the tagged answer to LOGOUT may come after BYE. A server that gives none has ended the session all the same.
const AFTER_BYE: Duration = Duration::from_secs(2);
