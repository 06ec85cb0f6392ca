//! Asks which keys that rows are to get are those of rows that are not loaded: what may delete these by a cascade goes first.

use std::collections::{HashMap, HashSet};

use super::edge::may_free_rows;
use super::referenced::StoredRow;
use super::row_batch::{Operation, RowBatch};
use super::value::{Claim, Form, after, inserted_value, stored};
use crate::error::Error;
use crate::execute::request;
use crate::query::render;
use crate::row::Cells;
use crate::schema::TableMeta;
use crate::session::Session;
use crate::session::identity::{AnyArena, Identity};
use crate::types::{as_type, bulk_column};

/// What the server has said of rows: whether the keys they get are those of rows that are not loaded.
#[derive(Default)]
pub(super) struct HeldKeys(HashMap<(usize, u32), bool>);

impl HeldKeys {
    /// Rows that get keys which rows that are not loaded may have, and of which nobody has asked yet.
    pub(super) fn unknown(&self, identity: &Identity, groups: &[RowBatch]) -> Result<Vec<StoredRow>, Error> {
        let mut unknown = Vec::new();
        for batch in groups.iter().filter(|batch| gets_keys(batch)) {
            let Some(arena) = identity.any(batch.table) else { continue };
            if !groups.iter().any(|other| other != batch && may_free_rows(batch.table, other)) {
                continue;
            }
            let mut loaded: Option<HashSet<Claim>> = None;
            for (nth, &slot) in batch.slots.iter().enumerate() {
                if self.0.contains_key(&(address(batch.table), slot)) {
                    continue;
                }
                let key = after(identity, arena, batch, nth, batch.table.primary_key, Form::Exact)?;
                let loaded = match &mut loaded {
                    Some(loaded) => loaded,
                    None => loaded.insert(all_keys(arena)?),
                };
                if key.is_some_and(|key| !loaded.contains(&key)) {
                    unknown.push((batch.table, slot));
                }
            }
        }
        Ok(unknown)
    }

    pub(super) fn learn(&mut self, (table, slot): StoredRow, is_held: bool) {
        self.0.insert((address(table), slot), is_held);
    }

    /// The rows whose keys rows that are not loaded have, by the address of the table and slot.
    pub(super) fn held(&self) -> HashSet<(usize, u32)> {
        self.0.iter().filter(|(_, is_held)| **is_held).map(|(row, _)| *row).collect()
    }
}

fn gets_keys(batch: &RowBatch) -> bool {
    batch.operation == Operation::Insert || batch.changes(batch.table.primary_key)
}

fn all_keys(arena: &dyn AnyArena) -> Result<HashSet<Claim>, Error> {
    let keys = arena.tracked().into_iter().map(|slot| stored(arena, slot, arena.table().primary_key));
    keys.filter_map(Result::transpose).collect()
}

fn address(table: &TableMeta) -> usize {
    std::ptr::from_ref(table).addr()
}

impl Session {
    /// Asks for some rows whether others that are not loaded have the keys that they get.
    pub(super) async fn ask_who_holds(
        &mut self,
        rows: &[StoredRow],
        held: &mut HeldKeys,
    ) -> Result<(), Error> {
        let mut by_table: Vec<(&'static TableMeta, Vec<u32>)> = Vec::new();
        for &(table, slot) in rows {
            match by_table.iter_mut().find(|(other, _)| *other == table) {
                Some((_, slots)) => slots.push(slot),
                None => by_table.push((table, vec![slot])),
            }
        }
        let mut asked = Vec::with_capacity(by_table.len());
        for (table, slots) in &by_table {
            asked.push(question(&self.identity, table, slots)?);
        }
        let requests: Vec<_> = asked.iter().map(request).collect();
        let answers = self.connect().await?.pipeline(&requests).await?;
        for ((table, slots), answer) in by_table.into_iter().zip(&answers) {
            slots.iter().for_each(|&slot| held.learn((table, slot), false));
            for row in &answer.rows {
                let mut cells = Cells::new(row);
                let nth = usize::try_from(cells.read::<i64>()? - 1).unwrap_or(usize::MAX);
                if let Some(&slot) = slots.get(nth).filter(|_| !cells.all_null(table.columns.len())) {
                    held.learn((table, slot), true);
                }
            }
        }
        Ok(())
    }
}

/// What reads the rows that have the keys which some rows are to get.
fn question(
    identity: &Identity,
    table: &'static TableMeta,
    slots: &[u32],
) -> Result<render::Rendered, Error> {
    let arena = identity.any(table);
    let arena =
        arena.ok_or_else(|| Error::session(format!("the session has no objects of `{}`", table.entity)))?;
    let columns = table.key().map(|column| {
        let value = |&slot: &u32| {
            let value = match inserted_value(identity, arena, slot, column.place)? {
                Some(value) => value,
                None => arena.value(slot, column.place)?,
            };
            as_type(value, column.ty).map_err(|cause| column.refused(cause))
        };
        let values = slots.iter().map(value).collect::<Result<Vec<_>, Error>>()?;
        bulk_column(column.ty, values.iter().map(|value| &**value)).map_err(|cause| column.refused(cause))
    });
    Ok(render::numbered_by_keys(table, &columns.collect::<Result<Vec<_>, Error>>()?))
}
