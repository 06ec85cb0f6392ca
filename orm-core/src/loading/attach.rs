//! Attaches what a relation found to the rows it started from.

use super::{Next, Relation};
use crate::error::Error;
use crate::model::{Append, Lead};
use crate::query::{Load, Make, Step};
use tokio_postgres::Row as DriverRow;

/// Makes rows, then reads a relation of theirs.
pub(super) struct With<R, L> {
    inner: Make<R>,
    relation: L,
}

impl<R, L> With<R, L> {
    pub(super) fn new(inner: Make<R>, relation: L) -> With<R, L> {
        With { inner, relation }
    }
}

impl<R, L> Load<R::Output> for With<R, L>
where
    L: Relation<From = R::Model>,
    R: Lead + Append<L::Found>,
    R::Output: Send + 'static,
{
    fn start(&self, rows: &[DriverRow]) -> Next<R::Output> {
        let relation = self.relation;
        self.inner.start(rows)?.and_then(move |rows| read(relation, rows))
    }
}

fn read<R, L>(relation: L, rows: Vec<R>) -> Next<R::Output>
where
    L: Relation<From = R::Model>,
    R: Lead + Append<L::Found>,
    R::Output: Send + 'static,
{
    let leads: Vec<_> = rows.iter().map(Lead::lead).collect();
    match relation.statement(&leads)? {
        None => Ok(Step::Done(attach(relation, rows, &[])?)),
        Some(related) => {
            Ok(Step::Fetch(related.0, Box::new(move |found| Ok(Step::Done(attach(relation, rows, found)?)))))
        }
    }
}

fn attach<R, L>(relation: L, rows: Vec<R>, found: &[DriverRow]) -> Result<Vec<R::Output>, Error>
where
    L: Relation<From = R::Model>,
    R: Lead + Append<L::Found>,
{
    let leads: Vec<_> = rows.iter().map(Lead::lead).collect();
    let parts = relation.sort(&leads, found)?;
    Ok(rows.into_iter().zip(parts).map(|(row, part)| row.append(part)).collect())
}
