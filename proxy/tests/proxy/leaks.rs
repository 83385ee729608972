//! Connections that are cut, after every byte and by either side: what remains of them is nothing.

use std::fs;
use std::process::Command;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::binary::{Running, postern};
use crate::costs::{memory, push_until_stuck};
use crate::http2::Connection;
use crate::support::*;

/// How a side goes away.
#[derive(Clone, Copy, Debug)]
enum Cut {
    Fin,
    Reset,
}

async fn end(mut socket: TcpStream, cut: Cut) {
    match cut {
        Cut::Fin => {
            let _ = socket.shutdown().await;
            // Whatever still comes; that it ends is what counts.
            let mut sink = tokio::io::sink();
            let rest = tokio::io::copy(&mut socket, &mut sink);
            let _ = timeout(PATIENCE, rest).await.expect("the proxy never ended it");
        }
        Cut::Reset => socket.set_zero_linger().unwrap(),
    }
}

/// A proxy in a process of its own, so that its descriptors are its own.
fn start(url: &str) -> Running {
    Running::start(&mut command(url))
}

fn command(url: &str) -> Command {
    let settings = "[limits]\nstarts_per_minute = 1000000\nshort_per_minute = 1000000\n\
                    [deadlines]\nhalf_close = 0.2\n";
    let file = temp_file("toml", settings);
    let config = ["--config", file.to_str().unwrap(), "--listen", "127.0.0.1:0", "--log", "warn"];
    let mut command = postern();
    command.args(config).args(["--imap", url]);
    command
}

fn descriptors(proxy: &Running) -> usize {
    fs::read_dir(format!("/proc/{}/fd", proxy.child.id())).unwrap().count()
}

/// Waits until the proxy holds no more descriptors than it did, nor more memory than `memory_before` and what an
/// allocator keeps; then it must end as it should.
async fn expect_nothing_left(proxy: Running, before: usize, memory_before: usize) {
    let settled = async {
        while descriptors(&proxy) > before {
            tokio::task::yield_now().await;
        }
    };
    let left = timeout(PATIENCE, settled).await.is_err();
    assert!(!left, "{} descriptors, {before} before", descriptors(&proxy));
    // A session's memory times its cuts would be many times that.
    let grown = memory(&proxy).saturating_sub(memory_before);
    assert!(grown <= 2 * 1024 * 1024, "{grown} bytes more than before");
    proxy.signal("-TERM");
    let (code, log) = proxy.wait();
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("panicked"), "{log}");
}

/// How a stream of HTTP/2 goes away.
#[derive(Clone, Copy, Debug)]
enum StreamCut {
    ServerFin,
    ServerReset,
    /// `RST_STREAM`.
    Stream,
    /// All of them, with their connection.
    Connection,
}

/// In each of its states: nobody has said a word, both have, and the server has more than the client reads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_streams_that_are_cut_leave_nothing() {
    let (port, listener) = held_server().await;
    let Certificates { server, server_key, .. } = &*CERTIFICATES;
    let mut command = command(&format!("imap+plain://127.0.0.1:{port}"));
    command.arg("--tls-certificate").arg(server).arg("--tls-key").arg(server_key);
    let proxy = Running::start(&mut command);
    let (descriptors, mut used) = (descriptors(&proxy), 0);
    for round in 0..3 {
        for state in ["silent", "talking", "stalled"] {
            for cut in
                [StreamCut::ServerFin, StreamCut::ServerReset, StreamCut::Stream, StreamCut::Connection]
            {
                let mut connection = Connection::to(proxy.address).await;
                let mut client = connection.connect("/imap").await;
                let (mut server, _) = listener.accept().await.unwrap();
                match state {
                    "talking" => {
                        client.send(b"a NOOP\r\n").await;
                        read_until(&mut server, b"\r\n").await;
                        server.write_all(b"a OK\r\n").await.unwrap();
                        client.read_until(b"\r\n").await;
                    }
                    "stalled" => {
                        let stuck = push_until_stuck(&mut server, &[b'x'; 64 * 1024], usize::MAX);
                        assert!(stuck.await > 0);
                    }
                    _ => {}
                }
                match cut {
                    StreamCut::ServerFin => server.shutdown().await.unwrap(),
                    StreamCut::ServerReset => server.set_zero_linger().unwrap(),
                    StreamCut::Stream => client.0.get_mut().cancel(),
                    StreamCut::Connection => {}
                }
                drop((client, connection, server));
            }
        }
        if round == 0 {
            used = memory(&proxy);
        }
    }
    expect_nothing_left(proxy, descriptors, used).await;
}

