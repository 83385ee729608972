//! Clients that we did not write work through the proxy.

use postern_tests::{Dovecot, PASSWORD, Proxy, seed};
use std::path::Path;
use std::process::Command;

/// Python's `imaplib` over a WebSocket, on Debian's own Python: another may come first on the path.
#[test]
fn pythons_imaplib_lists_and_fetches() {
    let dovecot = Dovecot::start(&[(seed::USER, &seed::person(seed::now()))]).unwrap();
    let proxy = Proxy::before(&dovecot, &[]).unwrap();
    for path in ["/imap", "/imap/starttls"] {
        let output = Command::new("/usr/bin/python3")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign/imaplib_ws.py"))
            .args([&format!("{}{path}", proxy.websocket_url()), proxy.url(), seed::USER, PASSWORD])
            .output()
            .expect("Debian's packages python3 and python3-websocket are needed");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{path}: {said}{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("Sunday walk?"), "{path}: {said}");
    }
}
