//! What a flush does, in which order: batches cut out of one graph of all writes.

use std::sync::Arc;

use super::affect::{Affected, CascadedValue, affected};
use super::describe::circle;
use super::divide::{divided, in_the_way, to_divide};
use super::edge::{between_groups, check_references};
use super::held_key::HeldKeys;
use super::lock_order::order_of_locks;
use super::ordering::{Attempt, Choice, in_order};
use super::referenced::{Referenced, StoredRow};
use super::refused_order::RefusedOrders;
use super::row_batch::{Operation, RowBatch};
use super::schedule::Broken;
use super::step::{FlushPlan, Step, Trial};
use crate::error::Error;
use crate::schema::TableMeta;
use crate::session::identity::Identity;

/// A plan, or what has to be known before there can be one.
pub(super) enum Planned {
    Ready(Box<FlushPlan>),
    /// These rows could be deleted and inserted anew, if no row that is not loaded would be deleted or changed with them.
    Asks(Vec<StoredRow>),
    /// These rows get keys that rows which are not loaded may have until a cascade deletes them.
    AsksKeys(Vec<StoredRow>),
}

/// Finds an order. Where there is none, and dividing rows makes none either, edges give way to their alternatives.
pub(super) fn plan(
    identity: &mut Identity,
    groups: Vec<RowBatch>,
    referenced: &Referenced,
    held: &HeldKeys,
) -> Result<Planned, Error> {
    let mut planner = Planner { referenced, held, takes_alternatives: false, stuck: None, made: Vec::new() };
    let mut planned = planner.plan(identity, groups);
    if let (Err(error), Some(groups)) = (&planned, planner.stuck.take()) {
        planner.takes_alternatives = true;
        planned = planner.plan(identity, groups).map_err(|_| error.clone());
    }
    match &mut planned {
        Ok(Planned::Ready(plan)) => {
            if let Some(trial) = &mut plan.trial {
                trial.made = planner.made;
            }
        }
        _ => planner.unmake(identity),
    }
    planned
}

/// The plan of the same rows in an order that the server has not refused yet, if there is one.
pub(super) fn plan_unlike(
    identity: &mut Identity,
    trial: &Trial,
    held: &HeldKeys,
    refused: &RefusedOrders,
) -> Result<Option<FlushPlan>, Error> {
    let Trial { ref groups, takes_alternatives, ref made, .. } = *trial;
    let made = made.clone();
    let referenced = Referenced::default();
    let mut planner = Planner { referenced: &referenced, held, takes_alternatives, stuck: None, made };
    planner.unmake(identity);
    let mut affected = affected(identity, groups)?;
    affected.held = held.held();
    planner.make(identity, &affected);
    if check_references(identity, groups, &affected).is_err() {
        return Ok(None);
    }
    let edges = between_groups(identity, groups);
    let choice = Choice { takes_alternatives, refused: Some(refused) };
    let Ok(Attempt { mut plan, .. }) = in_order(identity, groups, &edges, affected, choice)? else {
        return Ok(None);
    };
    if let Some(trial) = &mut plan.trial {
        trial.made = planner.made;
    }
    Ok(Some(plan))
}

struct Planner<'a> {
    referenced: &'a Referenced,
    held: &'a HeldKeys,
    takes_alternatives: bool,
    /// The groups that had no order first.
    stuck: Option<Vec<RowBatch>>,
    /// The columns of objects that will have the values which cascades of the attempt at hand give them.
    made: Vec<(&'static TableMeta, u32, usize)>,
}

