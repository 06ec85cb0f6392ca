//! The order of a flush, without a database.

mod order;
mod schedule;

use super::collect::collect;
use super::held_key::HeldKeys;
use super::plan::{Planned, plan, plan_unlike};
use super::referenced::Referenced;
use super::refused_order::RefusedOrders;
use super::row_batch::Operation;
use super::step::{FlushPlan, Step, Trial};
use crate::error::Error;
use crate::model::{Handle, Model, NewModel};
use crate::session::identity::{ColumnValues, Identity, Populate};

/// Objects in memory, as if rows had been read.
struct Objects(Identity);

impl Objects {
    fn new() -> Objects {
        Objects(Identity::new(1))
    }

    fn add<N: NewModel>(&mut self, new: N) -> Handle<N::Model> {
        let slot = self.0.arena_mut::<N::Model>().0.add(new);
        self.0.handle(slot)
    }

    fn load<M: Model>(&mut self, row: M) -> Handle<M> {
        let (arena, clock) = self.0.arena_mut::<M>();
        let slot = arena.take_in(row, clock, Populate::Older, Default::default());
        self.0.handle(slot)
    }

    fn change<M: Model>(&mut self, handle: Handle<M>) -> &mut M {
        let (arena, clock) = self.0.arena_mut::<M>();
        arena.change(handle.slot(), clock).expect("an object")
    }

    fn delete<M: Model>(&mut self, handle: Handle<M>) {
        self.0.arena_mut::<M>().0.delete(handle.slot());
    }

    /// As if the database had made the key of a new row ahead.
    fn make_key<M: Model>(&mut self, handle: Handle<M>, key: i64) {
        let (arena, _) = self.0.arena_mut::<M>();
        arena.make(handle.slot(), M::META.primary_key[0], std::sync::Arc::new(key));
    }

    fn plan(&mut self) -> Result<FlushPlan, Error> {
        self.plan_if(false)
    }

    /// The plan where rows that are not loaded reference all that could be divided, or none.
    fn plan_if(&mut self, is_referenced: bool) -> Result<FlushPlan, Error> {
        let (mut referenced, mut held) = (Referenced::default(), HeldKeys::default());
        loop {
            let groups = collect(&self.0)?;
            match plan(&mut self.0, groups, &referenced, &held)? {
                Planned::Ready(plan) => return Ok(*plan),
                Planned::Asks(rows) => rows.into_iter().for_each(|row| referenced.learn(row, is_referenced)),
                Planned::AsksKeys(rows) => rows.into_iter().for_each(|row| held.learn(row, false)),
            }
        }
    }

    /// The plan of another order than those that the server has refused.
    fn plan_unlike(&mut self, trial: Trial, refused: &RefusedOrders) -> Option<FlushPlan> {
        plan_unlike(&mut self.0, &trial, &HeldKeys::default(), refused).expect("no error")
    }

    /// The steps in words: `insert Post 0 1`, by the slots of the objects.
    fn steps(&mut self) -> Vec<String> {
        Objects::in_words(&self.plan().expect("an order"))
    }

    fn in_words(plan: &FlushPlan) -> Vec<String> {
        let word = |operation| match operation {
            Operation::Insert => "insert",
            Operation::Update => "update",
            Operation::Replace => "replace",
            Operation::Delete => "delete",
        };
        let words = |batch: &super::row_batch::RowBatch| {
            let slots: Vec<String> = batch.slots.iter().map(u32::to_string).collect();
            format!("{} {} {}", word(batch.operation), batch.table.entity, slots.join(" "))
        };
        let step = |step: &Step| match step {
            Step::Batch(batch) => words(batch),
            Step::Together(stages) => {
                let stages =
                    stages.iter().map(|stage| stage.iter().map(words).collect::<Vec<_>>().join(", "));
                format!("together: {}", stages.collect::<Vec<_>>().join("; then "))
            }
        };
        plan.steps.iter().map(step).collect()
    }
}