#[tokio::test]
async fn a_client_that_is_cut_after_every_byte() {
    let port = server(|mut socket| async move {
        let _ = socket.write_all(b"* OK hello\r\n").await;
        let _ = tokio::io::copy(&mut socket, &mut tokio::io::sink()).await;
    })
    .await;
    let proxy = start(&format!("imap+plain://127.0.0.1:{port}"));
    let address = proxy.address;
    let head = format!(
        "GET /imap HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    // A masked message, a ping and a Close frame, each with the mask 0.
    let frames = b"\x82\x8a\0\0\0\0a LOGOUT\r\n\x89\x81\0\0\0\0x\x88\x82\0\0\0\0\x03\xe8";
    let session = [head.as_bytes(), frames].concat();
    let (before, mut memory_before) = (descriptors(&proxy), 0);
    // The first round is for what the process needs once.
    for cut in [Cut::Fin, Cut::Fin, Cut::Reset] {
        memory_before = memory_before.max(if let Cut::Fin = cut { memory(&proxy) } else { 0 });
        for length in 0..=session.len() {
            let mut socket = TcpStream::connect(address).await.unwrap();
            socket.write_all(&session[..length]).await.unwrap();
            end(socket, cut).await;
        }
    }
    expect_nothing_left(proxy, before, memory_before).await;
}

#[tokio::test]
async fn a_server_that_is_cut_after_every_byte() {
    const GREETING: &[u8] = b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n";
    for scheme in ["imap+plain", "imap", "imaps"] {
        let (port, listener) = held_server().await;
        let proxy = start(&format!("{scheme}://localhost:{port}"));
        let origin = format!("http://{}", proxy.address);
        let (before, mut memory_before) = (descriptors(&proxy), 0);
        for cut in [Cut::Fin, Cut::Fin, Cut::Reset] {
            memory_before = memory_before.max(if let Cut::Fin = cut { memory(&proxy) } else { 0 });
            for length in 0..=GREETING.len() {
                let mut client = connect(proxy.address, "/imap", Some(&origin)).await;
                let (mut server, _) = listener.accept().await.unwrap();
                server.write_all(&GREETING[..length]).await.unwrap();
                // The client answers the Close frame meanwhile, as a browser does.
                let hearing = async { while client.next().await.is_some() {} };
                tokio::join!(end(server, cut), hearing);
            }
        }
        expect_nothing_left(proxy, before, memory_before).await;
    }
}

/// Where a connection is when a side goes away.
#[derive(Clone, Copy, Debug)]
enum State {
    /// The server does not answer the TCP connect.
    Connecting,
    /// The server has answered it, and says nothing.
    TlsHandshake,
    /// It has greeted.
    StartTls,
    Relaying,
    /// The proxy was told to stop.
    Draining,
}

/// P13: every state, each side, FIN and RST. What is counted are the runtime's tasks: a relay that is left holds one.
#[tokio::test]
async fn p13_no_task_is_left_in_any_state() {
    let deadlines = "[deadlines]\nconnect = 1\nhalf_close = 0.2\n";
    for state in [State::Connecting, State::TlsHandshake, State::StartTls, State::Relaying, State::Draining] {
        for cut in [Cut::Fin, Cut::Reset] {
            for client_goes in [true, false] {
                let before = alive_tasks();
                let (port, listener) = held_server().await;
                let (scheme, full) = match state {
                    State::Connecting => ("imaps", Some(full_listener().await)),
                    State::TlsHandshake => ("imaps", None),
                    State::StartTls => ("imap", None),
                    State::Relaying | State::Draining => ("imap+plain", None),
                };
                let port = full.as_ref().map_or(port, |(port, ..)| *port);
                let proxy = Proxy::with_file(&format!("{scheme}://localhost:{port}"), deadlines).await;
                go_away(&proxy, &listener, state, client_goes, cut).await;
                drop(proxy);
                let settled = async {
                    while alive_tasks() > before {
                        tokio::task::yield_now().await;
                    }
                };
                let settled = timeout(PATIENCE, settled).await;
                assert!(settled.is_ok(), "{state:?} {cut:?} {client_goes}: {} tasks", alive_tasks() - before);
            }
        }
    }
}

/// Brings a connection into `state`, and ends it from one side; the other side goes when it has seen the end.
async fn go_away(proxy: &Proxy, listener: &TcpListener, state: State, client_goes: bool, cut: Cut) {
    let client = proxy.connect("/imap").await;
    if let State::Connecting = state {
        // There is no server that could go: the proxy gives up by itself.
        let mut client = client;
        if client_goes {
            return end(client.0.into_inner(), cut).await;
        }
        assert_eq!(client.close().await.0, 4502);
        return;
    }
    let (mut server, _) = listener.accept().await.unwrap();
    if !matches!(state, State::TlsHandshake) {
        server.write_all(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n").await.unwrap();
    }
    if let State::Draining = state {
        proxy.stop.cancel();
    }
    let (goes, stays) = match client_goes {
        true => (client.0.into_inner(), server),
        false => (server, client.0.into_inner()),
    };
    tokio::join!(end(goes, cut), end(stays, Cut::Fin));
}

/// A port where a connect waits for an answer that never comes: nobody accepts, and the queue is full.
async fn full_listener() -> (u16, TcpListener, Vec<TcpStream>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(Ok(socket)) = timeout(Duration::from_millis(100), TcpStream::connect(address)).await {
        queue.push(socket);
    }
    (address.port(), listener, queue)
}

pub(crate) fn alive_tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}
