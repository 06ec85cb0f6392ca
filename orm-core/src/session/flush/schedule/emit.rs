//! Emits batches: what waits for nothing first, then what waits only for what is better so.

use std::collections::VecDeque;

use super::{Broken, Destination, Progress, Schedule, Wait};
use crate::error::Error;
use crate::session::flush::edge::Reason;
use crate::session::flush::row_batch::{Operation, RowBatch};
use crate::session::flush::step::Step;
use crate::session::identity::Identity;

impl Schedule<'_> {
    /// Emits everything. Where a row goes against what is better, the rows of the circle are noted that could be divided.
    pub(super) fn run(&mut self, identity: &Identity) -> Result<(), Error> {
        for unit in 0..self.units.len() {
            self.settle(unit, None);
        }
        loop {
            let complete = (0..self.groups.len())
                .find(|&group| self.left[group] > 0 && self.ready[group].len() == self.left[group]);
            if let Some(group) = complete {
                self.emit_batch(group);
            } else if let Some(unit) = self.together.pop_front() {
                self.emit_together(identity, unit)?;
            } else if let Some(group) = (0..self.groups.len()).find(|&group| !self.ready[group].is_empty()) {
                self.emit_batch(group);
            } else if let Some(Wait { unit, .. }) = self.waiting.pop_first() {
                self.go_against(identity, unit)?;
                // Nothing that binds forbids it.
                self.out.defers |= self.units[unit].immediate > 0;
                let unit_at_hand = &mut self.units[unit];
                (unit_at_hand.wished, unit_at_hand.hints, unit_at_hand.preferences) = (0, 0, 0);
                self.batch += 1;
                self.settle(unit, None);
            } else {
                return Ok(());
            }
        }
    }

    /// Counts what a unit goes against.
    fn go_against(&mut self, identity: &Identity, number: usize) -> Result<(), Error> {
        let unit = &self.units[number];
        let cautions = unit.wished - unit.hints - unit.deferrable;
        let broken = Broken { cautions, hints: unit.hints };
        if broken > Broken::default() {
            self.out.broken += broken;
            self.divide(identity, number, cautions == 0)?;
        }
        Ok(())
    }

    /// Notes the rows in the circle of a unit that could be divided.
    fn divide(&mut self, identity: &Identity, number: usize, only_hints: bool) -> Result<(), Error> {
        let rows = self.taking_over(identity, number, only_hints)?;
        self.out.divisible.extend(rows);
        self.out.divisible.sort_unstable();
        self.out.divisible.dedup();
        Ok(())
    }

    /// Puts a unit where it waits, or where it is ready; into the batch at hand, if it can stand there.
    fn settle(&mut self, number: usize, batch: Option<(usize, &mut VecDeque<usize>)>) {
        let unit = &self.units[number];
        if unit.binding > 0 || unit.progress != Progress::Waits {
            return;
        }
        if unit.wished > 0 {
            self.waiting.insert(unit.wait(number));
            return;
        }
        let (place, not_in) = (unit.place, unit.not_in);
        self.units[number].progress = Progress::Ready;
        match (place, batch) {
            (Destination::Group(group), Some((at_hand, queue)))
                if group == at_hand && not_in != self.batch =>
            {
                queue.push_back(number);
            }
            (Destination::Group(group), _) => self.ready[group].push_back(number),
            (Destination::Together, _) => self.together.push_back(number),
            (Destination::Point, _) => self.release(number, None),
        }
    }

    fn emit_batch(&mut self, group: usize) {
        self.batch += 1;
        let mut batch = self.groups[group].emptied();
        let mut queue = std::mem::take(&mut self.ready[group]);
        while let Some(number) = queue.pop_front() {
            self.left[group] -= 1;
            for &row in &self.units[number].rows {
                batch.take(&self.groups[group], row - self.order.starts[group]);
            }
            self.release(number, Some((group, &mut queue)));
        }
        self.out.steps.push(Step::Batch(batch));
    }

    fn emit_together(&mut self, identity: &Identity, number: usize) -> Result<(), Error> {
        self.batch += 1;
        // What triggers of a row that takes another over do with the rows around it, they do when all of them are written.
        let is_over = |row: &&usize| self.groups[self.order.group_of(**row)].operation == Operation::Replace;
        let over = self.units[number].rows.iter().filter(is_over).count();
        if over > 0 {
            self.out.broken.hints += over;
            self.divide(identity, number, true)?;
        }
        let stages = self.stages.remove(&number).unwrap_or_default();
        let stages = stages.into_iter().map(|rows| self.batches(&rows)).collect();
        self.out.steps.push(Step::Together(stages));
        self.release(number, None);
        Ok(())
    }

    /// The batches of some rows, by group.
    pub(super) fn batches(&self, rows: &[usize]) -> Vec<RowBatch> {
        let mut batches: Vec<(usize, RowBatch)> = Vec::new();
        for &row in rows {
            let group = self.order.group_of(row);
            let at = batches.iter().position(|(other, _)| *other == group).unwrap_or_else(|| {
                batches.push((group, self.groups[group].emptied()));
                batches.len() - 1
            });
            batches[at].1.take(&self.groups[group], row - self.order.starts[group]);
        }
        batches.sort_by_key(|(group, _)| *group);
        batches.into_iter().map(|(_, batch)| batch).collect()
    }

    /// What waited for a unit waits for it no more.
    fn release(&mut self, number: usize, mut batch: Option<(usize, &mut VecDeque<usize>)>) {
        self.units[number].progress = Progress::Done;
        for (then, reason) in std::mem::take(&mut self.units[number].then) {
            let unit = &mut self.units[then];
            if unit.progress != Progress::Waits {
                continue;
            }
            // Foreign keys are looked at when the statement is done.
            if reason != Reason::Reference {
                unit.not_in = self.batch;
            }
            if reason.is_binding() {
                unit.binding -= 1;
            } else {
                self.waiting.remove(&unit.wait(then));
                unit.wished -= 1;
                unit.hints -= usize::from(matches!(reason, Reason::Hint | Reason::Preference));
                unit.preferences -= usize::from(reason == Reason::Preference);
                unit.deferrable -= usize::from(matches!(reason, Reason::Deferrable { .. }));
                unit.immediate -= usize::from(reason == Reason::Deferrable { is_immediate: true });
            }
            let queue = batch.as_mut().map(|(group, queue)| (*group, &mut **queue));
            self.settle(then, queue);
        }
    }
}
