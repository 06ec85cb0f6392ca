//! Finds the objects whose rows the database changes along with others: by `on_delete` and `on_update` of foreign keys.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::collect::{Changes, bytes_of};
use crate::error::Error;
use crate::schema::{Action, ForeignKey, TableMeta};
use crate::session::identity::{AnyArena, Identity};
use crate::types::Value;

/// Objects of a table that are read again, with the keys they have by then.
#[derive(Clone)]
pub(super) struct Followed {
    pub(super) table: &'static TableMeta,
    pub(super) slots: Vec<u32>,
    pub(super) keys: Vec<Vec<Arc<dyn Value>>>,
}

/// An object whose row is deleted, or gets other values in columns that foreign keys point at.
struct Origin {
    table: &'static TableMeta,
    slot: u32,
    is_deleted: bool,
}

/// What is found of the objects that are taken along.
struct Search<'a> {
    identity: &'a Identity,
    /// Objects that the flush itself deletes.
    doomed: HashSet<(*const TableMeta, u32)>,
    seen: HashSet<(*const TableMeta, u32)>,
    /// In the order in which they were found.
    found: Vec<(&'static TableMeta, u32)>,
    /// The values that columns of them take.
    values: HashMap<(*const TableMeta, u32, usize), Arc<dyn Value>>,
}

pub(super) fn follow(identity: &Identity, changes: &Changes) -> Result<Vec<Followed>, Error> {
    let doomed = changes.doomed.iter().map(|row| (std::ptr::from_ref(row.table), row.slot)).collect();
    let (seen, values) = (HashSet::new(), HashMap::new());
    let mut search = Search { identity, doomed, seen, found: Vec::new(), values };
    let gone = changes.doomed.iter().map(|row| Origin { table: row.table, slot: row.slot, is_deleted: true });
    let changed = changes
        .changed
        .iter()
        .filter(|row| row.replaces.is_none() && is_pointed_at(identity, row.table, &row.places));
    let changed = changed.map(|row| Origin { table: row.table, slot: row.slot, is_deleted: false });
    let mut origins: Vec<Origin> = gone.chain(changed).collect();
    while !origins.is_empty() {
        origins = search.step(&origins)?;
    }
    search.finish()
}

/// Whether a foreign key of a table with objects points at one of these columns.
fn is_pointed_at(identity: &Identity, table: &TableMeta, places: &[usize]) -> bool {
    let mut keys = identity.arenas().flat_map(|arena| arena.table().foreign_keys);
    keys.any(|key| {
        let target = (key.target)();
        target.table == table && target.places.iter().any(|place| places.contains(place))
    })
}

fn acts(action: Action) -> bool {
    !matches!(action, Action::NoAction | Action::Restrict)
}

impl Search<'_> {
    /// What these take along at once.
    fn step(&mut self, origins: &[Origin]) -> Result<Vec<Origin>, Error> {
        let mut next = Vec::new();
        let identity = self.identity;
        for arena in identity.arenas() {
            for key in arena.table().foreign_keys {
                if acts(key.on_delete) || acts(key.on_update) {
                    self.along(arena, key, origins, &mut next)?;
                }
            }
        }
        Ok(next)
    }

    fn along(
        &mut self,
        arena: &dyn AnyArena,
        key: &ForeignKey,
        origins: &[Origin],
        next: &mut Vec<Origin>,
    ) -> Result<(), Error> {
        let target = (key.target)();
        let Some(targets) = self.identity.any(target.table) else { return Ok(()) };
        let mut by_value: HashMap<Vec<u8>, &Origin> = HashMap::new();
        for origin in origins.iter().filter(|origin| origin.table == target.table) {
            let acts = acts(if origin.is_deleted { key.on_delete } else { key.on_update });
            let values = target.places.iter().map(|&place| targets.stored_value(origin.slot, place));
            if acts && let Some(bytes) = bytes_of(values.collect::<Result<_, _>>()?) {
                by_value.insert(bytes, origin);
            }
        }
        if by_value.is_empty() {
            return Ok(());
        }
        let table = arena.table();
        for slot in arena.tracked() {
            if self.doomed.contains(&(std::ptr::from_ref(table), slot)) {
                continue;
            }
            // As the row is by then: one that was moved to another target before stays.
            let values = key.columns.iter().map(|&place| arena.value(slot, place));
            let bytes = bytes_of(values.collect::<Result<_, _>>()?);
            let Some(&origin) = bytes.and_then(|bytes| by_value.get(&bytes)) else { continue };
            if !self.seen.insert((std::ptr::from_ref(table), slot)) {
                continue;
            }
            self.found.push((table, slot));
            let action = if origin.is_deleted { key.on_delete } else { key.on_update };
            if action == Action::Cascade {
                if !origin.is_deleted {
                    self.take_values(table, slot, key, origin)?;
                }
                next.push(Origin { table, slot, is_deleted: origin.is_deleted });
            }
        }
        Ok(())
    }

    /// The columns of a foreign key take the new values of what they point at.
    fn take_values(
        &mut self,
        table: &TableMeta,
        slot: u32,
        key: &ForeignKey,
        origin: &Origin,
    ) -> Result<(), Error> {
        let target = (key.target)();
        for (&place, &source) in key.columns.iter().zip(target.places) {
            let value = self.value(target.table, origin.slot, source)?;
            self.values.insert((std::ptr::from_ref(table), slot, place), value);
        }
        Ok(())
    }

    /// A value as it is when all is done.
    fn value(&self, table: &TableMeta, slot: u32, place: usize) -> Result<Arc<dyn Value>, Error> {
        if let Some(value) = self.values.get(&(std::ptr::from_ref(table), slot, place)) {
            return Ok(value.clone());
        }
        let arena = self.identity.any(table);
        let arena = arena
            .ok_or_else(|| Error::session(format!("the session has no objects of `{}`", table.entity)))?;
        arena.value(slot, place).map(Value::share)
    }

    fn finish(self) -> Result<Vec<Followed>, Error> {
        let mut followed: Vec<Followed> = Vec::new();
        for &(table, slot) in &self.found {
            let key = table.primary_key.iter().map(|&place| self.value(table, slot, place));
            let key = key.collect::<Result<Vec<_>, Error>>()?;
            match followed.iter_mut().find(|followed| followed.table == table) {
                Some(followed) => {
                    followed.slots.push(slot);
                    followed.keys.push(key);
                }
                None => followed.push(Followed { table, slots: vec![slot], keys: vec![key] }),
            }
        }
        Ok(followed)
    }
}
