//! Keeps objects in step with an update or delete statement.

use super::Session;
use super::identity::{AnyArena, Identity};
use crate::engine::Answer;
use crate::error::Error;
use crate::query::ast::{self, ColumnRef, Item, Node, Placed, Source};
use crate::query::evaluate::{Refusal, evaluate, truth};
use crate::query::render::{self, Rendered};
use crate::query::{Synchronize, Target};
use crate::schema::TableMeta;
use crate::types::{Parameter, Value, bulk_array};
use std::sync::Arc;

/// What follows a statement for the objects of the session.
pub(super) enum Follow {
    Nothing,
    /// The rows of objects are read again, in the same round trip.
    Reread(Vec<Reread>),
    /// The statement itself gives the changed rows back.
    Fetch(Rendered),
    /// What the statement does to objects is known before it is sent.
    Known(Vec<Effect>),
}

/// The rows of one table's objects.
pub(super) struct Reread {
    table: &'static TableMeta,
    slots: Vec<u32>,
    pub(super) rendered: Rendered,
}

/// What a statement does to an object.
pub(super) struct Effect {
    slot: u32,
    /// Empty if the object is deleted.
    values: Vec<Stored>,
}

/// The place of a column, and its new value; `None` is NULL.
type Stored = (usize, Option<Arc<dyn Value>>);

pub(super) fn follow(identity: &Identity, target: &Target<'_>) -> Result<Follow, Error> {
    let arena = identity.any(target.table());
    match target.synchronize() {
        Synchronize::Off => Ok(Follow::Nothing),
        Synchronize::Auto => rereads(identity, target.table()),
        Synchronize::Fetch if returning(target).is_empty() => Ok(fetch(target)),
        // The statement already says what it gives back; its objects are read again.
        Synchronize::Fetch => rereads(identity, target.table()),
        Synchronize::Evaluate => match arena {
            Some(arena) => known(identity, arena, target),
            None => Ok(Follow::Nothing),
        },
    }
}

fn returning<'a>(target: &'a Target<'_>) -> &'a [Item] {
    match target {
        Target::Insert(_) => &[],
        Target::Update(update) => &update.0.returning,
        Target::Delete(delete) => &delete.0.returning,
    }
}

/// The objects a statement on a table can have changed: its own, and those whose foreign keys lead to it.
fn rereads(identity: &Identity, table: &'static TableMeta) -> Result<Follow, Error> {
    let mut reached = vec![table];
    loop {
        let before = reached.len();
        for arena in identity.arenas() {
            let leads = arena.table().targets().any(|target| reached.contains(&target));
            if leads && !reached.contains(&arena.table()) {
                reached.push(arena.table());
            }
        }
        if reached.len() == before {
            break;
        }
    }
    let arenas = reached.into_iter().filter_map(|table| identity.any(table));
    let mut rereads = Vec::new();
    for arena in arenas {
        let slots = arena.tracked();
        if !slots.is_empty() {
            rereads.push(reread(arena, slots)?);
        }
    }
    Ok(if rereads.is_empty() { Follow::Nothing } else { Follow::Reread(rereads) })
}

/// Reads the rows of objects by their keys.
pub(super) fn reread(arena: &dyn AnyArena, slots: Vec<u32>) -> Result<Reread, Error> {
    let table = arena.table();
    let keys = table.key().map(|column| {
        let values = slots.iter().map(|&slot| arena.stored_value(slot, column.place));
        let values = values.collect::<Result<Vec<_>, Error>>()?;
        bulk_array(column.ty, values.into_iter()).map_err(|cause| {
            Error::encode(format!("a value of `{column:?}` cannot be sent: {cause}")).because(cause)
        })
    });
    let keys = keys.collect::<Result<Vec<Parameter>, Error>>()?;
    Ok(Reread { table, slots, rendered: render::by_keys(table, keys) })
}

/// The statement, with the changed rows given back.
fn fetch(target: &Target<'_>) -> Follow {
    let entity = |source: Source| vec![Item::Entity { source, optional: false }];
    match target {
        Target::Insert(_) => Follow::Nothing,
        Target::Update(update) => {
            let mut tree = update.0.clone();
            tree.returning = entity(tree.source);
            Follow::Fetch(render::update(&tree))
        }
        Target::Delete(delete) => {
            let mut tree = delete.0.clone();
            tree.returning = entity(tree.source);
            Follow::Fetch(render::delete(&tree))
        }
    }
}

