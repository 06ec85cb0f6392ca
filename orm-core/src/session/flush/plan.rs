//! What a flush does, in which order: batches cut out of one graph of all writes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::affect::{Affected, TakenAlong, affected};
use super::collect::{Batch, Operation};
use super::component::components;
use super::divide::{divided, in_the_way};
use super::edge::{between_groups, between_rows, check_references};
use super::schedule::{Stuck, schedule};
use crate::error::Error;
use crate::schema::TableMeta;
use crate::session::identity::Identity;
use crate::types::shown_in_name;

/// What goes out, in this order.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    /// Whether constraints that can be deferred have to be.
    pub(super) defers: bool,
    /// What is changed along.
    pub(super) affected: Affected,
    /// Whether the server cannot lock rows before they are written.
    pub(super) locks_nothing: bool,
}

/// What goes out as one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Batch(Batch),
    /// Rows that wait for each other by foreign keys, which PostgreSQL looks at when the statement is done: each stage
    /// after the one before.
    Together(Vec<Vec<Batch>>),
}

impl Plan {
    /// Whether the versions of a table's rows are checked before the first statement: after a trigger of another row has
    /// written to one it has another version, though nobody else has changed it.
    pub(super) fn checks_ahead(&self, table: &TableMeta) -> bool {
        !self.locks_nothing
            && table.version.is_some()
            && self.steps.iter().flat_map(Step::batches).nth(1).is_some()
    }
}

impl Step {
    pub(super) fn batches(&self) -> impl Iterator<Item = &Batch> {
        let (one, many) = match self {
            Step::Batch(batch) => (Some(batch), None),
            Step::Together(stages) => (None, Some(stages.iter().flatten())),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }
}

pub(super) fn plan(identity: &mut Identity, mut groups: Vec<Batch>) -> Result<Plan, Error> {
    if groups.iter().any(|batch| batch.operation == Operation::Replace) {
        let in_the_way = in_the_way(identity, &groups)?;
        groups = divided(groups, in_the_way);
    }
    loop {
        let affected = affected(identity, &groups)?;
        for TakenAlong { table, slot, place, value } in &affected.values {
            if let Some((arena, _)) = identity.any_mut(table) {
                arena.make(*slot, *place, Arc::clone(value));
            }
        }
        if groups.len() > 1 {
            check_references(identity, &groups, &affected)?;
            sort(&mut groups);
        }
        let edges = between_groups(identity, &groups);
        if edges.is_empty() {
            let steps = groups.into_iter().map(Step::Batch).collect();
            return Ok(Plan { steps, affected, ..Plan::default() });
        }
        match in_order(identity, &groups, &edges, affected)? {
            Ok(plan) => return Ok(plan),
            Err(stuck) => groups = divide(identity, groups, &stuck)?,
        }
    }
}

/// Puts groups into one order, whatever the order of the objects: new rows by table, referenced tables first; then what
/// changes and deletes rows, in the order in which rows are locked.
fn sort(groups: &mut [Batch]) {
    groups.sort_by_cached_key(|group| {
        let (rank, name) = order_of_locks(group.table);
        let rank = if group.is_stored() { rank } else { -rank };
        (group.is_stored(), rank, name, group.operation, Arc::clone(&group.places))
    });
}

/// Where a table stands among those whose rows are locked: referencing tables first, for foreign keys and triggers lock in
/// that order too.
pub(super) fn order_of_locks(table: &'static TableMeta) -> (isize, (Option<&'static str>, &'static str)) {
    (-rank(table), (table.schema, table.name))
}

/// How many tables the foreign keys of a table lead to: more than those of a table that it refers to.
fn rank(table: &'static TableMeta) -> isize {
    let mut reached = vec![table];
    let mut next = 0;
    while let Some(&table) = reached.get(next) {
        next += 1;
        for target in table.targets() {
            if !reached.contains(&target) {
                reached.push(target);
            }
        }
    }
    reached.len() as isize
}

/// The groups in an order in which none comes before what it waits for; those in a circle row by row.
fn in_order(
    identity: &Identity,
    groups: &[Batch],
    edges: &[(usize, usize)],
    affected: Affected,
) -> Result<Result<Plan, Stuck>, Error> {
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
    let mut plan = Plan { affected, ..Plan::default() };
    while let Some(Reverse((_, circle))) = ready.pop() {
        match circles[circle][..] {
            [only] if !before[only].contains(&only) => plan.steps.push(Step::Batch(groups[only].clone())),
            _ => {
                let order = between_rows(identity, groups, &circles[circle], &plan.affected)?;
                match schedule(identity, groups, &circles[circle], &order)? {
                    Ok(scheduled) => {
                        plan.steps.extend(scheduled.steps);
                        plan.defers |= scheduled.defers;
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
    Ok(Ok(plan))
}

/// Makes a deletion and an insert of the rows of a circle that take others over; an error if none does.
fn divide(identity: &Identity, groups: Vec<Batch>, stuck: &Stuck) -> Result<Vec<Batch>, Error> {
    if stuck.is_unknown {
        return Err(super::together::circle(groups[stuck.rows[0].0].table));
    }
    let over = stuck.rows.iter().filter(|(group, _)| groups[*group].operation == Operation::Replace);
    let over: Vec<(usize, usize)> = over.copied().collect();
    if over.is_empty() {
        return Err(circle(identity, &groups, stuck));
    }
    Ok(divided(groups, over))
}

/// How many rows of a circle are named.
const NAMED: usize = 8;

fn circle(identity: &Identity, groups: &[Batch], stuck: &Stuck) -> Error {
    let mut rows: Vec<String> =
        stuck.rows.iter().take(NAMED).map(|&(group, nth)| name_of(identity, &groups[group], nth)).collect();
    if stuck.rows.len() > NAMED {
        rows.push(format!("{} more", stuck.rows.len() - NAMED));
    }
    Error::session(format!(
        "rows wait for each other in a circle: {}; what one gives up another takes, which PostgreSQL does not let pass row by \
         row: give one of them another value, flush, and then give it its own, or declare the constraint `deferrable`",
        rows.join(", ")
    ))
}

/// A row in words: its model and its key.
pub(super) fn name_of(identity: &Identity, batch: &Batch, nth: usize) -> String {
    let entity = batch.table.entity;
    let Some(arena) = identity.any(batch.table).filter(|_| batch.is_stored()) else {
        return format!("a new `{entity}`");
    };
    let part = |place: &usize| match arena.stored_value(batch.stored_slot(nth), *place) {
        Ok(value) => shown_in_name(value),
        Err(_) => "?".to_owned(),
    };
    let key: Vec<String> = batch.table.primary_key.iter().map(part).collect();
    format!("`{entity}` {}", key.join("/"))
}
