//! Checks at the end of a flush that referenced rows exist, where PostgreSQL has checked too early.

use super::edge::{Unsure, unsure_references};
use super::row_batch::{Operation, RowBatch};
use super::statement::{Outcome, Sent, arena_of, many, sent_columns};
use super::step::{FlushPlan, Step};
use crate::error::Error;
use crate::query::render;
use crate::schema::ColumnMeta;
use crate::session::identity::{Identity, Of};

/// The checks of a plan, most often none.
pub(super) fn target_checks(identity: &Identity, plan: &FlushPlan) -> Result<Vec<Sent>, Error> {
    let steps: Vec<Vec<&RowBatch>> = plan.steps.iter().map(|step: &Step| step.batches().collect()).collect();
    let unsure = unsure_references(identity, &steps, &plan.affected)?;
    unsure.iter().map(|unsure| check(identity, unsure)).collect()
}

fn check(identity: &Identity, Unsure { key, batch }: &Unsure) -> Result<Sent, Error> {
    let target = (key.target)();
    let of = if batch.operation == Operation::Update { Of::Now } else { Of::New };
    let columns = key.columns.iter().map(|&place| &batch.table.columns[place]);
    let values = many(identity, arena_of(identity, batch)?, sent_columns(columns, of, &batch.slots))?;
    let targets: Vec<&'static ColumnMeta> =
        target.places.iter().map(|&place| &target.table.columns[place]).collect();
    let rendered = render::targets_exist(target.table, &targets, &values);
    Ok(Sent::about(batch.table, batch.slots.clone(), Outcome::Checked, rendered))
}
