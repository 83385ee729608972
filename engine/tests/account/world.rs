//! The engine, a view and a model server, with the wires between them and a clock that only tests move.

use crate::server::{Server, Session};
use crate::view::View;
use postern_engine::border::{Intent, MailboxId, MessageId, Password, Update};
use postern_engine::{Budget, Config, Engine, LinkClose, LinkId, Output};
use postern_protocol::Time;
use std::collections::BTreeMap;
use std::time::Duration;

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) server: Server,
    pub(crate) view: View,
    pub(crate) now: Time,
    /// The links that are open, oldest first.
    pub(crate) links: BTreeMap<LinkId, Session>,
    /// How many links were asked for.
    pub(crate) connects: usize,
    /// What becomes of the n-th link (from 0) that is asked for.
    pub(crate) admit: Box<dyn Fn(usize) -> Admit>,
    /// The view puts downloads away as they come.
    pub(crate) takes_downloads: bool,
    /// The server hears nothing and says nothing while this is set; the wires stay.
    pub(crate) is_silent: bool,
    /// What the server says over the oldest link, the work link, is on its way while this is set.
    pub(crate) holds_work_link: bool,
    /// After so many pieces of the server's every link breaks.
    pub(crate) fuse: Option<usize>,
    /// How long each piece of the server's takes.
    pub(crate) pace: Duration,
    /// How many bytes of the server's go to the engine at once.
    pub(crate) slice: usize,
    /// How long the server lets a session idle before it ends it.
    pub(crate) idle_limit: Option<Duration>,
    /// When each session began to idle.
    idling: BTreeMap<LinkId, Time>,
    /// How much the engine does at once.
    pub(crate) budget: Budget,
    /// Every byte that the engine sent.
    pub(crate) sent: Vec<u8>,
    /// How many bytes the engine received.
    pub(crate) received: usize,
}

/// What becomes of a link that is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Admit {
    Open,
    Close(u16, &'static str),
    /// Nothing ever happens.
    Never,
}

impl World {
    pub(crate) fn new() -> Self {
        let decode_charset = Some(decode as fn(&str, &[u8]) -> Option<String>);
        let config = Config { seed: 1, decode_charset, ..Config::default() };
        Self {
            engine: Engine::new(config, Time::ZERO),
            server: Server::new(),
            view: View::default(),
            now: Time::ZERO,
            links: BTreeMap::new(),
            connects: 0,
            admit: Box::new(|_| Admit::Open),
            takes_downloads: true,
            is_silent: false,
            holds_work_link: false,
            fuse: None,
            pace: Duration::ZERO,
            slice: usize::MAX,
            idle_limit: None,
            idling: BTreeMap::new(),
            budget: Budget::default(),
            sent: Vec::new(),
            received: 0,
        }
    }

    /// Signed in, with so many messages in INBOX, which is open and at rest.
    pub(crate) fn with_inbox(messages: usize) -> Self {
        let mut world = Self::new();
        for number in 1..=messages {
            world.server.mailbox("INBOX").append(crate::mail::Mail::plain(&format!("m{number}"), "hello"));
        }
        world.sign_in();
        world.open("INBOX");
        world
    }

    pub(crate) fn sign_in(&mut self) {
        self.sign_in_with("secret");
    }

    pub(crate) fn sign_in_with(&mut self, password: &str) {
        let (address, password) = ("ada@example.com".to_owned(), Password(password.to_owned()));
        self.intend(Intent::SignIn { upstream: None, address, password });
    }

    pub(crate) fn open(&mut self, name: &str) {
        let mailbox = self.mailbox(name);
        self.intend(Intent::OpenMailbox { mailbox });
    }

    pub(crate) fn mailbox(&self, name: &str) -> MailboxId {
        self.view.mailbox(name).id
    }

    /// The message at this position of the view's list.
    pub(crate) fn message(&self, position: usize) -> MessageId {
        self.view.rows[position].as_ref().expect("a known row").id
    }

    pub(crate) fn intend(&mut self, intent: Intent) {
        self.engine.handle_intent(intent, self.now);
        self.settle();
        self.run();
    }

    /// Lets the engine do all that it has to do for now.
    pub(crate) fn settle(&mut self) {
        for _ in 0..1_000_000 {
            if !self.engine.step(self.budget) {
                return;
            }
        }
        panic!("the engine never comes to rest");
    }

    /// Carries everything to where it goes until nobody has anything more to say.
    pub(crate) fn run(&mut self) {
        for _ in 0..1_000_000 {
            let mut is_quiet = true;
            while let Some(output) = self.engine.poll_output() {
                is_quiet = false;
                self.carry(output);
            }
            is_quiet &= !self.deliver_one();
            if is_quiet {
                return;
            }
        }
        panic!("the engine and the server never come to rest");
    }

    /// The server changed by itself: idling sessions hear of it.
    pub(crate) fn wake(&mut self) {
        for session in self.links.values_mut() {
            session.wake(&self.server);
        }
        self.run();
    }

