//! The server behind a proxy: a source, a sink, an echo, or somebody who sits in IDLE; over TCP and over TLS.

use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Serves until its input ends. Its first line of output has three ports: TCP, TLS, and IMAP over TLS.
pub(crate) fn serve(certificate: &Path, key: &Path) -> io::Result<()> {
    let acceptor = TlsAcceptor::from(Arc::new(config(certificate, key).map_err(io::Error::other)?));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let plain = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let tls = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let imaps = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = |listener: &TcpListener| listener.local_addr().map(|address| address.port());
        println!("{} {} {}", port(&plain)?, port(&tls)?, port(&imaps)?);
        let mut input = [0; 64];
        let mut stdin = tokio::io::stdin();
        loop {
            tokio::select! {
                read = stdin.read(&mut input) => if read? == 0 { return Ok(()) },
                accepted = plain.accept() => drop(tokio::spawn(act(ready(accepted?.0)))),
                accepted = tls.accept() => {
                    let handshake = acceptor.accept(ready(accepted?.0));
                    tokio::spawn(async move { act(handshake.await?).await });
                }
                accepted = imaps.accept() => {
                    let handshake = acceptor.accept(ready(accepted?.0));
                    tokio::spawn(async move { speak_imap(handshake.await?).await });
                }
            }
        }
    })
}

fn config(certificate: &Path, key: &Path) -> Result<ServerConfig, Box<dyn std::error::Error + Send + Sync>> {
    let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<Vec<_>, _>>()?;
    let builder = ServerConfig::builder().with_no_client_auth();
    Ok(builder.with_single_cert(chain, PrivateKeyDer::from_pem_file(key)?)?)
}

fn ready(socket: TcpStream) -> TcpStream {
    // It only makes round trips slower where it fails.
    let _ = socket.set_nodelay(true);
    socket
}

/// Does what the first line asks for, until the other side has gone.
async fn act(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let line = read_line(&mut stream).await?;
    match line.split_once(' ').unwrap_or((&line, "")) {
        ("down", count) => send(&mut stream, count.parse().map_err(io::Error::other)?).await?,
        ("up", count) => {
            drain(&mut stream, count.parse().map_err(io::Error::other)?).await?;
            stream.write_all(b".").await?;
            stream.flush().await?;
        }
        ("echo", _) => return echo(&mut stream).await,
        ("flood", _) => send(&mut stream, FLOOD).await?,
        _ => return Err(io::Error::other("what?")),
    }
    // The client hangs up first.
    drain(&mut stream, u64::MAX).await
}

/// As much of IMAP as it takes to sit in IDLE (RFC 9051 section 6.3.13): every command succeeds.
async fn speak_imap(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut answer = "* OK ready\r\n".to_owned();
    loop {
        stream.write_all(answer.as_bytes()).await?;
        stream.flush().await?;
        let line = read_line(&mut stream).await?;
        let (tag, command) = line.trim_end().split_once(' ').unwrap_or((&line, ""));
        answer = match command.split(' ').next() {
            Some("IDLE") => "+ idling\r\n".to_owned(),
            Some("SELECT") => format!("* 1 EXISTS\r\n{tag} OK done\r\n"),
            _ => format!("{tag} OK done\r\n"),
        };
    }
}

/// Byte by byte: what comes behind the line is not ours.
async fn read_line(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut line = String::new();
    loop {
        match stream.read_u8().await? {
            b'\n' => return Ok(line),
            byte => line.push(byte.into()),
        }
    }
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), mut count: u64) -> io::Result<()> {
    let block = vec![b'x'; BLOCK];
    while count > 0 {
        let length = usize::try_from(count).unwrap_or(BLOCK).min(BLOCK);
        let written = stream.write(&block[..length]).await?;
        count -= written as u64;
    }
    stream.flush().await
}

async fn drain(stream: &mut (impl AsyncRead + Unpin), mut count: u64) -> io::Result<()> {
    let mut block = vec![0; BLOCK];
    while count > 0 {
        match stream.read(&mut block).await? {
            0 => return Ok(()),
            read => count = count.saturating_sub(read as u64),
        }
    }
    Ok(())
}

async fn echo(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<()> {
    let mut bytes = [0; 64];
    loop {
        match stream.read(&mut bytes).await? {
            0 => return Ok(()),
            count => stream.write_all(&bytes[..count]).await?,
        }
        stream.flush().await?;
    }
}

const BLOCK: usize = 256 * 1024;

/// More than the system's own buffers hold on the way, and no more than a machine bears where a proxy keeps it all.
const FLOOD: u64 = 16 << 20;
