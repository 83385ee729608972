//! TLS with one mail server, if it is to differ from what holds for all.

use std::path::PathBuf;

use serde::Deserialize;

use super::pem;

/// The `tls` table of an upstream. Every file is PEM and is read at the start.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct TlsSettings {
    /// Authorities that are trusted for this server, beside those trusted for all.
    pub ca_files: Vec<PathBuf>,
    /// The very certificate that the server must show. No authority, name or date is asked then.
    pub pinned_certificate: Option<PathBuf>,
    /// What the proxy shows to a server that asks who it is; goes with `client_key`.
    pub client_certificate: Option<PathBuf>,
    /// The private key of `client_certificate`.
    pub client_key: Option<PathBuf>,
    /// The oldest version that is spoken with this server.
    pub min_version: TlsVersion,
}

/// A certificate with its chain, and its private key, as PEM files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The chain, the server's own first.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// A version of TLS. Older ones are never spoken (RFC 8996).
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
pub enum TlsVersion {
    /// RFC 5246.
    #[default]
    #[serde(rename = "1.2")]
    V1_2,
    /// RFC 8446.
    #[serde(rename = "1.3")]
    V1_3,
}

impl TlsSettings {
    /// That each file holds what it should.
    ///
    /// # Errors
    /// The file, and what to give instead.
    pub(super) fn check_files(&self) -> Result<(), String> {
        let certificates = [&self.pinned_certificate, &self.client_certificate];
        for file in self.ca_files.iter().chain(certificates.into_iter().flatten()) {
            pem::certificates(file).map_err(|why| format!("{}: {why}", file.display()))?;
        }
        if let Some(key) = &self.client_key {
            pem::private_key(key).map_err(|why| format!("{}: {why}", key.display()))?;
        }
        Ok(())
    }

    /// What makes no sense together.
    ///
    /// # Errors
    /// What to write instead.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.client_certificate.is_some() != self.client_key.is_some() {
            return Err("client_certificate and client_key go together; write both or neither".to_owned());
        }
        if self.pinned_certificate.is_some() && !self.ca_files.is_empty() {
            return Err("a pinned certificate asks no authority; leave out one of the two".to_owned());
        }
        Ok(())
    }
}
