//! Connections that are cut, after every byte and by either side: what remains of them is nothing.

use std::fs;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::binary::{Running, postern};
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
    let limits = "[limits]\nstarts_per_minute = 1000000\nshort_per_minute = 1000000\n";
    let file = temp_file("toml", limits);
    let config = ["--config", file.to_str().unwrap(), "--listen", "127.0.0.1:0", "--log", "warn"];
    Running::start(postern().args(config).args(["--imap", url]))
}

fn descriptors(proxy: &Running) -> usize {
    fs::read_dir(format!("/proc/{}/fd", proxy.child.id())).unwrap().count()
}

/// Waits until the proxy holds no more than it did; then it must end as it should.
async fn expect_nothing_left(proxy: Running, before: usize) {
    let settled = async {
        while descriptors(&proxy) > before {
            tokio::task::yield_now().await;
        }
    };
    let left = timeout(PATIENCE, settled).await.is_err();
    assert!(!left, "{} descriptors, {before} before", descriptors(&proxy));
    proxy.signal("-TERM");
    let (code, log) = proxy.wait();
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("panicked"), "{log}");
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
    let before = descriptors(&proxy);
    for cut in [Cut::Fin, Cut::Reset] {
        for length in 0..=session.len() {
            let mut socket = TcpStream::connect(address).await.unwrap();
            socket.write_all(&session[..length]).await.unwrap();
            end(socket, cut).await;
        }
    }
    expect_nothing_left(proxy, before).await;
}

#[tokio::test]
async fn a_server_that_is_cut_after_every_byte() {
    const GREETING: &[u8] = b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n";
    for scheme in ["imap+plain", "imap", "imaps"] {
        let (port, listener) = held_server().await;
        let proxy = start(&format!("{scheme}://localhost:{port}"));
        let origin = format!("http://{}", proxy.address);
        let before = descriptors(&proxy);
        for cut in [Cut::Fin, Cut::Reset] {
            for length in 0..=GREETING.len() {
                let mut client = connect(proxy.address, "/imap", Some(&origin)).await;
                let (mut server, _) = listener.accept().await.unwrap();
                server.write_all(&GREETING[..length]).await.unwrap();
                // The client answers the Close frame meanwhile, as a browser does.
                let hearing = async { while client.next().await.is_some() {} };
                tokio::join!(end(server, cut), hearing);
            }
        }
        expect_nothing_left(proxy, before).await;
    }
}
