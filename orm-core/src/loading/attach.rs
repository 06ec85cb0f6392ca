//! Attaches what a relation found to the rows it started from.

use super::{Next, Relation};
use crate::model::{Append, Lead, Model};
use crate::query::{Intake, Load, Make, Making, Step, Then};

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
    fn intake(&self) -> Box<dyn Intake<R::Output>> {
        let relation = self.relation;
        Box::new(Then::new(self.inner.start(), move |rows| read(relation, rows)))
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
        None => attach(relation, rows, Vec::new()),
        Some(related) => {
            let making = Making::Decode(L::Target::decode, Vec::new());
            Ok(Step::Fetch(
                related.0,
                Box::new(Then::new(making, move |found| attach(relation, rows, found))),
            ))
        }
    }
}

fn attach<R, L>(relation: L, rows: Vec<R>, found: Vec<L::Target>) -> Next<R::Output>
where
    L: Relation<From = R::Model>,
    R: Lead + Append<L::Found>,
{
    let leads: Vec<_> = rows.iter().map(Lead::lead).collect();
    let parts = relation.sort(&leads, found)?;
    Ok(Step::Done(rows.into_iter().zip(parts).map(|(row, part)| row.append(part)).collect()))
}
