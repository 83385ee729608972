//! Many pages that are open and look at nothing: each is signed in, sits in IDLE (RFC 2177) and answers pings.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, stdin};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::socket::{Address, frame};

/// Opens so many connections, in turn to each of the addresses (`ws://` alone), and says `idling` and how many when all
/// idle. To each line of its input it says how many are left and how many pings were answered. When the last has ended it says
/// how they ended, and ends.
pub(crate) fn idle(urls: &[&str], count: usize) -> Result<(), Box<dyn std::error::Error>> {
    let addresses = urls.iter().map(|url| Address::parse(url)).collect::<Result<Vec<_>, _>>()?;
    if addresses.is_empty() {
        return Err("one address at least".into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(run(&addresses, count))?)
}

async fn run(addresses: &[Address], count: usize) -> io::Result<()> {
    let pings = Arc::new(AtomicU64::new(0));
    let mut idling = JoinSet::new();
    for index in 0..count {
        let mut page = Page::sign_in(&addresses[index % addresses.len()], index).await?;
        let pings = Arc::clone(&pings);
        idling.spawn(async move { page.idle(&pings).await });
    }
    println!("idling {}", idling.len());
    let mut ends = BTreeMap::<End, usize>::new();
    let mut lines = BufReader::new(stdin()).lines();
    while !idling.is_empty() {
        tokio::select! {
            end = idling.join_next() => {
                let end = end.and_then(Result::ok).unwrap_or(End::Lost);
                *ends.entry(end).or_default() += 1;
            }
            line = lines.next_line() => {
                if line?.is_none() {
                    return Ok(());
                }
                println!("open {} pings {}", idling.len(), pings.load(Ordering::Relaxed));
            }
        }
    }
    let ends: Vec<String> = ends.iter().map(|(end, count)| format!("{count} {end}")).collect();
    println!("ended {}", ends.join(", "));
    Ok(())
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// With this Close code.
    Told(u16),
    /// Without a word.
    Lost,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Told(code) => write!(f, "told {code}"),
            Self::Lost => f.write_str("lost"),
        }
    }
}

struct Page {
    socket: TcpStream,
    unread: Vec<u8>,
}

/// A frame of the proxy's.
enum Frame {
    Bytes(Vec<u8>),
    Ping(Vec<u8>),
    Close(Vec<u8>),
    Other,
}

impl Page {
    async fn sign_in(address: &Address, index: usize) -> io::Result<Self> {
        let mut page = Self { socket: connect(address.socket_address()).await?, unread: Vec::new() };
        let request = address.request().ok_or_else(|| io::Error::other("a ws:// address"))?;
        page.socket.write_all(request.as_bytes()).await?;
        let end = loop {
            page.read().await?;
            if let Some(end) = page.unread.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        // The first frame may stand right behind.
        let head: Vec<u8> = page.unread.drain(..end).collect();
        if !head.starts_with(b"HTTP/1.1 101") {
            return Err(io::Error::other(String::from_utf8_lossy(&head).into_owned()));
        }
        page.read_until("* OK").await?;
        page.ask(&format!("a LOGIN user{index} open-sesame\r\n"), "a OK").await?;
        page.ask("b SELECT INBOX\r\n", "b OK").await?;
        page.ask("c IDLE\r\n", "+ ").await?;
        Ok(page)
    }

    /// Until it ends: answers pings, takes news.
    async fn idle(&mut self, pings: &AtomicU64) -> End {
        loop {
            match self.frame().await {
                Ok(Frame::Ping(payload)) => {
                    // As the binary message that `frame` makes, but for its opcode.
                    let mut pong = frame(&payload);
                    pong[0] = 0x8a;
                    if self.socket.write_all(&pong).await.is_err() {
                        return End::Lost;
                    }
                    pings.fetch_add(1, Ordering::Relaxed);
                }
                Ok(Frame::Close(payload)) => {
                    let code = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
                    return code.map_or(End::Lost, End::Told);
                }
                Ok(Frame::Bytes(_) | Frame::Other) => {}
                Err(_) => return End::Lost,
            }
        }
    }

    async fn ask(&mut self, command: &str, answer: &str) -> io::Result<()> {
        self.socket.write_all(&frame(command.as_bytes())).await?;
        self.read_until(answer).await
    }

    /// Up to a line that begins so.
    async fn read_until(&mut self, begin: &str) -> io::Result<()> {
        let mut text = String::new();
        while !text.lines().any(|line| line.starts_with(begin)) {
            match self.frame().await? {
                Frame::Bytes(bytes) => text += &String::from_utf8_lossy(&bytes),
                Frame::Close(reason) => {
                    return Err(io::Error::other(String::from_utf8_lossy(&reason).into_owned()));
                }
                Frame::Ping(_) | Frame::Other => {}
            }
        }
        Ok(())
    }

    async fn frame(&mut self) -> io::Result<Frame> {
        loop {
            let lengths = match *self.unread {
                [_, 126, high, low, ..] => Some((4, usize::from(u16::from_be_bytes([high, low])))),
                [_, length @ 0..=125, ..] => Some((2, usize::from(length))),
                // Nobody says so much to one who idles.
                [_, 127..=255, ..] => return Err(io::ErrorKind::InvalidData.into()),
                _ => None,
            };
            if let Some((header, length)) = lengths
                && self.unread.len() >= header + length
            {
                let rest = self.unread.split_off(header + length);
                let frame = std::mem::replace(&mut self.unread, rest);
                let payload = frame[header..].to_vec();
                return Ok(match frame[0] & 0x0f {
                    0 | 2 => Frame::Bytes(payload),
                    8 => Frame::Close(payload),
                    9 => Frame::Ping(payload),
                    _ => Frame::Other,
                });
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> io::Result<()> {
        let mut bytes = [0; 512];
        match self.socket.read(&mut bytes).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                self.unread.extend(&bytes[..count]);
                Ok(())
            }
        }
    }
}

async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpStream::connect(address).await?;
    socket.set_nodelay(true)?;
    Ok(socket)
}
