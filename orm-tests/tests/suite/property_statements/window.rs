//! Random window functions.

use orm_core::prelude::*;
use orm_core::query::Over;

use super::expression::Sight;
use super::statement::Maker;

impl Maker<'_> {
    /// A window; one in three has a name.
    fn window(&mut self, sight: &Sight) -> Over {
        let window = partition_by(self.name(sight, 1)).order_by(self.number(sight, 1));
        let window = match self.random.below(7) {
            0 => window.rows(-1..=1),
            1 => window.rows(1..),
            2 => window.range(..=0),
            3 => window.groups(-1..=0),
            4 => window.rows(..).exclude_current_row(),
            5 => window.groups(-2..=2).exclude_ties(),
            _ => window,
        };
        if self.random.once_in(3) { window.named(self.named()) } else { window }
    }

    pub fn ranked(&mut self, sight: &Sight) -> Expr<i64> {
        let window = self.window(sight);
        match self.random.below(6) {
            0 => func::row_number().over(window),
            1 => func::rank().over(order_by(self.maybe(sight, 1))),
            2 => func::dense_rank().over(&window) + func::count_star().over(&window),
            3 => func::lag(self.number(sight, 1)).offset(2).default(0).over(window),
            4 => func::first_value(self.number(sight, 1)).over(window),
            _ => func::count(self.maybe(sight, 1)).over(window),
        }
    }

    pub fn seen(&mut self, sight: &Sight) -> Expr<Option<i64>> {
        let window = self.window(sight);
        match self.random.below(5) {
            0 => func::max(self.number(sight, 1)).over(window),
            1 => func::lead(self.number(sight, 1)).over(window),
            2 => func::nth_value(self.number(sight, 1), 2).over(window),
            3 => func::last_value(self.maybe(sight, 1)).over(window),
            _ => func::sum(self.maybe(sight, 1)).over(window).cast::<i64>(),
        }
    }
}
