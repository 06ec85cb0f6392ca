//! Random statements.

use orm_core::prelude::*;
use orm_tests::Random;

use super::expression::limit;
use super::table::{Kind, Known, Line};

/// Makes one statement.
pub struct Maker<'a> {
    pub random: &'a mut Random,
    pub given: usize,
    /// CTEs that are there already.
    pub ctes: Vec<Known>,
}

/// The tables of a statement inside of another, with what it sees around it.
pub struct Inner {
    /// Each with whether its row may be missing.
    pub own: Vec<(Known, bool)>,
    pub on: Vec<(Kind, Cond)>,
    pub around: Vec<Known>,
    pub filter: Option<Cond>,
}

/// A select of one column of such a statement.
pub fn one_column<T>(inner: &Inner, item: Expr<T>) -> Select<T>
where
    Expr<T>: orm_core::query::Selectable<Row = T>,
{
    inner.from(select(item))
}

impl Inner {
    /// Its own tables.
    pub fn own(&self) -> Vec<Known> {
        self.own.iter().map(|(known, outer)| if *outer { known.outer() } else { known.clone() }).collect()
    }

    /// All that it sees.
    pub fn sight(&self) -> Vec<Known> {
        [self.around.clone(), self.own()].concat()
    }

    pub fn from<R>(&self, select: Select<R>) -> Select<R> {
        let mut select = self.own[0].0.first(select);
        for ((table, _), (kind, on)) in self.own[1..].iter().zip(&self.on) {
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
    pub fn lines(&mut self, inner: &Inner, depth: usize) -> Select<Line> {
        let sight = &inner.sight()[..];
        match self.random.below(6) {
            0 => self.grouped(inner),
            1 => self.in_sets(inner),
            2 => {
                let ranked = self.ranked(sight);
                let items = (ranked.clone(), self.seen(sight), self.name(sight, 1), self.note(sight, 1));
                let lines = inner.from(select(items));
                match self.random.below(3) {
                    0 => lines.keep(ranked.le(2)),
                    1 => lines.keep(self.seen(sight).is_not_null()).order_by(ranked).limit(3),
                    _ => lines.order_by((ranked, self.seen(sight))),
                }
            }
            _ => {
                let depth = depth.min(2);
                let number = self.number(sight, depth);
                let name = self.name(sight, depth);
                let items = (number.clone(), self.maybe(sight, depth), name.clone(), self.note(sight, depth));
                let lines = inner.from(select(items));
                match self.random.below(8) {
                    0 => lines.distinct(),
                    1 => lines.distinct().order_by((&number, name.desc())),
                    2 => lines.distinct_on(&name).order_by((&name, number.desc())),
                    3 => lines.order_by((self.maybe(sight, 1).desc(), &number)).limit(limit(self.random)),
                    4 => lines.order_by(self.condition(sight, 1).desc()).limit(3).offset(1),
                    5 => lines.order_by(&number).limit(2).with_ties(),
                    6 => inner.own[0].0.sampled(lines),
                    _ => lines,
                }
            }
        }
    }

    /// Groups by a number and a text.
    fn grouped(&mut self, inner: &Inner) -> Select<Line> {
        let sight = &inner.sight()[..];
        let own = &inner.own()[..];
        let (number, name) = (self.number(sight, 1), self.name(sight, 1));
        let most = self.most(own);
        // Now and then of what is not grouped.
        let note = if self.random.once_in(12) { self.note(sight, 1) } else { self.text(own) };
        let items = match self.random.below(3) {
            0 => inner.from(select((number.clone(), most.clone(), name.clone(), note))),
            1 => inner.from(select((self.count(own), number.optional(), &name + "", note))),
            _ => inner.from(select((self.count(own), most.clone(), func::lower(&name), note))),
        };
        let lines = items.group_by((&number, &name));
        let lines = match self.random.below(3) {
            0 => lines.having(most.gt(1)),
            1 => lines.having(self.count(own).ge(&number)),
            _ => lines,
        };
        if self.random.once_in(2) { lines.order_by((&name, most.desc())) } else { lines }
    }

    /// Groups in several ways at once.
    fn in_sets(&mut self, inner: &Inner) -> Select<Line> {
        let own = &inner.own()[..];
        let (number, name) = (self.number(own, 1), self.name(own, 1));
        let level = func::grouping(&name).cast::<i64>();
        let all = func::coalesce(name.optional(), "all");
        let count = if self.random.once_in(2) { self.count(own) } else { level };
        let note = self.text(own);
        let lines = match self.random.below(2) {
            0 => inner.from(select((count, number.optional(), all, note))),
            _ => inner.from(select((count, self.most(own), all, name.optional()))),
        };
        match self.random.below(3) {
            0 => lines.group_by(rollup((&number, &name))),
            1 => lines.group_by(cube((&number, &name))),
            _ => lines.group_by(grouping_sets(((&number, &name), &name, ()))),
        }
    }
}
