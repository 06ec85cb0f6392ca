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
    let of = if batch.operation == Operation::Update { Of::Now } else { Of::New };
    let columns = key.columns.iter().map(|&place| &batch.table.columns[place]);
    let is_set = |column: &&ColumnMeta| batch.operation != Operation::Update || batch.sets(column.place);
    let (set, others): (Vec<_>, Vec<_>) = columns.partition(is_set);
    let values = |columns: &[&'static ColumnMeta]| {
        many(identity, arena_of(identity, batch)?, sent_columns(columns.iter().copied(), of, &batch.slots))
    };
    let follows = !others.is_empty() && batch.sets_whole(key.columns.iter().copied());
    let rendered = if !follows {
        let target = (key.target)();
        let targets: Vec<_> = target.places.iter().map(|&place| &target.table.columns[place]).collect();
        let columns: Vec<_> = key.columns.iter().map(|&place| &batch.table.columns[place]).collect();
        render::targets_exist(target.table, &targets, &values(&columns)?, &[])
    } else {
        // What the flush leaves of a reference follows another one, maybe by way of rows that are not loaded: the row itself says.
        let columns: Vec<_> = batch.table.key().chain(set).collect();
        render::targets_exist(batch.table, &columns, &values(&columns)?, &others)
    };
    Ok(Sent::about(batch.table, batch.slots.clone(), Outcome::Checked, rendered))
}
