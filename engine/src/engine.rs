//! The engine as its driver sees it: what goes in, what comes out, when it wants to be woken.

use crate::border::{Intent, Problem, Update};
use crate::links::back_off::BackOff;
use crate::links::close::{Heard, LinkClose};
use crate::links::link::{Endpoint, Link, LinkId, Role, Stage};
use crate::links::patience::Patience;
use crate::links::polling::Polling;
use crate::links::session::Phase;
use crate::links::side::SecondLink;
use crate::links::sign_in::{Credentials, Ways};
use crate::links::trials::Trials;
use crate::mailbox::folder::Folders;
use crate::mailbox::mailboxes::Mailboxes;
use crate::mailbox::view::View;
use crate::message::downloads::Downloads;
use crate::message::flags::Wishes;
use crate::message::messages::Messages;
use crate::message::reading::Reading;
use postern_mime::DecodeCharset;
use postern_protocol::Time;
use postern_protocol::imap;
use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

/// What a driver may set.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// For the jitter of the back-off: any number, another one in each engine.
    pub seed: u64,
    /// Decodes the charsets that the engine has no tables for: in a browser `TextDecoder`.
    pub decode_charset: Option<DecodeCharset>,
    /// How each connection behaves.
    pub connection: imap::Config,
}

/// What the driver is to do. Its `Debug` output counts the bytes to send and doesn't show them.
#[derive(Clone, PartialEq, Eq)]
pub enum Output {
    /// Open a link. [`Engine::handle_connected`] or [`Engine::handle_closed`] follows.
    Connect {
        /// Its number from now on.
        link: LinkId,
        /// Where to.
        endpoint: Endpoint,
    },
    /// Send these bytes, in this order.
    Transmit {
        /// Over which link.
        link: LinkId,
        /// The bytes; they may hold the password.
        bytes: Vec<u8>,
    },
    /// Close the link once everything was sent. Nothing more is said of it, nor need be.
    Close {
        /// Which.
        link: LinkId,
    },
    /// Tell the view.
    Update(Update),
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect { link, endpoint } => {
                f.debug_struct("Connect").field("link", link).field("endpoint", endpoint).finish()
            }
            Self::Transmit { link, bytes } => write!(f, "Transmit({link}, {} bytes)", bytes.len()),
            Self::Close { link } => write!(f, "Close({link})"),
            Self::Update(update) => f.debug_tuple("Update").field(update).finish(),
        }
    }
}

/// One mail account.
///
/// After each call of a `handle_` method the driver takes out everything with [`Engine::poll_output`] and asks
/// [`Engine::poll_timeout`] when to call [`Engine::handle_timeout`].
///
/// ```
/// use postern_engine::border::{Intent, Password};
/// use postern_engine::{Config, Engine, Output};
/// use postern_protocol::Time;
///
/// let mut engine = Engine::new(Config::default(), Time::ZERO);
/// let (address, password) = ("ada@example.com".to_owned(), Password("secret".to_owned()));
/// engine.handle_intent(Intent::SignIn { upstream: None, address, password }, Time::ZERO);
/// let outputs: Vec<_> = std::iter::from_fn(|| engine.poll_output()).collect();
/// assert!(matches!(outputs[..], [Output::Update(_), Output::Connect { .. }]));
/// ```
#[derive(Debug)]
pub struct Engine {
    pub(crate) config: Config,
    /// As of the last call.
    pub(crate) now: Time,
    pub(crate) outputs: VecDeque<Output>,
    pub(crate) last_link: u32,

    pub(crate) phase: Phase,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) back_off: BackOff,
    /// How the server is known to take the password.
    pub(crate) ways: Ways,
    /// The last work link did not live: the next one asks one thing at a time, so that it shows what ends it.
    pub(crate) is_careful: bool,
    /// The server wants to be asked less.
    pub(crate) patience: Patience,
    /// What was refused, or ended a link.
    pub(crate) trials: Trials,
    /// What was told not to work.
    pub(crate) troubles: Vec<Problem>,
    /// Sign-ins in a row that were refused since the account was online.
    pub(crate) sign_in_refusals: u32,
    /// The server refuses the password that it took before.
    pub(crate) is_locked_out: bool,
    /// How long the server wants us to stay away.
    pub(crate) named_wait: Option<Duration>,
    /// The proxy asked to come back at once.
    pub(crate) hurry: bool,
    /// What the server wanted its user to see, and was told.
    pub(crate) alerts: Vec<String>,
    /// Why the link was lost.
    pub(crate) last_problem: Option<Problem>,
    pub(crate) work: Option<Link>,
    pub(crate) side: Option<Link>,
    pub(crate) side_back_off: BackOff,
    /// When to open the side link again.
    pub(crate) side_retry: Option<Time>,
    /// Whether the server bears a second link.
    pub(crate) second_link: SecondLink,

    pub(crate) mailboxes: Mailboxes,
    pub(crate) messages: Messages,
    pub(crate) folders: Folders,
    pub(crate) view: View,
    pub(crate) wishes: Wishes,
    pub(crate) reading: Reading,
    pub(crate) downloads: Downloads,
    pub(crate) polling: Polling,
}

