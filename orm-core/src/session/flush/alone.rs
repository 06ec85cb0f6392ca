//! Finds the replaced rows that no object refers to.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::row_batch::RowBatch;
use super::value::{Claim, stored};
use crate::error::Error;
use crate::schema::TableMeta;
use crate::session::identity::Identity;

/// A row that replaces another one which no object points at: its DELETE and INSERT apart cascade to nothing.
#[derive(Clone, Copy)]
pub(super) struct Alone {
    pub(super) group: usize,
    pub(super) nth: usize,
    /// Whether no foreign key points at its table, so that no row which is not loaded can point at it.
    pub(super) is_free: bool,
}

/// Those of some replacing rows whose replaced rows no object points at.
pub(super) fn alone(
    identity: &Identity,
    groups: &[RowBatch],
    rows: &[(usize, usize)],
) -> Result<Vec<Alone>, Error> {
    let mut pointed_at: HashMap<*const TableMeta, Vec<PointedAt>> = HashMap::new();
    let mut alone = Vec::new();
    for &(group, nth) in rows {
        let batch = &groups[group];
        let Some(targets) = identity.any(batch.table) else { continue };
        let keys = match pointed_at.entry(std::ptr::from_ref(batch.table)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(keys_to(identity, batch.table)?),
        };
        let mut is_alone = true;
        for PointedAt { places, claims } in &*keys {
            let own = stored(targets, batch.stored_slot(nth), places)?;
            is_alone &= own.is_none_or(|own| !claims.contains(&own));
        }
        if is_alone {
            alone.push(Alone { group, nth, is_free: keys.is_empty() });
        }
    }
    Ok(alone)
}

/// Columns that a foreign key points at, and the values by which objects do.
struct PointedAt {
    places: &'static [usize],
    claims: HashSet<Claim>,
}

/// The foreign keys that point at a table.
fn keys_to(identity: &Identity, table: &'static TableMeta) -> Result<Vec<PointedAt>, Error> {
    let mut found = Vec::new();
    for other in identity.known_tables() {
        for key in other.foreign_keys.iter().filter(|key| (key.target)().table == table) {
            let mut claims = HashSet::new();
            if let Some(arena) = identity.any(other) {
                for slot in arena.tracked() {
                    claims.extend(stored(arena, slot, key.columns)?);
                }
            }
            found.push(PointedAt { places: (key.target)().places, claims });
        }
    }
    Ok(found)
}
