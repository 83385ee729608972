//! A server that takes nothing while its client is there no more (security.md P11): over each way in, whatever the client
//! does, both descriptors come back. And a browser that takes nothing of what its server sends.

use std::fs;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::binary::{Running, postern};
use crate::costs::push_until_stuck;
use crate::http::request_at;
use crate::http2::Connection;
use crate::support::*;

/// How a client goes while nothing of what it sends is read.
#[derive(Clone, Copy, Debug)]
enum Departure {
    Fin,
    Reset,
    /// A Close frame behind what is not read, and then it waits for ours.
    Close,
    /// Not a word, as after a laptop was closed.
    Silence,
}

const DEPARTURES: [Departure; 4] = [Departure::Fin, Departure::Reset, Departure::Close, Departure::Silence];

fn start(url: &str, tls: bool, stalled: u32) -> Running {
    let settings = format!(
        "[limits]\nstarts_per_minute = 1000000\nshort_per_minute = 1000000\n\
         [deadlines]\nstalled = {stalled}\nrequest = 0.5\nhalf_close = 0.5\n"
    );
    let mut command = postern();
    command.args(["--listen", "127.0.0.1:0", "--log", "info", "--imap", url, "--ca-file"]).arg(authority());
    command.arg("--config").arg(temp_file("toml", &settings));
    if tls {
        let Certificates { server, server_key, .. } = &*CERTIFICATES;
        command.arg("--tls-certificate").arg(server).arg("--tls-key").arg(server_key);
    }
    Running::start(&mut command)
}

fn descriptors(proxy: &Running) -> usize {
    fs::read_dir(format!("/proc/{}/fd", proxy.child.id())).unwrap().count()
}

/// Waits until the proxy has no more descriptors than `before`.
async fn expect_back(proxy: &Running, before: usize, what: &str) {
    let back = async {
        while descriptors(proxy) > before {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(
        timeout(PATIENCE, back).await.is_ok(),
        "{what}: {} descriptors, {before} before",
        descriptors(proxy)
    );
}

async fn upgrade(socket: &mut (impl AsyncRead + AsyncWrite + Unpin), origin: &str) {
    let (_, host) = origin.split_once("://").unwrap();
    let head = format!(
        "GET /imap HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    read_until(socket, b"\r\n\r\n").await;
}

/// Whole messages, each with 1,018 bytes for the server.
fn messages() -> Vec<u8> {
    let one = [&[0x82, 0xfe, 0x03, 0xfa, 0, 0, 0, 0][..], &[b'x'; 1018]].concat();
    assert_eq!(one.len(), MESSAGE);
    one.repeat(64)
}

const MESSAGE: usize = 1026;

/// Writes messages until the proxy reads no more. Returns how many bytes of the last one are still to be written.
async fn fill(client: &mut (impl AsyncWrite + Unpin)) -> usize {
    let (all, mut sent) = (messages(), 0);
    loop {
        let from = sent % MESSAGE;
        match push_until_stuck(client, &all[from..], 1).await {
            0 => return (MESSAGE - from) % MESSAGE,
            count => sent += count,
        }
    }
}

/// Lets a client go whose messages are stuck, and waits for what is left of it.
async fn go<S>(mut client: S, tcp: impl Fn(&S) -> &TcpStream, departure: Departure, rest: usize)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    match departure {
        Departure::Fin => drop(client),
        Departure::Reset => tcp(&client).set_zero_linger().unwrap(),
        Departure::Close => {
            let (mut reader, mut writer) = tokio::io::split(client);
            let close = [&vec![b'x'; rest][..], b"\x88\x82\0\0\0\0\x03\xe8"].concat();
            let (told, _) = tokio::join!(
                async {
                    let mut told = Vec::new();
                    let _ = timeout(PATIENCE, reader.read_to_end(&mut told)).await.expect("no end");
                    told
                },
                writer.write_all(&close),
            );
            let told = String::from_utf8_lossy(&told);
            assert!(told.contains("stalled: "), "{told}");
        }
        Departure::Silence => {
            // It is there, but neither reads nor writes until all is over.
            tokio::spawn(async move {
                tokio::time::sleep(PATIENCE).await;
                let _ = client.write(b"").await;
            });
        }
    }
}

/// Each departure, over a WebSocket without and with TLS, to a server without and with TLS.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p11_descriptors_come_back_while_the_server_takes_nothing() {
    for (scheme, tls) in [("imap+plain", false), ("imap+plain", true), ("imaps", false), ("imaps", true)] {
        let (port, listener) = held_server().await;
        let proxy = start(&format!("{scheme}://localhost:{port}"), tls, 1);
        let before = descriptors(&proxy);
        for departure in DEPARTURES {
            let accept = async {
                let (socket, _) = listener.accept().await.unwrap();
                match scheme {
                    "imaps" => (None, Some(accept_tls(socket, Identity::Good).await.unwrap())),
                    _ => (Some(socket), None),
                }
            };
            let _server;
            if tls {
                let mut client = connect_tls(proxy.address, &[]).await;
                let origin = format!("https://localhost:{}", proxy.address.port());
                (_, _server) = tokio::join!(upgrade(&mut client, &origin), accept);
                let rest = fill(&mut client).await;
                go(client, |client| client.get_ref().0, departure, rest).await;
            } else {
                let mut client = TcpStream::connect(proxy.address).await.unwrap();
                let origin = format!("http://{}", proxy.address);
                (_, _server) = tokio::join!(upgrade(&mut client, &origin), accept);
                let rest = fill(&mut client).await;
                go(client, |client| client, departure, rest).await;
            }
            expect_back(&proxy, before, &format!("{scheme} {tls} {departure:?}")).await;
        }
        if !tls {
            let figures = request_at(proxy.address, "GET /metrics HTTP/1.1").await;
            assert!(figures.contains("outcome=\"stalled\""), "{figures}");
        }
        proxy.signal("-TERM");
        let (code, log) = proxy.wait();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("outcome=\"stalled\""), "{log}");
    }
}

