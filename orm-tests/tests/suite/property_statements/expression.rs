//! Random expressions over the tables in sight.

use chrono::{Days, NaiveDate};
use orm_core::prelude::*;
use orm_tests::Random;

use super::statement::{Maker, one_column};
use super::table::{Known, first_day};

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
        match self.random.below(11) {
            0 => left + self.number(sight, depth - 1),
            1 => left * 2,
            2 => func::coalesce(self.maybe(sight, depth - 1), left),
            3 => func::length(self.name(sight, depth - 1)).cast::<i64>(),
            4 => case().when(self.condition(sight, depth - 1), left).otherwise(1),
            5 => -left,
            6 => lit(3_i64),
            7 => func::cardinality(self.tags(sight, depth - 1)).cast::<i64>(),
            8 => (self.day(sight, depth - 1) - self.day(sight, depth - 1)).cast::<i64>(),
            9 => func::date_part("day", self.day(sight, depth - 1)).cast::<i64>(),
            _ => func::greatest(self.maybe(sight, depth - 1), left),
        }
    }

    pub fn maybe(&mut self, sight: &Sight, depth: usize) -> Expr<Option<i64>> {
        let known = self.table(sight);
        if depth == 0 || self.random.once_in(2) {
            return self.random.pick(&known.maybes).clone();
        }
        match self.random.below(7) {
            0 => self.number(sight, depth - 1).optional(),
            1 => func::nullif(self.number(sight, depth - 1), 2),
            2 => self.maybe(sight, depth - 1) + self.number(sight, depth - 1),
            3 => case().when(self.condition(sight, depth - 1), self.number(sight, depth - 1)).end(),
            4 => {
                let inner = self.inner(sight, depth - 1);
                let own = inner.own();
                one_column(&inner, func::max(self.number(&own, 1))).scalar()
            }
            5 => func::array_position(self.tags(sight, depth - 1), self.name(sight, depth - 1)).cast::<i64>(),
            _ => func::coalesce(self.maybe(sight, depth - 1), self.maybe(sight, depth - 1)),
        }
    }

    pub fn name(&mut self, sight: &Sight, depth: usize) -> Expr<String> {
        let known = self.table(sight);
        if depth == 0 || self.random.once_in(2) {
            return self.random.pick(&known.names).clone();
        }
        match self.random.below(5) {
            0 => self.name(sight, depth - 1) + "!",
            1 => func::upper(self.name(sight, depth - 1)),
            2 => func::coalesce(self.note(sight, depth - 1), "none"),
            3 => func::array_to_string(self.tags(sight, depth - 1), "+"),
            _ => func::substring(self.name(sight, depth - 1), 1, 1),
        }
    }

    pub fn note(&mut self, sight: &Sight, depth: usize) -> Expr<Option<String>> {
        let known = self.table(sight);
        if depth == 0 || self.random.once_in(2) {
            return self.random.pick(&known.notes).clone();
        }
        match self.random.below(4) {
            0 => self.name(sight, depth - 1).optional(),
            1 => func::lower(self.note(sight, depth - 1)),
            2 => self.tags(sight, depth - 1).at(1),
            _ => self.note(sight, depth - 1) + self.name(sight, depth - 1),
        }
    }

    pub fn day(&mut self, sight: &Sight, depth: usize) -> Expr<NaiveDate> {
        let known = self.table(sight);
        if depth == 0 || self.random.once_in(2) {
            return self.random.pick(&known.days).clone();
        }
        match self.random.below(3) {
            0 => self.day(sight, depth - 1) + Days::new(2),
            1 => func::greatest(self.day(sight, depth - 1), first_day()),
            _ => func::least(self.day(sight, depth - 1), self.day(sight, depth - 1)),
        }
    }

    pub fn tags(&mut self, sight: &Sight, depth: usize) -> Expr<Vec<String>> {
        let known = self.table(sight);
        if depth == 0 || self.random.once_in(2) {
            return self.random.pick(&known.tags).clone();
        }
        match self.random.below(3) {
            0 => self.tags(sight, depth - 1).append(self.name(sight, depth - 1)),
            1 => self.tags(sight, depth - 1).remove("a"),
            _ => func::string_to_array(self.name(sight, depth - 1), "b"),
        }
    }

    pub fn condition(&mut self, sight: &Sight, depth: usize) -> Cond {
        let near = depth.saturating_sub(1);
        match self.random.below(if depth == 0 { 8 } else { 18 }) {
            0 => self.number(sight, near).gt(self.number(sight, near)),
            1 => self.maybe(sight, near).le(3),
            2 => self.name(sight, near).eq(self.name(sight, near) + ""),
            3 => self.note(sight, near).is_not_null(),
            4 => self.note(sight, near).is_null(),
            5 => self.day(sight, near).lt(self.day(sight, near)),
            6 => self.tags(sight, near).contains("a"),
            7 => {
                let known = self.table(sight);
                self.random.pick(&known.asked).clone()
            }
            8 => self.condition(sight, near) & self.condition(sight, near),
            9 => self.condition(sight, near) | self.condition(sight, near),
            10 => !self.condition(sight, near),
            11 => self.number(sight, near).in_([1, 2, 3]),
            12 => self.tags(sight, near).overlaps(self.tags(sight, near)),
            13 => self.name(sight, near).eq(func::any(self.tags(sight, near))),
            14 => self.about_a_select(sight, near),
            15 => self.about_a_select(sight, near),
            16 => {
                let row = (self.number(sight, near), self.name(sight, near));
                if self.random.once_in(2) { row.in_([(1, "a"), (2, "b")]) } else { row.lt((3, "b")) }
            }
            _ => self.number(sight, near).between(1, self.maybe(sight, near)),
        }
    }

    /// A condition with a statement inside.
    fn about_a_select(&mut self, sight: &Sight, depth: usize) -> Cond {
        let inner = self.inner(sight, depth);
        let own = inner.own();
        let numbers = one_column(&inner, self.number(&own, 1));
        match self.random.below(6) {
            0 => !exists(numbers),
            1 => exists(numbers).into_cond(),
            2 => self.number(sight, depth).in_(numbers),
            3 => self.number(sight, depth).not_in(numbers),
            4 => self.number(sight, depth).ge(all(numbers)),
            _ => self.maybe(sight, depth).lt(any(numbers)),
        }
    }

    /// An aggregate of each type, for grouped statements.
    pub fn count(&mut self, sight: &Sight) -> Expr<i64> {
        match self.random.below(4) {
            0 => func::count_star(),
            1 => func::count(self.maybe(sight, 1)),
            2 => func::count(self.name(sight, 1)).distinct(),
            _ => func::count(self.number(sight, 1)).filter(self.condition(sight, 1)),
        }
    }

    pub fn most(&mut self, sight: &Sight) -> Expr<Option<i64>> {
        match self.random.below(4) {
            0 => func::max(self.number(sight, 1)),
            1 => func::min(self.maybe(sight, 1)),
            2 => func::percentile_disc(0.5).within_group(self.number(sight, 1)),
            _ => func::sum(self.maybe(sight, 1)).cast::<i64>(),
        }
    }

    pub fn text(&mut self, sight: &Sight) -> Expr<Option<String>> {
        match self.random.below(2) {
            0 => func::max(self.note(sight, 1)),
            _ => {
                let (name, number) = (self.name(sight, 1), self.number(sight, 1));
                func::string_agg(name, ",").order_by(number)
            }
        }
    }
}

/// A number for those who need one.
pub fn limit(random: &mut Random) -> i64 {
    random.below(5) as i64
}
