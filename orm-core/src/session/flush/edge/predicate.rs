//! Which rows are in a partial index, where its predicate asks for NULLs only: the form that rows marked as deleted take.

use crate::error::Error;
use crate::model::NewValue;
use crate::schema::{ColumnDefault, TableMeta};
use crate::session::flush::batch::{Batch, Operation};
use crate::session::identity::AnyArena;

/// Columns that are NULL, or are not, in each row of the index.
#[derive(Debug)]
pub(super) struct Predicate(Vec<(usize, bool)>);

impl Predicate {
    /// That of `a IS NULL AND b IS NOT NULL`; `None` for any other SQL.
    pub(super) fn of(table: &'static TableMeta, sql: &str) -> Option<Predicate> {
        let lower = sql.to_lowercase();
        let parts = lower.split(" and ").map(|part| {
            let part = part.trim().trim_start_matches('(').trim_end_matches(')').trim();
            let (name, is_null) = match part.strip_suffix(" is not null") {
                Some(name) => (name, false),
                None => (part.strip_suffix(" is null")?, true),
            };
            let name = name.trim().trim_matches('"');
            let column = table.columns.iter().find(|column| column.name.to_lowercase() == name)?;
            Some((column.place, is_null))
        });
        parts.collect::<Option<Vec<_>>>().map(Predicate)
    }

    /// Whether a row of a batch is in the index before the flush.
    pub(super) fn holds_before(
        &self,
        arena: &dyn AnyArena,
        batch: &Batch,
        nth: usize,
    ) -> Result<bool, Error> {
        for &(place, is_null) in &self.0 {
            if arena.stored_value(batch.stored_slot(nth), place)?.is_null() != is_null {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a row of a batch is in the index after the flush; true where only the database knows.
    pub(super) fn holds_after(&self, arena: &dyn AnyArena, batch: &Batch, nth: usize) -> Result<bool, Error> {
        let slot = batch.slots[nth];
        for &(place, is_null) in &self.0 {
            let found = match batch.operation {
                Operation::Insert | Operation::Replace => match arena.new_value(slot, place) {
                    NewValue::Value(value) => Some(value.is_null()),
                    NewValue::Null => Some(true),
                    NewValue::Pending(_) => Some(false),
                    NewValue::Default => {
                        (batch.table.columns[place].default == ColumnDefault::None).then_some(true)
                    }
                },
                _ => Some(arena.value(slot, place)?.is_null()),
            };
            if found.is_some_and(|found| found != is_null) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
