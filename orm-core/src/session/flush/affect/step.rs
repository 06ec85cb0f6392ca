//! Follows the foreign keys that act, from objects to those that hang on them.

use std::collections::HashMap;
use std::sync::Arc;

use super::{AffectedRow, CascadeSearch, Changes, Origin};
use crate::error::Error;
use crate::schema::{Action, TableMeta};
use crate::session::default_value::constant_defaults;
use crate::session::flush::key_change::KeyChange;
use crate::session::flush::link::Link;
use crate::session::flush::row_batch::Operation;
use crate::session::flush::value::{Claim, stored};
use crate::session::identity::AnyArena;
use crate::types::{RawValue, Value};

/// The place of a column, and the value a cascade gives it.
type Taken = (usize, Arc<dyn Value>);

impl<'a> CascadeSearch<'a> {
    /// What these cascade to at once.
    pub(super) fn step(&mut self, origins: &[Origin<'a>]) -> Result<Vec<Origin<'a>>, Error> {
        let mut next = Vec::new();
        let identity = self.identity;
        let links = std::mem::take(&mut self.links);
        for (number, link) in links.iter().enumerate() {
            if let Some(arena) = identity.any(link.table) {
                self.cascade(arena, (number, link), origins, &mut next)?;
            }
        }
        self.links = links;
        Ok(next)
    }

    fn cascade(
        &mut self,
        arena: &dyn AnyArena,
        (number, link): (usize, &Link),
        origins: &[Origin<'a>],
        next: &mut Vec<Origin<'a>>,
    ) -> Result<(), Error> {
        let by_value = self.by_value(link, origins)?;
        if by_value.is_empty() {
            return Ok(());
        }
        // Rows between that are loaded speak for themselves.
        let between = link.first.map(|key| self.loaded(key)).transpose()?.unwrap_or_default();
        let table = arena.table();
        for slot in arena.tracked() {
            let place = (std::ptr::from_ref(table), slot);
            let written = self.written.get(&place);
            let claim = stored(arena, slot, &link.columns)?;
            let Some(&origin) = claim.and_then(|claim| by_value.get(&claim)) else { continue };
            if let Some(key) = link.first
                && stored(arena, slot, key.columns)?.is_some_and(|claim| between.contains(&claim))
            {
                continue;
            }
            let is_itself = (origin.table, origin.slot) == (table, slot);
            let cascades = link.action(origin.is_deleted) == Action::Cascade;
            let is_deleted = cascades && origin.is_deleted;
            let root = (std::ptr::from_ref(origin.root.0), origin.root.1);
            if is_itself && origin.is_deleted || !self.seen.insert((place, root, is_deleted, number)) {
                continue;
            }
            let is_deleted_itself = written.is_some_and(|batch| batch.operation == Operation::Delete);
            let reference = link.reference();
            let leaves = written.is_some_and(|batch| batch.changes(reference));
            let follow = following(link, origin);
            let taken = self.taken_values(link, origin)?;
            let is_whole = written.is_some_and(|batch| batch.sets_whole(follow.iter().copied()));
            // What the row it points at sets by itself hardly comes by another reference too.
            let is_own = matches!(origin.changes, Changes::Own(_));
            let sets_all =
                written.is_some_and(|batch| follow.iter().all(|&place| batch.sets(place)) || !is_own);
            self.rows.push(AffectedRow {
                table,
                slot,
                origin: origin.root,
                is_deleted,
                changes_key: link.columns.iter().any(|place| table.primary_key.contains(place)),
                changes_unique: is_unique(table, &link.columns),
                takes_values: taken.is_some() && !leaves,
                leaves,
                is_partly_set: leaves && !is_whole,
                may_be_partly_set: leaves && !sets_all,
            });
            if is_deleted_itself || leaves {
                for (place, value) in taken.unwrap_or_default() {
                    if is_deleted_itself {
                        self.note_key(table, slot, place, &value, origin);
                    }
                    self.until_written.insert((std::ptr::from_ref(table).addr(), slot, place), value);
                }
                continue;
            }
            if taken.is_none() && !is_deleted {
                continue;
            }
            for (place, value) in taken.unwrap_or_default() {
                self.note_key(table, slot, place, &value, origin);
                self.values.insert((std::ptr::from_ref(table), slot, place), value);
            }
            if !is_itself {
                let changed = if cascades { &link.columns[..] } else { reference };
                let (root, changes) = (origin.root, Changes::CascadedRows(changed.to_vec()));
                next.push(Origin { table, slot, is_deleted, root, now: slot, changes });
            }
        }
        Ok(())
    }

    /// The objects whose changes a link cascades, by the values that the rows pointing at them hold.
    fn by_value<'o>(
        &self,
        link: &Link,
        origins: &'o [Origin<'a>],
    ) -> Result<HashMap<Claim, &'o Origin<'a>>, Error> {
        let Some(targets) = self.identity.any(link.target) else { return Ok(HashMap::new()) };
        let mut by_value: HashMap<Claim, &'o Origin<'a>> = HashMap::new();
        for origin in origins.iter().filter(|origin| origin.table == link.target) {
            let acts = link.action(origin.is_deleted).acts();
            if acts && (origin.is_deleted || origin.changes.touch(&link.places)) {
                let claim = stored(targets, origin.slot, &link.places)?;
                by_value.extend(claim.map(|claim| (claim, origin)));
            }
        }
        Ok(by_value)
    }

    /// A cascade gives a column of a key a value.
    fn note_key(
        &mut self,
        table: &'static TableMeta,
        slot: u32,
        place: usize,
        value: &Arc<dyn Value>,
        origin: &Origin<'_>,
    ) {
        if table.primary_key.contains(&place) {
            self.key_changes.note(origin.root, KeyChange { table, slot, place, value: Arc::clone(value) });
        }
    }

    /// The new values that the columns of a foreign key take: from what they point at, or their defaults; `None` if the row is
    /// deleted, or they are not known.
    fn taken_values(&self, link: &Link, origin: &Origin<'_>) -> Result<Option<Vec<Taken>>, Error> {
        match link.action(origin.is_deleted) {
            Action::Cascade if !origin.is_deleted => {
                let pairs = link.columns.iter().zip(&link.places);
                let taken =
                    pairs.map(|(&place, &source)| Ok((place, self.value(link.target, origin.now, source)?)));
                taken.collect::<Result<_, _>>().map(Some)
            }
            Action::SetDefault => {
                let places = link.reference();
                let values = constant_defaults(link.table, places);
                let taken = |values: Vec<RawValue>| {
                    places.iter().copied().zip(values.iter().map(Value::share)).collect()
                };
                Ok(values.map(taken))
            }
            _ => Ok(None),
        }
    }
}

/// The columns of a row that may change with a row it hangs on.
fn following(link: &Link, origin: &Origin<'_>) -> Vec<usize> {
    let cascades = link.action(origin.is_deleted) == Action::Cascade;
    if !cascades || link.first.is_some() && origin.is_deleted {
        return link.reference().to_vec();
    }
    let pairs = link.columns.iter().zip(&link.places);
    let follow = pairs.filter(|(_, place)| origin.is_deleted || origin.changes.touch(&[**place]));
    follow.map(|(&column, _)| column).collect()
}

/// Whether one of these columns is part of what no two rows may have alike.
fn is_unique(table: &TableMeta, columns: &[usize]) -> bool {
    let indexes = table.indexes.iter().filter(|index| index.unique);
    let indexed = indexes.flat_map(|index| index.parts).filter_map(|part| part.place());
    let mut uniques = table.uniques.iter().flat_map(|unique| unique.columns).copied().chain(indexed);
    uniques.any(|place| columns.contains(&place))
}
