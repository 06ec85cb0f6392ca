//! Finds the keys of objects that others refer to.

use super::Identity;
use crate::error::Error;
use crate::model::{NewValue, Pending};
use crate::schema::ColumnMeta;
use crate::types::Value;

impl Identity {
    /// What a foreign key's column takes from the object that a new row refers to; `None` while it is not known.
    pub(in crate::session) fn referenced(
        &self,
        pending: Pending,
        column: &ColumnMeta,
    ) -> Result<Option<&dyn Value>, Error> {
        let entity = pending.table.entity;
        if pending.session != self.session {
            return Err(Error::session(format!(
                "a row refers to an object of `{entity}` in another session: give its key instead of its handle"
            )));
        }
        match column.target() {
            Some(target) => self.key_part(pending, target),
            None => Err(Error::session(format!("this session has no object of `{entity}`"))),
        }
    }

    /// The value of a column that an object is referred to by; `None` while it is not known.
    pub(in crate::session) fn key_part(
        &self,
        pending: Pending,
        target: &ColumnMeta,
    ) -> Result<Option<&dyn Value>, Error> {
        let Some(arena) = self.any(pending.table) else {
            return Err(Error::session(format!("this session has no object of `{}`", pending.table.entity)));
        };
        // It may refer to another one in its turn.
        match arena.new_value(pending.slot, target.place) {
            NewValue::Pending(next) => self.referenced(next, target),
            _ => arena.known_value(pending.slot, target.place),
        }
    }

    /// A column of an object is to refer to another object by one of its columns, or to nothing.
    pub(in crate::session) fn refer(
        &mut self,
        slot: u32,
        column: &'static ColumnMeta,
        to: Option<(Pending, &'static ColumnMeta)>,
    ) -> Result<(), Error> {
        let Some((arena, _)) = self.any_mut(column.table) else { return Ok(()) };
        let is_stored = arena.is_tracked(slot);
        if let Some((_, target)) = to
            && !is_stored
            && column.target() != Some(target)
        {
            return Err(Error::session(format!(
                "`{column:?}` of a new row belongs to several foreign keys: give it with the new row, or by `pending_mut`"
            )));
        }
        arena.refer(slot, column.place, to);
        if is_stored && to.is_some() {
            self.resolve_references()?;
        }
        Ok(())
    }

    /// Gives references of objects their values, as far as those are known; gives the columns that are still to be made.
    pub(in crate::session) fn resolve_references(&mut self) -> Result<Vec<&'static ColumnMeta>, Error> {
        let mut unknown = Vec::new();
        // What is referred to may refer to another one in its turn.
        for _ in 0..=self.arenas.len() {
            let (mut found, mut changed) = (Vec::new(), false);
            unknown.clear();
            for (nth, arena) in self.arenas.iter().enumerate() {
                for (slot, place, (to, target)) in arena.references() {
                    match self.key_part(to, target)? {
                        Some(value) => found.push((nth, slot, place, value.share())),
                        None => unknown.push(target),
                    }
                }
            }
            for (nth, slot, place, value) in found {
                changed |= self.arenas[nth].resolve(slot, place, &*value)?;
            }
            if !changed {
                break;
            }
        }
        Ok(unknown)
    }
}
