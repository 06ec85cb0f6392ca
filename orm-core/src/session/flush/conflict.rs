//! Finds out which rows of a flush make room for others: a key, or a unique value, that one gives up and another takes.

use std::collections::{HashMap, HashSet};

use super::collect::{Changes, Room, Row, Write, bytes_of};
use crate::error::Error;
use crate::model::NewValue;
use crate::schema::{IndexPart, TableMeta, Target};
use crate::session::identity::Identity;
use crate::types::Value;

/// What no two rows may have alike: the table, the places, and the values as they are sent.
type Claim = (*const TableMeta, Vec<usize>, Vec<u8>);

/// A new row with the key of one that goes takes its row over: whatever references it, stays.
pub(super) fn replace(identity: &Identity, changes: &mut Changes) -> Result<(), Error> {
    if changes.new.is_empty() {
        return Ok(());
    }
    let mut going: HashMap<Claim, usize> = HashMap::new();
    for (number, row) in changes.doomed.iter().enumerate() {
        going.extend(stored(identity, row, row.table.primary_key)?.map(|claim| (claim, number)));
    }
    if going.is_empty() {
        return Ok(());
    }
    let mut over: HashSet<usize> = HashSet::new();
    for new in std::mem::take(&mut changes.new) {
        let claim = taken(identity, &new.row, new.row.table.primary_key, true)?;
        let Some(number) = claim.and_then(|claim| going.remove(&claim)) else {
            changes.new.push(new);
            continue;
        };
        let replaces = Some(changes.doomed[number].slot);
        changes.changed.push(Row { replaces, ..new.row });
        over.insert(number);
    }
    let mut number = 0;
    changes.doomed.retain(|_| {
        number += 1;
        !over.contains(&(number - 1))
    });
    Ok(())
}

/// Puts what gives up a unique value before what takes it.
pub(super) fn make_room(identity: &Identity, changes: &mut Changes) -> Result<(), Error> {
    let writes = changes.new.len() + changes.changed.len() + changes.doomed.len();
    if writes < 2 || writes == changes.doomed.len() {
        return Ok(());
    }
    let mut keys = UniqueKeys::default();
    let mut given_up: HashMap<Claim, Write> = HashMap::new();
    for (number, row) in changes.doomed.iter().enumerate() {
        for UniqueKey { places, .. } in keys.of(row.table) {
            given_up.extend(stored(identity, row, places)?.map(|claim| (claim, Write::Doomed(number))));
        }
    }
    for (number, row) in changes.changed.iter().enumerate() {
        let whole = keys.of(row.table).iter().filter(|key| !key.is_partial && touches(row, &key.places));
        for UniqueKey { places, .. } in whole {
            given_up.extend(stored(identity, row, places)?.map(|claim| (claim, Write::Changed(number))));
        }
    }
    if given_up.is_empty() {
        return Ok(());
    }
    let new = changes.new.iter().enumerate().map(|(number, new)| (Write::New(number), &new.row));
    let changed = changes.changed.iter().enumerate().map(|(number, row)| (Write::Changed(number), row));
    let mut room = Vec::new();
    for (then, row) in new.chain(changed) {
        let is_new = matches!(then, Write::New(_));
        let keys = keys.of(row.table).iter().filter(|key| is_new || touches(row, &key.places));
        for UniqueKey { places, .. } in keys {
            let claim = taken(identity, row, places, is_new)?;
            if let Some(&first) = claim.and_then(|claim| given_up.get(&claim))
                && first != then
            {
                room.push(Room { first, then });
            }
        }
    }
    if !room.is_empty() {
        leave_first(identity, changes, &mut room)?;
    }
    changes.room = room;
    Ok(())
}

