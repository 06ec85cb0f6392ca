//! What a flush does, in which order: batches cut out of one graph of all writes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::affect::{Affected, CascadedValue, affected};
use super::component::components;
use super::describe::circle;
use super::divide::{divided, in_the_way, to_divide};
use super::edge::{Order, Reason, between_groups, between_rows, check_references};
use super::held_key::HeldKeys;
use super::lock_order::order_of_locks;
use super::referenced::{Referenced, StoredRow};
use super::row_batch::{Operation, RowBatch};
use super::schedule::{Broken, Scheduled, Stuck, schedule};
use super::step::{FlushPlan, Step};
use super::value::inserted_value;
use crate::error::Error;
use crate::schema::TableMeta;
use crate::session::identity::Identity;
use crate::types::Value;

/// A plan, or what has to be known before there can be one.
pub(super) enum Planned {
    Ready(Box<FlushPlan>),
    /// These rows could be deleted and inserted anew, if no row that is not loaded would be deleted or changed with them.
    Asks(Vec<StoredRow>),
    /// These rows get keys that rows which are not loaded may have until a cascade deletes them.
    AsksKeys(Vec<StoredRow>),
}

/// A plan, and what it does against what would be better.
struct Attempt {
    plan: FlushPlan,
    broken: Broken,
    /// The rows that could be divided to spare that, by group and place in it.
    divisible: Vec<(usize, usize)>,
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
    if !matches!(planned, Ok(Planned::Ready(_))) {
        planner.unmake(identity);
    }
    planned
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
            let ordered = in_order(identity, &groups, &edges, affected, self.takes_alternatives)?;
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

/// The groups in an order in which none comes before what it waits for; those in a circle row by row.
fn in_order(
    identity: &Identity,
    groups: &[RowBatch],
    edges: &[(usize, usize)],
    affected: Affected,
    takes_alternatives: bool,
) -> Result<Result<Attempt, Stuck>, Error> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); groups.len()];
    edges.iter().for_each(|&(first, then)| before[then].push(first));
    let circles = components(&before.iter().map(|list| &list[..]).collect::<Vec<_>>());
    let mut circle_of = vec![0; groups.len()];
    for (number, circle) in circles.iter().enumerate() {
        circle.iter().for_each(|&group| circle_of[group] = number);
    }
    let mut then: Vec<Vec<usize>> = vec![Vec::new(); circles.len()];
    let mut waiting = vec![0; circles.len()];
    for &(first, next) in edges.iter().filter(|(first, next)| circle_of[*first] != circle_of[*next]) {
        then[circle_of[first]].push(circle_of[next]);
        waiting[circle_of[next]] += 1;
    }
    let foremost = |circle: usize| Reverse((circles[circle].iter().min().copied(), circle));
    let mut ready: BinaryHeap<_> =
        (0..circles.len()).filter(|circle| waiting[*circle] == 0).map(foremost).collect();
    let mut plan = FlushPlan { affected, ..FlushPlan::default() };
    let (mut broken, mut divisible) = (Broken::default(), Vec::new());
    while let Some(Reverse((_, circle))) = ready.pop() {
        match circles[circle][..] {
            [only] if !before[only].contains(&only) => plan.steps.push(Step::Batch(groups[only].clone())),
            _ => {
                let mut order = between_rows(identity, groups, &circles[circle], &plan.affected)?;
                if !takes_alternatives {
                    order.alternatives.clear();
                }
                match best_schedule(identity, groups, &circles[circle], order)? {
                    Ok(scheduled) => {
                        plan.steps.extend(scheduled.steps);
                        plan.defers |= scheduled.defers;
                        broken += scheduled.broken;
                        divisible.extend(scheduled.divisible);
                        for [row, target] in scheduled.referring_before {
                            follow(identity, groups, row, target, &mut plan)?;
                        }
                    }
                    Err(stuck) => return Ok(Err(stuck)),
                }
            }
        }
        for &next in &then[circle] {
            waiting[next] -= 1;
            if waiting[next] == 0 {
                ready.push(foremost(next));
            }
        }
    }
    Ok(Ok(Attempt { plan, broken, divisible }))
}

/// Rows in an order that goes against as little as can be. What only the server knows binds nothing at first; where that has
/// to be gone against, one statement may do it: each row behind what may free its key, and references that are checked when
/// it is done.
fn best_schedule(
    identity: &Identity,
    groups: &[RowBatch],
    members: &[usize],
    mut order: Order,
) -> Result<Result<Scheduled, Stuck>, Error> {
    let scheduled = any_schedule(identity, groups, members, &mut order)?;
    let Ok(free) = scheduled else { return Ok(scheduled) };
    if free.broken.cautions == 0 {
        return Ok(Ok(free));
    }
    // A value that a row has for a moment only is given up in the same statement, or, if that makes no order, never taken.
    let interim: Vec<bool> = order.edges.iter().map(|edge| edge.reason == Reason::Interim).collect();
    for reason in [Reason::Unique, Reason::Reference] {
        let mut is_other = false;
        for (edge, &is_interim) in order.edges.iter_mut().zip(&interim) {
            edge.reason = match edge.reason {
                _ if is_interim => reason,
                Reason::Guess { by_cascade: true } => Reason::Separate,
                Reason::Guess { by_cascade: false } => Reason::Unique,
                _ => continue,
            };
            is_other |= is_interim || reason == Reason::Unique;
        }
        if is_other
            && let Ok(bound) = schedule(identity, groups, members, &order)?
            && bound.broken < free.broken
        {
            return Ok(Ok(bound));
        }
    }
    Ok(Ok(free))
}

/// A new row refers to another before that gets its new key: it is read again when all is done.
fn follow(
    identity: &Identity,
    groups: &[RowBatch],
    (group, nth): (usize, usize),
    (changed, at): (usize, usize),
    plan: &mut FlushPlan,
) -> Result<(), Error> {
    plan.referred_before.push((groups[changed].table, groups[changed].slots[at]));
    let RowBatch { table, ref slots, .. } = groups[group];
    let Some(arena) = identity.any(table) else { return Ok(()) };
    let key = table.primary_key.iter().map(|&place| inserted_value(identity, arena, slots[nth], place));
    let key = key.map(|value| Ok(value?.map(Value::share))).collect::<Result<Option<Vec<_>>, Error>>()?;
    key.into_iter().for_each(|key| plan.affected.read_again(table, slots[nth], key));
    Ok(())
}

/// Rows in an order; where there is none, what has alternatives takes them.
fn any_schedule(
    identity: &Identity,
    groups: &[RowBatch],
    members: &[usize],
    order: &mut Order,
) -> Result<Result<Scheduled, Stuck>, Error> {
    let first = match schedule(identity, groups, members, order)? {
        Err(stuck) => stuck,
        scheduled => return Ok(scheduled),
    };
    let mut rows = first.rows.clone();
    while order.take_alternatives(&rows) {
        match schedule(identity, groups, members, order)? {
            Err(stuck) => rows = stuck.rows,
            scheduled => return Ok(scheduled),
        }
    }
    Ok(Err(first))
}
