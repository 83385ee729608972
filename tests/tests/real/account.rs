//! The engine as a browser drives it, only natively: real time, real sockets through the real proxy.

use crate::websocket::{self, Received};
use futures::{SinkExt, StreamExt};
use postern_engine::border::{Intent, MailboxId, MessageRow, MessageView, Password, Session};
use postern_engine::{Budget, Config, Endpoint, Engine, LinkClose, LinkId, Output};
use postern_protocol::Time;
use postern_tests::process::PATIENCE;
use postern_tests::{PASSWORD, Proxy};
use std::collections::HashMap;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

#[path = "../../../engine/tests/account/view.rs"]
mod view;

pub(crate) use view::View;

/// One account: the engine, the links that it has, and what a person sees of it.
pub(crate) struct Account {
    engine: Engine,
    pub(crate) view: View,
    origin: String,
    start: Instant,
    links: HashMap<LinkId, UnboundedSender<Vec<u8>>>,
    incoming: UnboundedReceiver<(LinkId, Heard)>,
    heard: UnboundedSender<(LinkId, Heard)>,
}

/// What a link has to say.
enum Heard {
    Connected,
    Bytes(Vec<u8>),
    Closed(LinkClose),
}

impl Account {
    /// Nobody is signed in yet.
    pub(crate) fn new(proxy: &Proxy) -> Self {
        Self::at(proxy.url())
    }

    /// The same at whatever answers at `http://127.0.0.1:…`.
    pub(crate) fn at(origin: &str) -> Self {
        let (heard, incoming) = unbounded_channel();
        let config = Config { decode_charset: Some(decode_charset), ..Config::default() };
        Self {
            engine: Engine::new(config, Time::ZERO),
            view: View::default(),
            origin: origin.to_owned(),
            start: Instant::now(),
            links: HashMap::new(),
            incoming,
            heard,
        }
    }

    /// Signed in, and the folders are known.
    pub(crate) async fn signed_in(proxy: &Proxy, upstream: Option<&str>, user: &str) -> Self {
        Self::signed_in_at(proxy.url(), upstream, user).await
    }

    /// The same at whatever answers at `http://127.0.0.1:…`.
    pub(crate) async fn signed_in_at(origin: &str, upstream: Option<&str>, user: &str) -> Self {
        let mut account = Self::at(origin);
        account.sign_in(upstream, user, PASSWORD);
        account.until("online", |view| view.sessions.last() == Some(&Session::Online)).await;
        account.until("the folders", |view| !view.mailboxes.is_empty()).await;
        account
    }

    pub(crate) fn sign_in(&mut self, upstream: Option<&str>, user: &str, password: &str) {
        let password = Password(password.to_owned());
        self.ask(Intent::SignIn {
            upstream: upstream.map(str::to_owned),
            address: user.to_owned(),
            password,
        });
    }

    /// Opens a mailbox and waits until its list is in step and the first screen of it is there.
    pub(crate) async fn open(&mut self, name: &str) -> MailboxId {
        let mailbox = self.view.mailbox(name).id;
        self.ask(Intent::OpenMailbox { mailbox });
        self.ask(Intent::ShowRows { mailbox, first: 0, count: 20 });
        self.until(&format!("the list of {name}"), |view| {
            let is_ready = view.list_state == Some(postern_engine::border::ListState::Ready);
            is_ready && view.rows.iter().take(20).all(Option::is_some)
        })
        .await;
        mailbox
    }

    /// All rows of the open mailbox.
    pub(crate) async fn rows(&mut self, mailbox: MailboxId) -> Vec<MessageRow> {
        let count = u32::try_from(self.view.rows.len()).unwrap();
        for first in (0..count).step_by(20) {
            self.ask(Intent::ShowRows { mailbox, first, count: 20 });
            let screen = first as usize..(first as usize + 20).min(count as usize);
            self.until("rows", |view| view.rows[screen.clone()].iter().all(Option::is_some)).await;
        }
        self.view.rows.iter().flatten().cloned().collect()
    }

    /// The row with this subject, which must be on the first screen.
    pub(crate) fn row(&self, subject: &str) -> MessageRow {
        let found = self.view.rows.iter().flatten().find(|row| row.subject == subject);
        found.unwrap_or_else(|| panic!("{subject:?} in {:?}", self.view.list())).clone()
    }