/// A row that goes early cannot have rows that still point at it.
fn leave_first(identity: &Identity, changes: &Changes, room: &mut Vec<Room>) -> Result<(), Error> {
    let mut targets: HashMap<Claim, usize> = HashMap::new();
    let pointed_at = |table: &TableMeta| -> Vec<Target> {
        let keys = identity.arenas().flat_map(|arena| arena.table().foreign_keys);
        keys.map(|key| (key.target)()).filter(|target| *target.table == *table).collect()
    };
    for (number, row) in changes.doomed.iter().enumerate() {
        for target in pointed_at(row.table) {
            targets.extend(stored(identity, row, target.places)?.map(|claim| (claim, number)));
        }
    }
    let doomed = changes.doomed.iter().enumerate().map(|(number, row)| (Write::Doomed(number), row));
    let changed = changes.changed.iter().enumerate().map(|(number, row)| (Write::Changed(number), row));
    for (first, row) in doomed.chain(changed) {
        for key in row.table.foreign_keys {
            let leaves = matches!(first, Write::Doomed(_)) || touches(row, key.columns);
            let Some((_, _, bytes)) = stored(identity, row, key.columns)?.filter(|_| leaves) else {
                continue;
            };
            let target = (key.target)();
            let claim = (std::ptr::from_ref(target.table), target.places.to_vec(), bytes);
            if let Some(&number) = targets.get(&claim)
                && first != Write::Doomed(number)
            {
                room.push(Room { first, then: Write::Doomed(number) });
            }
        }
    }
    Ok(())
}

/// What rows of a table must not have alike.
struct UniqueKey {
    places: Vec<usize>,
    /// Only some rows are in the index, and only the server knows which: rows that seem to swap values may not meet there.
    is_partial: bool,
}

/// The same for each table, worked out once.
#[derive(Default)]
struct UniqueKeys(Vec<(&'static TableMeta, Vec<UniqueKey>)>);

impl UniqueKeys {
    fn of(&mut self, table: &'static TableMeta) -> &[UniqueKey] {
        let place = match self.0.iter().position(|(other, _)| *other == table) {
            Some(place) => place,
            None => {
                self.0.push((table, unique_keys(table)));
                self.0.len() - 1
            }
        };
        &self.0[place].1
    }
}

fn unique_keys(table: &'static TableMeta) -> Vec<UniqueKey> {
    let key = UniqueKey { places: table.primary_key.to_vec(), is_partial: false };
    let constraints = table.uniques.iter();
    let constraints =
        constraints.map(|unique| UniqueKey { places: unique.columns.to_vec(), is_partial: false });
    let indexes = table.indexes.iter().filter(|index| index.unique).filter_map(|index| {
        let places = index.parts.iter().map(|part| match part {
            IndexPart::Place(place) => Some(*place),
            IndexPart::Sql(_) => None,
        });
        Some(UniqueKey { places: places.collect::<Option<Vec<_>>>()?, is_partial: index.predicate.is_some() })
    });
    std::iter::once(key).chain(constraints).chain(indexes).collect()
}

fn touches(row: &Row, places: &[usize]) -> bool {
    row.replaces.is_some() || places.iter().any(|place| row.places.contains(place))
}

/// The values a row has in the database; `None` if one is NULL, which is like no other.
fn stored(identity: &Identity, row: &Row, places: &[usize]) -> Result<Option<Claim>, Error> {
    let Some(arena) = identity.any(row.table) else { return Ok(None) };
    let slot = row.replaces.unwrap_or(row.slot);
    let values = places.iter().map(|&place| arena.stored_value(slot, place));
    Ok(claim(row.table, places, values.collect::<Result<_, _>>()?))
}

/// The values a row is to have; `None` if one is NULL, or not known before the row is there.
fn taken(identity: &Identity, row: &Row, places: &[usize], is_new: bool) -> Result<Option<Claim>, Error> {
    let Some(arena) = identity.any(row.table) else { return Ok(None) };
    let is_new = is_new || row.replaces.is_some();
    let mut values = Vec::with_capacity(places.len());
    for &place in places {
        if !is_new {
            values.push(arena.value(row.slot, place)?);
            continue;
        }
        match arena.new_value(row.slot, place) {
            NewValue::Value(value) => values.push(value),
            NewValue::Pending(pending) => {
                let Some(value) = identity.referenced(pending, &row.table.columns[place])? else {
                    return Ok(None);
                };
                values.push(value);
            }
            NewValue::Null | NewValue::Default => return Ok(None),
        }
    }
    Ok(claim(row.table, places, values))
}

fn claim(table: &'static TableMeta, places: &[usize], values: Vec<&dyn Value>) -> Option<Claim> {
    if values.iter().any(|value| value.is_null()) {
        return None;
    }
    Some((std::ptr::from_ref(table), places.to_vec(), bytes_of(values)?))
}
