//! An order that the server has not refused yet: the units of a circle one by one, each behind what binds, and else as they
//! go against the least.

use std::collections::HashSet;

use super::{Destination, Schedule};
use crate::session::flush::edge::Reason;
use crate::session::flush::step::Step;

/// What the server has refused of the units of a circle, by their numbers.
#[derive(Default)]
pub(in crate::session::flush) struct RefusedUnits {
    /// Units, each with the set of those that were written before it.
    units: HashSet<(u64, usize)>,
    /// Orders as a whole.
    orders: HashSet<Vec<usize>>,
}

impl RefusedUnits {
    /// Notes that the last of some units was refused, with the others written before it.
    pub(in crate::session::flush) fn refuse_unit(&mut self, order: &[usize]) {
        if let [before @ .., last] = order {
            self.units.insert((set_of(before), *last));
        }
    }

    /// Notes that an order was refused when all of it was written.
    pub(in crate::session::flush) fn refuse_order(&mut self, order: Vec<usize>) {
        self.orders.insert(order);
    }
}

fn set_of(units: &[usize]) -> u64 {
    units.iter().fold(0, |set, unit| set | 1 << unit)
}

/// What a unit waits for, as sets of units.
#[derive(Clone, Copy, Default)]
struct Before {
    binding: u64,
    cautions: u64,
    hints: u64,
    preferences: u64,
}

struct Search<'a> {
    refused: &'a RefusedUnits,
    before: Vec<Before>,
    /// The units by their rank.
    by_rank: Vec<usize>,
    order: Vec<usize>,
    /// Sets of written units behind which every order is refused.
    dead: HashSet<u64>,
}

/// What becomes of an order that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Found,
    /// Some unit is refused, whatever the order of those before.
    Refused,
    /// Whole orders are refused.
    OrdersRefused,
}

impl Search<'_> {
    fn go_on(&mut self, written: u64) -> Outcome {
        if self.order.len() == self.by_rank.len() {
            let is_refused = self.refused.orders.contains(&self.order);
            return if is_refused { Outcome::OrdersRefused } else { Outcome::Found };
        }
        if self.dead.contains(&written) {
            return Outcome::Refused;
        }
        let is_next = |&&unit: &&usize| {
            let before = &self.before[unit];
            written & (1 << unit) == 0
                && before.binding & !written == 0
                && !self.refused.units.contains(&(written, unit))
        };
        let mut next: Vec<usize> = self.by_rank.iter().filter(is_next).copied().collect();
        let missing = |set: u64| (set & !written).count_ones();
        next.sort_by_key(|&unit| {
            let before = &self.before[unit];
            (missing(before.cautions), missing(before.hints), missing(before.preferences))
        });
        let mut outcome = Outcome::Refused;
        for unit in next {
            self.order.push(unit);
            match self.go_on(written | 1 << unit) {
                Outcome::Found => return Outcome::Found,
                Outcome::OrdersRefused => outcome = Outcome::OrdersRefused,
                Outcome::Refused => {}
            }
            self.order.pop();
        }
        if outcome == Outcome::Refused {
            self.dead.insert(written);
        }
        outcome
    }
}

impl Schedule<'_> {
    /// Emits everything in an order that is not refused; `false` if there is none, or if there are too many to tell.
    pub(super) fn run_unlike(&mut self, refused: &RefusedUnits) -> bool {
        if self.units.len() > 64 {
            return false;
        }
        let is_point = |unit: &usize| self.units[*unit].place == Destination::Point;
        let mut by_rank: Vec<usize> = (0..self.units.len()).filter(|unit| !is_point(unit)).collect();
        by_rank.sort_by_key(|&unit| self.units[unit].rank);
        let before = self.before();
        let (order, dead) = (Vec::with_capacity(by_rank.len()), HashSet::new());
        let mut search = Search { refused, before, by_rank, order, dead };
        if search.go_on(0) != Outcome::Found {
            return false;
        }
        for unit in search.order {
            let step = match self.units[unit].place {
                Destination::Together => self.tied(unit),
                _ => {
                    let rows = self.units[unit].rows.clone();
                    let mut batches = self.batches(&rows);
                    let Some(batch) = batches.pop() else { continue };
                    Step::Batch(batch)
                }
            };
            self.out.steps.push(step);
            self.out.units.push(unit);
        }
        true
    }

    /// What each unit waits for, through points as well.
    fn before(&self) -> Vec<Before> {
        let mut before = vec![Before::default(); self.units.len()];
        // Points come behind the units, and none leads to another.
        let mut through: Vec<u64> = vec![0; self.units.len()];
        let is_point = |unit: usize| self.units[unit].place == Destination::Point;
        for (first, unit) in self.units.iter().enumerate().filter(|(first, _)| !is_point(*first)) {
            for &(then, reason) in &unit.then {
                through[then] |= 1 << first;
                before[then].add(1 << first, reason);
            }
        }
        for (point, unit) in self.units.iter().enumerate().filter(|(point, _)| is_point(*point)) {
            for &(then, reason) in unit.then.iter().filter(|(then, _)| !is_point(*then)) {
                before[then].add(through[point] & !(1 << then), reason);
            }
        }
        before
    }
}

impl Before {
    fn add(&mut self, units: u64, reason: Reason) {
        match reason {
            Reason::Reference | Reason::UnknownReference | Reason::Separate | Reason::Unique => {
                self.binding |= units;
            }
            // What a constraint lets pass until the end may be another row by then.
            Reason::Deferrable { .. } => self.binding |= units,
            Reason::Guess { .. } | Reason::Interim | Reason::Caution => self.cautions |= units,
            Reason::Hint => self.hints |= units,
            Reason::Preference => self.preferences |= units,
        }
    }
}
