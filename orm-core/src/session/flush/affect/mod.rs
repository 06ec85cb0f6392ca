//! Finds the objects whose rows the database changes along with others: by `on_delete` and `on_update` of foreign keys.

mod unloaded;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::collect::{Batch, Operation};
use super::edge::value::{Claim, Form, after, now, stored};
use super::link::{Link, links};
use crate::error::Error;
use crate::schema::{Action, ForeignKey, TableMeta};
use crate::session::identity::{AnyArena, Identity};
use crate::types::Value;

/// An object, by its table and slot.
type Place = (*const TableMeta, u32);

/// The objects that are changed or deleted along with rows of a flush.
#[derive(Default)]
pub(super) struct Affected {
    pub(super) rows: Vec<AffectedRow>,
    /// What is read again when all is done.
    pub(super) reread: Vec<Reread>,
    /// Objects that are deleted along, and whose keys other rows of the flush take.
    pub(super) deleted: Vec<(&'static TableMeta, u32)>,
    /// The values that columns take along.
    pub(super) values: Vec<TakenAlong>,
    /// The columns of objects that take them, by the address of the table, slot and place.
    changed: HashSet<(usize, u32, usize)>,
}

/// A value that a column of an object takes along.
pub(super) struct TakenAlong {
    pub(super) table: &'static TableMeta,
    pub(super) slot: u32,
    pub(super) place: usize,
    pub(super) value: Arc<dyn Value>,
}

/// An object that is changed or deleted along.
pub(super) struct AffectedRow {
    pub(super) table: &'static TableMeta,
    pub(super) slot: u32,
    /// The row of the flush that takes it along.
    pub(super) origin: (&'static TableMeta, u32),
    pub(super) is_deleted: bool,
    /// Whether the columns it is found by change.
    pub(super) changes_key: bool,
    /// Whether columns change that no two rows may have alike.
    pub(super) changes_unique: bool,
    /// Whether the flush lets it point elsewhere, so that it stays where that is done first.
    pub(super) leaves: bool,
}

/// Objects of a table that are read again, with the keys they have by then.
#[derive(Clone)]
pub(super) struct Reread {
    pub(super) table: &'static TableMeta,
    pub(super) slots: Vec<u32>,
    pub(super) keys: Vec<Vec<Arc<dyn Value>>>,
}

impl Affected {
    /// Whether an object takes values along in some columns.
    pub(super) fn changes(&self, table: &TableMeta, slot: u32, places: &[usize]) -> bool {
        places.iter().any(|&place| self.changed.contains(&(std::ptr::from_ref(table).addr(), slot, place)))
    }

