//! `cargo xtask stack`: mail server and proxy for a test written in another language.
//!
//! Prints one line of JSON when both answer. Then reads commands, a line each, and answers `ok` or `error: …`:
//! `stop-dovecot`, `start-dovecot`. Ends, and removes everything, at the end of its input.

use postern_tests::{Dovecot, PASSWORD, Proxy, seed};
use std::io::{self, BufRead, Write};

/// Runs until the input ends.
///
/// # Errors
/// Where Dovecot or the proxy don't start.
pub(crate) fn run() -> io::Result<()> {
    let mailboxes = seed::person(seed::now());
    let mut dovecot = Dovecot::start(&[(seed::USER, &mailboxes)])?;
    let proxy = Proxy::before(&dovecot, &[])?;
    println!("{}", describe(&dovecot, &proxy));
    for line in io::stdin().lock().lines() {
        let done = match line?.trim() {
            "stop-dovecot" => dovecot.stop(),
            "start-dovecot" => dovecot.start_again(),
            unknown => Err(io::Error::other(format!("no such command: {unknown}"))),
        };
        match done {
            Ok(()) => println!("ok"),
            Err(error) => println!("error: {error}"),
        }
        io::stdout().flush()?;
    }
    Ok(())
}

/// Where everything is. Nothing in it needs escaping.
fn describe(dovecot: &Dovecot, proxy: &Proxy) -> String {
    format!(
        r#"{{"url":"{}","user":"{}","password":"{PASSWORD}","imap":{},"imaps":{},"authority":"{}"}}"#,
        proxy.url(),
        seed::USER,
        dovecot.imap_address().port(),
        dovecot.imaps_address().port(),
        dovecot.authority().display(),
    )
}