/// What the statement does to the objects, evaluated on their values as the database has them.
fn known(identity: &Identity, arena: &dyn AnyArena, target: &Target<'_>) -> Result<Follow, Error> {
    let (source, filter, set): (Source, &[Placed<Node>], &[Placed<ast::Set>]) = match target {
        Target::Insert(_) => return Ok(Follow::Nothing),
        Target::Update(update) => (update.0.source, &update.0.filter, &update.0.set),
        Target::Delete(delete) => (delete.0.source, &delete.0.filter, &[]),
    };
    if let (Some(first), Some(computed)) =
        (set.first(), target.table().columns.iter().find(|column| column.is_computed()))
    {
        return Err(refuse(first, Refusal(format!("`{computed:?}` is computed by the database"))));
    }
    let mut effects = Vec::new();
    for slot in arena.tracked() {
        // The next row that is read replaces its values anyway.
        if arena.is_expired(slot, identity.clock()) {
            continue;
        }
        let column = |column: ColumnRef| {
            let own = column.source() == source;
            own.then(|| arena.stored_value(slot, column.meta.place).ok()).flatten()
        };
        if matches(filter, &column)? {
            effects.push(Effect { slot, values: values(set, &column)? });
        }
    }
    Ok(Follow::Known(effects))
}

fn matches<'a>(
    filter: &'a [Placed<Node>],
    column: &dyn Fn(ColumnRef) -> Option<&'a dyn Value>,
) -> Result<bool, Error> {
    for condition in filter {
        let holds = evaluate(&condition.content, column)
            .and_then(truth)
            .map_err(|refusal| refuse(condition, refusal))?;
        if holds != Some(true) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn values<'a>(
    set: &'a [Placed<ast::Set>],
    column: &dyn Fn(ColumnRef) -> Option<&'a dyn Value>,
) -> Result<Vec<Stored>, Error> {
    let value = |set: &'a Placed<ast::Set>| {
        let target = set.content.column;
        if target.table.primary_key.contains(&target.place) {
            return Err(refuse(
                set,
                Refusal(format!("`{target:?}` is part of the key objects are found by")),
            ));
        }
        let value = evaluate(&set.content.value, column).map_err(|refusal| refuse(set, refusal))?;
        Ok((target.place, value.into_value()))
    };
    set.iter().map(value).collect()
}

fn refuse<T>(placed: &Placed<T>, refusal: Refusal) -> Error {
    let message = format!(
        "the statement cannot be evaluated on the session's objects: {}; use `Synchronize::Auto` or `Fetch`",
        refusal.0
    );
    Error::statement_invalid(message).located(placed.at)
}

impl Session {
    /// Takes over into the objects what the statement did.
    pub(super) fn take_over(
        &mut self,
        target: &Target<'_>,
        follow: Follow,
        answer: &Answer,
        rereads: impl Iterator<Item = Answer>,
    ) -> Result<(), Error> {
        match follow {
            Follow::Nothing => Ok(()),
            Follow::Reread(wanted) => {
                for (wanted, answer) in wanted.iter().zip(rereads) {
                    if let Some((arena, clock)) = self.identity.any_mut(wanted.table) {
                        arena.reread(&wanted.slots, &answer.rows, clock)?;
                    }
                }
                Ok(())
            }
            Follow::Fetch(_) => {
                let Some((arena, clock)) = self.identity.any_mut(target.table()) else { return Ok(()) };
                match target {
                    Target::Delete(_) => arena.fetched_deleted(&answer.rows, clock),
                    _ => arena.fetched(&answer.rows, clock),
                }
            }
            Follow::Known(effects) => self.apply(target, effects),
        }
    }

    fn apply(&mut self, target: &Target<'_>, effects: Vec<Effect>) -> Result<(), Error> {
        let Some((arena, clock)) = self.identity.any_mut(target.table()) else { return Ok(()) };
        let table = target.table();
        for effect in effects {
            if matches!(target, Target::Delete(_)) {
                arena.deleted(effect.slot, clock);
                continue;
            }
            for (place, value) in effect.values {
                let value: &dyn Value = value.as_deref().unwrap_or(&None::<bool>);
                if !arena.assign(effect.slot, place, value, clock) {
                    let column = &table.columns[place];
                    return Err(Error::session(format!("`{column:?}` cannot take the value it was set to")));
                }
            }
        }
        Ok(())
    }
}
