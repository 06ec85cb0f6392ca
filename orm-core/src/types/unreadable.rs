//! Why a value of a row cannot be read, apart from what that says of the value itself.

use std::error::Error;
use std::fmt;

use super::Cause;

/// Why a value cannot be read. The text holds nothing of the value.
pub(crate) struct Unreadable {
    why: String,
    value: String,
}

impl Unreadable {
    /// A reason, and what there is to say of the value where values are shown.
    pub(crate) fn cause(why: impl Into<String>, value: impl Into<String>) -> Cause {
        Box::new(Unreadable { why: why.into(), value: value.into() })
    }

    /// The same reason of what has the value in it.
    pub(crate) fn within(place: &str, cause: Cause) -> Cause {
        match cause.downcast::<Unreadable>() {
            Ok(inner) => Unreadable::cause(format!("{place}: {}", inner.why), inner.value),
            Err(cause) => format!("{place}: {cause}").into(),
        }
    }

    /// What a reason says of the value beside its text.
    pub(crate) fn value_in(cause: &Cause) -> Option<&str> {
        Some(&cause.downcast_ref::<Unreadable>()?.value)
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl fmt::Debug for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl Error for Unreadable {}
