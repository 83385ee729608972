//! PEM files (RFC 7468): certificates and private keys.

use std::fs;
use std::io;
use std::path::Path;

use rustls_pki_types::pem::{self, PemObject};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// The certificates in the file, at least one.
///
/// # Errors
/// What is wrong with the file, and what to give instead. One block that is not read is an error too: an authority would be
/// missing without a word.
pub(crate) fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let wrong = |why: &str| format!("{why}; give a PEM file with at least one certificate");
    let bytes = read(file).map_err(|error| wrong(&error.to_string()))?;
    let read: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&bytes).collect();
    let certificates = read.map_err(|error| wrong(&in_words(&error)))?;
    let text = String::from_utf8_lossy(&bytes);
    if certificates.len() < begun(&text) {
        return Err(wrong(
            "a certificate in it does not begin on a line of its own, as where files were put together without a line break",
        ));
    }
    match certificates.is_empty() {
        true => Err(wrong(no_certificate(&bytes, &text))),
        false => Ok(certificates),
    }
}

/// The first private key in the file.
///
/// # Errors
/// What is wrong with the file, and what to give instead.
pub(crate) fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let wrong = |why: &str| format!("{why}; give a PEM file with a private key");
    let bytes = read(file).map_err(|error| wrong(&error.to_string()))?;
    let text = String::from_utf8_lossy(&bytes);
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|error| match error {
        // An older form has a plain heading and says so below it (RFC 1421 section 4.6.1.1).
        _ if text.contains("ENCRYPTED") => {
            "the key is encrypted, and nobody is there to type its password; write it in the clear for this user alone: \
             openssl pkey -in KEY -out PLAIN"
                .to_owned()
        }
        pem::Error::NoItemsFound => wrong(no_key(&bytes, &text)),
        error => wrong(&in_words(&error)),
    })
}

/// What is in the file, without byte order marks: before a block one would hide it.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = fs::read(file)?;
    while let Some(place) = bytes.windows(BYTE_ORDER_MARK.len()).position(|part| part == BYTE_ORDER_MARK) {
        bytes.drain(place..place + BYTE_ORDER_MARK.len());
    }
    Ok(bytes)
}

/// How many certificates begin in it, wherever in a line, but for lines that somebody put a `#` before.
fn begun(text: &str) -> usize {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.map(|line| line.matches("-----BEGIN CERTIFICATE-----").count()).sum()
}

/// What is there in place of a certificate.
fn no_certificate(bytes: &[u8], text: &str) -> &'static str {
    if text.contains("BEGIN CERTIFICATE REQUEST") || text.contains("BEGIN NEW CERTIFICATE REQUEST") {
        "it is a request for a certificate (CSR): give what the authority answered"
    } else if text.contains("BEGIN TRUSTED CERTIFICATE") {
        "it is OpenSSL's own form: openssl x509 -in FILE -out NEW.pem writes the usual one"
    } else if text.contains("BEGIN PKCS7") {
        "it is PKCS #7: openssl pkcs7 -print_certs -in FILE -out NEW.pem takes the certificates out"
    } else if text.contains("PRIVATE KEY-----") {
        "there is a private key in it and no certificate, as where two files are swapped"
    } else if is_der(bytes) {
        "it is binary (DER or PKCS #12): openssl x509 -inform der -in FILE -out NEW.pem, or openssl pkcs12 -nokeys -in FILE -out \
         NEW.pem, writes PEM"
    } else if is_utf16(bytes) {
        IN_UTF_16
    } else {
        "no certificate in it"
    }
}

/// What is there in place of a key.
fn no_key(bytes: &[u8], text: &str) -> &'static str {
    if text.contains("BEGIN CERTIFICATE-----") {
        "there is a certificate in it and no private key, as where two files are swapped"
    } else if text.contains("BEGIN OPENSSH PRIVATE KEY") {
        "it is a key for SSH"
    } else if text.contains("PUBLIC KEY-----") {
        "it is a public key"
    } else if is_der(bytes) {
        "it is binary (DER or PKCS #12): openssl pkey -inform der -in FILE -out NEW.pem, or openssl pkcs12 -nocerts -nodes -in \
         FILE -out NEW.pem, writes PEM"
    } else if is_utf16(bytes) {
        IN_UTF_16
    } else {
        "no private key in it"
    }
}

