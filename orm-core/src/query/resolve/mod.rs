//! Which tables of a statement are whose: worked out once, for the checker and the renderer alike.
//!
//! A select inside of another has the tables of its own select list, its `select_from` and its joins, less those that it
//! takes from outside by `correlate`. One that only its conditions name is that of the nearest statement around it that has
//! it; if none has, its own.

mod around;
mod body;
mod level;
mod merge;

use std::sync::Arc;

use super::ast::{Body, Delete, Insert, InsertSource, Item, Node, Placed, Raw, Select, Source, Update};
use crate::model::Alias;
use crate::schema::TableMeta;
pub(crate) use around::Around;
pub(crate) use level::Level;
pub(crate) use merge::merge;

/// A statement with all that is inside of it.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    /// The whole statement first.
    levels: Vec<Level>,
    /// The CTEs, each behind those it uses.
    pub(crate) with: Vec<(Arc<Body>, usize)>,
    /// Whether which of the parameters are equal makes a difference.
    pub(crate) shares: bool,
}

/// The tables of a SELECT.
pub(crate) fn select(select: &Select) -> Resolved {
    let mut resolved = Resolved::default();
    resolved.select(select, None);
    resolved
}

/// The tables of an UPDATE.
pub(crate) fn update(update: &Update) -> Resolved {
    let mut resolved = Resolved::default();
    resolved.update(update, None);
    resolved
}

/// The tables of a DELETE.
pub(crate) fn delete(delete: &Delete) -> Resolved {
    let mut resolved = Resolved::default();
    resolved.delete(delete, None);
    resolved
}

/// The tables of an INSERT.
pub(crate) fn insert(insert: &Insert<'_>) -> Resolved {
    let mut resolved = Resolved::default();
    resolved.insert(insert, None);
    resolved
}

/// The tables of SQL of the program.
pub(crate) fn raw(raw: &Raw) -> Resolved {
    let mut resolved = Resolved::default();
    resolved.raw(raw, None);
    resolved
}

impl Resolved {
    /// The level of the whole statement.
    pub(crate) const TOP: usize = 0;

    pub(crate) fn level(&self, number: usize) -> &Level {
        &self.levels[number]
    }

