//! Columns that may have changed though they hold what was read last.

use crate::model::Model;
use crate::schema::{ColumnMeta, TableMeta};

/// Columns that count as changed though they hold what was read last.
#[derive(Debug, Default)]
pub(super) struct Uncertainty {
    /// The object was lent to be changed while it was expired: if no column differs, what was assigned is what was read
    /// last, and nobody can tell where.
    pub(super) lent: bool,
    /// The places of columns that a transaction changed of which nobody knows whether it is committed.
    pub(super) uncertain: Vec<usize>,
    /// The places of columns that were assigned one by one.
    pub(super) assigned: Vec<usize>,
}

/// The places of the columns in which two values of a model differ.
pub(in crate::session) fn differences<M: Model>(now: &M, was: &M) -> impl Iterator<Item = usize> {
    let columns = 0..M::META.columns.len();
    columns.filter(|&place| !now.value_at(place).same(was.value_at(place)))
}

/// The columns that are the program's to set, but for the key.
pub(in crate::session) fn free_columns(
    table: &'static TableMeta,
) -> impl Iterator<Item = &'static ColumnMeta> {
    table.columns.iter().filter(move |column| {
        !column.is_computed()
            && !table.primary_key.contains(&column.place)
            && table.version_column() != Some(*column)
    })
}

impl Uncertainty {
    #[cold]
    pub(super) fn places<M: Model>(&self, now: &M, was: &M) -> Vec<usize> {
        let mut places = self.assigned.clone();
        if !self.lent {
            return places;
        }
        if places.is_empty() && differences(now, was).next().is_none() {
            return free_columns(M::META).map(|column| column.place).collect();
        }
        places.extend(&self.uncertain);
        places
    }
}
