//! Reads the objects again that written rows refer to: a trigger often keeps a count in them.

use std::collections::{HashMap, HashSet};

use super::row_batch::{Operation, RowBatch};
use super::statement::{Outcome, Sent};
use super::step::{FlushPlan, Step};
use super::value::{Claim, Form, after, before, inserted, now, stored};
use crate::engine::{Answer, Fact};
use crate::error::Error;
use crate::model::NewValue;
use crate::query::render;
use crate::schema::{ForeignKey, TableMeta};
use crate::session::Session;
use crate::session::identity::{AnyArena, Identity};
use crate::types::bulk_column;

/// Objects of a table that rows refer to.
struct Parents {
    table: &'static TableMeta,
    slots: Vec<u32>,
    /// The tables of those rows for which it is not known yet whether they have triggers.
    unknown: Vec<&'static TableMeta>,
    /// Whether one of them is known to have triggers.
    has_triggers: bool,
}

fn fact(table: &'static TableMeta) -> Fact {
    Fact::HasTriggers(std::ptr::from_ref(table).addr())
}

impl Session {
    /// The statements that read the objects again which rows of a plan refer to, or referred to, and triggers may have changed.
    pub(super) fn parents(&self, plan: &FlushPlan) -> Result<Vec<Sent>, Error> {
        let mut parents: Vec<Parents> = Vec::new();
        for batch in plan.steps.iter().flat_map(Step::batches) {
            let triggers = self.engine.facts().is_true(fact(batch.table));
            if triggers == Some(false) {
                continue;
            }
            for key in batch.table.foreign_keys {
                let target = (key.target)().table;
                let Some(arena) = self.identity.any(target) else { continue };
                let slots = referred_to(&self.identity, arena, batch, key)?;
                if slots.is_empty() {
                    continue;
                }
                let at = parents.iter().position(|parents| parents.table == target).unwrap_or_else(|| {
                    let (slots, unknown) = (Vec::new(), Vec::new());
                    parents.push(Parents { table: target, slots, unknown, has_triggers: false });
                    parents.len() - 1
                });
                parents[at].slots.extend(slots);
                match triggers {
                    Some(_) => parents[at].has_triggers = true,
                    None if parents[at].unknown.contains(&batch.table) => {}
                    None => parents[at].unknown.push(batch.table),
                }
            }
        }
        parents.into_iter().filter_map(|parents| parents.statement(&self.identity).transpose()).collect()
    }

    /// Stores whether tables have triggers.
    pub(super) fn learn_triggers(&self, sent: &Sent, answer: &Answer) {
        // For several tables it is not known which of them has the triggers.
        let has_triggers = !answer.rows.is_empty();
        for table in &sent.asked {
            if !has_triggers || sent.asked.len() == 1 {
                self.engine.facts().learn(fact(table), has_triggers);
            }
        }
    }
}

/// The objects that rows of a batch point at by a key, before the flush or after it.
fn referred_to(
    identity: &Identity,
    targets: &dyn AnyArena,
    batch: &RowBatch,
    key: &ForeignKey,
) -> Result<Vec<u32>, Error> {
    let Some(arena) = identity.any(batch.table) else { return Ok(Vec::new()) };
    let mut slots = Vec::new();
    let mut claims: Vec<Claim> = Vec::new();
    for nth in 0..batch.slots.len() {
        claims.extend(before(arena, batch, nth, key.columns, Form::Exact)?);
        let pending = key.columns.iter().find_map(|&place| match arena.new_value(batch.slots[nth], place) {
            NewValue::Pending(pending) if batch.operation != Operation::Update => Some(pending),
            _ => None,
        });
        match pending {
            Some(pending) => slots.push(pending.slot),
            None => claims.extend(after(identity, arena, batch, nth, key.columns, Form::Exact)?),
        }
    }
    if claims.is_empty() {
        return Ok(slots);
    }
    let places = (key.target)().places;
    let mut loaded: HashMap<Claim, u32> = HashMap::new();
    for slot in targets.tracked() {
        loaded.extend(stored(targets, slot, places)?.map(|claim| (claim, slot)));
    }
    // Keys after the flush replace those from before it.
    let mut by_then: HashMap<Claim, u32> = HashMap::new();
    let to_delete: HashSet<u32> = targets.to_delete().into_iter().collect();
    for slot in targets.tracked().into_iter().filter(|slot| !to_delete.contains(slot)) {
        by_then.extend(now(targets, slot, places)?.map(|claim| (claim, slot)));
    }
    for slot in targets.new_rows() {
        by_then.extend(inserted(identity, targets, slot, places)?.map(|claim| (claim, slot)));
    }
    slots.extend(claims.iter().filter_map(|claim| by_then.get(claim)));
    slots.extend(claims.iter().filter_map(|claim| loaded.get(claim)));
    Ok(slots)
}

impl Parents {
    fn statement(mut self, identity: &Identity) -> Result<Option<Sent>, Error> {
        let Some(arena) = identity.any(self.table) else { return Ok(None) };
        self.slots.sort_unstable();
        self.slots.dedup();
        let deleted: HashSet<u32> = arena.to_delete().into_iter().collect();
        // Objects whose keys are not known cannot be read.
        let has_key = |slot: &u32| {
            let mut key = self.table.primary_key.iter();
            key.all(|&place| arena.known_value(*slot, place).is_ok_and(|value| value.is_some()))
        };
        self.slots.retain(|slot| !deleted.contains(slot) && has_key(slot));
        if self.slots.is_empty() {
            return Ok(None);
        }
        let keys = self.table.key().map(|column| {
            let values = self.slots.iter().map(|&slot| {
                let value = arena.known_value(slot, column.place)?;
                value.ok_or_else(|| {
                    Error::session(format!("the key of an object of `{}` is not known", self.table.entity))
                })
            });
            let values = values.collect::<Result<Vec<_>, Error>>()?;
            bulk_column(column.ty, values.into_iter()).map_err(|cause| column.refused(cause))
        });
        let keys = keys.collect::<Result<Vec<_>, Error>>()?;
        let rendered = match self.has_triggers {
            true => render::numbered_by_keys(self.table, &keys),
            false => render::numbered_by_keys_if_triggers(self.table, &keys, &self.unknown),
        };
        let asked = if self.has_triggers { Vec::new() } else { self.unknown };
        Ok(Some(Sent { asked, ..Sent::about(self.table, self.slots, Outcome::ReadIfTriggers, rendered) }))
    }
}
