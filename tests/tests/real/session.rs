//! The sans-IO connection with a socket under it: blocking, and nothing but what the machine asks for.

use crate::nature::{self, Nature};
use postern_protocol::Time;
use postern_protocol::imap::command::Command;
use postern_protocol::imap::{CommandError, CommandId, Config, Connection, Done, Event, Item, Output};
use postern_tests::process::PATIENCE;
use postern_tests::unpacked::Unpacked;
use postern_tests::{Courier, Cyrus, Dovecot, Imap4d, Pymap, imap, pymap};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// A real server, whichever it is.
pub(crate) trait Host: Sync {
    fn imap_address(&self) -> SocketAddr;
    /// Where TLS comes first, and the file of the authority to trust; none where it never does.
    fn imaps(&self) -> Option<(SocketAddr, &Path)>;
    fn other_client(&self, user: &str) -> io::Result<imap::Client>;

    /// What is different with this one.
    fn nature(&self) -> &'static Nature;
}

macro_rules! host {
    ($server:ty, $nature:expr) => {
        impl Host for $server {
            fn imap_address(&self) -> SocketAddr {
                self.imap_address()
            }
            fn imaps(&self) -> Option<(SocketAddr, &Path)> {
                Some((self.imaps_address(), self.authority()))
            }
            fn other_client(&self, user: &str) -> io::Result<imap::Client> {
                self.other_client(user)
            }
            fn nature(&self) -> &'static Nature {
                &$nature
            }
        }
    };
}

host!(Dovecot, nature::DOVECOT);
host!(Cyrus, nature::CYRUS);
host!(Courier, nature::COURIER);
host!(Imap4d, nature::IMAP4D);

impl Host for Pymap {
    fn imap_address(&self) -> SocketAddr {
        self.imap_address()
    }
    fn imaps(&self) -> Option<(SocketAddr, &Path)> {
        None
    }
    fn other_client(&self, user: &str) -> io::Result<imap::Client> {
        self.other_client(user)
    }
    fn nature(&self) -> &'static Nature {
        &nature::PYMAP
    }
}

/// What lies between the machine and the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    Tcp,
    Tls,
}

/// Bytes both ways.
trait Link: Read + Write + Send {}
impl<T: Read + Write + Send> Link for T {}

/// A connection and what carries its bytes.
pub(crate) struct Session {
    pub(crate) connection: Connection,
    link: Box<dyn Link>,
    start: Instant,
    events: VecDeque<Event>,
    hidden: Hidden,
    /// What the server said since the last [`Session::run`], to be shown where that fails.
    heard: Vec<u8>,
}

impl Session {
    /// Nobody is signed in yet.
    pub(crate) fn new(host: &impl Host, over: Over) -> Self {
        let link: Box<dyn Link> = match over {
            Over::Tcp => Box::new(tcp(host.imap_address())),
            Over::Tls => {
                let (address, authority) = host.imaps().unwrap();
                Box::new(tls(tcp(address), authority))
            }
        };
        let connection = Connection::new(Config::default(), Time::ZERO);
        Self {
            connection,
            link,
            start: Instant::now(),
            events: VecDeque::new(),
            hidden: Hidden::default(),
            heard: Vec::new(),
        }
    }

    /// The machine is not to know that the server has these capabilities, nor that it is of `IMAP4rev2`, which brings
    /// many of them along.
    pub(crate) fn hiding(self, words: &[&str]) -> Self {
        let brings = (!words.is_empty()).then_some("IMAP4rev2");
        let words = words.iter().copied().chain(brings).map(str::to_owned).collect();
        Self { hidden: Hidden { words, line: Vec::new() }, ..self }
    }

    /// Runs a command to its good end: what came with it, and how it ended.
    pub(crate) fn run(&mut self, command: impl Into<Command>) -> (Vec<Item>, Done) {
        self.heard.clear();
        let (items, done) = self.attempt(command);
        match done {
            Ok(done) => (items, done),
            Err(error) => panic!("{error:?} after {:?}", String::from_utf8_lossy(&self.heard)),
        }
    }

