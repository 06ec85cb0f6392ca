//! What the server has refused of the orders of a flush.

use std::collections::HashMap;

use super::schedule::RefusedUnits;
use super::step::{Trial, Units};

/// What the server has refused, by the numbers of circles.
#[derive(Default)]
pub(super) struct RefusedOrders {
    circles: HashMap<usize, RefusedUnits>,
    none: RefusedUnits,
}

impl RefusedOrders {
    pub(super) fn of(&self, circle: usize) -> &RefusedUnits {
        self.circles.get(&circle).unwrap_or(&self.none)
    }

    /// Notes that a step was refused, or what was looked at behind all of them.
    pub(super) fn note(&mut self, trial: &Trial, step: Option<usize>) {
        let told = step.and_then(|step| Some((step, (*trial.units.get(step)?)?)));
        if let Some((step, (circle, _))) = told {
            let order = of_circle(&trial.units[..=step], circle);
            return self.circles.entry(circle).or_default().refuse_statement(&order);
        }
        // Whichever circle it was, another order of the last one is tried.
        if let Some(&(circle, _)) = trial.units.iter().flatten().next_back() {
            let order = of_circle(&trial.units, circle);
            self.circles.entry(circle).or_default().refuse_order(order);
        }
    }
}

fn of_circle(units: &[Option<(usize, Units)>], circle: usize) -> Vec<Units> {
    units.iter().flatten().filter(|(of, _)| *of == circle).map(|(_, units)| *units).collect()
}