/// A sequence that is longer than 127 bytes (X.690 section 8.1.3).
fn is_der(bytes: &[u8]) -> bool {
    matches!(bytes, [0x30, 0x81..=0x84, ..])
}

fn is_utf16(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
}

fn in_words(error: &pem::Error) -> String {
    match error {
        pem::Error::MissingSectionEnd { .. } => {
            "a block in it has no END line: the file is cut off".to_owned()
        }
        pem::Error::IllegalSectionStart { .. } => "a BEGIN line in it does not end as it should".to_owned(),
        pem::Error::Base64Decode(_) => "what stands between BEGIN and END in it is damaged".to_owned(),
        error => error.to_string(),
    }
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
const IN_UTF_16: &str = "it is written in UTF-16: save it as UTF-8 or ASCII";

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    fn with_file<T>(bytes: &[u8], look: impl Fn(&Path) -> T) -> T {
        let thread = std::thread::current().id();
        let path = std::env::temp_dir().join(format!("postern-{}-{thread:?}.pem", std::process::id()));
        fs::write(&path, bytes).unwrap();
        let seen = look(&path);
        fs::remove_file(&path).unwrap();
        seen
    }

    fn made() -> (String, Vec<u8>, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(vec!["a.test".to_owned()]).unwrap().self_signed(&key).unwrap();
        (certificate.pem(), certificate.der().to_vec(), key)
    }

    #[test]
    fn no_certificate_of_a_file_is_passed_over() {
        let (one, ..) = made();
        let marked = format!("\u{feff}{one}\u{feff}{one}");
        assert_eq!(with_file(marked.as_bytes(), |file| certificates(file).unwrap().len()), 2);
        let with_returns = one.replace('\n', "\r\n").repeat(2);
        assert_eq!(with_file(with_returns.as_bytes(), |file| certificates(file).unwrap().len()), 2);
        let joined = one.trim_end().repeat(2);
        let words = with_file(joined.as_bytes(), |file| {
            certificates(file).map_or_else(|why| why, |read| read.len().to_string())
        });
        assert!(words == "2" || words.contains("line of its own"), "{words}");
        let left_out = one.lines().map(|line| format!("# {line}\n")).collect::<String>() + &one;
        assert_eq!(with_file(left_out.as_bytes(), |file| certificates(file).unwrap().len()), 1);
    }

    #[test]
    fn a_file_that_is_something_else_is_called_by_its_name() {
        let (certificate, der, key) = made();
        let cut = certificate[..certificate.len() / 2].to_owned();
        let utf16: Vec<u8> = certificate.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16 = [&[0xff, 0xfe], &utf16[..]].concat();
        let request = certificate.replace("CERTIFICATE", "CERTIFICATE REQUEST");
        let trusted = certificate.replace("CERTIFICATE", "TRUSTED CERTIFICATE");
        let damaged = certificate.replacen('M', "!", 1);
        for (bytes, expected) in [
            (key.serialize_pem().as_bytes(), "swapped"),
            (&der[..], "openssl x509 -inform der"),
            (cut.as_bytes(), "cut off"),
            (&utf16[..], "UTF-16"),
            (request.as_bytes(), "CSR"),
            (trusted.as_bytes(), "OpenSSL's own"),
            (damaged.as_bytes(), "damaged"),
            (b"", "no certificate"),
        ] {
            let words = with_file(bytes, |file| certificates(file).unwrap_err());
            assert!(words.contains(expected), "{expected}: {words}");
        }
        let legacy = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n\
                      -----END RSA PRIVATE KEY-----\n";
        for (bytes, expected) in [
            (certificate.as_bytes(), "swapped"),
            (&key.serialize_der()[..], "openssl pkey -inform der"),
            (legacy.as_bytes(), "encrypted"),
            (key.public_key_pem().as_bytes(), "public key"),
            (b"", "no private key"),
        ] {
            let words = with_file(bytes, |file| private_key(file).unwrap_err());
            assert!(words.contains(expected), "{expected}: {words}");
        }
    }
}
