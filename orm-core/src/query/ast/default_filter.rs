//! The conditions that a model says of all its rows, as those of a statement.

use std::sync::Arc;

use super::{ColumnRef, Delete, Join, JoinKind, Node, Placed, Raw, Select, Source, SqlText, Update};
use crate::model::Alias;
use crate::schema::{ColumnMeta, Filter, TableMeta};

/// The conditions of a source, less those that are left out by name.
pub(crate) fn default_filters(source: Source, without: &[&'static str]) -> Vec<Node> {
    let table = source.table;
    if !table.has_filters() || source.alias.is_some_and(Alias::is_derived) {
        return Vec::new();
    }
    let soft_delete = soft_delete(table).filter(|column| !without.contains(&column.field));
    let filters = table.filters.iter().filter(|filter| !without.contains(&filter.name));
    let soft_delete = soft_delete.map(|column| is_there(column, source));
    soft_delete.into_iter().chain(filters.map(|filter| condition(filter, source))).collect()
}

/// The column by which rows count as deleted, and the name of the filter by it.
pub(crate) fn soft_delete(table: &'static TableMeta) -> Option<&'static ColumnMeta> {
    table.soft_delete.map(|soft| &table.columns[soft.place])
}

/// Whether one of these sources has a filter of this name.
pub(crate) fn has_filter(mut sources: impl Iterator<Item = Source>, name: &str) -> bool {
    sources.any(|Source { table, .. }| {
        table.filters.iter().any(|filter| filter.name == name)
            || soft_delete(table).is_some_and(|column| column.field == name)
    })
}

/// The names of all filters of a source.
pub(crate) fn filter_names(table: &'static TableMeta) -> impl Iterator<Item = &'static str> {
    soft_delete(table)
        .map(|column| column.field)
        .into_iter()
        .chain(table.filters.iter().map(|filter| filter.name))
}

/// That a row does not count as deleted.
fn is_there(meta: &'static ColumnMeta, source: Source) -> Node {
    let column = Box::new(Node::Column(ColumnRef { meta, alias: source.alias }));
    if meta.nullable { Node::IsNull { operand: column, negated: false } } else { Node::Not(column) }
}

fn condition(filter: &'static Filter, source: Source) -> Node {
    let texts = filter.texts.iter().map(|text| SqlText::Static(text)).collect();
    let column =
        |place: &usize| Node::Column(ColumnRef { meta: &source.table.columns[*place], alias: source.alias });
    Node::Raw(Arc::new(Raw { texts, nodes: filter.columns.iter().map(column).collect(), at: None }))
}

fn of_change(source: Source, beside: &[Placed<Source>], without: &[&'static str]) -> Vec<Node> {
    let mut filters = default_filters(source, without);
    filters.extend(beside.iter().flat_map(|beside| default_filters(beside.content, without)));
    filters
}

/// Where the conditions stand that a select has by itself.
#[derive(Debug, Default)]
pub(crate) struct DefaultFilters {
    /// In WHERE.
    pub(crate) rest: Vec<Node>,
    /// In ON of each join.
    on: Vec<Vec<Node>>,
    /// Sources that have theirs in a subquery.
    pub(crate) inside: Vec<Source>,
}

impl DefaultFilters {
    /// Those in ON of a join, by its number.
    pub(crate) fn on(&self, join: usize) -> &[Node] {
        self.on.get(join).map_or(&[], Vec::as_slice)
    }
}

impl Select {
    /// The conditions that it has by itself; `from` is what FROM begins with.
    pub(crate) fn default_filters(&self, from: &[Source]) -> DefaultFilters {
        let mut filters = DefaultFilters::default();
        let joined = self.joins.iter().map(|join| join.content.source);
        if !from.iter().copied().chain(joined).any(|source| source.table.has_filters()) {
            return filters;
        }
        let of = |sources: &[Source]| {
            sources.iter().flat_map(|source| default_filters(*source, self.without())).collect()
        };
        // Those of which no row can be missing.
        let mut always = from.to_vec();
        for join in &self.joins {
            let Join { kind, source, .. } = join.content;
            let on = match kind {
                JoinKind::Inner | JoinKind::Cross => {
                    always.push(source);
                    Vec::new()
                }
                // A row that is left out is as good as not found.
                JoinKind::Left => of(&[source]),
                JoinKind::Right => of(&std::mem::replace(&mut always, vec![source])),
                // What is not found on one side stands alone, so that both are to be what is left before.
                JoinKind::Full => {
                    filters.inside.extend(always.drain(..).chain([source]));
                    Vec::new()
                }
            };
            filters.on.push(on);
        }
        filters.rest = of(&always);
        filters
    }
}

impl Update {
    /// The conditions that it has by itself.
    pub(crate) fn default_filters(&self) -> Vec<Node> {
        of_change(self.source, self.beside(), &self.without)
    }
}

impl Delete {
    /// The conditions that it has by itself.
    pub(crate) fn default_filters(&self) -> Vec<Node> {
        of_change(self.source, self.beside(), &self.without)
    }
}
