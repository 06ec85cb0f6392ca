//! Sends a plan: batches become statements, and statements that do not need each other's answers are pipelined.

use super::affect::Reread;
use super::current_key::CurrentKeys;
use super::finalize::finalize;
use super::row_batch::{Operation, RowBatch};
use super::statement::{Mode, Outcome, Sent, read_again, set_constraints, statement};
use super::step::{FlushPlan, Step};
use super::target::target_checks;
use super::together::{circle, together};
use crate::engine::{Answer, Connection};
use crate::error::Error;
use crate::execute::request;
use crate::model::NewValue;
use crate::query::render;
use crate::schema::TableMeta;
use crate::session::Session;
use crate::session::identity::Identity;

/// Statements that are to be sent.
enum Waiting<'a> {
    Ready(Sent),
    /// A step, with its number.
    Step(usize, &'a Step),
    Reread(&'a Reread),
}

/// Why a plan was not performed.
pub(super) struct FailedStep {
    pub(super) error: Error,
    /// The step whose statement was refused, if it was one of a step.
    pub(super) step: Option<usize>,
    /// Whether the server has refused a statement of a step, or one behind the first of these: nothing of the round trip was stored in
    /// the objects, and another order may pass.
    pub(super) may_be_the_order: bool,
}

impl From<Error> for FailedStep {
    fn from(error: Error) -> FailedStep {
        FailedStep { error, step: None, may_be_the_order: false }
    }
}

impl Session {
    pub(super) async fn perform(&mut self, plan: &FlushPlan, commit: bool) -> Result<(), Error> {
        self.perform_steps(plan, commit).await.map_err(|failed| failed.error)
    }

    pub(super) async fn perform_steps(&mut self, plan: &FlushPlan, commit: bool) -> Result<(), FailedStep> {
        let mut waiting: Vec<Waiting<'_>> = Vec::with_capacity(plan.steps.len());
        let mut current = CurrentKeys::before(&plan.referred_before);
        if plan.defers {
            waiting.push(Waiting::Ready(set_constraints(plan, "DEFERRED")?));
        }
        waiting.extend(self.locks(plan)?.into_iter().map(Waiting::Ready));
        for (number, step) in plan.steps.iter().enumerate() {
            for batch in step.batches() {
                if !keys_are_known(&self.identity, batch)? {
                    self.send(plan, std::mem::take(&mut waiting), &mut current, false).await?;
                    if !keys_are_known(&self.identity, batch)? {
                        return Err(circle(batch.table).into());
                    }
                }
            }
            waiting.push(Waiting::Step(number, step));
        }
        waiting.extend(target_checks(&self.identity, plan)?.into_iter().map(Waiting::Ready));
        waiting.extend(plan.affected.reread.iter().map(Waiting::Reread));
        waiting.extend(self.parents(plan)?.into_iter().map(Waiting::Ready));
        if plan.defers {
            waiting.push(Waiting::Ready(set_constraints(plan, "IMMEDIATE")?));
        }
        self.send(plan, waiting, &mut current, commit).await?;
        for &(table, slot) in &plan.affected.deleted {
            if let Some((arena, clock)) = self.identity.any_mut(table) {
                arena.deleted(slot, clock);
            }
        }
        Ok(())
    }

    async fn send(
        &mut self,
        plan: &FlushPlan,
        waiting: Vec<Waiting<'_>>,
        current: &mut CurrentKeys,
        commit: bool,
    ) -> Result<(), FailedStep> {
        let mut sent = Vec::with_capacity(waiting.len());
        // Where the statements of each step begin.
        let mut starts: Vec<(usize, Option<usize>)> = Vec::with_capacity(waiting.len());
        for waiting in waiting {
            match waiting {
                Waiting::Ready(ready) => {
                    starts.push((sent.len(), None));
                    sent.push(ready);
                }
                Waiting::Step(number, step) => {
                    starts.push((sent.len(), Some(number)));
                    self.statements(plan, step, current, commit, &mut sent)?;
                    current.pass(&plan.affected.key_changes, step);
                }
                Waiting::Reread(reread) => {
                    starts.push((sent.len(), None));
                    sent.push(read_again(reread)?);
                }
            }
        }
        let connection = self.connect().await?;
        let answers = exchange(connection, &sent, commit).await.map_err(|(error, place)| {
            let at = place.map_or(0, |place| starts.partition_point(|(start, _)| *start <= place));
            let step = at.checked_sub(1).and_then(|at| starts[at].1);
            let may_be_the_order = starts[..at].iter().any(|(_, step)| step.is_some());
            FailedStep { error, step, may_be_the_order }
        })?;
        for (sent, answer) in sent.iter().zip(&answers) {
            match sent.outcome {
                Outcome::AskedToLock => self.learn_lock(sent, answer)?,
                Outcome::ReadIfTriggers => self.learn_triggers(sent, answer),
                _ => {}
            }
            if sent.has_written(answer) {
                self.identity.note_write(sent.table);
            }
        }
        Ok(finalize(&mut self.identity, &sent, answers)?)
    }

    /// Sends COMMIT by itself.
    pub(super) async fn send_commit(&mut self) -> Result<(), Error> {
        let connection = self.connect().await?;
        exchange(connection, &[], true).await.map(|_| ()).map_err(|(error, _)| error)
    }

    /// The statements of a step, with keys that earlier statements have changed replaced by the current ones.
    fn statements(
        &self,
        plan: &FlushPlan,
        step: &Step,
        current: &CurrentKeys,
        commit: bool,
        sent: &mut Vec<Sent>,
    ) -> Result<(), Error> {
        // The client would compare the number of rows when it is too late: after COMMIT, or when objects hold other answers.
        let mode = |batch: &RowBatch| Mode {
            guarded: (commit || plan.trial.is_some()) && !plan.lets_go(batch),
            by_version: !plan.checks_ahead(batch.table),
        };
        match step {
            Step::Together(stages) => {
                let by_version = |table: &TableMeta| !plan.checks_ahead(table);
                sent.extend(together(&self.identity, stages, &plan.affected, current, by_version)?);
            }
            Step::Batch(batch) => match self.split(batch) {
                None => {
                    let keys = self.key_defaults(batch);
                    let mut statement = statement(&self.identity, batch, keys, current, mode(batch))?;
                    if plan.lets_go(batch) {
                        statement.outcome = Outcome::DeletedIfThere;
                    }
                    sent.push(statement);
                }
                // A batch that must be divided.
                Some(parts) => {
                    for part in parts {
                        sent.push(statement(&self.identity, &part, Vec::new(), current, mode(&part))?);
                    }
                }
            },
        }
        Ok(())
    }
}

/// Whether no row of a plan refers to one whose key is made when it is inserted.
pub(super) fn all_keys_are_known(identity: &Identity, plan: &FlushPlan) -> Result<bool, Error> {
    for batch in plan.steps.iter().flat_map(Step::batches) {
        if !keys_are_known(identity, batch)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether all keys that the rows refer to are known, even if their rows are not inserted yet.
fn keys_are_known(identity: &Identity, batch: &RowBatch) -> Result<bool, Error> {
    if !matches!(batch.operation, Operation::Insert | Operation::Replace) {
        return Ok(true);
    }
    let Some(arena) = identity.any(batch.table) else { return Ok(true) };
    let columns = batch.places.iter().map(|&place| &batch.table.columns[place]);
    for column in columns.filter(|column| column.foreign_key.is_some()) {
        for &slot in &batch.slots {
            if let NewValue::Pending(pending) = arena.new_value(slot, column.place)
                && identity.referenced(pending, column)?.is_none()
            {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// The answers, or the error and the place of the statement that it is of.
async fn exchange(
    connection: &mut Connection,
    sent: &[Sent],
    commit: bool,
) -> Result<Vec<Answer>, (Error, Option<usize>)> {
    let requests: Vec<_> = sent.iter().map(|sent| request(&sent.rendered)).collect();
    let result =
        if commit { connection.commit_with(&requests).await } else { connection.pipeline(&requests).await };
    let shows_values = connection.shows_values();
    result.map_err(|error| {
        let place = error.place();
        let error = sent.iter().fold(error, |error, sent| sent.rendered.explain(error));
        (explain(error, sent).showing_values(shows_values), place)
    })
}

/// The error of a flush in its own words: which rows were not found, which link exists already.
fn explain(error: Error, sent: &[Sent]) -> Error {
    let stale = error
        .database()
        .and_then(|database| render::stale_rows(database.message()).map(|stale| stale.keys.to_owned()));
    let sent = sent.iter().find(|sent| Some(&*sent.rendered.text.sql) == error.statement());
    let error = match sent {
        Some(sent) if !sent.slots.is_empty() => error.flushed(sent.in_words()),
        _ => error,
    };
    match (stale, sent) {
        (Some(_), Some(sent)) if sent.outcome == Outcome::Checked => sent.stale("").because(error),
        (Some(keys), Some(sent)) => {
            let by_key = sent.table.keys_in_words(&keys).unwrap_or_default();
            sent.stale(&by_key).with_values(format!("by key: {keys}")).because(error)
        }
        (None, Some(sent)) if is_linked(&error, sent) => error.advised(&format!(
            "the two rows are linked by a `{}` already, which somebody else made meanwhile: run the transaction again, where `link` \
             finds it and writes nothing",
            sent.table.entity
        )),
        _ => error,
    }
}

/// Whether the link row between two others exists already.
fn is_linked(error: &Error, sent: &Sent) -> bool {
    let is_of_table = error.table() == Some(sent.table.name);
    sent.outcome == Outcome::Inserted && error.is_unique_violation() && is_of_table && sent.table.links_rows()
}
