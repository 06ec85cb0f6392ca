//! Which rows of a flush give values up, and which take them.

use std::collections::HashSet;

use super::row::{EdgeRows, Values};
use crate::error::Error;
use crate::schema::TableMeta;
use crate::session::flush::affect::AffectedRow;
use crate::session::flush::row_batch::Operation;
use crate::session::flush::value::{Claim, Form, after, before, now, stored};
use crate::session::identity::AnyArena;

impl EdgeRows<'_> {
    /// Who gives up and who takes values of these columns, of all groups, by itself or by a cascade of another.
    pub(super) fn values(&mut self, table: &'static TableMeta, places: &[usize]) -> Result<&Values, Error> {
        self.number_slots();
        let key = (std::ptr::from_ref(table), places.to_vec());
        if !self.by_value.contains_key(&key) {
            let values = self.values_of(table, places)?;
            self.by_value.insert(key.clone(), values);
        }
        Ok(self.by_value.entry(key).or_default())
    }

    fn values_of(&self, table: &'static TableMeta, places: &[usize]) -> Result<Values, Error> {
        let arena = self.arena(table)?;
        let mut values = Values::default();
        let gone: HashSet<u32> = self.affected.deleted_of(table).collect();
        for (group, batch) in self.groups.iter().enumerate().filter(|(_, batch)| batch.table == table) {
            let changes = batch.changes(places);
            let gives = changes || batch.operation == Operation::Delete;
            let takes = changes || matches!(batch.operation, Operation::Insert | Operation::Replace);
            for nth in 0..batch.slots.len() {
                let row = self.number(group, nth);
                if gives {
                    let claim = before(arena, batch, nth, places, Form::Exact)?;
                    values.released.extend(claim.map(|claim| (claim, row)));
                }
                let claim = match takes {
                    true => after(self.identity, arena, batch, nth, places, Form::Exact)?,
                    false => None,
                };
                match claim {
                    // Who stays has the value when the flush is done.
                    Some(claim) if gone.contains(&batch.slots[nth]) => {
                        values.taken.entry(claim).or_insert(row);
                    }
                    Some(claim) => drop(values.taken.insert(claim, row)),
                    None => {}
                }
            }
        }
        for row in self.affected.rows.iter().filter(|row| row.table == table) {
            let origin = self.by_slot.get(&(std::ptr::from_ref(row.origin.0), row.origin.1));
            let Some(&origin) = origin else { continue };
            if row.is_deleted {
                let claim = self.lost_with(arena, row, places)?;
                values.lost.extend(claim.map(|claim| (claim, origin)));
            } else if self.affected.changes(table, row.slot, places) {
                let (before, then) = (stored(arena, row.slot, places)?, now(arena, row.slot, places)?);
                values.released.extend(before.map(|claim| (claim, origin)));
                values.taken.extend(then.map(|claim| (claim, origin)));
            }
        }
        Ok(values)
    }

    /// The values that a cascade takes away with a row: those which the flush gives it before, or leaves it.
    fn lost_with(
        &self,
        arena: &dyn AnyArena,
        row: &AffectedRow,
        places: &[usize],
    ) -> Result<Option<Claim>, Error> {
        let own = self.by_slot.get(&(std::ptr::from_ref(row.table), row.slot));
        let own = own.map(|&own| self.groups[self.group_of(own)].operation);
        if row.leaves || matches!(own, Some(Operation::Delete | Operation::Replace)) {
            return Ok(None);
        }
        now(arena, row.slot, places)
    }
}
