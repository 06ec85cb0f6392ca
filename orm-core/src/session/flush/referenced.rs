//! Asks which rows are referenced by rows that are not loaded, and that the database would delete or change with them.

use std::collections::HashMap;

use super::describe::name_of;
use super::row_batch::RowBatch;
use super::value::stored;
use crate::engine::{LiveAction, LiveKey, Reach};
use crate::error::Error;
use crate::execute::request;
use crate::query::render::{self, Known, Lock, Relation, Rendered};
use crate::row::Cells;
use crate::schema::{ColumnMeta, TableMeta, fitted};
use crate::session::Session;
use crate::session::identity::{AnyArena, Identity};
use crate::session::synchronize::stands_for;
use crate::types::{BulkColumn, bulk_column};

/// A row in the database, by its table and the slot of its object.
pub(super) type StoredRow = (&'static TableMeta, u32);

/// What the server has said of rows: whether others that are not loaded reference them.
#[derive(Default)]
pub(super) struct Referenced(HashMap<(usize, u32), bool>);

impl Referenced {
    fn get(&self, batch: &RowBatch, nth: usize) -> Option<bool> {
        self.0.get(&(std::ptr::from_ref(batch.table).addr(), batch.stored_slot(nth))).copied()
    }

    pub(super) fn contains(&self, batch: &RowBatch, nth: usize) -> bool {
        self.get(batch, nth) == Some(true)
    }

    /// Those of some rows of which nobody has asked yet.
    pub(super) fn unknown(&self, groups: &[RowBatch], rows: &[(usize, usize)]) -> Vec<StoredRow> {
        let unknown = rows.iter().filter(|&&(group, nth)| self.get(&groups[group], nth).is_none());
        unknown.map(|&(group, nth)| (groups[group].table, groups[group].stored_slot(nth))).collect()
    }

    /// Those of some rows that are not referenced so.
    ///
    /// # Errors
    /// If all of them are.
    pub(super) fn free(
        &self,
        identity: &Identity,
        groups: &[RowBatch],
        rows: Vec<(usize, usize)>,
    ) -> Result<Vec<(usize, usize)>, Error> {
        let is_free = |&&(group, nth): &&(usize, usize)| !self.contains(&groups[group], nth);
        let free: Vec<_> = rows.iter().filter(is_free).copied().collect();
        if free.is_empty() {
            self.refuse(identity, groups, &rows)?;
        }
        Ok(free)
    }

    /// Refuses to delete rows, and to insert them anew, that are referenced so.
    pub(super) fn refuse(
        &self,
        identity: &Identity,
        groups: &[RowBatch],
        rows: &[(usize, usize)],
    ) -> Result<(), Error> {
        let Some(&(group, nth)) = rows.iter().find(|&&(group, nth)| self.contains(&groups[group], nth))
        else {
            return Ok(());
        };
        let name = name_of(identity, &groups[group], nth);
        Err(Error::session(format!(
            "{name} is deleted and added again, which cannot be one UPDATE here, and its DELETE would delete or change rows that \
             refer to it and are not loaded: load them, so that it is seen what becomes of them, or flush the deletion by itself"
        )))
    }

    pub(super) fn learn(&mut self, (table, slot): StoredRow, is_referenced: bool) {
        self.0.insert((std::ptr::from_ref(table).addr(), slot), is_referenced);
    }
}

impl Session {
    /// Asks for some rows, which stay locked, so that nobody comes to reference them until the transaction ends.
    pub(super) async fn ask_who_references(
        &mut self,
        rows: &[StoredRow],
        referenced: &mut Referenced,
    ) -> Result<(), Error> {
        let mut tables: Vec<&'static TableMeta> = Vec::new();
        for (table, _) in rows {
            if !tables.contains(table) {
                tables.push(table);
            }
        }
        for table in tables {
            let slots: Vec<u32> =
                rows.iter().filter(|(other, _)| *other == table).map(|(_, slot)| *slot).collect();
            let reach = self.reach(table).await?;
            let mut sent = Vec::new();
            for key in reach.keys.iter().filter(|key| key.target == 0 && key.on_delete != LiveAction::Nothing)
            {
                match question(&self.identity, table, &slots, &reach, key)? {
                    Some(question) => sent.push(question),
                    // Columns that the model does not know.
                    None => slots.iter().for_each(|&slot| referenced.learn((table, slot), true)),
                }
            }
            slots.iter().for_each(|&slot| {
                referenced.0.entry((std::ptr::from_ref(table).addr(), slot)).or_insert(false);
            });
            if sent.is_empty() {
                continue;
            }
            if self.engine.locks_rows() {
                let arena = arena_of(&self.identity, table)?;
                let key = columns(arena, table.key(), &slots)?;
                sent.insert(0, (Vec::new(), render::lock_rows(table, &key, Lock::Update, false)));
            }
            let requests: Vec<_> = sent.iter().map(|(_, rendered)| request(rendered)).collect();
            let answers = self.connect().await?.pipeline(&requests).await?;
            for ((asked, _), answer) in sent.iter().zip(&answers).filter(|((asked, _), _)| !asked.is_empty())
            {
                for row in &answer.rows {
                    let number: i64 = Cells::new(row).read()?;
                    let nth = usize::try_from(number - 1).unwrap_or(usize::MAX);
                    if let Some(&slot) = asked.get(nth) {
                        referenced.learn((table, slot), true);
                    }
                }
            }
        }
        Ok(())
    }
}

/// The objects whose rows may be referenced by a key, and what asks which of them are by rows that are not loaded; `None`
/// where the model does not know the columns.
fn question(
    identity: &Identity,
    table: &'static TableMeta,
    slots: &[u32],
    reach: &Reach,
    key: &LiveKey,
) -> Result<Option<(Vec<u32>, Rendered)>, Error> {
    let arena = arena_of(identity, table)?;
    let target = columns_named(table, &key.target_columns);
    let Some(target) = target else { return Ok(None) };
    let places: Vec<usize> = target.iter().map(|column| column.place).collect();
    let mut asked = Vec::with_capacity(slots.len());
    for &slot in slots {
        // A key of NULLs is referenced by nobody.
        if stored(arena, slot, &places)?.is_some() {
            asked.push(slot);
        }
    }
    let live = &reach.tables[key.table];
    let own = identity.arenas().find(|arena| stands_for(live, arena.table()));
    let known = own
        .map(|arena| Ok(Known { table: arena.table(), keys: all_keys(arena)? }))
        .transpose()?
        .filter(|known: &Known| !known.keys.is_empty());
    let relation = Relation { schema: &live.schema, name: &live.name };
    let values = columns(arena, target.into_iter(), &asked)?;
    let rendered = render::referenced(&values, relation, &key.columns, known.as_ref());
    Ok(Some((asked, rendered)))
}

fn arena_of<'a>(identity: &'a Identity, table: &'static TableMeta) -> Result<&'a dyn AnyArena, Error> {
    let arena = identity.any(table);
    arena.ok_or_else(|| Error::session(format!("the session has no objects of `{}`", table.entity)))
}

/// The keys of all loaded rows of a table; none where none is loaded.
fn all_keys(arena: &dyn AnyArena) -> Result<Vec<BulkColumn>, Error> {
    let slots = arena.tracked();
    if slots.is_empty() {
        return Ok(Vec::new());
    }
    columns(arena, arena.table().key(), &slots)
}

fn columns(
    arena: &dyn AnyArena,
    columns: impl Iterator<Item = &'static ColumnMeta>,
    slots: &[u32],
) -> Result<Vec<BulkColumn>, Error> {
    let column = |column: &'static ColumnMeta| {
        let values = slots.iter().map(|&slot| arena.stored_value(slot, column.place));
        let values = values.collect::<Result<Vec<_>, Error>>()?;
        bulk_column(column.ty, values.into_iter()).map_err(|cause| column.refused(cause))
    };
    columns.map(column).collect()
}

fn columns_named(table: &'static TableMeta, names: &[String]) -> Option<Vec<&'static ColumnMeta>> {
    let named = |name: &String| table.columns.iter().find(|column| fitted(column.name, "") == *name);
    names.iter().map(named).collect()
}
