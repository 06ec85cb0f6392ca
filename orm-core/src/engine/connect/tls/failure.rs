//! Why a connection could not be encrypted.

use std::error::Error as StdError;
use std::{fmt, io};

/// It says what to do; inside an `io::Error` on its way.
#[derive(Debug)]
pub(in crate::engine) struct Failure {
    why: String,
    cause: Option<io::Error>,
}

impl Failure {
    #[cfg(feature = "tls")]
    pub(super) fn error(why: impl Into<String>, cause: impl Into<Option<io::Error>>) -> io::Error {
        io::Error::other(Failure { why: why.into(), cause: cause.into() })
    }

    /// Whether it will be the same again, unlike a connection that ended half way.
    pub(in crate::engine) fn is_lasting(&self) -> bool {
        self.cause.as_ref().is_none_or(|cause| cause.get_ref().is_some())
    }

    /// The failure an error is, if it is one.
    pub(in crate::engine) fn of(error: &io::Error) -> Option<&Failure> {
        error.get_ref()?.downcast_ref()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}
