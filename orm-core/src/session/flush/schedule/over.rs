//! Finds the rows that take others over and can be taken apart, where that spares what may fail.

use std::collections::HashMap;

use super::{Progress, Schedule};
use crate::error::Error;
use crate::session::flush::alone::{Alone, alone};
use crate::session::flush::row_batch::Operation;
use crate::session::identity::Identity;

impl Schedule<'_> {
    /// The rows in the circle of a unit that take others over, and can be taken apart. For what is only a hint no row may be
    /// lost that is not loaded.
    pub(super) fn taking_over(
        &mut self,
        identity: &Identity,
        unit: usize,
        only_hints: bool,
    ) -> Result<Vec<(usize, usize)>, Error> {
        let alone = match self.alone.take() {
            Some(alone) => alone,
            None => self.alone(identity)?,
        };
        let rows = alone.get(&self.units[unit].circle).into_iter().flatten();
        let rows = rows.filter(|row| row.is_free || !only_hints);
        let waits = |row: &&Alone| {
            let number = self.unit_of[self.order.starts[row.group] + row.nth];
            self.units[number].progress != Progress::Done
        };
        let rows = rows.filter(waits).map(|row| (row.group, row.nth)).collect();
        self.alone = Some(alone);
        Ok(rows)
    }

    fn alone(&self, identity: &Identity) -> Result<HashMap<usize, Vec<Alone>>, Error> {
        let rows = self.units.iter().flat_map(|unit| &unit.rows).filter(|row| **row < self.order.rows);
        let rows = rows.map(|&row| {
            let group = self.order.group_of(row);
            (group, row - self.order.starts[group])
        });
        let over = rows.filter(|(group, _)| self.groups[*group].operation == Operation::Replace);
        let over: Vec<(usize, usize)> = over.collect();
        let mut by_circle: HashMap<usize, Vec<Alone>> = HashMap::new();
        for row in alone(identity, self.groups, &over)? {
            let unit = self.unit_of[self.order.starts[row.group] + row.nth];
            by_circle.entry(self.units[unit].circle).or_default().push(row);
        }
        Ok(by_circle)
    }
}
