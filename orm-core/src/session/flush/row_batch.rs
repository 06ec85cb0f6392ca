//! Rows of a flush that are written in the same way.

use std::sync::Arc;

use crate::schema::{Action, ColumnDefault, TableMeta};

/// What is done with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Operation {
    Insert,
    Update,
    /// A new object replaces a deleted one with the same key: one UPDATE of all columns.
    Replace,
    Delete,
}

/// Rows of one table that are written in the same way: a whole group, or the part of it that is one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RowBatch {
    pub(super) table: &'static TableMeta,
    pub(super) operation: Operation,
    /// The places of the columns that are sent; none for a deletion.
    pub(super) places: Arc<[usize]>,
    pub(super) slots: Vec<u32>,
    /// The objects that are replaced, one for each slot; empty unless it replaces.
    pub(super) replaced: Vec<u32>,
}

impl RowBatch {
    /// The object that holds the values which the row has in the database.
    pub(super) fn stored_slot(&self, nth: usize) -> u32 {
        self.replaced.get(nth).copied().unwrap_or_else(|| self.slots[nth])
    }

    /// Whether rows of it get other values in one of these columns.
    pub(super) fn changes(&self, places: &[usize]) -> bool {
        match self.operation {
            Operation::Update => places.iter().any(|&place| self.sets(place)),
            // All columns but those of the key, which stays the same.
            Operation::Replace => places.iter().any(|place| !self.table.primary_key.contains(place)),
            Operation::Insert | Operation::Delete => false,
        }
    }

    /// Whether an UPDATE changes a column: it is sent, or the database makes its value with each change.
    pub(super) fn sets(&self, place: usize) -> bool {
        let column = &self.table.columns[place];
        self.places.contains(&place)
            || column.on_update.is_some()
            || column.is_computed()
                && mentioned(self.table, column.default).any(|place| self.places.contains(&place))
    }

    /// Whether an UPDATE leaves none of these columns of a reference to follow what it pointed at: each is set, or belongs to
    /// another reference that is left as it is.
    pub(super) fn sets_whole(&self, reference: impl IntoIterator<Item = usize>) -> bool {
        let follows = |place: usize| {
            let mut keys = self.table.foreign_keys.iter();
            keys.any(|key| {
                key.on_update == Action::Cascade && key.columns.contains(&place) && !self.changes(key.columns)
            })
        };
        reference.into_iter().all(|place| self.sets(place) || follows(place))
    }

    /// Whether its rows are in the database already, and are changed or deleted.
    pub(super) fn is_stored(&self) -> bool {
        self.operation != Operation::Insert
    }

    /// Whether another batch is of the same table and shape.
    pub(super) fn is_like(&self, other: &RowBatch) -> bool {
        self.table == other.table && self.operation == other.operation && self.places == other.places
    }

    /// A batch of the same shape without rows.
    pub(super) fn emptied(&self) -> RowBatch {
        let RowBatch { table, operation, ref places, .. } = *self;
        RowBatch { table, operation, places: Arc::clone(places), slots: Vec::new(), replaced: Vec::new() }
    }

    /// Adds a row of another batch of this shape.
    pub(super) fn take(&mut self, other: &RowBatch, nth: usize) {
        self.slots.push(other.slots[nth]);
        self.replaced.extend(other.replaced.get(nth));
    }
}

/// The places of columns whose names occur in the SQL of a default, possibly inside of other words.
fn mentioned(table: &'static TableMeta, default: ColumnDefault) -> impl Iterator<Item = usize> {
    let sql = match default {
        ColumnDefault::Computed(sql) | ColumnDefault::Sql(sql) => sql,
        _ => "",
    };
    table.mentioned(sql)
}
