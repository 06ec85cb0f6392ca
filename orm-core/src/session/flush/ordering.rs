//! The order of groups: none before what it waits for, and those that wait for each other in a circle row by row.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::affect::Affected;
use super::component::components;
use super::edge::{Order, Reason, between_rows};
use super::refused_order::RefusedOrders;
use super::row_batch::RowBatch;
use super::schedule::{Broken, RefusedUnits, Scheduled, Stuck, schedule};
use super::step::{FlushPlan, Step, Trial};
use super::value::inserted_value;
use crate::error::Error;
use crate::session::identity::Identity;
use crate::types::Value;

/// A plan, and what it does against what would be better.
pub(super) struct Attempt {
    pub(super) plan: FlushPlan,
    pub(super) broken: Broken,
    /// The rows that could be divided to spare that, by group and place in it.
    pub(super) divisible: Vec<(usize, usize)>,
}

/// Which orders are looked for.
#[derive(Clone, Copy)]
pub(super) struct Choice<'a> {
    pub(super) takes_alternatives: bool,
    /// What the server has refused, where rows are put into another order than the one that seemed best.
    pub(super) refused: Option<&'a RefusedOrders>,
}

impl<'a> Choice<'a> {
    /// The same for one circle.
    fn of(&self, circle: usize) -> (bool, Option<&'a RefusedUnits>) {
        (self.takes_alternatives, self.refused.map(|refused| refused.of(circle)))
    }
}

/// How many rows may wait for each other in a circle, so that other orders of them are tried where the server refuses one.
const MOST_TRIED: usize = 64;

/// The groups in an order in which none comes before what it waits for; those in a circle row by row.
pub(super) fn in_order(
    identity: &Identity,
    groups: &[RowBatch],
    edges: &[(usize, usize)],
    affected: Affected,
    choice: Choice<'_>,
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
    let (mut broken, mut divisible, mut units) = (Broken::default(), Vec::new(), Vec::new());
    let mut is_uncertain = choice.refused.is_some();
    while let Some(Reverse((_, circle))) = ready.pop() {
        match circles[circle][..] {
            [only] if !before[only].contains(&only) => plan.steps.push(Step::Batch(groups[only].clone())),
            _ => {
                let scheduled =
                    in_circle(identity, groups, &circles[circle], &plan.affected, choice.of(circle))?;
                match scheduled {
                    Ok((scheduled, may_fail)) => {
                        is_uncertain |= may_fail;
                        units.resize(plan.steps.len(), None);
                        units.extend(scheduled.units.iter().map(|&unit| Some((circle, unit))));
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
    if is_uncertain {
        let takes_alternatives = choice.takes_alternatives;
        let trial = Trial { groups: groups.to_vec(), takes_alternatives, made: Vec::new(), units };
        plan.trial = Some(Box::new(trial));
    }
    Ok(Ok(Attempt { plan, broken, divisible }))
}

/// The rows of a circle in an order, and whether the server may refuse that for what only it knows.
fn in_circle(
    identity: &Identity,
    groups: &[RowBatch],
    members: &[usize],
    affected: &Affected,
    (takes_alternatives, refused): (bool, Option<&RefusedUnits>),
) -> Result<Result<(Scheduled, bool), Stuck>, Error> {
    let rows: usize = members.iter().map(|&group| groups[group].slots.len()).sum();
    let is_small = rows <= MOST_TRIED;
    let refused = refused.filter(|_| is_small);
    let mut order = between_rows(identity, groups, members, affected, refused.is_some())?;
    if !takes_alternatives {
        order.alternatives.clear();
    }
    let is_uncertain = order.is_uncertain;
    let scheduled = match refused {
        None => best_schedule(identity, groups, members, order)?,
        Some(_) => any_schedule(identity, groups, members, &mut order, refused)?,
    };
    Ok(scheduled.map(|scheduled| {
        let may_fail = is_small && (is_uncertain || scheduled.broken > Broken::default());
        (scheduled, may_fail)
    }))
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
    let scheduled = any_schedule(identity, groups, members, &mut order, None)?;
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
            && let Ok(bound) = schedule(identity, groups, members, &order, None)?
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
    refused: Option<&RefusedUnits>,
) -> Result<Result<Scheduled, Stuck>, Error> {
    let first = match schedule(identity, groups, members, order, refused)? {
        Err(stuck) => stuck,
        scheduled => return Ok(scheduled),
    };
    let mut rows = first.rows.clone();
    while order.take_alternatives(&rows) {
        match schedule(identity, groups, members, order, refused)? {
            Err(stuck) => rows = stuck.rows,
            scheduled => return Ok(scheduled),
        }
    }
    Ok(Err(first))
}