    /// Lets time pass, with every timeout on the way.
    pub(crate) fn pass(&mut self, duration: Duration) {
        let end = self.now + duration;
        for _ in 0..1_000_000 {
            self.note_idling();
            let idle_end =
                self.idling.iter().map(|(link, since)| (*since + self.idle_limit.unwrap_or(duration), *link));
            let idle_end = idle_end.min().filter(|_| self.idle_limit.is_some());
            let timeout = self.engine.poll_timeout();
            match idle_end.map(|(at, _)| at).into_iter().chain(timeout).min().filter(|at| *at <= end) {
                Some(at) => {
                    self.now = self.now.max(at);
                    if let Some((_, link)) = idle_end.filter(|(at, _)| *at <= self.now)
                        && let Some(session) = self.links.get_mut(&link)
                    {
                        session.end("idle for too long");
                    }
                    self.engine.handle_timeout(self.now);
                    self.settle();
                    self.run();
                }
                None => {
                    self.now = end;
                    return;
                }
            }
        }
        panic!("timeouts never end");
    }

    fn note_idling(&mut self) {
        let now = self.now;
        let before = std::mem::take(&mut self.idling);
        let idle = self.links.iter().filter(|(_, session)| session.is_idling());
        self.idling = idle.map(|(link, _)| (*link, before.get(link).copied().unwrap_or(now))).collect();
    }

    /// Every link ends with this code, as seen from the browser.
    pub(crate) fn cut(&mut self, code: u16, reason: &str) {
        self.cut_all(code, reason);
        self.run();
    }

    fn cut_all(&mut self, code: u16, reason: &str) {
        for link in std::mem::take(&mut self.links).into_keys() {
            let close = LinkClose { code, reason: reason.to_owned() };
            self.engine.handle_closed(link, &close, self.now);
            self.settle();
        }
    }

    /// Raw bytes come over the oldest link, the work link.
    pub(crate) fn inject(&mut self, bytes: &str) {
        let link = *self.links.keys().next().expect("an open link");
        self.engine.handle_input(link, bytes.as_bytes(), self.now);
        self.settle();
        self.run();
    }

    /// The server ends every session.
    pub(crate) fn bye(&mut self, words: &str) {
        self.links.values_mut().for_each(|session| session.end(words));
        self.run();
    }

    /// The same where the server is still there.
    pub(crate) fn inject_if_open(&mut self, bytes: &str) {
        if !self.links.is_empty() {
            self.inject(bytes);
        }
    }

    fn carry(&mut self, output: Output) {
        match output {
            Output::Connect { link, .. } => self.connect(link),
            Output::Transmit { link, bytes } => {
                self.sent.extend_from_slice(&bytes);
                self.server.now = self.now;
                if let Some(session) = self.links.get_mut(&link).filter(|_| !self.is_silent) {
                    session.handle_input(&bytes, &mut self.server);
                }
            }
            Output::Close { link } => drop(self.links.remove(&link)),
            Output::Update(update) => {
                if let (Update::DownloadChunk { download, bytes }, true) = (&update, self.takes_downloads) {
                    let bytes = u32::try_from(bytes.len()).expect("a small chunk");
                    self.engine.handle_intent(Intent::DownloadTaken { download: *download, bytes }, self.now);
                    self.settle();
                }
                self.view.apply(update);
            }
        }
    }

    fn connect(&mut self, link: LinkId) {
        self.connects += 1;
        match (self.admit)(self.connects - 1) {
            Admit::Never => {}
            Admit::Close(code, reason) => {
                let close = LinkClose { code, reason: reason.to_owned() };
                self.engine.handle_closed(link, &close, self.now);
                self.settle();
            }
            Admit::Open => {
                let mut session = Session::default();
                session.open(&self.server);
                self.links.insert(link, session);
                self.engine.handle_connected(link, self.now);
                self.settle();
            }
        }
    }

    fn deliver_one(&mut self) -> bool {
        let links: Vec<_> = self.links.keys().copied().skip(usize::from(self.holds_work_link)).collect();
        for link in links {
            let Some(session) = self.links.get_mut(&link) else { continue };
            session.make_way(&self.server);
            let bytes = session.take_output();
            let is_over = session.is_over;
            self.received += bytes.len();
            for piece in bytes.chunks(self.slice) {
                if self.fuse == Some(0) {
                    self.fuse = None;
                    self.cut_all(1006, "");
                    return true;
                }
                self.fuse = self.fuse.map(|left| left - 1);
                self.now = self.now + self.pace;
                self.engine.handle_input(link, piece, self.now);
                self.settle();
            }
            if is_over {
                self.links.remove(&link);
                self.engine.handle_closed(
                    link,
                    &LinkClose { code: 1000, reason: "closed".to_owned() },
                    self.now,
                );
                self.settle();
            }
            if !bytes.is_empty() || is_over {
                return true;
            }
        }
        false
    }
}

fn decode(label: &str, bytes: &[u8]) -> Option<String> {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes())?;
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
}
