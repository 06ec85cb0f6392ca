//! Which writes of a flush wait for which, and why.
//!
//! Groups of rows are looked at first, by what their tables and columns say: most flushes need no more. Only for groups
//! that wait for each other in a circle the rows themselves are held against each other.

mod any_order;
mod arrival;
mod cascade;
mod default;
mod foreign_key;
mod order;
mod predicate;
mod reach;
mod reference;
mod row;
mod unique;
mod unique_key;
mod values;

use super::affect::Affected;
use super::row_batch::RowBatch;
use crate::error::Error;
use crate::schema::Deferrable;
use crate::session::identity::Identity;
pub(super) use arrival::{Unsure, unsure_references};
pub(super) use foreign_key::action;
pub(super) use order::Order;
pub(super) use reach::cascades_delete;
pub(super) use reference::check_references;
use row::EdgeRows;
pub(super) use unique::may_free_rows;
pub(super) use unique_key::certain_keys;

/// Why one write goes before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A foreign key: PostgreSQL looks at the end of a statement, so that both may stand in one.
    Reference,
    /// A foreign key whose value is not known before the one row is in the database.
    UnknownReference,
    /// A foreign key whose action would take the one for a row that still points at the other, where both were done by one
    /// statement.
    Separate,
    /// A value that no two rows may have at the same time, not even inside one statement.
    Unique,
    /// A constraint that is deferrable.
    Deferrable {
        /// Whether it is deferred only where the transaction says so.
        is_immediate: bool,
    },
    /// A value that may be one that no two rows may have at the same time: only the server knows.
    Guess {
        /// Whether a cascade gives it up, which it does when the statement ends.
        by_cascade: bool,
    },
    /// A value that a row would have only until its own write comes, if that came later: both may stand in one statement.
    Interim,
    /// What is better so, as long as nothing forbids it.
    Caution,
    /// The same for rows that may have nothing to do with each other.
    Hint,
    /// A hint that gives way to others.
    Preference,
}

impl Reason {
    /// That of an edge which a constraint makes.
    fn of(deferrable: Deferrable, otherwise: Reason) -> Reason {
        match deferrable {
            Deferrable::No => otherwise,
            Deferrable::InitiallyImmediate => Reason::Deferrable { is_immediate: true },
            Deferrable::InitiallyDeferred => Reason::Deferrable { is_immediate: false },
        }
    }

    /// Whether it has to be so.
    pub(super) fn is_binding(self) -> bool {
        use Reason::{Caution, Deferrable, Guess, Hint, Interim, Preference};
        !matches!(self, Deferrable { .. } | Guess { .. } | Interim | Caution | Hint | Preference)
    }
}

/// One write goes before another; by their numbers among the groups, or among the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) first: usize,
    pub(super) then: usize,
    pub(super) reason: Reason,
}

/// Which groups may have rows that go before rows of others; a group that may have to go before itself has rows that
/// cannot stand in one statement.
pub(super) fn between_groups(identity: &Identity, groups: &[RowBatch]) -> Vec<(usize, usize)> {
    let mut edges = Vec::new();
    let is_plain = |group: &RowBatch| !group.is_stored() && group.table.foreign_keys.is_empty();
    let is_alone = matches!(groups, [only] if only.slots.len() < 2);
    if is_alone || groups.iter().all(is_plain) {
        return edges;
    }
    foreign_key::between_groups(groups, &mut edges);
    let tables = identity.known_tables();
    cascade::between_groups(groups, &tables, &mut edges);
    default::between_groups(groups, &tables, &mut edges);
    unique::between_groups(groups, &mut edges);
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// Finds out which rows of some groups go before which, and why; with `is_any_order` for any order that these allow.
pub(super) fn between_rows(
    identity: &Identity,
    groups: &[RowBatch],
    members: &[usize],
    affected: &Affected,
    is_any_order: bool,
) -> Result<Order, Error> {
    let mut rows = EdgeRows::new(identity, groups, members, affected);
    foreign_key::between_rows(&mut rows)?;
    cascade::between_rows(&mut rows)?;
    arrival::between_rows(&mut rows)?;
    default::between_rows(&mut rows)?;
    unique::between_rows(&mut rows, affected)?;
    if is_any_order {
        any_order::between_rows(&mut rows)?;
    }
    Ok(rows.into_order())
}
