//! Makes statements of batches.

use std::collections::HashMap;
use std::sync::Arc;

use super::plan::{Batch, Kind};
use crate::error::Error;
use crate::model::NewValue;
use crate::query::ast::{Cells, DeleteBatch, InsertBatch, UpdateBatch};
use crate::query::render::{self, Rendered};
use crate::query::rendered;
use crate::schema::{ColumnMeta, TableMeta};
use crate::session::identity::{AnyArena, Identity};
use crate::types::{BaseType, BulkColumn, Parameter, Value, bulk_column};

/// A statement with the rows it is about.
pub(super) struct Sent {
    pub(super) table: &'static TableMeta,
    pub(super) slots: Vec<u32>,
    /// The objects whose rows are taken over.
    pub(super) replaced: Vec<u32>,
    pub(super) outcome: Outcome,
    pub(super) rendered: Rendered,
}

/// What the rows that come back are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Inserted,
    Updated,
    Deleted,
    /// No rows: those that were inserted are read by the statements behind it.
    Tied,
    /// New rows, read behind the statement that inserted them.
    ReadNew,
    /// Rows that others took along, read behind what changed those.
    ReadAgain,
}

/// The statement of a batch; guarded, the server itself refuses it if it misses a row.
pub(super) fn statement(identity: &Identity, kind: Kind, batch: Batch, guarded: bool) -> Result<Sent, Error> {
    match kind {
        Kind::Insert => insert(identity, batch, guarded),
        Kind::Update if batch.replaced.is_empty() => update(identity, batch, guarded),
        Kind::Update => replace(identity, batch, guarded),
        Kind::Delete => delete(identity, batch, guarded),
    }
}

impl Sent {
    fn new(batch: Batch, outcome: Outcome, rendered: Rendered) -> Sent {
        Sent { table: batch.table, slots: batch.slots, replaced: batch.replaced, outcome, rendered }
    }

    /// Rows of the batch were not written.
    pub(super) fn missed(&self, which: &str) -> Error {
        let entity = self.table.entity;
        let gone = match self.table.version {
            None => "are not there (any more)",
            Some(_) => "are not there any more, or were changed by somebody else since they were read",
        };
        let message = match self.outcome {
            Outcome::Inserted | Outcome::Tied | Outcome::ReadNew => format!(
                "new rows of `{entity}` were not inserted, or not under the key they were given: a trigger of the table \
                 suppressed or changed them"
            ),
            Outcome::Updated | Outcome::ReadAgain => {
                format!("rows of `{entity}` to be updated {gone}{which}")
            }
            Outcome::Deleted => format!("rows of `{entity}` to be deleted {gone}{which}"),
        };
        Error::stale(message).in_statement(&self.rendered.text.sql)
    }
}

fn arena_of<'a>(identity: &'a Identity, batch: &Batch) -> Result<&'a dyn AnyArena, Error> {
    let arena = identity.any(batch.table);
    arena.ok_or_else(|| Error::session(format!("the session has no objects of `{}`", batch.table.entity)))
}

/// What a new row says of a column, as it is sent.
fn new_cell<'a>(
    identity: &'a Identity,
    arena: &'a dyn AnyArena,
    slot: u32,
    column: &'static ColumnMeta,
) -> Result<Option<&'a dyn Value>, Error> {
    match arena.new_value(slot, column.place) {
        NewValue::Value(value) => Ok(Some(value)),
        NewValue::Null | NewValue::Default => Ok(None),
        NewValue::Pending(pending) => match identity.referenced(pending, column)? {
            Some(key) => Ok(Some(key)),
            None => Err(Error::session(format!("the key that `{column:?}` refers to is not known yet"))),
        },
    }
}