impl Planner<'_> {
    /// Objects will have the values that cascades give them, and none from an attempt before.
    fn make(&mut self, identity: &mut Identity, affected: &Affected) {
        self.unmake(identity);
        for CascadedValue { table, slot, place, value } in &affected.values {
            if let Some((arena, _)) = identity.any_mut(table) {
                arena.make(*slot, *place, Arc::clone(value));
                self.made.push((table, *slot, *place));
            }
        }
    }

    fn unmake(&mut self, identity: &mut Identity) {
        for (table, slot, place) in self.made.drain(..) {
            if let Some((arena, _)) = identity.any_mut(table) {
                arena.unmake(slot, place);
            }
        }
    }

    fn back_to(&mut self, identity: &mut Identity, Attempt { plan, .. }: Attempt) -> Planned {
        self.make(identity, &plan.affected);
        Planned::Ready(Box::new(plan))
    }

    fn plan(&mut self, identity: &mut Identity, mut groups: Vec<RowBatch>) -> Result<Planned, Error> {
        let referenced = self.referenced;
        if groups.iter().any(|batch| batch.operation == Operation::Replace) {
            let rows = in_the_way(identity, &groups)?;
            let unknown = referenced.unknown(&groups, &rows);
            if !unknown.is_empty() {
                return Ok(Planned::Asks(unknown));
            }
            referenced.refuse(identity, &groups, &rows)?;
            groups = divided(groups, rows);
        }
        let mut best: Option<Attempt> = None;
        let mut in_circle: Option<Error> = None;
        loop {
            self.unmake(identity);
            let mut affected = affected(identity, &groups)?;
            affected.held = self.held.held();
            self.make(identity, &affected);
            if let Err(error) = check_references(identity, &groups, &affected) {
                // Where rows were divided, it is the deletion of a row that the program keeps.
                return match best {
                    Some(before) => Ok(self.back_to(identity, before)),
                    None => Err(in_circle.unwrap_or(error)),
                };
            }
            if groups.len() > 1 {
                sort(&mut groups);
            }
            let edges = between_groups(identity, &groups);
            if edges.is_empty() {
                let steps = groups.into_iter().map(Step::Batch).collect();
                return Ok(Planned::Ready(Box::new(FlushPlan { steps, affected, ..FlushPlan::default() })));
            }
            let choice = Choice { takes_alternatives: self.takes_alternatives, refused: None };
            let ordered = in_order(identity, &groups, &edges, affected, choice)?;
            let rows = match (ordered, best.take()) {
                // Dividing rows has made nothing better.
                (Ok(Attempt { broken, .. }), Some(before)) if broken >= before.broken => {
                    return Ok(self.back_to(identity, before));
                }
                (Err(_), Some(before)) => return Ok(self.back_to(identity, before)),
                (Ok(mut attempt), _) => {
                    if attempt.broken > Broken::default() {
                        let unknown = self.held.unknown(identity, &groups)?;
                        if !unknown.is_empty() {
                            return Ok(Planned::AsksKeys(unknown));
                        }
                    }
                    let unknown = referenced.unknown(&groups, &attempt.divisible);
                    if !unknown.is_empty() {
                        return Ok(Planned::Asks(unknown));
                    }
                    let mut rows = std::mem::take(&mut attempt.divisible);
                    rows.retain(|&(group, nth)| !referenced.contains(&groups[group], nth));
                    if rows.is_empty() {
                        return Ok(Planned::Ready(Box::new(attempt.plan)));
                    }
                    best = Some(attempt);
                    rows
                }
                (Err(stuck), None) => {
                    self.stuck.get_or_insert_with(|| groups.clone());
                    let rows = to_divide(identity, &groups, &stuck)?;
                    let unknown = referenced.unknown(&groups, &rows);
                    if !unknown.is_empty() {
                        return Ok(Planned::Asks(unknown));
                    }
                    in_circle = Some(circle(identity, &groups, &stuck));
                    referenced.free(identity, &groups, rows)?
                }
            };
            groups = divided(groups, rows);
        }
    }
}

/// Puts groups into one order, whatever the order of the objects: new rows by table, referenced tables first; then what
/// changes and deletes rows, in the order in which rows are locked.
fn sort(groups: &mut [RowBatch]) {
    groups.sort_by_cached_key(|group| {
        let (rank, name) = order_of_locks(group.table);
        let rank = if group.is_stored() { rank } else { -rank };
        (group.is_stored(), rank, name, group.operation, Arc::clone(&group.places))
    });
}
