//! PEM files (RFC 7468): certificates and private keys.

use std::fs;
use std::path::Path;

use rustls_pki_types::pem::{self, PemObject};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// The certificates in the file, at least one.
///
/// # Errors
/// What is wrong with the file, and what to give instead.
pub(crate) fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let wrong = |why: String| format!("{why}; give a PEM file with at least one certificate");
    let text = fs::read(file).map_err(|error| wrong(error.to_string()))?;
    let read: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&text).collect();
    match read {
        Ok(certificates) if certificates.is_empty() => Err(wrong("no certificate in it".to_owned())),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(wrong(error.to_string())),
    }
}

/// The first private key in the file.
///
/// # Errors
/// What is wrong with the file, and what to give instead.
pub(crate) fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let wrong = |why: String| format!("{why}; give a PEM file with a private key");
    let text = fs::read(file).map_err(|error| wrong(error.to_string()))?;
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
        pem::Error::NoItemsFound if String::from_utf8_lossy(&text).contains("ENCRYPTED") => {
            "the key is encrypted, and nobody is there to type its password; write it in the clear for this user alone: \
             openssl pkey -in KEY -out PLAIN"
                .to_owned()
        }
        pem::Error::NoItemsFound => wrong("no private key in it".to_owned()),
        error => wrong(error.to_string()),
    })
}