fn insert(identity: &Identity, batch: Batch, guarded: bool) -> Result<Sent, Error> {
    let arena = arena_of(identity, &batch)?;
    let columns: Vec<_> = batch.places.iter().map(|&place| &batch.table.columns[place]).collect();
    let mut cells = cells(&columns, &batch.slots, |slot, _, column| new_cell(identity, arena, slot, column))?;
    if let Cells::Many(values) = &mut cells
        && columns.is_empty()
    {
        // Rows that say nothing still have to be counted.
        let nothing = batch.slots.iter().map(|_| &None::<bool> as &dyn Value);
        values.push(bulk_column(bool::TYPE, nothing).map_err(|cause| Error::encode(cause.to_string()))?);
    }
    let rendered = rendered(&InsertBatch { table: batch.table, columns, cells, guarded })?;
    Ok(Sent::new(batch, Outcome::Inserted, rendered))
}

fn update(identity: &Identity, batch: Batch, guarded: bool) -> Result<Sent, Error> {
    let arena = arena_of(identity, &batch)?;
    let columns: Vec<_> = batch.places.iter().map(|&place| &batch.table.columns[place]).collect();
    let found_by: Vec<_> = batch.table.found_by().collect();
    let sent: Vec<_> = found_by.iter().chain(&columns).copied().collect();
    let cells = cells(&sent, &batch.slots, |slot, nth, column| {
        let value = if nth < found_by.len() {
            arena.stored_value(slot, column.place)
        } else {
            arena.value(slot, column.place)
        };
        value.map(Some)
    })?;
    let update = UpdateBatch { table: batch.table, columns, defaults: Vec::new(), cells, guarded };
    let rendered = rendered(&update)?;
    Ok(Sent::new(batch, Outcome::Updated, rendered))
}

/// Rows that new objects take over: what those say nothing of becomes its default, as in a row just inserted.
fn replace(identity: &Identity, batch: Batch, guarded: bool) -> Result<Sent, Error> {
    let arena = arena_of(identity, &batch)?;
    let table = batch.table;
    let (columns, rest): (Vec<_>, Vec<_>) = table
        .columns
        .iter()
        .filter(|column| !table.primary_key.contains(&column.place))
        .partition(|column| batch.places.contains(&column.place));
    let defaults = rest.into_iter().filter(|column| !column.is_computed()).collect();
    let found_by: Vec<_> = table.found_by().collect();
    let sent: Vec<_> = found_by.iter().chain(&columns).copied().collect();
    let before: HashMap<u32, u32> = batch.slots.iter().copied().zip(batch.replaced.iter().copied()).collect();
    let cells = cells(&sent, &batch.slots, |slot, nth, column| {
        if nth < found_by.len() {
            return arena.stored_value(before[&slot], column.place).map(Some);
        }
        new_cell(identity, arena, slot, column)
    })?;
    let rendered = rendered(&UpdateBatch { table, columns, defaults, cells, guarded })?;
    Ok(Sent::new(batch, Outcome::Updated, rendered))
}

/// New rows of several tables or shapes that refer to each other, as one statement, and those that read them.
pub(super) fn knot(identity: &Identity, batches: Vec<Batch>) -> Result<Vec<Sent>, Error> {
    let mut inserts = Vec::with_capacity(batches.len());
    let mut reads = Vec::with_capacity(batches.len());
    for batch in batches {
        let arena = arena_of(identity, &batch)?;
        let columns: Vec<_> = batch.places.iter().map(|&place| &batch.table.columns[place]).collect();
        let cell = |slot, _, column: &'static ColumnMeta| new_cell(identity, arena, slot, column);
        let cells = Cells::Many(many(&columns, &batch.slots, cell)?);
        inserts.push(InsertBatch { table: batch.table, columns, cells, guarded: false });
        let key: Vec<_> = batch.table.key().collect();
        let keys =
            many(&key, &batch.slots, |slot, _, column| match new_cell(identity, arena, slot, column)? {
                Some(value) => Ok(Some(value)),
                None => Err(circle(batch.table)),
            })?;
        let rendered = render::numbered_by_keys(batch.table, &keys);
        reads.push(Sent::new(batch, Outcome::ReadNew, rendered));
    }
    let rendered = render::knot(&inserts);
    let table = inserts.first().map_or_else(|| unreachable!("a knot has rows"), |insert| insert.table);
    let tied = Sent { table, slots: Vec::new(), replaced: Vec::new(), outcome: Outcome::Tied, rendered };
    Ok(std::iter::once(tied).chain(reads).collect())
}

