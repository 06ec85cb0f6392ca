//! Puts what has as much to wait for into an order that does not depend on that of the objects.

use super::{Destination, Schedule};
use crate::error::Error;
use crate::session::flush::component::components;
use crate::session::flush::value::stored;
use crate::session::identity::Identity;

impl Schedule<'_> {
    /// Gives units a rank: what all else waits for first, then by group and key, so that the order of objects makes no
    /// difference.
    pub(super) fn rank(&mut self, identity: &Identity, members: &[usize]) -> Result<(), Error> {
        let mut keys = Vec::with_capacity(self.units.len());
        let is_plain = self.order.edges.iter().all(|edge| edge.reason.is_binding());
        if is_plain {
            return Ok(());
        }
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); self.units.len()];
        for (first, unit) in self.units.iter().enumerate() {
            unit.then.iter().for_each(|(then, _)| before[*then].push(first));
        }
        let circles = components(&before.iter().map(|list| &list[..]).collect::<Vec<_>>());
        for (number, circle) in circles.iter().enumerate() {
            circle.iter().for_each(|&unit| self.units[unit].circle = number);
        }
        for (number, unit) in self.units.iter().enumerate() {
            let row = unit.rows[0];
            let key = match unit.place {
                Destination::Group(group) if self.groups[group].is_stored() => {
                    let batch = &self.groups[group];
                    let slot = batch.stored_slot(row - self.order.starts[group]);
                    identity
                        .any(batch.table)
                        .map(|arena| stored(arena, slot, batch.table.primary_key))
                        .transpose()?
                }
                _ => None,
            };
            let place = match unit.place {
                Destination::Group(group) => members.iter().filter(|member| **member < group).count(),
                Destination::Together => members.len(),
                Destination::Point => members.len() + 1,
            };
            keys.push((place, key.flatten(), number));
        }
        keys.sort_unstable();
        for (rank, (_, _, number)) in keys.into_iter().enumerate() {
            self.units[number].rank = rank;
        }
        Ok(())
    }
}
