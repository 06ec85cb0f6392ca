//! Objects between others whose rows were looked for and not found.

use std::collections::HashSet;

use crate::error::Error;
use crate::model::Pending;
use crate::schema::{TableMeta, Target};
use crate::session::flush::{Claim, stored};
use crate::session::identity::{Identity, LinkChange};

/// The objects whose rows came with the answers.
#[derive(Default)]
pub(super) struct Found(HashSet<(usize, u32)>);

impl Found {
    pub(super) fn insert(&mut self, table: &'static TableMeta, slot: u32) {
        self.0.insert((std::ptr::from_ref(table) as usize, slot));
    }

    fn has(&self, table: &'static TableMeta, slot: u32) -> bool {
        self.0.contains(&(std::ptr::from_ref(table) as usize, slot))
    }
}

/// An object that a group was asked about and whose row did not come is deleted: by somebody else. One that has changes is
/// left to the flush, which misses its row.
pub(super) fn forget_lost(identity: &mut Identity, group: &[LinkChange], found: &Found) -> Result<(), Error> {
    let (near, start) = group[0].near;
    let table = near.table;
    // What a filter leaves out does not come.
    if !table.filters.is_empty() {
        return Ok(());
    }
    let Some(arena) = identity.any(table) else { return Ok(()) };
    let parents = claims(identity, start, group.iter().map(|request| request.parent))?;
    let far = group[0].far.filter(|_| !group.iter().any(LinkChange::is_of_all_rows));
    let others = match far {
        Some((_, end)) => claims(identity, end, group.iter().flat_map(LinkChange::others))?,
        None => HashSet::new(),
    };
    let mut changed = HashSet::new();
    arena.changed(&mut |slot, _| {
        changed.insert(slot);
        Ok(())
    })?;
    let is_asked = |slot, columns: Target, claims: &HashSet<Claim>| {
        Ok::<_, Error>(stored(arena, slot, columns.places)?.is_some_and(|claim| claims.contains(&claim)))
    };
    let mut lost = Vec::new();
    for slot in arena.tracked().into_iter().filter(|slot| !found.has(table, *slot) && !changed.contains(slot))
    {
        let by_far = far.map_or(Ok(true), |(columns, _)| is_asked(slot, columns, &others));
        if is_asked(slot, near, &parents)? && by_far? {
            lost.push(slot);
        }
    }
    if let Some((arena, clock)) = identity.any_mut(table) {
        lost.into_iter().for_each(|slot| arena.deleted(slot, clock));
    }
    Ok(())
}

/// The keys of objects that have a row.
fn claims(
    identity: &Identity,
    of: Target,
    rows: impl Iterator<Item = Pending>,
) -> Result<HashSet<Claim>, Error> {
    let Some(arena) = identity.any(of.table) else { return Ok(HashSet::new()) };
    let rows = rows.filter(|row| arena.is_tracked(row.slot));
    rows.filter_map(|row| stored(arena, row.slot, of.places).transpose()).collect()
}
