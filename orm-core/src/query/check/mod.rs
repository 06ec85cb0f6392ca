//! Finds what is wrong with a statement before it is sent, and says where it was written.

mod conflict;
mod group;
mod lock;
mod null;
mod scope;

use std::panic::Location;

use super::ast::{
    ConflictUpdate, Delete, Insert, Item, Node, Placed, Raw, Role, Select, Set, Source, Update,
};
use crate::error::Error;
use crate::schema::{ColumnMeta, Default, TableMeta};
use scope::Scope;

/// Checks a SELECT from these sources.
pub(crate) fn select(select: &Select, sources: &[Source]) -> Result<(), Error> {
    if select.items.is_empty() {
        return Err(refuse("nothing is selected: name a model, a column or an expression".into(), select.at));
    }
    let scope = Scope::of_select(select, sources)?;
    scope.covers_select(select)?;
    null::select(select, &scope)?;
    group::select(select)?;
    lock::select(select, &scope)
}

/// Checks the statements inside SQL of the program.
pub(crate) fn raw(raw: &Raw) -> Result<(), Error> {
    let mut refused = None;
    for node in &raw.nodes {
        node.walk(&mut |node| {
            if let Node::Subquery(inner) = node
                && let Err(error) = select(inner, &inner.sources())
            {
                refused.get_or_insert(error);
            }
        });
    }
    refused.map_or(Ok(()), Err)
}

/// Checks an UPDATE, one that sets nothing too.
pub(crate) fn update(update: &Update) -> Result<(), Error> {
    let scope = Scope::of_table(update.source);
    assignments(&scope, &update.set)?;
    write_filter(&scope, &update.filter)?;
    returning(&scope, &update.returning, update.at)
}

fn assignments(scope: &Scope, assignments: &[Placed<Set>]) -> Result<(), Error> {
    for (nth, set) in assignments.iter().enumerate() {
        let column = set.content.column;
        if assignments[..nth].iter().any(|earlier| earlier.content.column == column) {
            return Err(refuse(format!("`{column:?}` is set twice"), set.at));
        }
        if let Default::Computed(sql) = column.default {
            let message =
                format!("`{column:?}` is computed by the database as `{sql}`: set the columns it is made of");
            return Err(refuse(message, set.at));
        }
        scope.covers(&set.content.value, "SET", set.at)?;
        plain(&set.content.value, "SET", set.at)?;
    }
    Ok(())
}

/// Checks a DELETE.
pub(crate) fn delete(delete: &Delete) -> Result<(), Error> {
    let scope = Scope::of_table(delete.source);
    write_filter(&scope, &delete.filter)?;
    returning(&scope, &delete.returning, delete.at)
}

/// Checks an INSERT.
pub(crate) fn insert(insert: &Insert<'_>) -> Result<(), Error> {
    columns(insert.table, &insert.columns, insert.at)?;
    let source = Source { table: insert.table, alias: None };
    if let Some(conflict) = insert.conflict {
        conflict::check(insert, &conflict.target)?;
        if let Some(update) = &conflict.update {
            do_update(source, update)?;
        }
    }
    returning(&Scope::of_table(source), insert.returning, insert.at)
}

/// Checks the columns that an INSERT has values for.
pub(crate) fn columns(
    table: &'static TableMeta,
    columns: &[&'static ColumnMeta],
    at: &'static Location<'static>,
) -> Result<(), Error> {
    for (nth, column) in columns.iter().enumerate() {
        if columns[..nth].contains(column) {
            return Err(refuse(format!("`{column:?}` is named twice in this insert"), at));
        }
        if let Default::Computed(sql) = column.default {
            let message = format!("`{column:?}` is computed by the database as `{sql}`: leave it out");
            return Err(refuse(message, at));
        }
    }
    let needed = |column: &&ColumnMeta| !column.nullable && column.default == Default::None;
    match table.columns.iter().filter(needed).find(|column| !columns.contains(column)) {
        None => Ok(()),
        Some(column) => Err(refuse(
            format!(
                "`{column:?}` is NOT NULL and has no default: name it in `.columns(..)`, with a value in each row"
            ),
            at,
        )),
    }
}

fn do_update(source: Source, update: &ConflictUpdate) -> Result<(), Error> {
    if update.set.is_empty() {
        let message = format!(
            "this `do_update` of `{}` sets nothing: add `.set(column, value)`, or say `.do_nothing()` instead",
            source.table.entity
        );
        return Err(refuse(message, update.at));
    }
    let scope = Scope::of_conflict(source);
    assignments(&scope, &update.set)?;
    write_filter(&scope, &update.filter)
}

fn returning(scope: &Scope, items: &[Item], at: &'static Location<'static>) -> Result<(), Error> {
    scope.covers_items(items, "RETURNING", at)?;
    for item in items {
        if let Item::Value { node, .. } = item {
            plain(node, "RETURNING", at)?;
        }
    }
    Ok(())
}

fn write_filter(scope: &Scope, filter: &[Placed<Node>]) -> Result<(), Error> {
    for condition in filter {
        scope.covers(&condition.content, "WHERE", condition.at)?;
        plain(&condition.content, "WHERE", condition.at)?;
    }
    Ok(())
}

/// Refuses functions that look at several rows where only one is in sight.
fn plain(node: &Node, clause: &str, at: &'static Location<'static>) -> Result<(), Error> {
    let Some(call) = group::first_call(node) else { return Ok(()) };
    let message = format!("`{}` looks at several rows and cannot stand in {clause}", group::name(call));
    let of_group = matches!(call, Node::Function(function) if function.role == Role::Aggregate);
    // What a group gives can be filtered by; what a window gives cannot, not even there.
    let remedy = if of_group && clause == "WHERE" { ": use `.having(..)`" } else { "" };
    Err(refuse(message + remedy, at))
}

fn refuse(message: String, at: &'static Location<'static>) -> Error {
    Error::statement_invalid(message).located(at)
}

/// How a source is called in a message: by the model, and the alias where it has one.
fn called(source: Source) -> String {
    match source.alias {
        Some(alias) => format!("`{}` (alias \"{alias}\")", source.table.entity),
        None => format!("`{}`", source.table.entity),
    }
}
