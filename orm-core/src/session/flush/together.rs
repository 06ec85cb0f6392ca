//! Writes rows that depend on each other in one statement.

use super::affect::Affected;
use super::current_key::CurrentKeys;
use super::row_batch::{Operation, RowBatch};
use super::statement::{Mode, Outcome, Sent, arena_of, many, part, sent_columns};
use crate::error::Error;
use crate::model::NewValue;
use crate::query::ast::{Part, Together};
use crate::query::render;
use crate::query::rendered;
use crate::schema::{ColumnMeta, TableMeta};
use crate::session::identity::{AnyArena, Identity, Of};

/// The statement that writes rows which depend on each other, and those that read them back.
pub(super) fn together(
    identity: &Identity,
    stages: &[Vec<RowBatch>],
    affected: &Affected,
    current: &CurrentKeys,
    by_version: impl Fn(&TableMeta) -> bool,
) -> Result<Vec<Sent>, Error> {
    let mut together = Together { parts: Vec::new(), after: Vec::new() };
    let (mut reads, mut deleted) = (Vec::new(), Vec::new());
    for stage in stages {
        let before = together.parts.len();
        for batch in stage {
            let mode = Mode { guarded: true, by_version: by_version(batch.table) };
            together.parts.push(part(identity, batch, current, mode)?);
            together.after.push(before);
            match batch.operation {
                Operation::Delete => deleted.extend(batch.slots.iter().map(|&slot| (batch.table, slot))),
                // Rows that other statements cascade to have their final keys at the end, and are read then.
                Operation::Update => {
                    let mut batch = batch.clone();
                    batch.slots.retain(|slot| !affected.is_reread(batch.table, *slot));
                    if !batch.slots.is_empty() {
                        reads.push(read(identity, &batch)?);
                    }
                }
                _ => reads.push(read(identity, batch)?),
            }
        }
    }
    let table = together.parts.first().map_or_else(|| unreachable!("a circle has rows"), Part::table);
    let tied = Sent { deleted, ..Sent::about(table, Vec::new(), Outcome::Tied, rendered(&together)?) };
    Ok(std::iter::once(tied).chain(reads).collect())
}

/// The statement that reads back the rows of a batch which was written together with others.
fn read(identity: &Identity, batch: &RowBatch) -> Result<Sent, Error> {
    let arena = arena_of(identity, batch)?;
    let (of, slots, outcome) = match batch.operation {
        Operation::Insert => (Of::New, &batch.slots, Outcome::ReadNew),
        Operation::Replace => (Of::Stored, &batch.replaced, Outcome::ReadNew),
        Operation::Update | Operation::Delete => (Of::Now, &batch.slots, Outcome::ReadAgain),
    };
    let is_unknown = |column: &ColumnMeta| batch.slots.iter().any(|&slot| !says(arena, slot, column.place));
    if batch.operation == Operation::Insert && batch.table.key().any(is_unknown) {
        return Err(circle(batch.table));
    }
    let keys = many(identity, arena, sent_columns(batch.table.key(), of, slots))?;
    Ok(Sent::new(batch, outcome, render::numbered_by_keys(batch.table, &keys)))
}

/// The error where new rows refer to each other and their keys are made when they are inserted.
pub(super) fn circle(table: &TableMeta) -> Error {
    Error::session(format!(
        "new rows refer to each other in a circle, one of `{}` among them, by keys that are not known before the rows are \
         there: add one with NULL, flush, then set its reference",
        table.entity
    ))
}

/// Whether a new row has a value other than NULL for a column.
fn says(arena: &dyn AnyArena, slot: u32, place: usize) -> bool {
    !matches!(arena.new_value(slot, place), NewValue::Null | NewValue::Default)
}
