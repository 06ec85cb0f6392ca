//! What no two rows of a table may have alike: its key, unique constraints and unique indexes.

use super::predicate::Predicate;
use crate::schema::{ColumnDefault, Deferrable, IndexPart, TableMeta};
use crate::session::flush::row_batch::{Operation, RowBatch};
use crate::session::flush::value::Form;

/// What no two rows of a table may have alike.
#[derive(Debug)]
pub(super) struct UniqueKey {
    /// The columns by whose values rows are compared.
    pub(super) places: Vec<usize>,
    /// The columns whose change can put a row into the index, or take it out.
    watched: Vec<usize>,
    /// Whether the values tell for certain which rows are alike. For an expression, or an index with some of the rows
    /// only, PostgreSQL alone knows.
    pub(super) is_certain: bool,
    pub(super) form: Form,
    pub(super) deferrable: Deferrable,
    /// Which rows are in the index, where that is known and not all.
    pub(super) predicate: Option<Predicate>,
}

impl UniqueKey {
    fn new(table: &'static TableMeta, places: &[usize], deferrable: Deferrable) -> UniqueKey {
        let (computed, places): (Vec<usize>, Vec<usize>) =
            places.iter().partition(|&&place| table.columns[place].is_computed());
        let watched = places.clone();
        let mut key =
            UniqueKey { places, watched, is_certain: true, form: Form::Exact, deferrable, predicate: None };
        for place in computed {
            if let ColumnDefault::Computed(sql) = table.columns[place].default {
                key.add_mentioned(table, sql);
            }
        }
        key
    }

    /// Rows are compared by what an SQL expression makes of columns.
    fn add_mentioned(&mut self, table: &'static TableMeta, sql: &str) {
        self.places.extend(table.mentioned(sql));
        self.watched.extend(table.mentioned(sql));
        (self.is_certain, self.form) = (false, Form::Guess);
    }

    /// Whether rows of a batch may give a value up.
    pub(super) fn is_released_by(&self, batch: &RowBatch) -> bool {
        batch.operation == Operation::Delete || batch.changes(&self.watched)
    }

    /// Whether rows of a batch may take a value.
    pub(super) fn is_taken_by(&self, batch: &RowBatch) -> bool {
        match batch.operation {
            // What the database fills in is new, or nothing.
            Operation::Insert => {
                self.form == Form::Guess || self.places.iter().all(|place| batch.places.contains(place))
            }
            _ => batch.changes(&self.watched),
        }
    }
}

/// What rows of a table must not have alike.
pub(super) fn unique_keys(table: &'static TableMeta) -> Vec<UniqueKey> {
    let constraints =
        table.uniques.iter().map(|unique| UniqueKey::new(table, unique.columns, unique.deferrable));
    let indexes = table.indexes.iter().filter(|index| index.unique).map(|index| {
        let places: Vec<usize> = index.parts.iter().filter_map(|part| part.place()).collect();
        let mut key = UniqueKey::new(table, &places, Deferrable::No);
        for part in index.parts {
            if let IndexPart::Sql(sql) = part {
                key.add_mentioned(table, sql);
            }
        }
        if let Some(sql) = index.predicate {
            key.watched.extend(table.mentioned(sql));
            key.predicate = Predicate::of(table, sql);
            key.is_certain &= key.predicate.is_some();
        }
        key
    });
    std::iter::once(UniqueKey::new(table, table.primary_key, Deferrable::No))
        .chain(constraints)
        .chain(indexes)
        .collect()
}

/// The columns by which rows of a table are told apart for certain.
pub(in crate::session::flush) fn certain_keys(table: &'static TableMeta) -> impl Iterator<Item = Vec<usize>> {
    unique_keys(table)
        .into_iter()
        .filter(|key| key.is_certain && key.predicate.is_none())
        .map(|key| key.places)
}
