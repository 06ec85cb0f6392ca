//! Makes statements of batches.

use super::affect::Reread;
use super::current_key::CurrentKeys;
use super::row_batch::{Operation, RowBatch};
use super::step::{FlushPlan, Step};
use crate::engine::Answer;
use crate::error::Error;
use crate::model::Pending;
use crate::query::ast::{BatchValues, DeleteBatch, InsertBatch, Part, UpdateBatch};
use crate::query::render::{self, Rendered};
use crate::query::rendered;
use crate::schema::{ColumnMeta, KeyDefault, TableMeta, quoted};
use crate::session::identity::{AnyArena, Identity, Of};
use crate::types::{BaseType, BulkColumn, Parameter, Value, as_type, bulk_column};

/// A statement with the rows it is about.
pub(super) struct Sent {
    pub(super) table: &'static TableMeta,
    pub(super) slots: Vec<u32>,
    /// The objects whose rows are taken over.
    pub(super) replaced: Vec<u32>,
    pub(super) outcome: Outcome,
    /// Objects whose rows it deletes without giving them back.
    pub(super) deleted: Vec<(&'static TableMeta, u32)>,
    /// The tables whose triggers are asked for.
    pub(super) asked: Vec<&'static TableMeta>,
    pub(super) rendered: Rendered,
}

/// What the rows that come back are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Inserted,
    Updated,
    Deleted,
    /// Rows that may have gone along with others before.
    DeletedIfThere,
    /// No rows: those that were inserted are read by the statements behind it.
    Tied,
    /// New rows, read behind the statement that inserted them.
    ReadNew,
    /// Rows that others cascaded to, read behind what changed those.
    ReadAgain,
    /// Rows that triggers of other tables may have written: read, or none of them where there are no triggers.
    ReadIfTriggers,
    /// No rows of the table: those to be written are locked.
    Locked,
    /// No rows of the table: whether the role may lock rows.
    AskedToLock,
    /// What rows refer to was looked for.
    Checked,
}

/// How the rows of a flush are sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mode {
    /// Whether the server itself refuses a statement that misses a row.
    pub(super) guarded: bool,
    /// Whether rows are found by the versions they were read with too.
    pub(super) by_version: bool,
}

/// The statement of a batch; `keys` says how keys of many new rows are made.
pub(super) fn statement(
    identity: &Identity,
    batch: &RowBatch,
    keys: Vec<KeyDefault>,
    current: &CurrentKeys,
    mode: Mode,
) -> Result<Sent, Error> {
    let rendered = match part(identity, batch, current, mode)? {
        Part::Insert(insert) => rendered(&InsertBatch { keys, ..insert })?,
        Part::Update(update) => rendered(&update)?,
        Part::Delete(delete) => rendered(&delete)?,
    };
    let outcome = match batch.operation {
        Operation::Insert => Outcome::Inserted,
        Operation::Update | Operation::Replace => Outcome::Updated,
        Operation::Delete => Outcome::Deleted,
    };
    Ok(Sent::new(batch, outcome, rendered))
}

/// The statement of a batch whose rows have these keys by now.
pub(super) fn part(
    identity: &Identity,
    batch: &RowBatch,
    current: &CurrentKeys,
    mode: Mode,
) -> Result<Part, Error> {
    Ok(match batch.operation {
        Operation::Insert => Part::Insert(insert(identity, batch, current, mode)?),
        Operation::Update => Part::Update(update(identity, batch, current, mode)?),
        Operation::Replace => Part::Update(replace(identity, batch, current, mode)?),
        Operation::Delete => Part::Delete(delete(identity, batch, current, mode)?),
    })
}

impl Sent {
    pub(super) fn new(batch: &RowBatch, outcome: Outcome, rendered: Rendered) -> Sent {
        let (slots, replaced) = (batch.slots.clone(), batch.replaced.clone());
        Sent {
            table: batch.table,
            slots,
            replaced,
            outcome,
            deleted: Vec::new(),
            asked: Vec::new(),
            rendered,
        }
    }

