//! Tries other orders where the server refuses one that rests on what only it knows: rows that are not loaded, unique values
//! that it computes.

use super::alone::alone;
use super::divide::divided;
use super::held_key::HeldKeys;
use super::perform::{FailedStep, all_keys_are_known};
use super::plan::plan_unlike;
use super::referenced::Referenced;
use super::refused_order::RefusedOrders;
use super::row_batch::Operation;
use super::step::{FlushPlan, Trial};
use crate::error::Error;
use crate::session::Session;

/// How many orders are tried at most.
const TRIES: usize = 32;
/// The savepoint in front of an order that the server may refuse.
const SAVEPOINT: &str = "orm_flush";

/// Whether a statement was refused for what other rows of the flush may be the reason of: values and references that are taken or
/// missing. What a row itself must not hold is the same in any order.
fn is_of_rows(error: &Error) -> bool {
    let is_over = error.is_committed() || error.is_outcome_unknown();
    let of_others = |code: &str| matches!(code, "23001" | "23503" | "23505" | "23P01" | "27000");
    !is_over && (error.is_stale() || error.code().is_some_and(of_others))
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
            let FailedStep { error, step, may_be_the_order } =
                match self.perform_steps(&plan, commit && is_alone).await {
                    Ok(()) if is_alone => return Ok(()),
                    Ok(()) => {
                        self.connect().await?.release(SAVEPOINT);
                        return if commit { self.send_commit().await } else { Ok(()) };
                    }
                    Err(refusal) => refusal,
                };
            let trial = plan.trial.take().filter(|_| may_be_the_order && is_of_rows(&error));
            let Some(trial) = trial else {
                first = Some(error);
                break;
            };
            first.get_or_insert(error);
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
            // A failure of this, a lost connection, has ended the transaction too.
            let _ = connection.raw().rollback().await;
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
