//! Tries other orders where the server refuses one that rests on what only it knows: rows that are not loaded, unique values
//! that it computes.

use std::collections::HashMap;

use super::alone::alone;
use super::divide::divided;
use super::held_key::HeldKeys;
use super::perform::{Refusal, all_keys_are_known};
use super::plan::plan_unlike;
use super::referenced::Referenced;
use super::row_batch::{Operation, RowBatch};
use super::schedule::{RefusedUnits, Units};
use super::step::FlushPlan;
use crate::error::Error;
use crate::schema::TableMeta;
use crate::session::Session;

/// How many orders are tried at most.
const TRIES: usize = 48;
/// The savepoint in front of an order that the server may refuse.
const SAVEPOINT: &str = "orm_flush";

/// What other orders of the same rows are made from.
pub(super) struct Trial {
    pub(super) groups: Vec<RowBatch>,
    pub(super) takes_alternatives: bool,
    /// The columns of objects that have the values which cascades give them.
    pub(super) made: Vec<(&'static TableMeta, u32, usize)>,
    /// For each step the number of a circle and the units of it, where these do not go out in batches.
    pub(super) units: Vec<Option<(usize, Units)>>,
}

/// What the server has refused, by the numbers of circles.
#[derive(Default)]
pub(super) struct RefusedOrders {
    circles: HashMap<usize, RefusedUnits>,
    none: RefusedUnits,
}

impl RefusedOrders {
    pub(super) fn of(&self, circle: usize) -> &RefusedUnits {
        self.circles.get(&circle).unwrap_or(&self.none)
    }

    /// Notes that a step was refused, or what was looked at behind all of them.
    pub(super) fn note(&mut self, trial: &Trial, step: Option<usize>) {
        let told = step.and_then(|step| Some((step, (*trial.units.get(step)?)?)));
        if let Some((step, (circle, _))) = told {
            let order = of_circle(&trial.units[..=step], circle);
            return self.circles.entry(circle).or_default().refuse_statement(&order);
        }
        // Whichever circle it was, another order of the last one is tried.
        if let Some(&(circle, _)) = trial.units.iter().flatten().next_back() {
            let order = of_circle(&trial.units, circle);
            self.circles.entry(circle).or_default().refuse_order(order);
        }
    }
}

fn of_circle(units: &[Option<(usize, Units)>], circle: usize) -> Vec<Units> {
    units.iter().flatten().filter(|(of, _)| *of == circle).map(|(_, units)| *units).collect()
}

/// Whether another order may pass where a statement was refused for this.
fn may_be_the_order(error: &Error) -> bool {
    let of_constraint = |code: &str| code.starts_with("23") || code == "27000";
    error.is_stale() || error.code().is_some_and(of_constraint)
}

impl Session {
    /// Sends a plan. Where the server refuses an order that rests on what only it knows, others are tried; the error is that of
    /// the first.
    pub(super) async fn perform_any_order(
        &mut self,
        mut plan: Box<FlushPlan>,
        (mut referenced, held): (Referenced, HeldKeys),
        commit: bool,
        begins: bool,
    ) -> Result<(), Error> {
        if plan.trial.is_none() || !all_keys_are_known(&self.identity, &plan)? {
            plan.trial = None;
            return self.perform_plan(*plan, commit, begins).await;
        }
        self.ask_for_keys(&plan).await?;
        // A transaction that has nothing else is begun anew; otherwise there is a savepoint, and COMMIT goes by itself.
        let is_alone = begins && self.identity.clock().depth() == 0;
        if !is_alone {
            self.connect().await?.savepoint(SAVEPOINT);
        }
        let mut refused = RefusedOrders::default();
        let mut first: Option<Error> = None;
        for _ in 0..TRIES {
            let Refusal { error, step, is_of_server } =
                match self.perform_steps(&plan, commit && is_alone).await {
                    Ok(()) if is_alone => return Ok(()),
                    Ok(()) => {
                        self.connect().await?.release(SAVEPOINT);
                        return if commit { self.send_commit().await } else { Ok(()) };
                    }
                    Err(refusal) => refusal,
                };
            let trial = plan.trial.take().filter(|_| is_of_server && may_be_the_order(&error));
            first.get_or_insert(error);
            let Some(trial) = trial else { break };
            refused.note(&trial, step);
            if is_alone {
                self.begin_anew().await?;
            } else {
                self.raw()?.rollback_to(SAVEPOINT).await?;
            }
            let other = match plan_unlike(&mut self.identity, &trial, &held, &refused)? {
                None => {
                    let Some(trial) = self.divided(*trial, &mut referenced).await? else { break };
                    refused = RefusedOrders::default();
                    plan_unlike(&mut self.identity, &trial, &held, &refused)?
                }
                other => other,
            };
            let Some(other) = other else { break };
            *plan = other;
            self.settle_checks(&mut plan).await?;
        }
        if is_alone {
            // What was begun anew has done nothing.
            self.next_mode = None;
        }
        if commit && let Some(connection) = &mut self.connection {
            connection.raw().rollback().await?;
        }
        first.map_or(Ok(()), Err)
    }

    /// The same with a deletion and an insert in the place of each row that takes another over, where nothing references that.
    async fn divided(&mut self, trial: Trial, referenced: &mut Referenced) -> Result<Option<Trial>, Error> {
        let groups = &trial.groups;
        let over = groups.iter().enumerate().filter(|(_, batch)| batch.operation == Operation::Replace);
        let over = over.flat_map(|(group, batch)| (0..batch.slots.len()).map(move |nth| (group, nth)));
        let over: Vec<(usize, usize)> = over.collect();
        let alone = alone(&self.identity, groups, &over)?.into_iter();
        let mut rows: Vec<(usize, usize)> = alone.map(|row| (row.group, row.nth)).collect();
        let unknown = referenced.unknown(groups, &rows);
        if !unknown.is_empty() {
            self.ask_who_references(&unknown, referenced).await?;
        }
        rows.retain(|&(group, nth)| !referenced.contains(&groups[group], nth));
        Ok((!rows.is_empty()).then(|| Trial { groups: divided(trial.groups, rows), ..trial }))
    }
}
