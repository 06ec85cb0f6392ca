//! Makes one statement of rows that wait for each other.

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

/// Rows that wait for each other, as one statement, and those that read them.
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
                // What other statements cascade to has its last key when all is done, and is read then.
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

/// What reads the rows of a batch that was written together with others.
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

/// New rows refer to each other, and their keys are made with the rows.
pub(super) fn circle(table: &TableMeta) -> Error {
    Error::session(format!(
        "new rows refer to each other in a circle, one of `{}` among them, by keys that are not known before the rows are \
         there: add one with NULL, flush, then set its reference",
        table.entity
    ))
}

/// Whether a new row says something else of a column than NULL.
fn says(arena: &dyn AnyArena, slot: u32, place: usize) -> bool {
    !matches!(arena.new_value(slot, place), NewValue::Null | NewValue::Default)
}
