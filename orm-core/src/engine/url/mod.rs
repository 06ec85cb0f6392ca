//! Takes parameters out of a connection string that the driver does not know.

mod parameters;

use crate::error::Error;

pub(super) const SCHEMES: [&str; 2] = ["postgresql://", "postgres://"];

/// The connection string without the parameters that `take` takes; it is given each name and value, decoded.
pub(super) fn without(
    text: &str,
    take: impl FnMut(&str, &str) -> Result<bool, Error>,
) -> Result<String, Error> {
    parameters::without(text, take)
}
