//! Checks that a statement has the tables and columns that its expressions use.

use std::panic::Location;

use super::scope::{Brings, RETURNING, Scope, reference};
use super::{called, refuse, subquery};
use crate::error::Error;
use crate::query::ast::{ColumnRef, Cycle, Item, Node, Search, Select, Source};
use crate::schema::{ColumnMeta, TableMeta};

impl Scope<'_> {
    pub(super) fn covers(
        &self,
        node: &Node,
        clause: &str,
        at: &'static Location<'static>,
    ) -> Result<(), Error> {
        let mut missing = None;
        node.walk(&mut |node| match node {
            Node::Column(column) if !self.sees(column.source()) => {
                missing.get_or_insert_with(|| self.missing(column.source(), clause, at));
            }
            Node::Column(column) if self.lacks(*column) => {
                missing.get_or_insert_with(|| refuse(no_column(*column), at));
            }
            Node::Excluded(column) if self.excluded != Some(column.table) => {
                missing.get_or_insert_with(|| refuse(self.no_excluded(column, clause), at));
            }
            Node::Old(column) if clause != RETURNING || !self.changes(column.table) => {
                missing.get_or_insert_with(|| refuse(self.no_old(column, clause), at));
            }
            _ => {}
        });
        match missing {
            None => subquery::inner(node, self, Some(at)),
            Some(error) => Err(error),
        }
    }

    /// Whether a derived table lacks the column, because it has only some columns of its model.
    fn lacks(&self, column: ColumnRef) -> bool {
        let Some(alias) = column.alias else { return false };
        let mut scopes = std::iter::successors(Some(self), |scope| scope.parent);
        alias.is_derived()
            && scopes
                .find_map(|scope| scope.own_level().body(column.source()))
                .is_some_and(|(body, _)| !body.has(column.meta.name))
    }

    /// Whether the statement changes rows of this table.
    fn changes(&self, table: &'static TableMeta) -> bool {
        self.parent.is_none() && self.sources.first().is_some_and(|source| source.table == table)
    }

    fn no_old(&self, column: &ColumnMeta, clause: &str) -> String {
        let why = match self.sources.first() {
            Some(source) if clause == RETURNING => format!("the changed rows are of {}", called(*source)),
            _ => "only `.returning(..)` of a statement that changes rows knows what they held before"
                .to_owned(),
        };
        format!("`old({column:?})` is used in {clause}, but {why}")
    }

    fn no_excluded(&self, column: &ColumnMeta, clause: &str) -> String {
        let why = match self.excluded {
            Some(table) => format!("the row that was to be inserted is one of `{}`", table.entity),
            None => {
                "only `.set(..)` and `.filter(..)` behind `.do_update()` know the row that was to be inserted"
                    .into()
            }
        };
        format!("`excluded({column:?})` is used in {clause}, but {why}")
    }

    /// Whether the outermost statement around this one has no table of its own.
    fn is_in_one_without_tables(&self) -> bool {
        let around = std::iter::successors(self.parent, |scope| scope.parent);
        around.last().is_some_and(|outermost| outermost.sources.is_empty())
    }

    pub(super) fn missing(&self, source: Source, clause: &str, at: &'static Location<'static>) -> Error {
        let entity = reference(source);
        let same_table = self.sources.iter().find(|other| other.table == source.table && **other != source);
        let remedy = match (same_table, self.brings) {
            (Some(other), _) => {
                format!("the statement knows it as {}: use that one's columns", called(*other))
            }
            (None, Brings::Join) if self.sources.is_empty() => format!("add `.select_from({entity})`"),
            (None, Brings::Join) if self.is_in_one_without_tables() => {
                format!("the statement around this one reads no table: add `.select_from({entity})` to that")
            }
            (None, Brings::Join) => format!("add `.join({entity}, ..)`"),
            (None, Brings::Beside(method)) => format!(
                "add `.{method}({entity})` and a condition that joins it, or take its rows by a subquery, as in \
                 `.filter(..in_(select(..)))`"
            ),
            (None, Brings::NewRow) => {
                "there is no row of the changed table here, only one of what stands in `.using(..)`"
                    .to_owned()
            }
            (None, Brings::Nothing) if self.sources.is_empty() => {
                "a new row has no columns to look at yet: set a value, or what a subquery gives".to_owned()
            }
            (None, Brings::Nothing) => "only the columns of the changed table can be used here".to_owned(),
        };
        refuse(
            format!("{} is used in {clause} but is not in this statement's FROM: {remedy}", called(source)),
            at,
        )
    }

    pub(super) fn covers_items(
        &self,
        items: &[Item],
        clause: &str,
        at: &'static Location<'static>,
    ) -> Result<(), Error> {
        for item in items {
            match item {
                Item::Value { node, .. } => self.covers(node, clause, at)?,
                Item::Entity { source, .. } if !self.sources.contains(source) => {
                    return Err(self.missing(*source, clause, at));
                }
                Item::Entity { .. } => {}
            }
        }
        Ok(())
    }

    pub(super) fn covers_select(&self, select: &Select) -> Result<(), Error> {
        self.covers_items(&select.items, "the select list", select.at)?;
        let clauses = [("WHERE", &*select.filter), ("GROUP BY", &*select.group), ("HAVING", &*select.having)];
        for (clause, conditions) in clauses {
            for condition in conditions {
                self.covers(&condition.content, clause, condition.at)?;
            }
        }
        for order in &select.order {
            self.covers(&order.content.node, "ORDER BY", order.at)?;
        }
        Ok(())
    }
}

fn no_column(column: ColumnRef) -> String {
    let (name, meta) = (called(column.source()), column.meta);
    match meta.name {
        Search::COLUMN if meta.table.name.is_empty() => {
            return format!(
                "{name} has no order of a search: add `.search_depth_first(..)` or `.search_breadth_first(..)` behind \
                 `.recursive(..)`"
            );
        }
        Cycle::MARK if meta.table.name.is_empty() => {
            return format!("{name} does not look for circles: add `.cycle(..)` behind `.recursive(..)`");
        }
        "" => {
            return format!(
                "{name} does not give this expression: name one that its select gives, as `.column(&total)`, or take \
                 `let (a, b) = table.columns()`"
            );
        }
        _ => {}
    }
    format!(
        "{name} has no column `{meta:?}`: give its rows a field `{}`, or select it there by itself",
        meta.field
    )
}
