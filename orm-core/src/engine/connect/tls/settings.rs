//! What is said about TLS, by the URL and by the builder.

use std::fmt;
use std::path::PathBuf;

use crate::error::Error;

/// Whether a connection is encrypted, and whom it trusts: `sslmode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Mode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// How TLS is begun: `sslnegotiation`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) enum Negotiation {
    /// The server is asked, in plain text, whether it speaks TLS.
    #[default]
    Postgres,
    /// With the first byte.
    Direct,
}

/// Where certificates or a key are read.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::engine) enum Pem {
    File(PathBuf),
    Bytes(Vec<u8>),
}

/// Whose certificates are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Roots {
    /// Those the operating system trusts.
    System,
    Pem(Pem),
}

/// All of it.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Settings {
    /// What was said; [`mode`](Settings::mode) is what holds.
    pub(in crate::engine) said: Option<Mode>,
    pub(in crate::engine) negotiation: Negotiation,
    pub(in crate::engine) roots: Option<Roots>,
    pub(in crate::engine) certificate: Option<Pem>,
    pub(in crate::engine) key: Option<Pem>,
    pub(in crate::engine) sni: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            said: None,
            negotiation: Negotiation::Postgres,
            roots: None,
            certificate: None,
            key: None,
            sni: true,
        }
    }
}

impl Settings {
    /// Takes a parameter of the connection string, if it is about TLS.
    pub(in crate::engine) fn take(&mut self, name: &str, value: &str) -> Result<bool, Error> {
        match name {
            "sslmode" => self.said = Some(mode(value)?),
            // As JDBC writes it, and libpq reads it.
            "ssl" if value == "true" => self.said = Some(Mode::Require),
            "sslnegotiation" => {
                self.negotiation = match value {
                    "postgres" => Negotiation::Postgres,
                    "direct" => Negotiation::Direct,
                    _ => return Err(unknown(name, "postgres or direct")),
                }
            }
            "sslrootcert" if value == "system" => self.roots = Some(Roots::System),
            "sslrootcert" => self.roots = file(value).map(Roots::Pem),
            "sslcert" => self.certificate = file(value),
            "sslkey" => self.key = file(value),
            "sslsni" => {
                self.sni = match value {
                    "1" => true,
                    "0" => false,
                    _ => return Err(unknown(name, "0 or 1")),
                }
            }
            // Older versions are not spoken here.
            "ssl_min_protocol_version" if matches!(value, "TLSv1" | "TLSv1.1" | "TLSv1.2") => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Takes what the builder was given, in place of what the URL says.
    pub(in crate::engine) fn give(&mut self, roots: Option<Vec<u8>>, identity: Option<(Vec<u8>, Vec<u8>)>) {
        if let Some(roots) = roots {
            self.roots = Some(Roots::Pem(Pem::Bytes(roots)));
        }
        if let Some((certificate, key)) = identity {
            (self.certificate, self.key) = (Some(Pem::Bytes(certificate)), Some(Pem::Bytes(key)));
        }
    }

    /// What holds. Who names certificates to trust and no mode means them to be asked for, which `prefer` would not.
    pub(in crate::engine) fn mode(&self) -> Mode {
        let unsaid = if self.roots.is_some() { Mode::VerifyFull } else { Mode::Prefer };
        self.said.unwrap_or(unsaid)
    }

    /// Refuses what contradicts itself, as libpq does.
    pub(in crate::engine) fn check(&self) -> Result<(), Error> {
        let mode = self.mode();
        let refused = if self.negotiation == Negotiation::Direct && mode < Mode::Require {
            format!(
                "sslnegotiation=direct goes with no sslmode={mode}, which may be without TLS: say sslmode=require, \
                 verify-ca or verify-full"
            )
        } else if self.roots == Some(Roots::System) && mode != Mode::VerifyFull {
            format!(
                "sslrootcert=system goes with no sslmode={mode}, for anybody can have a certificate of a public \
                 authority: say sslmode=verify-full, or leave sslmode out"
            )
        } else if self.certificate.is_some() != self.key.is_some() {
            "sslcert and sslkey, a certificate and its private key, go together: give both, or none"
                .to_owned()
        } else {
            return Ok(());
        };
        Err(Error::configuration(refused))
    }
}

fn mode(value: &str) -> Result<Mode, Error> {
    Ok(match value {
        "disable" => Mode::Disable,
        "allow" => Mode::Allow,
        "prefer" => Mode::Prefer,
        "require" => Mode::Require,
        "verify-ca" => Mode::VerifyCa,
        "verify-full" => Mode::VerifyFull,
        _ => return Err(unknown("sslmode", "disable, allow, prefer, require, verify-ca or verify-full")),
    })
}

/// An empty value is as none, as libpq has it.
fn file(value: &str) -> Option<Pem> {
    (!value.is_empty()).then(|| Pem::File(value.into()))
}

/// The value may be a part of a password that was torn apart.
fn unknown(name: &str, expected: &str) -> Error {
    Error::configuration(format!("the {name} of the database URL is not known: expected {expected}"))
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::Disable => "disable",
            Mode::Allow => "allow",
            Mode::Prefer => "prefer",
            Mode::Require => "require",
            Mode::VerifyCa => "verify-ca",
            Mode::VerifyFull => "verify-full",
        })
    }
}

impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pem::File(path) => path.fmt(f),
            // It can be a private key.
            Pem::Bytes(_) => f.write_str("given"),
        }
    }
}
