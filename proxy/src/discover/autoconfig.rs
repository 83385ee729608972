//! The file that Thunderbird looks for: `config-v1.1.xml`, fetched over verified TLS and read with suspicion.
//! <https://www.bucksch.org/1/projects/thunderbird/autoconfiguration/config-file-format.html>
//!
//! One request, without the person's address, to a public address; no redirect is followed, and nothing of the answer
//! but hosts, ports and kinds leaves this module.

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use roxmltree::{Document, Node};

use super::{Finder, Found, User};
use crate::config::{Kind, Security, Target};
use crate::upstream::TlsEnd;

/// The text at `https://host:port/path`, if it is there.
pub(super) async fn fetch(finder: &Finder, host: &str, port: u16, path: &str) -> Option<String> {
    // The connector knows mail servers alone, and for all that matters here this is one.
    let target = Target::at_host(Kind::Imap, Security::Implicit, host, port);
    let opened = finder.connector.open(&target, &finder.tls, TlsEnd::Proxy, b"").await;
    // Whose domain somebody typed stands in no log that an operator did not ask for.
    let opened = opened
        .inspect_err(|failure| tracing::debug!(host, "no autoconfig: {}: {}", failure.step, failure.detail))
        .ok()?;
    let (mut sender, connection) =
        http1::Builder::new().max_buf_size(MAX_HEAD).handshake(TokioIo::new(opened.stream)).await.ok()?;
    let request = Request::get(path).header("host", host).header("connection", "close");
    let request = request.body(Empty::<Bytes>::new()).ok()?;
    // Both are dropped with this future, at its deadline.
    let answer = async move {
        let response = sender.send_request(request).await.ok()?;
        if response.status() != StatusCode::OK {
            return None;
        }
        let body = Limited::new(response.into_body(), MAX_FILE).collect().await.ok()?;
        String::from_utf8(body.to_bytes().to_vec()).ok()
    };
    let (answer, _) = tokio::join!(answer, connection);
    answer
}

/// The first usable server of each kind that the file names.
pub(super) fn parse(text: &str, domain: &str) -> Vec<Found> {
    // Without a DTD there are no entities to blow up. Nesting is bounded by the library.
    let Ok(document) = Document::parse(text) else { return Vec::new() };
    let servers = document
        .descendants()
        .filter(|node| node.has_tag_name("incomingServer") || node.has_tag_name("outgoingServer"));
    let mut found: Vec<Found> = Vec::new();
    for server in servers.filter_map(|node| read_server(node, domain)) {
        if !found.iter().any(|one| one.kind == server.kind) {
            found.push(server);
        }
    }
    found
}

fn read_server(node: Node<'_, '_>, domain: &str) -> Option<Found> {
    let kind = match (node.tag_name().name(), node.attribute("type")?) {
        ("incomingServer", "imap") => Kind::Imap,
        ("outgoingServer", "smtp") => Kind::Smtp,
        _ => return None,
    };
    let field = |name: &str| {
        let child = node.children().find(|child| child.has_tag_name(name))?;
        child.text().map(str::trim)
    };
    let security = match field("socketType")? {
        "SSL" => Security::Implicit,
        "STARTTLS" => Security::StartTls,
        // "plain": no.
        _ => return None,
    };
    let user = match field("username") {
        Some("%EMAILADDRESS%") => Some(User::Address),
        Some("%EMAILLOCALPART%") => Some(User::Local),
        _ => None,
    };
    let host = field("hostname")?.replace("%EMAILDOMAIN%", domain).to_ascii_lowercase();
    Some(Found { kind, security, host, port: field("port")?.parse().ok()?, user })
}

const MAX_HEAD: usize = 16 * 1024;
const MAX_FILE: usize = 64 * 1024;

#[cfg(test)]
mod tests;