    /// The tables of the database that it reads.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &'static TableMeta> {
        let sources = self
            .levels
            .iter()
            .flat_map(|level| level.own().filter(|source| !source.alias.is_some_and(Alias::is_derived)));
        sources.map(|source| source.table)
    }

    /// The level of a statement inside of a level's expressions.
    pub(crate) fn inner(&self, level: usize, select: &Arc<Select>) -> usize {
        let number = self.levels[level].inner(select);
        number.expect("the resolver has seen every statement inside of another")
    }

    /// Adds the sources that an expression uses, with those that statements inside of it take from outside.
    pub(crate) fn collect_used(&self, level: usize, node: &Node, used: &mut Vec<Source>) {
        let mut add = |source| {
            if !used.contains(&source) {
                used.push(source);
            }
        };
        node.walk(&mut |node| match node {
            Node::Column(column) => add(column.source()),
            _ => {
                if let Some(number) = node.select().and_then(|select| self.levels[level].inner(select)) {
                    self.levels[number].outside.iter().copied().for_each(&mut add);
                }
            }
        });
    }

    /// Begins a level; it is put into its place when it is whole.
    fn begin(&mut self) -> usize {
        self.levels.push(Level::default());
        self.levels.len() - 1
    }

    fn select(&mut self, select: &Select, around: Option<&Around<'_>>) -> usize {
        let number = self.begin();
        self.shares |= select.shares();
        let mut level = Level::of_select(select, around);
        if let Some(set) = select.set() {
            level.arms = set.arms.iter().map(|arm| self.select(arm, around)).collect();
            level.outside = level.arms.iter().flat_map(|arm| self.levels[*arm].outside.clone()).collect();
        } else if around.is_some() || select.more.is_some() || select.nodes().any(has_select) {
            self.clauses(select, &mut level, around);
        }
        self.levels[number] = level;
        number
    }

    /// Everything inside a select, in the order of its text.
    fn clauses(&mut self, select: &Select, level: &mut Level, around: Option<&Around<'_>>) {
        select.with().iter().for_each(|body| self.cte(body));
        let own: Vec<_> = level.own().collect();
        let within = Around { sources: &own, bodies: select.bodies(), parent: around };
        for placed in select.distinct_on() {
            self.node(&placed.content, level, &within);
        }
        self.items(&select.items, level, &within);
        if !select.keep().is_empty() {
            select.order.iter().for_each(|order| self.node(&order.content.node, level, &within));
            select.keep().iter().for_each(|keep| self.node(&keep.content, level, &within));
        }
        for nth in 0..level.from.len() {
            let before = Around { sources: &own[..nth], ..within };
            self.source(level.from[nth], level, &before);
        }
        for (nth, join) in select.joins.iter().enumerate() {
            let before = Around { sources: &own[..level.from.len() + nth], ..within };
            self.source(join.content.source, level, &before);
            join.content.on.iter().for_each(|on| self.node(on, level, &within));
        }
        let conditions = select.filter.iter().chain(&select.group).chain(&select.having);
        conditions.for_each(|condition| self.node(&condition.content, level, &within));
        if select.keep().is_empty() {
            select.order.iter().for_each(|order| self.node(&order.content.node, level, &within));
        }
    }

    fn update(&mut self, update: &Update, around: Option<&Around<'_>>) -> usize {
        let number = self.begin();
        update.with().iter().for_each(|body| self.cte(body));
        let (mut level, own) = self.change(update.source, update.beside(), update.bodies(), around);
        let within = Around { sources: &own, bodies: update.bodies(), parent: around };
        update.set.iter().for_each(|set| self.node(&set.content.value, &mut level, &within));
        update.filter.iter().for_each(|filter| self.node(&filter.content, &mut level, &within));
        self.items(&update.returning, &mut level, &within);
        self.levels[number] = level;
        number
    }

    /// The level of a statement that changes a table, and its sources: the table, and what stands beside it.
    fn change(
        &mut self,
        changed: Source,
        beside: &[Placed<Source>],
        bodies: &[(Source, Arc<Body>)],
        around: Option<&Around<'_>>,
    ) -> (Level, Vec<Source>) {
        let own: Vec<_> = [changed].into_iter().chain(beside.iter().map(|source| source.content)).collect();
        let mut level = Level::of_change(changed, &own[1..]);
        for (nth, source) in own.iter().enumerate().skip(1) {
            // The changed table itself is not seen there.
            let before = Around { sources: &own[1..nth], bodies, parent: around };
            self.source(*source, &mut level, &before);
        }
        (level, own)
    }

    fn delete(&mut self, delete: &Delete, around: Option<&Around<'_>>) -> usize {
        let number = self.begin();
        delete.with().iter().for_each(|body| self.cte(body));
        let (mut level, own) = self.change(delete.source, delete.beside(), delete.bodies(), around);
        let within = Around { sources: &own, bodies: delete.bodies(), parent: around };
        delete.filter.iter().for_each(|filter| self.node(&filter.content, &mut level, &within));
        self.items(&delete.returning, &mut level, &within);
        self.levels[number] = level;
        number
    }

    fn insert(&mut self, insert: &Insert<'_>, around: Option<&Around<'_>>) -> usize {
        let number = self.begin();
        let mut level = Level::of_table(insert.source());
        if let InsertSource::Select(select) = &insert.rows {
            level.arms.push(self.select(select, around));
        }
        let nothing = Around { sources: &[], bodies: &[], parent: around };
        insert.set.iter().for_each(|set| self.node(&set.content.value, &mut level, &nothing));
        let own = [insert.source()];
        let within = Around { sources: &own, bodies: &[], parent: around };
        if let Some(update) = insert.conflict.as_ref().and_then(|conflict| conflict.update.as_ref()) {
            update.set.iter().for_each(|set| self.node(&set.content.value, &mut level, &within));
            update.filter.iter().for_each(|filter| self.node(&filter.content, &mut level, &within));
        }
        self.items(&insert.returning, &mut level, &within);
        self.levels[number] = level;
        number
    }

    fn raw(&mut self, raw: &Raw, around: Option<&Around<'_>>) -> usize {
        let number = self.begin();
        let mut level = Level { from: raw.tables().collect(), ..Level::default() };
        let own: Vec<_> = level.own().collect();
        let within = Around { sources: &own, bodies: &[], parent: around };
        raw.nodes.iter().for_each(|node| self.node(node, &mut level, &within));
        self.levels[number] = level;
        number
    }

    fn items(&mut self, items: &[Item], level: &mut Level, within: &Around<'_>) {
        for item in items {
            match item {
                Item::Value { node, .. } => self.node(node, level, within),
                Item::Entity { source, .. } => level.uses(*source),
            }
        }
    }

    /// The statements inside of an expression, and the sources from outside that it uses.
    fn node(&mut self, node: &Node, level: &mut Level, within: &Around<'_>) {
        match node {
            Node::Column(column) => level.uses(column.source()),
            Node::Raw(raw) => return self.raw_node(raw, level, within),
            _ => {}
        }
        if let Some(select) = node.select()
            && level.inner(select).is_none()
        {
            let number = self.select(select, Some(within));
            level.add_inner(select, number);
            self.levels[number].outside.iter().for_each(|source| level.uses(*source));
        }
        node.children().for_each(|child| self.node(child, level, within));
    }

    /// The tables that the text itself names are around the statements in it.
    fn raw_node(&mut self, raw: &Raw, level: &mut Level, within: &Around<'_>) {
        let tables: Vec<_> = raw.tables().collect();
        let mut inside =
            Level { from: tables.clone(), inner: std::mem::take(&mut level.inner), ..Level::default() };
        let frame = Around { sources: &tables, bodies: &[], parent: Some(within) };
        raw.nodes.iter().for_each(|node| self.node(node, &mut inside, &frame));
        level.inner = inside.inner;
        inside.outside.into_iter().for_each(|source| level.uses(source));
    }
}

fn has_select(node: &Node) -> bool {
    node.select().is_some() || node.children().any(has_select)
}