    pub(super) fn about(
        table: &'static TableMeta,
        slots: Vec<u32>,
        outcome: Outcome,
        rendered: Rendered,
    ) -> Sent {
        Sent { table, slots, replaced: Vec::new(), outcome, deleted: Vec::new(), asked: Vec::new(), rendered }
    }

    /// Whether it may have written to its table.
    pub(super) fn has_written(&self, answer: &Answer) -> bool {
        match self.outcome {
            Outcome::Locked | Outcome::AskedToLock | Outcome::Checked => false,
            Outcome::ReadIfTriggers => !answer.rows.is_empty(),
            _ => true,
        }
    }

    /// Rows of the batch were not written.
    pub(super) fn stale(&self, which: &str) -> Error {
        let entity = self.table.entity;
        let gone = match self.table.version {
            None => "are not there (any more; roll back and read what is there)",
            Some(_) => {
                "are not there any more, or were changed by somebody else since they were read (roll back, read them again and repeat \
                 the change)"
            }
        };
        let message = match self.outcome {
            Outcome::Inserted | Outcome::Tied | Outcome::ReadNew => format!(
                "new rows of `{entity}` were not inserted, or not under the key they were given: a trigger of the table \
                 suppressed or changed them, or a column of the key holds less than was given"
            ),
            Outcome::Updated | Outcome::ReadAgain | Outcome::ReadIfTriggers => {
                format!("rows of `{entity}` to be updated {gone}{which}")
            }
            Outcome::Locked | Outcome::AskedToLock => {
                format!("rows of `{entity}` to be updated or deleted {gone}{which}")
            }
            Outcome::Deleted | Outcome::DeletedIfThere => {
                format!("rows of `{entity}` to be deleted {gone}{which}")
            }
            Outcome::Checked => {
                let message = format!(
                    "a row of `{entity}` refers to one that ON DELETE or ON UPDATE of the same flush deletes or changes, and that is \
                     not loaded: refer to another row, or flush the deletion by itself"
                );
                return self.of(Error::session(message));
            }
        };
        self.of(Error::stale(message))
    }

    fn of(&self, error: Error) -> Error {
        error.in_statement(&self.rendered.text.sql).flushed(self.in_words())
    }

    /// What it does, without the checks around that.
    pub(super) fn in_words(&self) -> String {
        let what = match self.outcome {
            Outcome::Inserted | Outcome::Tied | Outcome::ReadNew => "INSERT INTO",
            Outcome::Updated => "UPDATE",
            Outcome::Deleted | Outcome::DeletedIfThere => "DELETE FROM",
            Outcome::Locked | Outcome::AskedToLock => "SELECT .. FOR UPDATE of",
            Outcome::ReadAgain | Outcome::ReadIfTriggers | Outcome::Checked => "SELECT .. FROM",
        };
        let (table, rows) = (quoted(self.table.name), self.slots.len());
        format!("{what} {table}, {rows} {}", if rows == 1 { "row" } else { "rows" })
    }
}

pub(super) fn arena_of<'a>(identity: &'a Identity, batch: &RowBatch) -> Result<&'a dyn AnyArena, Error> {
    let arena = identity.any(batch.table);
    arena.ok_or_else(|| Error::session(format!("the session has no objects of `{}`", batch.table.entity)))
}

/// A column of the rows that are sent.
pub(super) struct SentColumn<'a> {
    column: &'static ColumnMeta,
    of: Of,
    slots: &'a [u32],
    /// The keys that rows have by now, where they are found by these.
    current: Option<&'a CurrentKeys>,
    /// The keys by which new rows refer to others by now.
    referring: Option<&'a CurrentKeys>,
}

impl<'a> SentColumn<'a> {
    fn referring(self, current: &'a CurrentKeys) -> SentColumn<'a> {
        SentColumn { referring: Some(current), ..self }
    }

    fn by(self, current: &'a CurrentKeys) -> SentColumn<'a> {
        SentColumn { current: Some(current), ..self }
    }

    fn current(&self, slot: u32) -> Option<&'a dyn Value> {
        self.current?.get(self.column.table, slot, self.column.place)
    }
}

pub(super) fn sent_columns<'a>(
    columns: impl IntoIterator<Item = &'static ColumnMeta>,
    of: Of,
    slots: &'a [u32],
) -> impl Iterator<Item = SentColumn<'a>> {
    columns.into_iter().map(move |column| SentColumn { column, of, slots, current: None, referring: None })
}

