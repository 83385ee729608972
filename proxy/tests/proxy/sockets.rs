//! Unix sockets, and those that systemd opens.

use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::support::*;

/// Short, since a socket's path may have 108 bytes.
fn socket_path(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("postern-{}-{name}", std::process::id()))
}

async fn start(command: &mut Command, arguments: &[&str]) -> (Child, String) {
    let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    (child, line.trim_end().to_owned())
}

fn stop(mut child: Child) {
    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(kill.success() && child.wait().unwrap().success());
}

async fn health(path: &Path) -> String {
    let mut socket = UnixStream::connect(path).await.unwrap();
    socket.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reverse_proxy_comes_in_by_a_unix_socket() {
    let (port, listener) = held_server().await;
    let path = socket_path("listen");
    let file = format!("[[imap]]\nurl = \"imap+plain://127.0.0.1:{port}\"\nproxy_protocol = true\n");
    let file = temp_file("toml", &file);
    let listen = format!("unix:{}", path.display());
    let arguments = ["--listen", &listen, "--config", file.to_str().unwrap(), "--origin", "https://a.test"];
    // What a process left behind that was killed is no obstacle.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let (child, line) = start(&mut Command::new(env!("CARGO_BIN_EXE_postern")), &arguments).await;
    assert_eq!(line, format!("postern listens on {listen}"));
    assert!(health(&path).await.ends_with("ok\n"));

    let mut request = "ws://a.test/imap".into_client_request().unwrap();
    request.headers_mut().insert("Origin", "https://a.test".parse().unwrap());
    request.headers_mut().insert("X-Forwarded-For", "192.0.2.5".parse().unwrap());
    let socket = UnixStream::connect(&path).await.unwrap();
    let mut client = Client(client_async(request, socket).await.unwrap().0);
    let (mut server, _) = listener.accept().await.unwrap();
    let mut header = [0; 28];
    server.read_exact(&mut header).await.unwrap();
    assert_eq!(header[16..20], [192, 0, 2, 5]);
    client.send(b"a NOOP\r\n").await;
    assert_eq!(read_until(&mut server, b"\r\n").await, b"a NOOP\r\n");
    // Not the socket of one that lives.
    let second = Command::new(env!("CARGO_BIN_EXE_postern")).args(arguments).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    drop((client, server));
    stop(child);
    assert!(!path.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn systemd_opens_the_socket_and_is_told() {
    let notify = socket_path("notify");
    let systemd = UnixDatagram::bind(&notify).unwrap();
    systemd.set_read_timeout(Some(PATIENCE)).unwrap();
    let path = socket_path("inherited");
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    // As systemd does it: the socket as descriptor 3, and the process's own id in the environment.
    let script = "exec env LISTEN_FDS=1 LISTEN_PID=$$ \"$@\" 3<&0 0</dev/null";
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_postern"), "--imap", "imaps://a.test"]);
    command.env("NOTIFY_SOCKET", &notify).stdin(Stdio::from(std::os::fd::OwnedFd::from(listener)));
    let (child, line) = start(&mut command, &[]).await;
    assert_eq!(line, "postern listens on unix socket of systemd");
    let heard = || {
        let mut state = [0; 64];
        let length = systemd.recv(&mut state).unwrap();
        String::from_utf8_lossy(&state[..length]).into_owned()
    };
    assert_eq!(heard(), "READY=1");
    assert!(health(&path).await.ends_with("ok\n"));
    stop(child);
    assert_eq!(heard(), "STOPPING=1");
    // It is systemd's to remove.
    assert!(path.exists());
    std::fs::remove_file(&path).unwrap();
    std::fs::remove_file(&notify).unwrap();
}

#[tokio::test]
async fn an_upstream_may_be_a_unix_socket() {
    let path = socket_path("upstream");
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let url = format!("imap+unix:{}", path.display());
    let text = format!("[[imap]]\nurl = \"{url}\"\nproxy_protocol = true\nclient_tls = \"allow\"\n");
    let proxy = Proxy::start(&["--config", temp_file("toml", &text).to_str().unwrap()]).await;
    for query in ["/imap", "/imap?tls=client"] {
        let mut client = proxy.connect(query).await;
        let (mut server, _) = listener.accept().await.unwrap();
        let mut header = [0; 28];
        server.read_exact(&mut header).await.unwrap();
        assert!(header.starts_with(b"\r\n\r\n\0\r\nQUIT\n"));
        server.write_all(b"* OK hello\r\n").await.unwrap();
        assert_eq!(client.read_until(b"\r\n").await, b"* OK hello\r\n");
        client.send(b"a NOOP\r\n").await;
        assert_eq!(read_until(&mut server, b"\r\n").await, b"a NOOP\r\n");
        drop(server);
        assert_eq!(client.close().await.0, 1000);
    }
    drop(listener);
    // A process that another test is starting may hold a copy for a moment.
    while UnixStream::connect(&path).await.is_ok() {}
    let (code, reason) = proxy.refusal("/imap").await;
    assert!(code == 4502 && reason.starts_with("refused: "), "{code} {reason}");
    std::fs::remove_file(&path).unwrap();
    let (code, reason) = proxy.refusal("/imap").await;
    assert!(code == 4502 && reason.starts_with("refused: "), "{code} {reason}");
}
