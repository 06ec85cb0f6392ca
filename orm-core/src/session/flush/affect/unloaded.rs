//! Finds the objects that a cascade may reach by way of rows that are not loaded: they are read again.

use std::collections::HashSet;
use std::collections::hash_map::Entry;

use super::{AffectedRow, CascadeSearch, UnsureRow, acts_at_all};
use crate::error::Error;
use crate::schema::{ForeignKey, TableMeta};
use crate::session::flush::row_batch::{Operation, RowBatch};
use crate::session::flush::value::{Claim, now, stored};

impl CascadeSearch<'_> {
    /// Objects that point at rows which are not loaded and which a cascade may reach.
    pub(super) fn look_behind_what_is_not_loaded(&mut self, starting: &[&RowBatch]) -> Result<(), Error> {
        for arena in self.identity.arenas() {
            for key in arena.table().foreign_keys.iter().filter(|key| acts_at_all(key)) {
                let target = (key.target)();
                if !starting.iter().any(|batch| leads_to(target.table, batch.table, &mut Vec::new())) {
                    continue;
                }
                let loaded = self.loaded(key)?;
                for slot in arena.tracked() {
                    let is_unknown = |claim: Claim| !loaded.contains(&claim);
                    if stored(arena, slot, key.columns)?.is_some_and(is_unknown) {
                        self.add_unsure(arena.table(), slot, key);
                    }
                }
            }
        }
        self.look_behind_what_is_unsure()
    }

    /// Objects that point at objects which a cascade may reach.
    fn look_behind_what_is_unsure(&mut self) -> Result<(), Error> {
        let mut begin = 0;
        while begin < self.unsure.len() {
            let before = self.unsure[begin..].to_vec();
            begin = self.unsure.len();
            for arena in self.identity.arenas() {
                for key in arena.table().foreign_keys.iter().filter(|key| acts_at_all(key)) {
                    let target = (key.target)();
                    let Some(targets) = self.identity.any(target.table) else { continue };
                    let mut claims: HashSet<Claim> = HashSet::new();
                    for row in before.iter().filter(|row| row.table == target.table) {
                        claims.extend(stored(targets, row.slot, target.places)?);
                    }
                    for slot in arena.tracked().into_iter().filter(|_| !claims.is_empty()) {
                        if stored(arena, slot, key.columns)?.is_some_and(|claim| claims.contains(&claim)) {
                            self.add_unsure(arena.table(), slot, key);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Objects that point at the new keys of rows which a cascade deletes, where that may come behind these.
    pub(super) fn look_behind_new_keys(&mut self) -> Result<(), Error> {
        let is_changed = |row: &&AffectedRow| {
            let written = self.written.get(&(std::ptr::from_ref(row.table), row.slot));
            row.is_deleted && written.is_some_and(|batch| batch.operation == Operation::Update)
        };
        let changed: Vec<_> = self.rows.iter().filter(is_changed).map(|row| (row.table, row.slot)).collect();
        if changed.is_empty() {
            return Ok(());
        }
        for arena in self.identity.arenas() {
            for key in arena.table().foreign_keys.iter().filter(|key| key.on_delete.acts()) {
                let target = (key.target)();
                let Some(targets) = self.identity.any(target.table) else { continue };
                let mut claims: HashSet<Claim> = HashSet::new();
                for &(_, slot) in changed.iter().filter(|(table, _)| *table == target.table) {
                    let new = now(targets, slot, target.places)?;
                    if new != stored(targets, slot, target.places)? {
                        claims.extend(new);
                    }
                }
                for slot in arena.tracked().into_iter().filter(|_| !claims.is_empty()) {
                    if stored(arena, slot, key.columns)?.is_some_and(|claim| claims.contains(&claim)) {
                        self.add_unsure(arena.table(), slot, key);
                    }
                }
            }
        }
        self.look_behind_what_is_unsure()
    }

    /// A cascade of a key may reach an object.
    fn add_unsure(&mut self, table: &'static TableMeta, slot: u32, key: &ForeignKey) {
        let place = (std::ptr::from_ref(table), slot);
        let is_set = |batch: &&RowBatch| match batch.operation {
            Operation::Update => key.columns.iter().all(|&place| batch.sets(place)),
            Operation::Replace => key.columns.iter().all(|place| !table.primary_key.contains(place)),
            Operation::Insert | Operation::Delete => false,
        };
        let leaves = self.written.get(&place).is_some_and(is_set);
        match self.unsure_by_place.entry(place) {
            Entry::Occupied(known) => self.unsure[*known.get()].leaves &= leaves,
            Entry::Vacant(unknown) => {
                unknown.insert(self.unsure.len());
                self.unsure.push(UnsureRow { table, slot, leaves });
            }
        }
    }
}

/// Whether rows of a table are changed or deleted along with rows of another.
fn leads_to(table: &'static TableMeta, origin: &TableMeta, seen: &mut Vec<&'static TableMeta>) -> bool {
    if seen.contains(&table) {
        return false;
    }
    seen.push(table);
    table.foreign_keys.iter().filter(|key| acts_at_all(key)).any(|key| {
        let target = (key.target)().table;
        target == origin || leads_to(target, origin, seen)
    })
}
