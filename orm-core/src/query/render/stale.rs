//! The server's refusal of a statement of a flush that missed rows.

use super::Renderer;

/// What the text begins with that the server is asked to take for a number.
const BEGIN: &str = "orm:stale:";

/// What it ends with: the server puts its own words and quotes around it.
const END: &str = ":orm";

/// The rows that a statement missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StaleRows<'a> {
    /// The part of the statement they belong to, where it has several.
    pub(crate) part: usize,
    /// Their keys, as text; of new rows of one table, the number of the first.
    pub(crate) keys: &'a str,
}

/// What an error's text says of missed rows, if it is about them.
pub(crate) fn stale_rows(message: &str) -> Option<StaleRows<'_>> {
    let (_, rest) = message.split_once(BEGIN)?;
    let (rest, _) = rest.rsplit_once(END)?;
    let (part, keys) = rest.split_once(':')?;
    Some(StaleRows { part: part.parse().ok()?, keys })
}

impl Renderer {
    /// An expression that fails; `keys` is one that PostgreSQL cannot work out while it plans.
    pub(super) fn fail_stale(&mut self, part: usize, keys: &str) {
        self.push(&format!("('{BEGIN}{part}:' || {keys} || '{END}')::int"));
    }
}
