//! The tables of one statement.

use std::sync::Arc;

use super::Around;
use crate::query::ast::{Body, Select, Source};

/// What one statement, or one inside of it, reads from.
#[derive(Debug, Default)]
pub(crate) struct Level {
    /// The sources that FROM begins with.
    pub(crate) from: Vec<Source>,
    /// Those that are joined to them.
    pub(super) joined: Vec<Source>,
    /// Sources of statements around it that it uses, or one inside of it does.
    pub(crate) outside: Vec<Source>,
    /// The statements inside of its expressions, by their places in memory.
    pub(super) inner: Vec<(usize, usize)>,
    /// What stands behind its sources, and the level of that.
    pub(super) bodies: Vec<(Source, Arc<Body>, usize)>,
    /// The selects that it is a union of, or the one whose rows it inserts.
    pub(crate) arms: Vec<usize>,
}

impl Level {
    pub(super) fn of_table(source: Source) -> Level {
        Level { from: vec![source], ..Level::default() }
    }

    pub(super) fn of_change(changed: Source, beside: &[Source]) -> Level {
        Level { joined: beside.to_vec(), ..Level::of_table(changed) }
    }

    pub(super) fn of_select(select: &Select, around: Option<&Around<'_>>) -> Level {
        if select.set().is_some() {
            return Level::default();
        }
        let joined = select.joins.iter().map(|join| join.content.source).collect();
        Level { from: from(select, around), joined, ..Level::default() }
    }

    /// Its own sources.
    pub(crate) fn own(&self) -> impl Iterator<Item = Source> {
        self.from.iter().chain(&self.joined).copied()
    }

    pub(crate) fn has(&self, source: Source) -> bool {
        self.from.contains(&source) || self.joined.contains(&source)
    }

    /// What stands behind a source that is no table of the database, and the level of that.
    pub(crate) fn body(&self, source: Source) -> Option<(&Arc<Body>, usize)> {
        let found = self.bodies.iter().find(|(other, ..)| *other == source);
        found.map(|(_, body, level)| (body, *level))
    }

    pub(crate) fn bodies(&self) -> impl Iterator<Item = (Source, &Arc<Body>, usize)> {
        self.bodies.iter().map(|(source, body, level)| (*source, body, *level))
    }

    /// The sources that stand before one.
    pub(crate) fn before(&self, source: Source) -> impl Iterator<Item = Source> {
        self.own().take_while(move |other| *other != source)
    }

    pub(super) fn inner(&self, select: &Arc<Select>) -> Option<usize> {
        let place = Arc::as_ptr(select) as usize;
        self.inner.iter().find(|(other, _)| *other == place).map(|(_, number)| *number)
    }

    pub(super) fn add_inner(&mut self, select: &Arc<Select>, number: usize) {
        self.inner.push((Arc::as_ptr(select) as usize, number));
    }

    /// Notes a source that is used; one that is not its own is from outside.
    pub(super) fn uses(&mut self, source: Source) {
        if !self.has(source) && !self.outside.contains(&source) {
            self.outside.push(source);
        }
    }
}

/// The sources that FROM begins with: those of `select_from`; else those of the select list, and those of WHERE that are not
/// a statement's around; else those that the joins' conditions need.
fn from(select: &Select, around: Option<&Around<'_>>) -> Vec<Source> {
    if !select.from.is_empty() {
        return select.from.clone();
    }
    let correlated = select.correlated();
    let mut found = Vec::with_capacity(2);
    select.items.iter().for_each(|item| item.collect_sources(&mut found));
    found.retain(|source| !correlated.contains(source));
    let listed = found.len();
    select.filter.iter().for_each(|filter| filter.content.collect_sources(&mut found));
    let is_outside = |source| correlated.contains(&source) || around.is_some_and(|around| around.has(source));
    keep_from(listed, &mut found, |source| !is_outside(source));
    found.retain(|source| !select.is_joined(*source));
    if found.is_empty() {
        let conditions = select.joins.iter().filter_map(|join| join.content.on.as_ref());
        conditions.for_each(|on| on.collect_sources(&mut found));
        found.retain(|source| !select.is_joined(*source) && !is_outside(*source));
    }
    // In the order in which they were named: a lateral one sees those before it.
    let place = |source: &Source| select.bodies().iter().position(|(other, _)| other == source);
    if !select.bodies().is_empty() {
        found.sort_by_key(|source| place(source).map_or(0, |place| place + 1));
    }
    found
}

/// Leaves out those from a place on that are not wanted.
fn keep_from(place: usize, sources: &mut Vec<Source>, wanted: impl Fn(Source) -> bool) {
    let mut nth = 0;
    sources.retain(|source| {
        nth += 1;
        nth <= place || wanted(*source)
    });
}