/// With a deadline that is far away, a client that is reset is still let go at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p11_a_reset_is_noticed_before_the_server_is_given_up() {
    let (port, listener) = held_server().await;
    let proxy = start(&format!("imap+plain://127.0.0.1:{port}"), false, 3600);
    let before = descriptors(&proxy);
    let mut client = TcpStream::connect(proxy.address).await.unwrap();
    upgrade(&mut client, &format!("http://{}", proxy.address)).await;
    let (_server, _) = listener.accept().await.unwrap();
    let rest = fill(&mut client).await;
    go(client, |client| client, Departure::Reset, rest).await;
    expect_back(&proxy, before, "reset").await;
}

/// The same over HTTP/2, where a client goes with its stream or with its connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p11_streams_of_a_server_that_takes_nothing_come_back() {
    let (port, listener) = held_server().await;
    for (stalled, cuts) in [(3600, &["reset", "connection"][..]), (1, &["end", "silence"])] {
        let proxy = start(&format!("imap+plain://127.0.0.1:{port}"), true, stalled);
        let before = descriptors(&proxy);
        for cut in cuts {
            let mut connection = Connection::to(proxy.address).await;
            let mut client = connection.connect("/imap").await;
            let (_server, _) = listener.accept().await.unwrap();
            fill(client.0.get_mut()).await;
            match *cut {
                "reset" => client.0.get_mut().cancel(),
                "end" => drop(client.0.get_mut().shutdown().await),
                "connection" => {}
                _ => {
                    // The stream stays as it is; only the server's end of it is to come back.
                    expect_back(&proxy, before + 1, "silent stream").await;
                }
            }
            drop((client, connection));
            expect_back(&proxy, before, cut).await;
        }
    }
}

/// The mirror image: the server sends, and the browser takes nothing and says nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p12_descriptors_come_back_while_the_browser_takes_nothing() {
    let (port, listener) = held_server().await;
    for tls in [false, true] {
        let proxy = start(&format!("imap+plain://127.0.0.1:{port}"), tls, 1);
        let before = descriptors(&proxy);
        let _plain;
        let _tls;
        if tls {
            let mut client = connect_tls(proxy.address, &[]).await;
            upgrade(&mut client, &format!("https://localhost:{}", proxy.address.port())).await;
            _tls = client;
        } else {
            let mut client = TcpStream::connect(proxy.address).await.unwrap();
            upgrade(&mut client, &format!("http://{}", proxy.address)).await;
            _plain = client;
        }
        let (mut server, _) = listener.accept().await.unwrap();
        push_until_stuck(&mut server, &[b'x'; 64 * 1024], usize::MAX).await;
        expect_back(&proxy, before, "a browser that takes nothing").await;
    }
}

/// A browser that asks for more than its sockets hold, and takes none of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p07_descriptors_come_back_where_an_answer_is_not_taken() {
    let proxy = start("imap+plain://127.0.0.1:1", false, 1);
    let before = descriptors(&proxy);
    let mut client = TcpStream::connect(proxy.address).await.unwrap();
    let request = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", proxy.address).repeat(64);
    push_until_stuck(&mut client, request.as_bytes(), usize::MAX).await;
    assert!(descriptors(&proxy) > before);
    expect_back(&proxy, before, "an answer that is not taken").await;
}