impl Engine {
    /// An engine with nobody signed in.
    #[must_use]
    pub fn new(config: Config, now: Time) -> Self {
        Self {
            back_off: BackOff::new(config.seed),
            side_back_off: BackOff::new(config.seed.wrapping_add(1)),
            config,
            now,
            outputs: VecDeque::new(),
            last_link: 0,
            phase: Phase::SignedOut,
            credentials: None,
            ways: Ways::default(),
            is_careful: false,
            patience: Patience::default(),
            trials: Trials::default(),
            troubles: Vec::new(),
            sign_in_refusals: 0,
            is_locked_out: false,
            named_wait: None,
            hurry: false,
            alerts: Vec::new(),
            last_problem: None,
            work: None,
            side: None,
            side_retry: None,
            second_link: SecondLink::default(),
            mailboxes: Mailboxes::default(),
            messages: Messages::default(),
            folders: Folders::default(),
            view: View::default(),
            wishes: Wishes::default(),
            reading: Reading::default(),
            downloads: Downloads::default(),
            polling: Polling::default(),
        }
    }

    /// The user asks something.
    pub fn handle_intent(&mut self, intent: Intent, now: Time) {
        self.now = now;
        match intent {
            Intent::SignIn { upstream, address, password } => {
                self.sign_in(Credentials { upstream, address, password });
            }
            Intent::Unlock { password } => self.unlock(password),
            Intent::SignOut => self.sign_out(),
            Intent::Reconnect => self.reconnect(),
            Intent::OpenMailbox { mailbox } => self.open_mailbox(mailbox),
            Intent::ShowRows { mailbox, first, count } => self.view.show(mailbox, first, count),
            Intent::OpenMessage { message } => self.open_message(message),
            Intent::SetFlags { messages, seen, flagged } => self.set_flags(&messages, seen, flagged),
            Intent::Download { download, message, part } => self.start_download(download, message, &part),
            Intent::DownloadTaken { download, bytes } => self.downloads.taken(download, bytes),
            Intent::CancelDownload { download } => self.cancel_download(download),
            Intent::Refresh => self.refresh(),
        }
        self.settle();
    }

    /// A link that was asked for is open.
    pub fn handle_connected(&mut self, link: LinkId, now: Time) {
        self.now = now;
        if let Some(role) = self.role(link)
            && let Some(link) = self.link_mut(role)
        {
            link.stage = Stage::SigningIn;
        }
        self.settle();
    }

    /// Bytes came over a link. Those of a link that is no more are ignored.
    pub fn handle_input(&mut self, link: LinkId, bytes: &[u8], now: Time) {
        self.now = now;
        if let Some(role) = self.role(link)
            && let Some(link) = self.link_mut(role)
        {
            link.heard = Heard::Something;
            link.heard_at = now;
            link.connection.handle_input(bytes, now);
            if role == Role::Work {
                self.probe_answered();
            }
        }
        self.settle();
    }

    /// A link closed, or could not be opened.
    pub fn handle_closed(&mut self, link: LinkId, close: &LinkClose, now: Time) {
        self.now = now;
        if let Some(role) = self.role(link) {
            self.link_closed(role, close);
        }
        self.settle();
    }

    /// The time of [`Engine::poll_timeout`] has come. Harmless when it has not.
    pub fn handle_timeout(&mut self, now: Time) {
        self.now = now;
        for role in [Role::Work, Role::Side] {
            if let Some(link) = self.link_mut(role) {
                link.connection.handle_timeout(now);
            }
        }
        self.settle();
        self.retry_if_due();
        self.retry_blanks_if_due();
        self.replace_work_if_stalled();
        self.poll_if_due();
        self.settle();
    }

    /// The next thing to do; none until something more comes in.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to call [`Engine::handle_timeout`], if nothing else comes before.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Time> {
        let links =
            [&self.work, &self.side].into_iter().flatten().filter_map(|link| link.connection.poll_timeout());
        let waits = [
            self.patience.until(self.now),
            self.trials.next(self.now),
            self.next_blank(),
            self.next_details(),
            self.next_stall(),
        ];
        let waits = waits.map(|at| at.filter(|_| self.phase == Phase::Online));
        let own = [self.phase.retry_at(), self.side_retry.filter(|at| *at > self.now), self.next_poll()];
        let own = own.into_iter().chain(waits);
        links.chain(own.flatten()).min()
    }

    pub(crate) fn tell(&mut self, update: Update) {
        self.outputs.push_back(Output::Update(update));
    }

    pub(crate) fn link_mut(&mut self, role: Role) -> Option<&mut Link> {
        match role {
            Role::Work => self.work.as_mut(),
            Role::Side => self.side.as_mut(),
        }
    }

    /// The link of this role, where it is ready for commands.
    pub(crate) fn ready_link(&mut self, role: Role) -> Option<&mut Link> {
        self.link_mut(role).filter(|link| link.is_signed_in())
    }

    fn role(&self, id: LinkId) -> Option<Role> {
        let is = |link: &Option<Link>| link.as_ref().is_some_and(|link| link.id == id);
        if is(&self.work) { Some(Role::Work) } else { is(&self.side).then_some(Role::Side) }
    }

    /// Takes in what the connections have to say and asks for what is wanted, until that brings nothing new.
    fn settle(&mut self) {
        for _ in 0..MOST_ROUNDS {
            let news = self.drain(Role::Work) | self.drain(Role::Side);
            self.ask_work();
            self.ask_side();
            if !news {
                break;
            }
        }
        self.drain(Role::Work);
        self.drain(Role::Side);
        self.flush_rows();
        self.flush_counts();
    }
}

/// A command that fails before it is sent is asked for again at once. This ends that; the next input goes on.
const MOST_ROUNDS: usize = 8;
