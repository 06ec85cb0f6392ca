//! Compares changes of links with the rows that are there.

use std::collections::{HashMap, HashSet};

use super::equal::Equal;
use crate::error::Error;
use crate::model::Pending;
use crate::model::relation::Linked;
use crate::schema::{Action, TableMeta, Target};
use crate::session::flush::{Claim, inserted, now, stored};
use crate::session::identity::{AnyArena, Identity, LinkAction, LinkChange, LinkTarget};

/// What a row points at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum End {
    /// A row with these values.
    Row(Claim),
    /// A new object whose key is not known.
    New(u32),
}

/// The rows that point at two objects, by both; of a relation without a far side all stand under one.
#[derive(Default)]
struct LinkRows {
    by_ends: HashMap<(End, Option<End>), Vec<u32>>,
    by_parent: HashMap<End, Vec<Option<End>>>,
}

impl LinkRows {
    fn insert(&mut self, near: End, far: Option<End>, slot: u32) {
        let slots = self.by_ends.entry((near.clone(), far.clone())).or_default();
        if slots.is_empty() {
            self.by_parent.entry(near).or_default().push(far);
        }
        slots.push(slot);
    }
}

/// Makes new, changed and deleted objects of requests about one table.
pub(super) fn decide(identity: &mut Identity, group: &[LinkChange], equal: &Equal) -> Result<(), Error> {
    let mut rows = rows(identity, &group[0], equal)?;
    for (nth, request) in group.iter().enumerate() {
        if group[nth + 1..].iter().any(|later| later.replaces(request)) {
            continue;
        }
        let Some(near) = end(identity, request.near.1, request.parent)? else { continue };
        match &request.action {
            LinkAction::Link(far) => link(identity, &mut rows, request, &near, *far)?,
            LinkAction::Unlink(row) => {
                let far = far_end(identity, request, *row)?;
                unlink(identity, &rows, request, &near, &far);
            }
            LinkAction::Set(fars) => {
                let wanted = fars.iter().map(|far| far_end(identity, request, far.row));
                let wanted = wanted.collect::<Result<HashSet<_>, Error>>()?;
                for far in rows.by_parent.get(&near).into_iter().flatten().filter(|far| !wanted.contains(far))
                {
                    unlink(identity, &rows, request, &near, far);
                }
                fars.iter().try_for_each(|far| link(identity, &mut rows, request, &near, *far))?;
            }
            LinkAction::ReplaceChild(child) => {
                for &slot in rows.by_ends.get(&(near, None)).into_iter().flatten() {
                    if Some(slot) != *child {
                        let_go(identity, request.near, slot, child.is_some())?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// The objects of the table, new and stored, by what they point at.
fn rows(identity: &Identity, request: &LinkChange, equal: &Equal) -> Result<LinkRows, Error> {
    let mut rows = LinkRows::default();
    let Some(arena) = identity.any(request.near.0.table) else { return Ok(rows) };
    for slot in arena.tracked().into_iter().chain(arena.new_rows()) {
        let Some(near) = pointed_at(identity, arena, slot, request.near, &equal.near)? else { continue };
        let far = match request.far {
            None => None,
            Some(far) => match pointed_at(identity, arena, slot, far, &equal.far)? {
                None => continue,
                far => far,
            },
        };
        rows.insert(near, far, slot);
    }
    Ok(rows)
}

/// What a row points at by some columns; `None` for nothing.
fn pointed_at(
    identity: &Identity,
    arena: &dyn AnyArena,
    slot: u32,
    (columns, target): (Target, Target),
    equal: &HashMap<Claim, Claim>,
) -> Result<Option<End>, Error> {
    let mut named = columns.places.iter().filter_map(|&place| arena.refers_to(slot, place));
    if let Some(to) = named.find(|to| to.table == target.table) {
        return end(identity, target, to);
    }
    let claim = match arena.is_tracked(slot) {
        true => now(arena, slot, columns.places)?,
        false => inserted(identity, arena, slot, columns.places)?,
    };
    Ok(claim.map(|claim| End::Row(equal.get(&claim).cloned().unwrap_or(claim))))
}

/// How rows point at an object.
fn end(identity: &Identity, target: Target, row: Pending) -> Result<Option<End>, Error> {
    let Some(arena) = identity.any(target.table) else { return Ok(None) };
    let claim = match arena.is_tracked(row.slot) {
        true => stored(arena, row.slot, target.places)?,
        false => inserted(identity, arena, row.slot, target.places)?,
    };
    Ok(Some(claim.map_or(End::New(row.slot), End::Row)))
}

fn far_end(identity: &Identity, request: &LinkChange, row: Pending) -> Result<Option<End>, Error> {
    request.far.map_or(Ok(None), |(_, target)| end(identity, target, row))
}

fn link(
    identity: &mut Identity,
    rows: &mut LinkRows,
    request: &LinkChange,
    near: &End,
    far: LinkTarget,
) -> Result<(), Error> {
    let to = far_end(identity, request, far.row)?;
    let slots = rows.by_ends.get(&(near.clone(), to.clone())).map(Vec::as_slice).unwrap_or_default();
    if let Some((arena, _)) = identity.any_mut(request.near.0.table)
        && (slots.iter().any(|slot| arena.counts(*slot)) || slots.iter().any(|slot| arena.keep(*slot)))
    {
        return Ok(());
    }
    let Some((columns, _)) = request.far else { return Ok(()) };
    let linked = Linked { near: (request.near.0, request.parent), far: (columns, far.row) };
    let slot = (far.add)(identity, &linked)?;
    rows.insert(near.clone(), to, slot);
    Ok(())
}

fn unlink(identity: &mut Identity, rows: &LinkRows, request: &LinkChange, near: &End, far: &Option<End>) {
    if let Some((arena, _)) = identity.any_mut(request.near.0.table) {
        let slots = rows.by_ends.get(&(near.clone(), far.clone())).into_iter().flatten();
        slots.for_each(|slot| arena.ask_deletion(*slot));
    }
}

/// A row points no more at what was its parent: as the foreign key says of the deletion of that. One that is marked as
/// deleted stays as it is, unless its key is in the way of the row that takes its place.
fn let_go(
    identity: &mut Identity,
    (columns, _): (Target, Target),
    slot: u32,
    is_replaced: bool,
) -> Result<(), Error> {
    let table = columns.table;
    let key = table.foreign_keys.iter().find(|key| key.columns == columns.places);
    let Some((arena, _)) = identity.any_mut(table) else { return Ok(()) };
    let soft = table.soft_delete.filter(|_| arena.is_tracked(slot));
    let unique = || table.are_unique(&columns.columns().collect::<Vec<_>>());
    let is_in_the_way = soft.is_some() && is_replaced && unique();
    if let Some(soft) = soft
        && !is_in_the_way
        && soft.is_marked(arena.value(slot, soft.place)?)
    {
        return Ok(());
    }
    if key.is_some_and(|key| key.on_delete == Action::Cascade) {
        arena.ask_deletion(slot);
        if !is_in_the_way {
            return Ok(());
        }
    }
    let mut nullable = columns.columns().filter(|column| column.nullable).peekable();
    if nullable.peek().is_none() {
        return Err(stays(table, columns, is_in_the_way));
    }
    nullable.for_each(|column| arena.refer(slot, column.place, None));
    Ok(())
}

/// A row cannot let go of its parent.
fn stays(table: &'static TableMeta, columns: Target, is_in_the_way: bool) -> Error {
    let names: Vec<String> = columns.columns().map(|column| format!("`{column:?}`")).collect();
    let (entity, names) = (table.entity, names.join(", "));
    Error::session(match is_in_the_way {
        true => format!(
            "a row of `{entity}` that is marked as deleted keeps {names}, unique among all rows, in the way of the one that takes its \
             place: make it unique among the rows that are there, by `index(.., unique, where = \"..\")` in place of `unique`, or \
             let it be NULL"
        ),
        false => format!(
            "a row of `{entity}` is to let go of its parent, and {names} cannot be NULL: delete it, give it another parent, or \
             declare what is to be done by `on_delete = cascade`"
        ),
    })
}