fn columns_of(batch: &RowBatch) -> Vec<&'static ColumnMeta> {
    batch.places.iter().map(|&place| &batch.table.columns[place]).collect()
}

fn insert(
    identity: &Identity,
    batch: &RowBatch,
    current: &CurrentKeys,
    mode: Mode,
) -> Result<InsertBatch, Error> {
    let arena = arena_of(identity, batch)?;
    let columns = columns_of(batch);
    let values = sent_columns(columns.iter().copied(), Of::New, &batch.slots);
    let mut cells = cells(identity, arena, values.map(|sent_column| sent_column.referring(current)))?;
    if columns.is_empty() && batch.slots.len() > 1 {
        // Rows that say nothing still have to be counted.
        let nothing = batch.slots.iter().map(|_| &None::<bool> as &dyn Value);
        let counted = bulk_column(bool::TYPE, nothing).map_err(|cause| Error::encode(cause.to_string()))?;
        cells = BatchValues::Many(vec![counted]);
    }
    Ok(InsertBatch { table: batch.table, columns, keys: Vec::new(), cells, guarded: mode.guarded })
}

fn update(
    identity: &Identity,
    batch: &RowBatch,
    current: &CurrentKeys,
    mode: Mode,
) -> Result<UpdateBatch, Error> {
    let arena = arena_of(identity, batch)?;
    let columns = columns_of(batch);
    let found_by = sent_columns(found_by(batch.table, mode), Of::Stored, &batch.slots);
    let found_by = found_by.map(|sent_column| sent_column.by(current));
    let values = sent_columns(columns.iter().copied(), Of::Now, &batch.slots);
    let cells = cells(identity, arena, found_by.chain(values))?;
    let Mode { guarded, by_version } = mode;
    Ok(UpdateBatch { table: batch.table, columns, defaults: Vec::new(), by_version, cells, guarded })
}

/// Rows that new objects take over: what those say nothing of becomes its default, as in a row just inserted.
fn replace(
    identity: &Identity,
    batch: &RowBatch,
    current: &CurrentKeys,
    mode: Mode,
) -> Result<UpdateBatch, Error> {
    let arena = arena_of(identity, batch)?;
    let table = batch.table;
    let (columns, rest): (Vec<_>, Vec<_>) = table
        .columns
        .iter()
        // The version counts on.
        .filter(|column| !table.primary_key.contains(&column.place) && table.version_column() != Some(column))
        .partition(|column| batch.places.contains(&column.place));
    let defaults = rest.into_iter().filter(|column| !column.is_computed()).collect();
    let found_by = sent_columns(found_by(table, mode), Of::Stored, &batch.replaced);
    let values = sent_columns(columns.iter().copied(), Of::New, &batch.slots);
    let values = values.map(|sent_column| sent_column.referring(current));
    let cells = cells(identity, arena, found_by.chain(values))?;
    let Mode { guarded, by_version } = mode;
    Ok(UpdateBatch { table, columns, defaults, by_version, cells, guarded })
}

