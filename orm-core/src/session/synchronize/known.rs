//! What a statement does to objects, evaluated on their values before it is sent.

use std::panic::Location;
use std::sync::Arc;

use crate::error::Error;
use crate::query::WriteTarget;
use crate::query::ast::{self, ColumnRef, Logical, Node, Placed, Source};
use crate::query::evaluate::{Unevaluated, evaluate, joined, truth};
use crate::schema::{Action, TableMeta};
use crate::session::identity::{AnyArena, Identity};
use crate::types::Value;

/// What a statement does to an object.
pub(in crate::session) struct Effect {
    pub(super) slot: u32,
    /// Empty if the object is deleted.
    pub(super) values: Vec<Stored>,
}

/// The place of a column, and its new value.
type Stored = (usize, Arc<dyn Value>);

/// A statement as the evaluator takes it.
struct Statement<'a> {
    at: &'static Location<'static>,
    source: Source,
    filter: &'a [Placed<Node>],
    /// The conditions that it has by itself.
    defaults: Vec<Node>,
    /// Empty for a DELETE.
    set: &'a [Placed<ast::Set>],
}

pub(super) fn known(identity: &Identity, target: &WriteTarget<'_>) -> Result<Vec<Effect>, Error> {
    let statement = match target {
        WriteTarget::Insert(_) => return Ok(Vec::new()),
        WriteTarget::Update(update) => {
            let ast::Update { at, source, filter, set, .. } = &*update.0;
            Statement { at, source: *source, filter, defaults: update.0.default_filters(), set }
        }
        WriteTarget::Delete(delete) => {
            let ast::Delete { at, source, filter, .. } = delete.0;
            Statement { at, source: *source, filter, defaults: delete.0.default_filters(), set: &[] }
        }
    };
    if target.beside() {
        let why = "the tables beside the changed one are on the server";
        return Err(refuse(statement.at, Unevaluated(why.into())));
    }
    statement.cascades_to_no_object(identity)?;
    let Some(arena) = identity.any(target.table()) else { return Ok(Vec::new()) };
    let mut effects = Vec::new();
    for slot in arena.tracked() {
        // The next row that is read replaces its values anyway.
        if arena.is_expired(slot, identity.clock()) {
            continue;
        }
        if let Some(effect) = statement.effect(arena, slot)? {
            effects.push(effect);
        }
    }
    Ok(effects)
}

impl Statement<'_> {
    /// Refuses what changes objects by way of foreign keys: rows that are not in the session may cascade to them.
    fn cascades_to_no_object(&self, identity: &Identity) -> Result<(), Error> {
        for arena in identity.arenas() {
            for key in arena.table().foreign_keys {
                let target = (key.target)();
                if target.table != self.source.table {
                    continue;
                }
                let set = self.set.iter().find(|set| target.places.contains(&set.content.column.place));
                let (word, action, at) = match set {
                    _ if self.set.is_empty() => ("DELETE", key.on_delete, self.at),
                    Some(set) => ("UPDATE", key.on_update, set.at),
                    None => continue,
                };
                let acts = !matches!(action, Action::NoAction | Action::Restrict);
                if acts && points(arena, key.columns) {
                    let (entity, action) = (arena.table().entity, action.sql());
                    return Err(refuse(
                        at,
                        Unevaluated(format!(
                            "rows of objects of `{entity}` may be changed or deleted by ON {word} {action}"
                        )),
                    ));
                }
            }
        }
        Ok(())
    }

    fn effect<'a>(&'a self, arena: &'a dyn AnyArena, slot: u32) -> Result<Option<Effect>, Error> {
        let column = |column: ColumnRef| {
            let own = column.source() == self.source;
            own.then(|| arena.stored_value(slot, column.meta.place).ok()).flatten()
        };
        if !self.matches(&column)? {
            return Ok(None);
        }
        let mut values = Vec::with_capacity(self.set.len());
        if let Some(first) = self.set.first() {
            keeps_to_what_is_set(self.source.table).map_err(|refusal| refuse(first.at, refusal))?;
        }
        for set in self.set {
            let target = set.content.column;
            let value = if target.table.primary_key.contains(&target.place) {
                Err(Unevaluated(format!("`{target:?}` is part of the key objects are found by")))
            } else {
                evaluate(&set.content.value, &column).and_then(|value| value.into_stored(target))
            };
            let value = value.map_err(|refusal| refuse(set.at, refusal))?;
            if !arena.holds(slot, target.place, &*value) {
                return Err(refuse(
                    set.at,
                    Unevaluated(format!("`{target:?}` cannot take {}", shown(&*value))),
                ));
            }
            values.push((target.place, value));
        }
        Ok(Some(Effect { slot, values }))
    }

    /// Whether all conditions are true.
    fn matches<'a>(&'a self, column: &dyn Fn(ColumnRef) -> Option<&'a dyn Value>) -> Result<bool, Error> {
        let mut at = self.at;
        let conditions = self.filter.iter().map(|condition| {
            let holds = evaluate(&condition.content, column).and_then(truth);
            if holds.is_err() {
                at = condition.at;
            }
            holds
        });
        let defaults = self.defaults.iter().map(|condition| {
            let why = "the server alone can tell what the filters of the model leave";
            evaluate(condition, column).and_then(truth).map_err(|_| Unevaluated(why.into()))
        });
        let conditions = conditions.chain(defaults);
        let holds = joined(Logical::And, conditions).map_err(|refusal| refuse(at, refusal))?;
        Ok(holds == Some(true))
    }
}

/// Whether these columns of an object can point at a row.
fn points(arena: &dyn AnyArena, columns: &[usize]) -> bool {
    arena.tracked().iter().any(|&slot| {
        columns.iter().all(|&place| arena.stored_value(slot, place).is_ok_and(|value| !value.is_null()))
    })
}

/// Refuses where the database changes more columns than are set.
fn keeps_to_what_is_set(table: &'static TableMeta) -> Result<(), Unevaluated> {
    match table.columns.iter().find(|column| column.is_computed()) {
        Some(column) => Err(Unevaluated(format!("`{column:?}` is computed by the database"))),
        None => Ok(()),
    }
}

fn shown(value: &dyn Value) -> String {
    if value.is_null() { "NULL".to_owned() } else { format!("a value of {}", value.pg_type().name) }
}

fn refuse(at: &'static Location<'static>, refusal: Unevaluated) -> Error {
    let message = format!(
        "the statement cannot be evaluated on the session's objects: {}; use `Synchronize::Auto` or `Fetch`",
        refusal.0
    );
    Error::statement_invalid(message).located(at)
}
