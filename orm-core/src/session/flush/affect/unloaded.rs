//! Finds the objects that may be taken along by way of rows that are not loaded: they are read again.

use std::collections::HashSet;

use super::{Place, Search, acts_at_all};
use crate::error::Error;
use crate::schema::TableMeta;
use crate::session::flush::batch::{Batch, Operation};
use crate::session::flush::value::{Claim, stored};

impl Search<'_> {
    /// Objects that point at rows which are not loaded and may be taken along.
    pub(super) fn look_behind_what_is_not_loaded(&mut self, starting: &[&Batch]) -> Result<(), Error> {
        for arena in self.identity.arenas() {
            for key in arena.table().foreign_keys.iter().filter(|key| acts_at_all(key)) {
                let target = (key.target)();
                if !starting.iter().any(|batch| leads_to(target.table, batch.table, &mut Vec::new())) {
                    continue;
                }
                let loaded = self.loaded(key)?;
                for slot in arena.tracked() {
                    let is_unknown = |claim: Claim| !loaded.contains(&claim);
                    let written = self.written.get(&(std::ptr::from_ref(arena.table()), slot));
                    if stored(arena, slot, key.columns)?.is_some_and(is_unknown)
                        && written.is_none_or(|batch| batch.operation == Operation::Update)
                    {
                        self.unsure.push((arena.table(), slot));
                    }
                }
            }
        }
        self.look_behind_what_is_unsure()
    }

    /// Objects that point at objects which may be taken along.
    fn look_behind_what_is_unsure(&mut self) -> Result<(), Error> {
        let mut seen: HashSet<Place> =
            self.unsure.iter().map(|(table, slot)| (std::ptr::from_ref(*table), *slot)).collect();
        let mut next = self.unsure.clone();
        while !next.is_empty() {
            let before = std::mem::take(&mut next);
            for arena in self.identity.arenas() {
                for key in arena.table().foreign_keys.iter().filter(|key| acts_at_all(key)) {
                    let target = (key.target)();
                    let Some(targets) = self.identity.any(target.table) else { continue };
                    let mut claims: HashSet<Claim> = HashSet::new();
                    for (_, slot) in before.iter().filter(|(table, _)| *table == target.table) {
                        claims.extend(stored(targets, *slot, target.places)?);
                    }
                    for slot in arena.tracked().into_iter().filter(|_| !claims.is_empty()) {
                        if stored(arena, slot, key.columns)?.is_some_and(|claim| claims.contains(&claim))
                            && seen.insert((std::ptr::from_ref(arena.table()), slot))
                        {
                            next.push((arena.table(), slot));
                        }
                    }
                }
            }
            self.unsure.extend(&next);
        }
        Ok(())
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
