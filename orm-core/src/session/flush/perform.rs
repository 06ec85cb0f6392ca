//! Sends a plan: batches as statements, statements together where none waits for another.

use super::finalize::finalize;
use super::plan::{Batch, Plan};
use crate::engine::{Answer, Connection};
use crate::error::Error;
use crate::execute::request;
use crate::model::NewValue;
use crate::query::ast::{Cells, DeleteBatch, InsertBatch, UpdateBatch};
use crate::query::render::{self, Rendered};
use crate::schema::ColumnMeta;
use crate::session::Session;
use crate::session::identity::{AnyArena, Identity};
use crate::types::{BaseType, BulkColumn, Parameter, Value, bulk_column};

/// A statement with the rows it is about.
pub(super) struct Sent {
    pub(super) batch: Batch,
    pub(super) kind: Kind,
    pub(super) rendered: Rendered,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Insert,
    Update,
    Delete,
}

impl Session {
    pub(super) async fn perform(&mut self, plan: Plan, commit: bool) -> Result<(), Error> {
        let mut waiting: Vec<(Kind, Batch)> = Vec::new();
        let mut deletes: Vec<_> = plan.deletes.into_iter().map(|batch| (Kind::Delete, batch)).collect();
        if plan.deletes_first {
            waiting.append(&mut deletes);
        }
        for level in plan.inserts {
            if !self.keys_are_known(&level)? {
                self.send(std::mem::take(&mut waiting), false).await?;
            }
            waiting.extend(level.into_iter().map(|batch| (Kind::Insert, batch)));
        }
        waiting.extend(plan.updates.into_iter().map(|batch| (Kind::Update, batch)));
        waiting.append(&mut deletes);
        self.send(waiting, commit).await
    }

    /// Whether all keys the rows refer to are known, be it before their rows are in the database.
    fn keys_are_known(&self, level: &[Batch]) -> Result<bool, Error> {
        for batch in level {
            let arena = arena_of(&self.identity, batch)?;
            let columns = batch.places.iter().map(|&place| &batch.table.columns[place]);
            for column in columns.filter(|column| column.foreign_key.is_some()) {
                for &slot in &batch.slots {
                    if let NewValue::Pending(pending) = arena.new_value(slot, column.place)
                        && self.identity.referenced(pending, column)?.is_none()
                    {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    async fn send(&mut self, batches: Vec<(Kind, Batch)>, commit: bool) -> Result<(), Error> {
        // After COMMIT a count by the client would come too late.
        let guarded = commit;
        let render = |(kind, batch)| match kind {
            Kind::Insert => insert(&self.identity, batch, guarded),
            Kind::Update => update(&self.identity, batch, guarded),
            Kind::Delete => delete(&self.identity, batch, guarded),
        };
        let sent = batches.into_iter().map(render).collect::<Result<Vec<_>, Error>>()?;
        let connection = self.connect().await?;
        let answers = exchange(connection, &sent, commit).await?;
        for sent in &sent {
            self.identity.note_write(sent.batch.table);
        }
        finalize(&mut self.identity, &sent, answers)
    }
}

async fn exchange(connection: &mut Connection, sent: &[Sent], commit: bool) -> Result<Vec<Answer>, Error> {
    let requests: Vec<_> = sent.iter().map(|sent| request(&sent.rendered)).collect();
    let result =
        if commit { connection.commit_with(&requests).await } else { connection.pipeline(&requests).await };
    result.map_err(|error| explain(sent.iter().fold(error, |error, sent| sent.rendered.explain(error)), sent))
}

/// The server's refusal of a batch that missed rows, in words.
fn explain(error: Error, sent: &[Sent]) -> Error {
    let missed = error.database().and_then(|database| {
        let (_, keys) = database.message().split_once(render::MISSED)?;
        Some(keys.trim_end_matches('"').to_owned())
    });
    let sent = sent.iter().find(|sent| Some(&*sent.rendered.sql) == error.statement());
    match (missed, sent) {
        (Some(keys), Some(sent)) => sent.missed(&format!(", by key: {keys}")).because(error),
        _ => error,
    }
}

impl Sent {
    /// Rows of the batch were not written.
    pub(super) fn missed(&self, which: &str) -> Error {
        let entity = self.batch.table.entity;
        let gone = match self.batch.table.version {
            None => "are not there (any more)",
            Some(_) => "are not there any more, or were changed by somebody else since they were read",
        };
        let message = match self.kind {
            Kind::Insert => format!(
                "new rows of `{entity}` were not inserted, or not under the key they were given: a trigger of the table \
                 suppressed or changed them"
            ),
            Kind::Update => format!("rows of `{entity}` to be updated {gone}{which}"),
            Kind::Delete => format!("rows of `{entity}` to be deleted {gone}{which}"),
        };
        Error::stale(message).in_statement(&self.rendered.sql)
    }
}

fn arena_of<'a>(identity: &'a Identity, batch: &Batch) -> Result<&'a dyn AnyArena, Error> {
    let arena = identity.any(batch.table);
    arena.ok_or_else(|| Error::session(format!("the session has no objects of `{}`", batch.table.entity)))
}

fn insert(identity: &Identity, batch: Batch, guarded: bool) -> Result<Sent, Error> {
    let arena = arena_of(identity, &batch)?;
    let columns: Vec<_> = batch.places.iter().map(|&place| &batch.table.columns[place]).collect();
    let cell = |slot: u32, _, column: &'static ColumnMeta| match arena.new_value(slot, column.place) {
        NewValue::Value(value) => Ok(Some(value)),
        NewValue::Null | NewValue::Default => Ok(None),
        NewValue::Pending(pending) => match identity.referenced(pending, column)? {
            Some(key) => Ok(Some(key)),
            None => Err(Error::session(format!("the key that `{column:?}` refers to is not known yet"))),
        },
    };
    let mut cells = cells(&columns, &batch.slots, cell)?;
    if let Cells::Many(values) = &mut cells
        && columns.is_empty()
    {
        // Rows that say nothing still have to be counted.
        let nothing = batch.slots.iter().map(|_| &None::<bool> as &dyn Value);
        values.push(bulk_column(bool::TYPE, nothing).map_err(|cause| Error::encode(cause.to_string()))?);
    }
    let rendered = render::insert_batch(&InsertBatch { table: batch.table, columns, cells }, guarded);
    Ok(Sent { batch, kind: Kind::Insert, rendered })
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
    let rendered = render::update_batch(&UpdateBatch { table: batch.table, columns, cells }, guarded);
    Ok(Sent { batch, kind: Kind::Update, rendered })
}

fn delete(identity: &Identity, batch: Batch, guarded: bool) -> Result<Sent, Error> {
    let arena = arena_of(identity, &batch)?;
    let found_by: Vec<_> = batch.table.found_by().collect();
    let cells =
        cells(&found_by, &batch.slots, |slot, _, column| arena.stored_value(slot, column.place).map(Some))?;
    let rendered = render::delete_batch(&DeleteBatch { table: batch.table, cells }, guarded);
    Ok(Sent { batch, kind: Kind::Delete, rendered })
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
        let values = slots.iter().map(|&slot| Ok(cell(slot, nth, column)?.unwrap_or(null)));
        let values = values.collect::<Result<Vec<_>, Error>>()?;
        bulk_column(column.ty, values.into_iter()).map_err(|cause| column.refused(cause))
    };
    columns.iter().enumerate().map(array).collect()
}