    /// Runs a command to whatever end.
    pub(crate) fn attempt(&mut self, command: impl Into<Command>) -> (Vec<Item>, Result<Done, CommandError>) {
        let id = self.send(command);
        let mut items = Vec::new();
        loop {
            match self.next() {
                Event::Item(of, item) if of == id => items.push(item),
                Event::Done(of, done) if of == id => return (items, done),
                _ => {}
            }
        }
    }

    pub(crate) fn send(&mut self, command: impl Into<Command>) -> CommandId {
        self.connection.send(command.into(), self.now())
    }

    /// The next event, after whatever has to be sent and received for it.
    pub(crate) fn next(&mut self) -> Event {
        loop {
            while let Some(output) = self.connection.poll_output() {
                match output {
                    Output::Transmit(bytes) => self.link.write_all(&bytes).unwrap(),
                    Output::Event(event) => self.events.push_back(event),
                    Output::Close => {}
                }
            }
            if let Some(event) = self.events.pop_front() {
                return event;
            }
            let mut bytes = [0; 4096];
            let count = self.link.read(&mut bytes).unwrap();
            match count {
                0 => self.connection.handle_closed(self.now()),
                _ => {
                    let bytes = self.hidden.filter(&bytes[..count]);
                    self.heard.extend_from_slice(&bytes);
                    self.connection.handle_input(&bytes, self.now());
                }
            }
        }
    }

    pub(crate) fn now(&self) -> Time {
        Time::ZERO + self.start.elapsed()
    }
}

/// Takes words out of what a server says of its capabilities.
#[derive(Default)]
struct Hidden {
    words: Vec<String>,
    /// A line that is not whole yet. Each response ends with one, so nothing waits for ever.
    line: Vec<u8>,
}

impl Hidden {
    fn filter(&mut self, bytes: &[u8]) -> Vec<u8> {
        if self.words.is_empty() {
            return bytes.to_vec();
        }
        let mut passed = Vec::new();
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.line.extend(piece);
            if self.line.ends_with(b"\n") {
                passed.extend(self.without_words(&self.line));
                self.line.clear();
            }
        }
        passed
    }

    fn without_words(&self, line: &[u8]) -> Vec<u8> {
        match std::str::from_utf8(line) {
            Ok(text) if text.contains("CAPABILITY ") => {
                let is_shown = |word: &&str| !self.words.iter().any(|hidden| hidden == word);
                // The last word stands before the line's end, which stays.
                let shown: Vec<&str> = text.trim_end().split(' ').filter(is_shown).collect();
                (shown.join(" ") + "\r\n").into_bytes()
            }
            _ => line.to_vec(),
        }
    }
}

pub(crate) fn tcp(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// TLS that trusts this authority alone.
pub(crate) fn tls(stream: TcpStream, authority: &Path) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority).unwrap()).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), stream)
}

/// A Cyrus with these users, or none where `cargo xtask test` said that there is none to be had.
pub(crate) fn cyrus(users: &[&str]) -> Option<Cyrus> {
    is_here(&postern_tests::cyrus::UNPACKED).then(|| Cyrus::start(users).unwrap())
}

/// The same of Courier.
pub(crate) fn courier(users: &[&str]) -> Option<Courier> {
    is_here(&postern_tests::courier::UNPACKED).then(|| Courier::start(users).unwrap())
}

/// The same of pymap.
pub(crate) fn pymap(users: &[&str]) -> Option<Pymap> {
    if std::env::var_os(pymap::WITHOUT_PYMAP).is_some() {
        eprintln!("left out: there is no pymap here");
        return None;
    }
    Some(Pymap::start(users).unwrap())
}

/// The same of GNU's imap4d.
pub(crate) fn imap4d(users: &[&str]) -> Option<Imap4d> {
    is_here(&postern_tests::imap4d::UNPACKED).then(|| Imap4d::start(users).unwrap())
}

fn is_here(server: &Unpacked) -> bool {
    if server.is_left_out() {
        eprintln!("left out: there is no {} here", server.title);
    }
    !server.is_left_out()
}
