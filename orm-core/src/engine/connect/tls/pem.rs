//! Certificates and private keys, read from where the settings say.

use std::borrow::Cow;
use std::fmt::Display;
use std::fs;

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{Pem, Roots};
use crate::error::Error;

/// Whose certificates are trusted, and those certificates themselves.
#[derive(Debug)]
pub(super) struct Trusted {
    pub(super) store: RootCertStore,
    /// Named one by one, so that a server's own can be among them.
    pub(super) named: Vec<CertificateDer<'static>>,
}

impl Trusted {
    pub(super) fn read(roots: &Roots) -> Result<Trusted, Error> {
        let mut store = RootCertStore::empty();
        match roots {
            Roots::System => {
                let found = rustls_native_certs::load_native_certs();
                if store.add_parsable_certificates(found.certs).0 == 0 {
                    let why = found.errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
                    return Err(Error::configuration(format!(
                        "the system has no certificates to trust{why}: install its package `ca-certificates`, or name the \
                         certificate of the server's authority with sslrootcert"
                    )));
                }
                Ok(Trusted { store, named: Vec::new() })
            }
            Roots::Pem(pem) => {
                let named = certificates("sslrootcert", pem)?;
                if store.add_parsable_certificates(named.iter().cloned()).0 == 0 {
                    return Err(unusable("sslrootcert", pem, "holds no certificate that can be used"));
                }
                Ok(Trusted { store, named })
            }
        }
    }
}

/// The certificates in a file, at least one.
pub(super) fn certificates(setting: &str, pem: &Pem) -> Result<Vec<CertificateDer<'static>>, Error> {
    let bytes = read(setting, pem)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let found = found.map_err(|error| unusable(setting, pem, format!("is no PEM ({error})")))?;
    if found.is_empty() {
        return Err(unusable(setting, pem, "holds no certificate"));
    }
    Ok(found)
}

/// The private key in a file.
pub(super) fn private_key(pem: &Pem) -> Result<PrivateKeyDer<'static>, Error> {
    let bytes = read("sslkey", pem)?;
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|_| {
        let text = String::from_utf8_lossy(&bytes);
        // Both forms: PKCS 8, and the older one with a header.
        if text.contains("BEGIN ENCRYPTED") || text.contains("Proc-Type: 4,ENCRYPTED") {
            let what = "is encrypted with a passphrase, which cannot be given here: write it without \
                        (`openssl pkey -in KEY -out PLAIN`)";
            return Error::configuration(format!("sslkey: {} {what}", Name(pem)));
        }
        Error::configuration(format!(
            "sslkey: {} holds no private key: expected PEM that begins with -----BEGIN PRIVATE KEY-----",
            Name(pem)
        ))
    })
}

fn read<'a>(setting: &str, pem: &'a Pem) -> Result<Cow<'a, [u8]>, Error> {
    match pem {
        Pem::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
        Pem::File(path) => fs::read(path).map(Cow::Owned).map_err(|error| {
            let text = format!(
                "{setting}: the file {} cannot be read: {error}; check its path and who may read it",
                path.display()
            );
            Error::configuration(text).because(error)
        }),
    }
}

fn unusable(setting: &str, pem: &Pem, what: impl Display) -> Error {
    Error::configuration(format!(
        "{setting}: {} {what}: expected PEM that begins with -----BEGIN CERTIFICATE-----",
        Name(pem)
    ))
}

struct Name<'a>(&'a Pem);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Pem::File(path) => write!(f, "the file {}", path.display()),
            Pem::Bytes(_) => f.write_str("what the builder was given"),
        }
    }
}