/// The columns that rows are found by.
fn found_by(table: &'static TableMeta, mode: Mode) -> impl Iterator<Item = &'static ColumnMeta> {
    table.key().chain(table.version_column().filter(move |_| mode.by_version))
}

/// Lets constraints of the plan's tables that can be deferred wait, or checks them.
pub(super) fn set_constraints(plan: &FlushPlan, mode: &str) -> Result<Sent, Error> {
    let mut tables: Vec<&'static TableMeta> = Vec::new();
    for batch in plan.steps.iter().flat_map(Step::batches) {
        if !tables.contains(&batch.table) {
            tables.push(batch.table);
        }
    }
    let first = *tables.first().ok_or_else(|| Error::session("nothing is to be flushed"))?;
    Ok(Sent::about(first, Vec::new(), Outcome::Tied, render::set_constraints(&tables, mode)))
}

/// The rows of objects that are read again, by the keys they have by then.
pub(super) fn read_again(reread: &Reread) -> Result<Sent, Error> {
    let Reread { table, slots, keys, .. } = reread;
    let columns = table.key().enumerate().map(|(nth, column)| {
        let values: Vec<&dyn Value> = keys.iter().map(|key| &*key[nth]).collect();
        bulk_column(column.ty, values.into_iter()).map_err(|cause| column.refused(cause))
    });
    let rendered = render::numbered_by_keys(table, &columns.collect::<Result<Vec<_>, Error>>()?);
    Ok(Sent::about(table, slots.clone(), Outcome::ReadAgain, rendered))
}

fn delete(
    identity: &Identity,
    batch: &RowBatch,
    current: &CurrentKeys,
    mode: Mode,
) -> Result<DeleteBatch, Error> {
    let arena = arena_of(identity, batch)?;
    let found_by = sent_columns(found_by(batch.table, mode), Of::Stored, &batch.slots);
    let cells = cells(identity, arena, found_by.map(|sent_column| sent_column.by(current)))?;
    let Mode { guarded, by_version } = mode;
    Ok(DeleteBatch { table: batch.table, by_version, cells, guarded })
}

/// The values of one row, or of many.
fn cells<'a>(
    identity: &Identity,
    arena: &dyn AnyArena,
    columns: impl Iterator<Item = SentColumn<'a>>,
) -> Result<BatchValues, Error> {
    let columns: Vec<_> = columns.collect();
    if columns.iter().any(|sent_column| sent_column.slots.len() > 1) {
        return many(identity, arena, columns.into_iter()).map(BatchValues::Many);
    }
    columns
        .iter()
        .map(|sent_column| one(identity, arena, sent_column))
        .collect::<Result<_, _>>()
        .map(BatchValues::One)
}

fn one(identity: &Identity, arena: &dyn AnyArena, sent_column: &SentColumn<'_>) -> Result<Parameter, Error> {
    let SentColumn { column, of, slots, .. } = sent_column;
    let value = match sent_column.current(slots[0]) {
        Some(value) => value,
        None => arena.cell(slots[0], column.place, *of, &key_of(identity, column, sent_column.referring))?,
    };
    if value.is_null() {
        return Ok(Parameter::null(column.ty));
    }
    Ok(Parameter::shared(as_type(value, column.ty).map_err(|cause| column.refused(cause))?))
}

pub(super) fn many<'a>(
    identity: &Identity,
    arena: &dyn AnyArena,
    columns: impl Iterator<Item = SentColumn<'a>>,
) -> Result<Vec<BulkColumn>, Error> {
    let column = |sent_column: SentColumn<'a>| {
        let SentColumn { column, of, slots, .. } = sent_column;
        let key = key_of(identity, column, sent_column.referring);
        let is_as_stored = slots.iter().all(|&slot| sent_column.current(slot).is_none());
        if is_as_stored && column.target().is_none_or(|target| target.ty.wire == column.ty.wire) {
            return arena.cells(slots, column.place, of, &key);
        }
        // The key of an object that a new row refers to is of another width than the column.
        let cell = |slot: &u32| {
            let value = match sent_column.current(*slot) {
                Some(value) => value,
                None => arena.cell(*slot, column.place, of, &key)?,
            };
            as_type(value, column.ty).map_err(|cause| column.refused(cause))
        };
        let values = slots.iter().map(cell).collect::<Result<Vec<_>, Error>>()?;
        bulk_column(column.ty, values.iter().map(|value| &**value)).map_err(|cause| column.refused(cause))
    };
    columns.map(column).collect()
}

/// The keys of objects that a foreign key's column refers to.
fn key_of<'a>(
    identity: &'a Identity,
    column: &'static ColumnMeta,
    current: Option<&'a CurrentKeys>,
) -> impl Fn(Pending) -> Result<&'a dyn Value, Error> + 'a {
    move |pending| {
        if current.is_some_and(|current| current.is_old(pending.table, pending.slot))
            && let (Some(target), Some(arena)) = (column.target(), identity.any(pending.table))
        {
            return arena.stored_value(pending.slot, target.place);
        }
        let key = identity.referenced(pending, column)?;
        key.ok_or_else(|| Error::session(format!("the key that `{column:?}` refers to is not known yet")))
    }
}
