//! An authority of our own and the certificates that it signs, by the `openssl` command.

use crate::folder::Owner;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A key and a certificate, as files in PEM.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The certificate.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// An authority that nobody knows but those who are given its file.
#[derive(Debug)]
pub struct Authority {
    folder: PathBuf,
    own: Certificate,
}

impl Authority {
    /// Makes one, whose files are called `name.…`, in a folder that is there already.
    ///
    /// # Errors
    /// Where `openssl` is missing or fails.
    pub fn new(folder: &Path, name: &str) -> io::Result<Self> {
        let own = Certificate::in_folder(folder, name);
        openssl(
            Command::new("openssl")
                .args(["req", "-x509", "-nodes", "-days", "3650", "-subj", "/CN=Postern test authority"])
                .args(EC_KEY)
                .args(["-addext", "keyUsage=critical,keyCertSign,cRLSign"])
                .arg("-keyout")
                .arg(&own.key)
                .arg("-out")
                .arg(&own.certificate),
        )?;
        Ok(Self { folder: folder.to_owned(), own })
    }

    /// What a client has to know of it to trust it.
    pub fn file(&self) -> &Path {
        &self.own.certificate
    }

    /// Signs a certificate for these names (`DNS:localhost,IP:127.0.0.1`).
    ///
    /// # Errors
    /// Where `openssl` fails.
    pub fn issue(&self, name: &str, subject_alt_name: &str) -> io::Result<Certificate> {
        let issued = Certificate::in_folder(&self.folder, name);
        openssl(
            Command::new("openssl")
                .args(["req", "-x509", "-nodes", "-days", "365", "-subj", "/CN=localhost"])
                .args(EC_KEY)
                .args(["-addext", "basicConstraints=critical,CA:FALSE"])
                .args(["-addext", "extendedKeyUsage=serverAuth"])
                .args(["-addext", &format!("subjectAltName={subject_alt_name}")])
                .arg("-CA")
                .arg(&self.own.certificate)
                .arg("-CAkey")
                .arg(&self.own.key)
                .arg("-keyout")
                .arg(&issued.key)
                .arg("-out")
                .arg(&issued.certificate),
        )?;
        Ok(issued)
    }

    /// Makes all its files theirs.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn give(&self, owner: Owner) -> io::Result<()> {
        for entry in std::fs::read_dir(&self.folder)? {
            owner.give(&entry?.path())?;
        }
        Ok(())
    }
}

impl Certificate {
    fn in_folder(folder: &Path, name: &str) -> Self {
        Self { certificate: folder.join(format!("{name}.crt")), key: folder.join(format!("{name}.key")) }
    }
}

fn openssl(command: &mut Command) -> io::Result<()> {
    let output = command
        .output()
        .map_err(|error| io::Error::new(error.kind(), format!("openssl can't be started: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(format!("openssl failed: {}", String::from_utf8_lossy(&output.stderr))))
}

/// The names that this machine has for itself.
pub const LOCALHOST: &str = "DNS:localhost,IP:127.0.0.1";

/// Keys on the curve P-256: made in a moment, and known to every client.
const EC_KEY: [&str; 4] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
