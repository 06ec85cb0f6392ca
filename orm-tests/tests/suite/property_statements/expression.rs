//! Random expressions over the tables in sight.

use orm_core::prelude::*;
use orm_tests::Random;

use super::statement::{Maker, one_column};
use super::table::Known;

/// The tables whose columns an expression can have, the nearest last.
pub type Sight = [Known];

impl Maker<'_> {
    fn table<'s>(&mut self, sight: &'s Sight) -> &'s Known {
        // Mostly of the nearest ones.
        let place = if self.random.once_in(4) { 0 } else { sight.len() / 2 };
        &sight[place + self.random.below(sight.len() - place)]
    }

    pub fn number(&mut self, sight: &Sight, depth: usize) -> Expr<i64> {
        let known = self.table(sight);
        if depth == 0 || self.random.once_in(2) {
            return self.random.pick(&known.numbers).clone();
        }
        let left = self.number(sight, depth - 1);
        match self.random.below(8) {
            0 => left + self.number(sight, depth - 1),
            1 => left * 2,
            2 => func::coalesce(self.maybe(sight, depth - 1), left),
            3 => func::length(self.name(sight, depth - 1)).cast::<i64>(),
            4 => case().when(self.condition(sight, depth - 1), left).otherwise(1),
            5 => -left,
            6 => lit(3_i64),
            _ => func::greatest(self.maybe(sight, depth - 1), left),
        }
    }

    pub fn maybe(&mut self, sight: &Sight, depth: usize) -> Expr<Option<i64>> {
        let known = self.table(sight);
        if depth == 0 || self.random.once_in(2) {
            return self.random.pick(&known.maybes).clone();
        }
        match self.random.below(6) {
            0 => self.number(sight, depth - 1).optional(),
            1 => func::nullif(self.number(sight, depth - 1), 2),
            2 => self.maybe(sight, depth - 1) + self.number(sight, depth - 1),
            3 => case().when(self.condition(sight, depth - 1), self.number(sight, depth - 1)).end(),
            4 => {
                let inner = self.inner(sight, depth - 1);
                one_column(&inner, func::max(self.number(&inner.sight, 1))).scalar()
            }
            _ => func::coalesce(self.maybe(sight, depth - 1), self.maybe(sight, depth - 1)),
        }
    }

    pub fn name(&mut self, sight: &Sight, depth: usize) -> Expr<String> {
        let known = self.table(sight);
        if depth == 0 || self.random.once_in(2) {
            return self.random.pick(&known.names).clone();
        }
        match self.random.below(4) {
            0 => self.name(sight, depth - 1) + "!",
            1 => func::upper(self.name(sight, depth - 1)),
            2 => func::coalesce(self.note(sight, depth - 1), "none"),
            _ => func::substring(self.name(sight, depth - 1), 1, 1),
        }
    }

    pub fn note(&mut self, sight: &Sight, depth: usize) -> Expr<Option<String>> {
        let known = self.table(sight);
        if depth == 0 || self.random.once_in(2) {
            return self.random.pick(&known.notes).clone();
        }
        match self.random.below(3) {
            0 => self.name(sight, depth - 1).optional(),
            1 => func::lower(self.note(sight, depth - 1)),
            _ => self.note(sight, depth - 1) + self.name(sight, depth - 1),
        }
    }

    pub fn condition(&mut self, sight: &Sight, depth: usize) -> Cond {
        let near = depth.saturating_sub(1);
        match self.random.below(if depth == 0 { 5 } else { 12 }) {
            0 => self.number(sight, near).gt(self.number(sight, near)),
            1 => self.maybe(sight, near).le(3),
            2 => self.name(sight, near).eq(self.name(sight, near)),
            3 => self.note(sight, near).is_not_null(),
            4 => self.note(sight, near).is_null(),
            5 => self.condition(sight, near) & self.condition(sight, near),
            6 => self.condition(sight, near) | self.condition(sight, near),
            7 => !self.condition(sight, near),
            8 => self.number(sight, near).in_([1, 2, 3]),
            9 => {
                let inner = self.inner(sight, near);
                exists(one_column(&inner, self.number(&inner.sight, 1))).into_cond()
            }
            10 => {
                let inner = self.inner(sight, near);
                self.number(sight, near).in_(one_column(&inner, self.number(&inner.sight, 1)))
            }
            _ => self.number(sight, near).between(1, self.maybe(sight, near)),
        }
    }

    /// An aggregate of each type, for grouped statements.
    pub fn count(&mut self, sight: &Sight) -> Expr<i64> {
        match self.random.below(3) {
            0 => func::count_star(),
            1 => func::count(self.maybe(sight, 1)),
            _ => func::count(self.number(sight, 1)).filter(self.condition(sight, 1)),
        }
    }

    pub fn most(&mut self, sight: &Sight) -> Expr<Option<i64>> {
        match self.random.below(3) {
            0 => func::max(self.number(sight, 1)),
            1 => func::min(self.maybe(sight, 1)),
            _ => func::sum(self.maybe(sight, 1)).cast::<i64>(),
        }
    }

    /// A window function.
    pub fn ranked(&mut self, sight: &Sight) -> Expr<i64> {
        let window = partition_by(self.name(sight, 1)).order_by(self.number(sight, 1));
        match self.random.below(3) {
            0 => func::row_number().over(window),
            1 => func::rank().over(order_by(self.maybe(sight, 1))),
            _ => func::count(self.maybe(sight, 1)).over(window),
        }
    }
}

/// A number for those who need one.
pub fn limit(random: &mut Random) -> i64 {
    random.below(5) as i64
}