/// New rows refer to each other, and their keys are made with the rows.
pub(super) fn circle(table: &TableMeta) -> Error {
    Error::session(format!(
        "new rows refer to each other in a circle, one of `{}` among them, by keys that are not known before the rows are \
         there: add one with NULL, flush, then set its reference",
        table.entity
    ))
}

/// The rows of objects that are read again, by the keys they have by then.
pub(super) fn read_again(
    table: &'static TableMeta,
    slots: Vec<u32>,
    keys: &[Vec<Arc<dyn Value>>],
) -> Result<Sent, Error> {
    let columns = table.key().enumerate().map(|(nth, column)| {
        let values: Vec<&dyn Value> = keys.iter().map(|key| &*key[nth]).collect();
        bulk_column(column.ty, values.into_iter()).map_err(|cause| column.refused(cause))
    });
    let rendered = render::numbered_by_keys(table, &columns.collect::<Result<Vec<_>, Error>>()?);
    Ok(Sent { table, slots, replaced: Vec::new(), outcome: Outcome::ReadAgain, rendered })
}

fn delete(identity: &Identity, batch: Batch, guarded: bool) -> Result<Sent, Error> {
    let arena = arena_of(identity, &batch)?;
    let found_by: Vec<_> = batch.table.found_by().collect();
    let cells =
        cells(&found_by, &batch.slots, |slot, _, column| arena.stored_value(slot, column.place).map(Some))?;
    let rendered = rendered(&DeleteBatch { table: batch.table, cells, guarded })?;
    Ok(Sent::new(batch, Outcome::Deleted, rendered))
}

/// The values of one row, or of many; `cell` is asked by slot, place in the list, and column.
fn cells<'a>(
    columns: &[&'static ColumnMeta],
    slots: &[u32],
    cell: impl Fn(u32, usize, &'static ColumnMeta) -> Result<Option<&'a dyn Value>, Error>,
) -> Result<Cells, Error> {
    match slots {
        [slot] => one(columns, |nth, column| cell(*slot, nth, column)).map(Cells::One),
        slots => many(columns, slots, cell).map(Cells::Many),
    }
}

fn one<'a>(
    columns: &[&'static ColumnMeta],
    cell: impl Fn(usize, &'static ColumnMeta) -> Result<Option<&'a dyn Value>, Error>,
) -> Result<Vec<Parameter>, Error> {
    let parameter = |(nth, &column): (usize, &&'static ColumnMeta)| {
        Ok(cell(nth, column)?
            .map_or_else(|| Parameter::null(column.ty), |value| Parameter::shared(value.share())))
    };
    columns.iter().enumerate().map(parameter).collect()
}

fn many<'a>(
    columns: &[&'static ColumnMeta],
    slots: &[u32],
    cell: impl Fn(u32, usize, &'static ColumnMeta) -> Result<Option<&'a dyn Value>, Error>,
) -> Result<Vec<BulkColumn>, Error> {
    let array = |(nth, &column): (usize, &&'static ColumnMeta)| {
        let null: &dyn Value = &None::<bool>;
        let mut unknown = None;
        let values = slots.iter().map(|&slot| match cell(slot, nth, column) {
            Ok(value) => value.unwrap_or(null),
            Err(error) => {
                unknown.get_or_insert(error);
                null
            }
        });
        let values = bulk_column(column.ty, values).map_err(|cause| column.refused(cause));
        unknown.map_or(values, Err)
    };
    columns.iter().enumerate().map(array).collect()
}