    /// Opens a message and waits until it is there; panics where it could not be read.
    pub(crate) async fn read(&mut self, row: &MessageRow) -> MessageView {
        let id = row.id;
        self.ask(Intent::OpenMessage { message: id });
        let what = format!("the message {:?}", row.subject);
        self.until(&what, |view| {
            view.messages.iter().any(|message| message.id == id)
                || view.failed.iter().any(|(failed, _)| *failed == id)
        })
        .await;
        let message = self.view.messages.iter().rfind(|message| message.id == id);
        message.unwrap_or_else(|| panic!("{what}: {:?}", self.view.failed)).clone()
    }

    pub(crate) fn ask(&mut self, intent: Intent) {
        self.engine.handle_intent(intent, self.now());
        self.drain();
    }

    /// Lets the engine work until the view shows what is awaited.
    pub(crate) async fn until(&mut self, what: &str, mut shows: impl FnMut(&View) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !shows(&self.view) {
            let timeout = self.engine.poll_timeout().map(|time| self.start + time.since_epoch());
            let wake = timeout.map_or(deadline, |timeout| timeout.min(deadline));
            tokio::select! {
                heard = self.incoming.recv() => self.hear(heard.expect("a sender is kept here")),
                () = tokio::time::sleep_until(wake) => self.engine.handle_timeout(self.now()),
            }
            self.drain();
            assert!(
                Instant::now() < deadline,
                "waited for {what}; there is {:?}, {:?}",
                self.view.sessions.last(),
                self.view.list()
            );
        }
    }

    fn hear(&mut self, (link, heard): (LinkId, Heard)) {
        let now = self.now();
        match heard {
            Heard::Connected => self.engine.handle_connected(link, now),
            Heard::Bytes(bytes) => self.engine.handle_input(link, &bytes, now),
            Heard::Closed(close) => self.engine.handle_closed(link, &close, now),
        }
    }

    fn drain(&mut self) {
        while self.engine.step(Budget::default()) {}
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Connect { link, endpoint } => self.connect(link, endpoint),
                // A link that has just ended takes nothing more; its end is on its way to the engine.
                Output::Transmit { link, bytes } => drop(self.links[&link].send(bytes)),
                Output::Close { link } => drop(self.links.remove(&link)),
                Output::Update(update) => self.view.apply(update),
            }
        }
    }

    fn connect(&mut self, link: LinkId, Endpoint::Imap { upstream }: Endpoint) {
        let (outgoing, bytes) = unbounded_channel();
        self.links.insert(link, outgoing);
        let path = upstream.map_or("/imap".to_owned(), |name| format!("/imap/{name}"));
        tokio::spawn(carry(self.origin.clone(), path, link, bytes, self.heard.clone()));
    }

    fn now(&self) -> Time {
        Time::ZERO + self.start.elapsed()
    }
}

/// One link, from its opening to its end.
async fn carry(
    origin: String,
    path: String,
    link: LinkId,
    mut outgoing: UnboundedReceiver<Vec<u8>>,
    heard: UnboundedSender<(LinkId, Heard)>,
) {
    // The account may be gone already: then nobody wants to hear.
    let tell = |what| drop(heard.send((link, what)));
    let Ok(socket) = websocket::try_open(&origin, &path).await else {
        // What a browser says of a WebSocket that did not open.
        return tell(Heard::Closed(LinkClose { code: 1006, reason: String::new() }));
    };
    let (mut sink, mut stream) = socket.split();
    tell(Heard::Connected);
    loop {
        tokio::select! {
            bytes = outgoing.recv() => match bytes {
                // Where it fails, the stream says why.
                Some(bytes) => drop(sink.send(Message::binary(bytes)).await),
                None => return drop(sink.close().await),
            },
            received = websocket::receive(&mut stream) => match received {
                Received::Bytes(bytes) => tell(Heard::Bytes(bytes)),
                Received::Closed { code, reason } => return tell(Heard::Closed(LinkClose { code, reason })),
            },
        }
    }
}

/// What the browser's `TextDecoder` does: the same standard, another implementation.
fn decode_charset(label: &str, bytes: &[u8]) -> Option<String> {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes())?;
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
}
