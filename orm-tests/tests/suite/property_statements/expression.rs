//! Random expressions over the tables in sight.

use chrono::{Days, Months, NaiveDate, NaiveDateTime, TimeDelta};
use orm_core::prelude::*;
use orm_core::types::Interval;
use orm_tests::Random;
use rust_decimal::Decimal;
use serde_json::{Value, json};

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
        match self.random.below(17) {
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
            10 => self.decimal(sight, depth - 1).cast::<i64>(),
            11 => func::date_part("epoch", self.span(sight, depth - 1)).cast::<i64>(),
            12 => func::regexp_count(self.name(sight, depth - 1), func::regexp("[AB]", "i")).cast::<i64>(),
            13 => func::sqrt(func::abs(left)).cast::<i64>(),
            14 => {
                let (first, second) = (self.name(sight, depth - 1), self.note(sight, depth - 1));
                func::jsonb_array_length(func::jsonb_build_array((first, second))).cast::<i64>()
            }
            15 => {
                func::cardinality(func::regexp_split_to_array(self.name(sight, depth - 1), "b")).cast::<i64>()
            }
            _ => func::greatest(self.maybe(sight, depth - 1), left),
        }
    }

    fn decimal(&mut self, sight: &Sight, depth: usize) -> Expr<Decimal> {
        let number = self.number(sight, depth).cast::<Decimal>();
        match self.random.below(6) {
            0 => number * 1.5,
            1 => func::round(number / 3, 1) + self.number(sight, depth),
            2 => func::ceil(1.25 - number),
            3 => func::coalesce(self.maybe(sight, depth), number),
            4 => func::greatest(number.clone() % 4, number),
            _ => -number,
        }
    }

    fn span(&mut self, sight: &Sight, depth: usize) -> Expr<Interval> {
        let (day, other) = (self.day(sight, depth), self.day(sight, depth));
        match self.random.below(4) {
            0 => (day + Interval::from_hours(30)) - (other - TimeDelta::hours(1)),
            1 => func::age(day.cast::<NaiveDateTime>(), other.cast::<NaiveDateTime>()),
            2 => lit(Interval::from_days(1)) * self.number(sight, depth).cast::<i32>(),
            _ => (day + Months::new(1)) - other,
        }
    }

    /// An object of a number, a text and what may be missing.
    fn document(&mut self, sight: &Sight, depth: usize) -> Expr<Value> {
        let number = self.number(sight, depth);
        let (name, note) = (self.name(sight, depth), self.note(sight, depth));
        let made = func::jsonb_build_object(("n", number, "name", name, "note", note));
        match self.random.below(5) {
            0 => made.merge(json!({"more": [1, {"a": null}]})),
            1 => made.without("note"),
            2 => func::jsonb_set(made, ["deep"], func::to_jsonb(self.tags(sight, depth))),
            _ => made,
        }
    }

    pub fn maybe(&mut self, sight: &Sight, depth: usize) -> Expr<Option<i64>> {
        let known = self.table(sight);
        if depth == 0 || self.random.once_in(2) {
            return self.random.pick(&known.maybes).clone();
        }
        match self.random.below(8) {
            0 => self.number(sight, depth - 1).optional(),
            1 => self.document(sight, depth - 1).get_text("n").cast::<i64>(),
            6 => func::nullif(self.number(sight, depth - 1), 2),
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
        match self.random.below(8) {
            0 => self.name(sight, depth - 1) + "!",
            4 => func::regexp_replace(self.name(sight, depth - 1), "[ab]", "\\0", "g"),
            5 => func::jsonb_typeof(self.document(sight, depth - 1)),
            6 => func::to_char(self.decimal(sight, depth - 1), "FM999990.0"),
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
        match self.random.below(6) {
            0 => self.name(sight, depth - 1).optional(),
            3 => self.document(sight, depth - 1).get_path_text(["deep", "0"]),
            4 => func::regexp_substr(self.name(sight, depth - 1), "[ab]+"),
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
        match self.random.below(if depth == 0 { 8 } else { 25 }) {
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
            17 => self.document(sight, near).contains(json!({"name": "a"})),
            18 => self.document(sight, near).has_key("note"),
            19 => self.document(sight, near).path_exists("$.n ? (@ > 2)"),
            20 => self.document(sight, near).path_matches("$.n > 2"),
            21 => self.name(sight, near).iregexp("^[AB]"),
            22 => self.decimal(sight, near).gt(self.number(sight, near)),
            23 => {
                let list = (self.number(sight, near), self.maybe(sight, near), 2);
                if self.random.once_in(2) {
                    self.number(sight, near).in_(list)
                } else {
                    self.maybe(sight, near).not_in(list)
                }
            }
            _ if self.random.once_in(3) => self.span(sight, near).lt(TimeDelta::days(3)),
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
