//! `cargo xtask demo`: the whole thing on this machine, with a seeded mailbox or before one's own server.

use std::io;

use postern_tests::{Dovecot, PASSWORD, Proxy, seed};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::console::together;
use crate::{build, tools};

/// What the command line asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Demo {
    /// A server of one's own, as `imaps://host`; without it a Dovecot is started.
    imap: Option<String>,
    /// Where the page is served.
    listen: String,
}

impl Demo {
    /// Reads `--imap URL` and `--listen ADDR`.
    ///
    /// # Errors
    /// Where a word is unknown or a value is missing; says which.
    pub(crate) fn from_arguments(arguments: &[&str]) -> io::Result<Self> {
        let mut demo = Self { imap: None, listen: "127.0.0.1:0".to_owned() };
        let mut rest = arguments.iter();
        while let Some(&flag) = rest.next() {
            let mut value = || {
                let value = rest.next().map(|&value| value.to_owned());
                value.ok_or_else(|| io::Error::other(format!("{flag} takes a value: {USAGE}")))
            };
            match flag {
                "--imap" => demo.imap = Some(value()?),
                "--listen" => demo.listen = value()?,
                unknown => return Err(io::Error::other(format!("{unknown} is unknown: {USAGE}"))),
            }
        }
        Ok(demo)
    }

    /// Runs until Ctrl-C.
    ///
    /// # Errors
    /// Where something can't be installed, built or started.
    pub(crate) fn run(&self) -> io::Result<()> {
        // What is downloaded need not wait for what is compiled.
        let server = || if self.imap.is_none() { tools::mail_server() } else { Ok(()) };
        together([Box::new(server), Box::new(build::page)])?;
        let postern = build::postern()?;
        let mut end = Signals::new([SIGINT, SIGTERM])?;
        match &self.imap {
            Some(url) => {
                let proxy = Proxy::at(&postern, &["--listen", &self.listen, "--imap", url])?;
                println!("\n  Postern is at   {}\n  before          {url}", proxy.url());
                wait(&mut end);
            }
            None => self.run_seeded(&postern, &mut end)?,
        }
        Ok(())
    }

    fn run_seeded(&self, postern: &std::path::Path, end: &mut Signals) -> io::Result<()> {
        println!("Starting a mail server with a seeded mailbox …");
        let mailboxes = seed::person(seed::now());
        let dovecot = Dovecot::start(&[(seed::USER, &mailboxes)])?;
        let (imaps, authority) = (dovecot.imaps_url(), dovecot.authority().display().to_string());
        let arguments = ["--listen", &self.listen, "--imap", &imaps, "--ca-file", &authority];
        let proxy = Proxy::at(postern, &arguments)?;
        println!("\n  Open        {}", proxy.url());
        println!("  Address     {}\n  Password    {PASSWORD}", seed::USER);
        println!("\n  Any other address works too, with the same password and an empty mailbox.");
        println!("  Another mail program reaches the server at {imaps} and {}.", dovecot.starttls_url());
        wait(end);
        Ok(())
    }
}

fn wait(end: &mut Signals) {
    println!("\n  Ctrl-C stops everything and cleans up.");
    end.forever().next();
    println!("\nStopping …");
}

const USAGE: &str = "cargo xtask demo [--imap imaps://mail.example.com] [--listen 127.0.0.1:8080]";

#[cfg(test)]
mod tests {
    use super::Demo;

    #[test]
    fn reads_its_arguments() {
        let demo = Demo::from_arguments(&["--imap", "imaps://mail.example.com"]).unwrap();
        assert_eq!(demo.imap.as_deref(), Some("imaps://mail.example.com"));
        assert!(Demo::from_arguments(&["--imap"]).is_err());
        assert!(Demo::from_arguments(&["--host"]).is_err());
    }
}
