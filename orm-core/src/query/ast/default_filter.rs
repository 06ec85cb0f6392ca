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
fn soft_delete(table: &'static TableMeta) -> Option<&'static ColumnMeta> {
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
    Node::Raw(Arc::new(Raw { texts, nodes: filter.columns.iter().map(column).collect() }))
}

fn of_change(source: Source, beside: &[Placed<Source>], without: &[&'static str]) -> Vec<Node> {
    let mut filters = default_filters(source, without);
    filters.extend(beside.iter().flat_map(|beside| default_filters(beside.content, without)));
    filters
}

impl Select {
    /// Whether a join adds rows of a table that another one has nothing for, on whatever side.
    pub(crate) fn adds_rows(&self) -> bool {
        self.joins.iter().any(|join| matches!(join.content.kind, JoinKind::Right | JoinKind::Full))
    }

    /// The conditions that it has by itself in WHERE; `from` is what FROM begins with.
    pub(crate) fn default_filters(&self, from: &[Source]) -> Vec<Node> {
        if self.adds_rows() {
            return Vec::new();
        }
        let joined = self.joins.iter().filter(|join| join.content.kind != JoinKind::Left);
        let sources = from.iter().copied().chain(joined.map(|join| join.content.source));
        sources.flat_map(|source| default_filters(source, self.without())).collect()
    }

    /// Those that it has in the condition of a join.
    pub(crate) fn default_filters_of(&self, join: &Join) -> Vec<Node> {
        if join.kind != JoinKind::Left || self.adds_rows() {
            return Vec::new();
        }
        default_filters(join.source, self.without())
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
