//! Random statements.

use orm_core::prelude::*;
use orm_tests::Random;

use super::expression::limit;
use super::table::{Known, Line, One, Two};

/// Names for tables, each of which is given once in a statement.
const NAMES: [&str; 40] = [
    "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "u0", "u1", "u2", "u3", "u4", "u5", "u6",
    "u7", "u8", "u9", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "w0", "w1", "w2", "w3",
    "w4", "w5", "w6", "w7", "w8", "w9",
];

/// Makes one statement.
pub struct Maker<'a> {
    pub random: &'a mut Random,
    given: usize,
    /// CTEs that are there already.
    ctes: Vec<Known>,
}

/// The tables of a statement inside of another, with what it sees around it.
pub struct Inner {
    own: Vec<Known>,
    on: Vec<(usize, Cond)>,
    pub sight: Vec<Known>,
    filter: Option<Cond>,
}

/// A select of one column of such a statement.
pub fn one_column<T>(inner: &Inner, item: Expr<T>) -> Select<T>
where
    Expr<T>: orm_core::query::Selectable<Row = T>,
{
    inner.from(select(item))
}

impl Inner {
    fn from<R>(&self, select: Select<R>) -> Select<R> {
        let mut select = self.own[0].first(select);
        for (table, (kind, on)) in self.own[1..].iter().zip(&self.on) {
            select = table.joined(select, *kind, on.clone());
        }
        match &self.filter {
            Some(filter) => select.filter(filter.clone()),
            None => select,
        }
    }
}

impl Maker<'_> {
    pub fn new(random: &mut Random) -> Maker<'_> {
        Maker { random, given: 0, ctes: Vec::new() }
    }

    fn named(&mut self) -> &'static str {
        self.given += 1;
        NAMES[self.given % NAMES.len()]
    }

    fn base(&mut self, depth: usize, beside: &[Known]) -> Known {
        match self.random.below(if depth == 0 { 4 } else { 8 }) {
            0 => Known::one(One),
            1 => Known::one(One.alias(self.named())),
            2 => Known::two(Two.alias(self.named())),
            3 => Known::two(Two),
            4 if !self.ctes.is_empty() => self.random.pick(&self.ctes).clone(),
            4 | 5 => {
                let cte = Known::made(self.statement(depth - 1).cte(self.named()));
                self.ctes.push(cte.clone());
                cte
            }
            6 if !beside.is_empty() => {
                let inner = self.inner(beside, depth - 1);
                Known::made(self.lines(&inner, depth - 1).lateral(self.named()))
            }
            _ => Known::made(self.statement(depth - 1).derived(self.named())),
        }
    }

    /// Tables that are joined, and conditions on them.
    pub fn inner(&mut self, around: &[Known], depth: usize) -> Inner {
        let mut inner = Inner { own: Vec::new(), on: Vec::new(), sight: around.to_vec(), filter: None };
        let count = 1 + self.random.below(3);
        for nth in 0..count {
            let beside = inner.own.clone();
            let known = self.base(depth, &beside);
            inner.own.push(known.clone());
            inner.sight.push(known.clone());
            if nth > 0 {
                let other = self.random.pick(&inner.own[..nth]).clone();
                let on = self.random.pick(&known.numbers).eq(self.random.pick(&other.numbers).clone());
                let on = if self.random.once_in(4) { on & self.condition(&inner.own, 1) } else { on };
                let kind = self.random.below(12);
                inner.on.push((kind, on));
            }
        }
        if !self.random.once_in(3) {
            let (own, sight) = (inner.own.clone(), inner.sight.clone());
            // A condition that uses no table of its own is refused.
            let near = self.number(&own, 1).ge(self.number(&sight, 0));
            let more = self.condition(&sight, depth.min(2));
            inner.filter = Some(if self.random.once_in(2) { near | more } else { near });
        }
        inner
    }

    /// A statement that sees nothing around it.
    pub fn statement(&mut self, depth: usize) -> Select<Line> {
        let inner = self.inner(&[], depth);
        let lines = self.lines(&inner, depth);
        match self.random.below(12) {
            0 if depth > 0 => lines.union_all(self.statement(depth - 1)),
            1 if depth > 0 => lines.union(self.statement(depth - 1)).limit(limit(self.random)),
            2 if depth > 0 => lines.except(self.statement(depth - 1)),
            _ => lines,
        }
    }

    /// The rows of such tables.
    fn lines(&mut self, inner: &Inner, depth: usize) -> Select<Line> {
        let sight = &inner.sight[..];
        match self.random.below(5) {
            0 => self.grouped(inner),
            1 => {
                let ranked = self.ranked(sight);
                let items = (ranked.clone(), self.maybe(sight, 1), self.name(sight, 1), self.note(sight, 1));
                let lines = inner.from(select(items));
                if self.random.once_in(2) { lines.keep(ranked.le(2)) } else { lines.order_by(ranked) }
            }
            _ => {
                let depth = depth.min(2);
                let number = self.number(sight, depth);
                let name = self.name(sight, depth);
                let items = (number.clone(), self.maybe(sight, depth), name.clone(), self.note(sight, depth));
                let lines = inner.from(select(items));
                match self.random.below(6) {
                    0 => lines.distinct(),
                    1 => lines.distinct().order_by((&number, name.desc())),
                    2 => lines.distinct_on(&name).order_by((&name, number.desc())),
                    3 => lines.order_by((self.maybe(sight, 1).desc(), &number)).limit(limit(self.random)),
                    4 => lines.order_by(self.condition(sight, 1).desc()).limit(3).offset(1),
                    _ => lines,
                }
            }
        }
    }

    /// Groups by a number and a text.
    fn grouped(&mut self, inner: &Inner) -> Select<Line> {
        let sight = &inner.sight[..];
        let (number, name) = (self.number(sight, 1), self.name(sight, 1));
        let most = self.most(sight);
        // Now and then of what is not grouped.
        let note = if self.random.once_in(6) { self.note(sight, 1) } else { func::max(self.note(sight, 1)) };
        let items = match self.random.below(3) {
            0 => inner.from(select((number.clone(), most.clone(), name.clone(), note))),
            1 => inner.from(select((self.count(sight), number.optional(), &name + "", note))),
            _ => inner.from(select((self.count(sight), most.clone(), func::lower(&name), note))),
        };
        let lines = items.group_by((&number, &name));
        let lines = match self.random.below(3) {
            0 => lines.having(most.gt(1)),
            1 => lines.having(self.count(sight).ge(self.number(sight, 1))),
            _ => lines,
        };
        if self.random.once_in(2) { lines.order_by((&name, most.desc())) } else { lines }
    }
}
