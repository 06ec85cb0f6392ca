//! Sends a plan: batches as statements, statements together where none waits for another.

use super::finalize::finalize;
use super::follow::Followed;
use super::plan::{Batch, Kind, Level, Plan};
use super::statement::{Sent, circle, knot, read_again, statement};
use crate::engine::{Answer, Connection};
use crate::error::Error;
use crate::execute::request;
use crate::model::NewValue;
use crate::query::render;
use crate::session::Session;
use crate::session::identity::Identity;

/// What waits to be sent.
enum Waiting {
    Batch(Kind, Batch),
    Knot(Vec<Batch>),
    Followed(Followed),
}

impl Session {
    pub(super) async fn perform(
        &mut self,
        plan: Plan,
        followed: Vec<Followed>,
        commit: bool,
    ) -> Result<(), Error> {
        let batch = |(kind, batch)| Waiting::Batch(kind, batch);
        let mut waiting: Vec<Waiting> = plan.early.into_iter().map(batch).collect();
        for level in plan.inserts {
            if !keys_are_known(&self.identity, &level)? {
                self.send(std::mem::take(&mut waiting), false).await?;
                if let Some(first) = level.all().next()
                    && !keys_are_known(&self.identity, &level)?
                {
                    return Err(circle(first.table));
                }
            }
            let batches = level.batches.into_iter().flat_map(|batch| self.split(batch));
            waiting.extend(batches.map(|batch| Waiting::Batch(Kind::Insert, batch)));
            waiting.extend(level.knots.into_iter().map(Waiting::Knot));
        }
        waiting.extend(plan.late.into_iter().map(batch));
        waiting.extend(followed.into_iter().map(Waiting::Followed));
        self.send(waiting, commit).await
    }

    async fn send(&mut self, waiting: Vec<Waiting>, commit: bool) -> Result<(), Error> {
        let mut sent = Vec::with_capacity(waiting.len());
        for waiting in waiting {
            match waiting {
                // After COMMIT a count by the client would come too late.
                Waiting::Batch(kind, batch) => sent.push(statement(&self.identity, kind, batch, commit)?),
                Waiting::Knot(batches) => sent.extend(knot(&self.identity, batches)?),
                Waiting::Followed(Followed { table, slots, keys }) => {
                    sent.push(read_again(table, slots, &keys)?)
                }
            }
        }
        let connection = self.connect().await?;
        let answers = exchange(connection, &sent, commit).await?;
        for sent in &sent {
            self.identity.note_write(sent.table);
        }
        finalize(&mut self.identity, &sent, answers)
    }
}

/// Whether all keys the rows refer to are known, be it before their rows are in the database.
fn keys_are_known(identity: &Identity, level: &Level) -> Result<bool, Error> {
    for batch in level.all() {
        let Some(arena) = identity.any(batch.table) else { continue };
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
    }
    Ok(true)
}

async fn exchange(connection: &mut Connection, sent: &[Sent], commit: bool) -> Result<Vec<Answer>, Error> {
    let requests: Vec<_> = sent.iter().map(|sent| request(&sent.rendered)).collect();
    let result =
        if commit { connection.commit_with(&requests).await } else { connection.pipeline(&requests).await };
    result.map_err(|error| explain(sent.iter().fold(error, |error, sent| sent.rendered.explain(error)), sent))
}

/// The server's refusal of a batch that missed rows, in words.
fn explain(error: Error, sent: &[Sent]) -> Error {
    let missed = error.database().and_then(|database| render::missed(database.message()).map(str::to_owned));
    let sent = sent.iter().find(|sent| Some(&*sent.rendered.text.sql) == error.statement());
    match (missed, sent) {
        (Some(keys), Some(sent)) => sent.missed(&format!(", by key: {keys}")).because(error),
        _ => error,
    }
}