    /// The objects of a table that are deleted along.
    pub(super) fn deleted_of(&self, table: &'static TableMeta) -> impl Iterator<Item = u32> {
        let is_gone = move |row: &&AffectedRow| row.is_deleted && !row.leaves && row.table == table;
        self.rows.iter().filter(is_gone).map(|row| row.slot)
    }
}

/// An object whose row is deleted, or gets other values in columns that foreign keys point at.
struct Origin<'a> {
    table: &'static TableMeta,
    slot: u32,
    is_deleted: bool,
    /// The row of the flush it all comes from.
    root: (&'static TableMeta, u32),
    /// The object that has the new values.
    now: u32,
    changes: Changes<'a>,
}

/// Which columns of an object change.
enum Changes<'a> {
    /// Those that the flush changes.
    Own(&'a Batch),
    /// Those of a foreign key.
    Along(Vec<usize>),
}

impl Changes<'_> {
    fn touch(&self, places: &[usize]) -> bool {
        match self {
            Changes::Own(batch) => batch.changes(places),
            Changes::Along(columns) => columns.iter().any(|place| places.contains(place)),
        }
    }
}

/// What is found of the objects that are taken along.
struct Search<'a> {
    identity: &'a Identity,
    /// What the flush itself does with objects.
    written: HashMap<Place, &'a Batch>,
    /// What was found already: the object, what takes it along, and whether it is deleted.
    seen: HashSet<(Place, Place, bool)>,
    rows: Vec<AffectedRow>,
    /// Objects that may be taken along by way of rows that are not loaded.
    unsure: Vec<(&'static TableMeta, u32)>,
    /// The values that columns take.
    values: HashMap<(*const TableMeta, u32, usize), Arc<dyn Value>>,
    tables: Vec<&'static TableMeta>,
    links: Vec<Link>,
}

pub(super) fn affected(identity: &Identity, groups: &[Batch]) -> Result<Affected, Error> {
    let starts = |batch: &&Batch| match batch.operation {
        Operation::Delete => true,
        Operation::Update | Operation::Replace => is_pointed_at(identity, batch),
        Operation::Insert => false,
    };
    let starting: Vec<&Batch> = groups.iter().filter(starts).collect();
    if starting.is_empty()
        || !identity.arenas().any(|arena| arena.table().foreign_keys.iter().any(acts_at_all))
    {
        return Ok(Affected::default());
    }
    let mut written = HashMap::new();
    for batch in groups.iter().filter(|batch| batch.is_stored()) {
        for nth in 0..batch.slots.len() {
            written.insert((std::ptr::from_ref(batch.table), batch.stored_slot(nth)), batch);
        }
    }
    let mut search = Search {
        identity,
        written,
        seen: HashSet::new(),
        rows: Vec::new(),
        unsure: Vec::new(),
        values: HashMap::new(),
        tables: identity.arenas().map(AnyArena::table).collect(),
        links: identity.arenas().flat_map(|arena| links(arena.table())).collect(),
    };
    let mut origins: Vec<Origin<'_>> = Vec::new();
    for batch in &starting {
        let is_deleted = batch.operation == Operation::Delete;
        let table = batch.table;
        origins.extend((0..batch.slots.len()).map(|nth| {
            let slot = batch.stored_slot(nth);
            Origin {
                table,
                slot,
                is_deleted,
                root: (table, slot),
                now: batch.slots[nth],
                changes: Changes::Own(batch),
            }
        }));
    }
    search.look_behind_what_is_not_loaded(&starting)?;
    while !origins.is_empty() {
        origins = search.step(&origins)?;
    }
    search.finish(groups)
}

/// Whether a foreign key of a known table points at columns that a batch changes.
fn is_pointed_at(identity: &Identity, batch: &Batch) -> bool {
    let tables = identity.known_tables();
    let mut keys = tables.iter().flat_map(|table| table.foreign_keys);
    keys.any(|key| {
        let target = (key.target)();
        target.table == batch.table && batch.changes(target.places)
    })
}

fn acts_at_all(key: &ForeignKey) -> bool {
    key.on_delete.acts() || key.on_update.acts()
}

impl<'a> Search<'a> {
    /// What these take along at once.
    fn step(&mut self, origins: &[Origin<'a>]) -> Result<Vec<Origin<'a>>, Error> {
        let mut next = Vec::new();
        let identity = self.identity;
        let links = std::mem::take(&mut self.links);
        for link in &links {
            if let Some(arena) = identity.any(link.table) {
                self.along(arena, link, origins, &mut next)?;
            }
        }
        self.links = links;
        Ok(next)
    }

    fn along(
        &mut self,
        arena: &dyn AnyArena,
        link: &Link,
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
            if is_itself && origin.is_deleted || !self.seen.insert((place, root, is_deleted)) {
                continue;
            }
            let is_deleted_itself = written.is_some_and(|batch| batch.operation == Operation::Delete);
            let leaves = written.is_some_and(|batch| batch.changes(&link.columns));
            self.rows.push(AffectedRow {
                table,
                slot,
                origin: origin.root,
                is_deleted,
                changes_key: link.columns.iter().any(|place| table.primary_key.contains(place)),
                changes_unique: is_unique(table, &link.columns),
                leaves,
            });
            if !cascades || is_deleted_itself || leaves {
                continue;
            }
            if !origin.is_deleted {
                self.take_values(table, slot, link, origin)?;
            }
            if !is_itself {
                let (is_deleted, root, changes) =
                    (origin.is_deleted, origin.root, Changes::Along(link.columns.clone()));
                next.push(Origin { table, slot, is_deleted, root, now: slot, changes });
            }
        }
        Ok(())
    }

    /// The objects that a link takes rows along with, by the values that those rows hold.
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

    /// The columns of a foreign key take the new values of what they point at.
    fn take_values(
        &mut self,
        table: &TableMeta,
        slot: u32,
        link: &Link,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        for (&place, &source) in link.columns.iter().zip(&link.places) {
            let value = self.value(link.target, origin.now, source)?;
            self.values.insert((std::ptr::from_ref(table), slot, place), value);
        }
        Ok(())
    }

    /// The values that loaded rows have in the columns which a key points at.
    fn loaded(&self, key: &ForeignKey) -> Result<HashSet<Claim>, Error> {
        let target = (key.target)();
        let mut loaded = HashSet::new();
        if let Some(targets) = self.identity.any(target.table) {
            for slot in targets.tracked() {
                loaded.extend(stored(targets, slot, target.places)?);
            }
        }
        Ok(loaded)
    }

    /// A value as it is when all is done.
    fn value(&self, table: &TableMeta, slot: u32, place: usize) -> Result<Arc<dyn Value>, Error> {
        if let Some(value) = self.values.get(&(std::ptr::from_ref(table), slot, place)) {
            return Ok(value.clone());
        }
        let arena = self.identity.any(table);
        let arena = arena
            .ok_or_else(|| Error::session(format!("the session has no objects of `{}`", table.entity)))?;
        let value = arena.known_value(slot, place)?;
        value
            .map(Value::share)
            .ok_or_else(|| Error::session(format!("an object of `{}` has no key yet", table.entity)))
    }

    /// Objects that are deleted along, and whose keys other rows take.
    fn with_key_taken(&self, groups: &[Batch]) -> Result<Vec<(&'static TableMeta, u32)>, Error> {
        let mut deleted = Vec::new();
        for batch in groups {
            let table = batch.table;
            let takes = batch.operation == Operation::Insert || batch.changes(table.primary_key);
            let rows: Vec<&AffectedRow> =
                self.rows.iter().filter(|row| row.is_deleted && !row.leaves && row.table == table).collect();
            let Some(arena) = self.identity.any(table).filter(|_| takes && !rows.is_empty()) else {
                continue;
            };
            let own: HashSet<u32> = rows.iter().map(|row| row.slot).collect();
            let mut taken: HashSet<Claim> = HashSet::new();
            for nth in (0..batch.slots.len()).filter(|&nth| !own.contains(&batch.slots[nth])) {
                taken.extend(after(self.identity, arena, batch, nth, table.primary_key, Form::Exact)?);
            }
            for row in rows {
                let key = now(arena, row.slot, table.primary_key)?;
                if key.is_some_and(|key| taken.contains(&key)) {
                    deleted.push((table, row.slot));
                }
            }
        }
        Ok(deleted)
    }

    fn finish(mut self, groups: &[Batch]) -> Result<Affected, Error> {
        let mut found: Vec<(&'static TableMeta, u32)> = Vec::new();
        let mut known: HashSet<Place> = HashSet::new();
        for row in &self.rows {
            if !known.insert((std::ptr::from_ref(row.table), row.slot)) {
                continue;
            }
            let written = self.written.get(&(std::ptr::from_ref(row.table), row.slot));
            if written.is_none_or(|batch| batch.operation == Operation::Update) {
                found.push((row.table, row.slot));
            }
        }
        let deleted = self.with_key_taken(groups)?;
        let gone: HashSet<Place> =
            deleted.iter().map(|(table, slot)| (std::ptr::from_ref(*table), *slot)).collect();
        found.retain(|(table, slot)| !gone.contains(&(std::ptr::from_ref(*table), *slot)));
        for (table, slot) in std::mem::take(&mut self.unsure) {
            if known.insert((std::ptr::from_ref(table), slot)) {
                found.push((table, slot));
            }
        }
        let mut reread: Vec<Reread> = Vec::new();
        for (table, slot) in found {
            let key = table.primary_key.iter().map(|&place| self.value(table, slot, place));
            let key = key.collect::<Result<Vec<_>, Error>>()?;
            match reread.iter_mut().find(|reread| reread.table == table) {
                Some(reread) => {
                    reread.slots.push(slot);
                    reread.keys.push(key);
                }
                None => reread.push(Reread { table, slots: vec![slot], keys: vec![key] }),
            }
        }
        let changed = self.values.keys().map(|(table, slot, place)| (table.addr(), *slot, *place)).collect();
        let table_of =
            |address: *const TableMeta| self.tables.iter().find(|table| std::ptr::eq(**table, address));
        let values = self.values.into_iter().filter_map(|((table, slot, place), value)| {
            Some(TakenAlong { table: table_of(table)?, slot, place, value })
        });
        let values = values.collect();
        Ok(Affected { rows: self.rows, reread, deleted, values, changed })
    }
}

/// Whether one of these columns is part of what no two rows may have alike.
fn is_unique(table: &TableMeta, columns: &[usize]) -> bool {
    let indexes = table.indexes.iter().filter(|index| index.unique);
    let indexed = indexes.flat_map(|index| index.parts).filter_map(|part| part.place());
    let mut uniques = table.uniques.iter().flat_map(|unique| unique.columns).copied().chain(indexed);
    uniques.any(|place| columns.contains(&place))
}
