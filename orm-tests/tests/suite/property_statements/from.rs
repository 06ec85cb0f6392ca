//! Random tables for FROM, and what joins them.

use orm_core::prelude::*;

use super::statement::{Inner, Maker};
use super::table::{Base, Kind, Known, Line, One, Two};

/// Names for tables and windows, each of which is given once in a statement.
const NAMES: [&str; 60] = [
    "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "u0", "u1", "u2", "u3", "u4", "u5", "u6",
    "u7", "u8", "u9", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "w0", "w1", "w2", "w3",
    "w4", "w5", "w6", "w7", "w8", "w9", "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "y0",
    "y1", "y2", "y3", "y4", "y5", "y6", "y7", "y8", "y9",
];

impl Maker<'_> {
    pub fn named(&mut self) -> &'static str {
        self.given += 1;
        NAMES[self.given % NAMES.len()]
    }

    fn base(&mut self, depth: usize, beside: &[Known]) -> Known {
        match self.random.below(if depth == 0 { 7 } else { 13 }) {
            0 if !beside.iter().any(|known| matches!(known.base, Base::One(_))) => Known::one(One),
            0 | 1 => Known::one(One.alias(self.named())),
            2 if !beside.iter().any(|known| matches!(known.base, Base::Two(_))) => Known::two(Two),
            2 | 3 => Known::two(Two.alias(self.named())),
            4 => self.rows(),
            5 => {
                let last = if beside.is_empty() { lit(3_i64) } else { self.number(beside, 0) };
                Known::series(func::generate_series(1_i64, last).derived(self.named()))
            }
            6 => {
                let tags = if beside.is_empty() { lit(vec!["a".to_owned()]) } else { self.tags(beside, 0) };
                Known::tags(func::unnest(tags).with_ordinality().derived(self.named()))
            }
            7 if !self.ctes.is_empty() => self.random.pick(&self.ctes).clone(),
            7 | 8 => {
                let cte = Known::made(self.statement(depth - 1).cte(self.named()));
                self.ctes.push(cte.clone());
                cte
            }
            9 => self.recursive(depth - 1),
            10 | 11 if !beside.is_empty() => {
                let inner = self.inner(beside, depth - 1);
                let made = Known::made(self.lines(&inner, depth - 1).lateral(self.named()));
                Known { looks_back: true, ..made }
            }
            _ => Known::made(self.statement(depth - 1).derived(self.named())),
        }
    }

    /// VALUES.
    fn rows(&mut self) -> Known {
        let text = |text: &str| text.to_owned();
        let rows: [Line; 3] = [
            (1, Some(2), text("a"), Some(text("x"))),
            (2, None, text("b"), None),
            (limit(self), Some(0), text("c"), None),
        ];
        Known::made(values(rows).derived(self.named()))
    }

    fn recursive(&mut self, depth: usize) -> Known {
        let first = self.statement(depth).limit(2);
        let name = self.named();
        let step = |rows: &orm_core::query::Derived<Line>| {
            let (number, maybe, name, note) = rows.columns();
            select((number + 1, maybe, name + "+", note)).select_from(rows).filter(number.between(-3, 4))
        };
        let made = match self.random.below(4) {
            0 => first.recursive_distinct(name, step),
            1 => first.recursive(name, step).search_depth_first(|rows| (rows.0, rows.2)),
            2 => first.recursive(name, step).cycle(|rows| rows.0),
            _ => first.recursive(name, step),
        };
        let made = Known::made(made);
        self.ctes.push(made.clone());
        made
    }

    /// Tables that are joined, and conditions on them.
    pub fn inner(&mut self, around: &[Known], depth: usize) -> Inner {
        let mut inner = Inner { own: Vec::new(), on: Vec::new(), around: around.to_vec(), filter: None };
        let count = 1 + self.random.below(3);
        for nth in 0..count {
            let beside: Vec<_> = inner.own.iter().map(|(known, _)| known.clone()).collect();
            let known = self.base(depth, &beside);
            if nth > 0 {
                let (other, _) = self.random.pick(&inner.own).clone();
                let kind = self.kind(&known);
                let on = self.random.pick(&known.numbers).eq(self.random.pick(&other.numbers).clone());
                // FULL JOIN takes only what can be hashed or merged.
                let more = kind != Kind::Full && self.random.once_in(4);
                let seen = [&beside[..], std::slice::from_ref(&known)].concat();
                inner.on.push((kind, if more { on & self.condition(&seen, 1) } else { on }));
                if matches!(kind, Kind::Right | Kind::Full) {
                    inner.own.iter_mut().for_each(|(_, outer)| *outer = true);
                }
            }
            let is_outer = inner.on.last().is_some_and(|(kind, _)| matches!(kind, Kind::Left | Kind::Full));
            inner.own.push((known, is_outer));
        }
        // Now and then the checker has to find out by itself what an outer join may lack.
        if self.random.once_in(8) {
            inner.own.iter_mut().for_each(|(_, outer)| *outer = false);
        }
        if !self.random.once_in(3) {
            let (own, sight) = (inner.own(), inner.sight());
            // A condition that uses no table of its own is refused.
            let near = self.number(&own, 1).ge(self.number(&sight, 0));
            let more = self.condition(&sight, depth.min(2));
            inner.filter = Some(if self.random.once_in(2) { near | more } else { near });
        }
        inner
    }

    fn kind(&mut self, known: &Known) -> Kind {
        match self.random.below(10) {
            0 | 1 => Kind::Left,
            2 if !known.looks_back => Kind::Right,
            3 if !known.looks_back => Kind::Full,
            4 => Kind::Cross,
            _ => Kind::Inner,
        }
    }
}

fn limit(maker: &mut Maker<'_>) -> i64 {
    super::expression::limit(maker.random)
}
