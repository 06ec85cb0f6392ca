//! Finds mistakes in a statement before it is sent; the errors name the line that built it.

mod conflict;
mod connect;
mod control;
mod covers;
mod group;
mod join;
mod lock;
mod merge;
mod null;
mod order;
mod refused;
mod scope;
mod set_operation;
mod subquery;
mod table;
mod window;

use std::panic::Location;

use super::ast::{
    ConflictUpdate, Delete, Insert, InsertSource, Item, Node, Placed, Raw, Role, Select, Set, Source, Update,
    filter_names, has_filter,
};
use super::resolve::Resolved;
use crate::error::Error;
use crate::schema::{ColumnDefault, ColumnMeta, TableMeta};
pub(crate) use control::{refuse_control, refuse_copy};
pub(crate) use merge::merge;
use scope::{Change, RETURNING, Scope};

/// Checks a SELECT.
pub(crate) fn select(select: &Select, resolved: &Resolved) -> Result<(), Error> {
    table::with(resolved, select.has_writing_cte())?;
    select_at(select, resolved, Resolved::TOP, None)
}

/// Checks a SELECT; `parent` is the scope of the statement around it.
fn select_at(
    select: &Select,
    resolved: &Resolved,
    level: usize,
    parent: Option<&Scope<'_>>,
) -> Result<(), Error> {
    if let Some(refused) = select.refused() {
        return Err(refused::error(refused));
    }
    if select.items.is_empty() {
        return Err(refuse("nothing is selected: name a model, a column or an expression".into(), select.at));
    }
    if let Some(set) = select.set() {
        return set_operation::select(select, set, resolved, level, parent);
    }
    let scope = Scope::of_select(select, resolved, level, parent)?;
    if !select.bodies().is_empty() {
        table::are_one(select)?;
        table::samples(select, &scope)?;
        table::bodies(&scope, select.at)?;
    }
    scope.covers_select(select)?;
    let known = || scope.sources.iter().copied();
    filters_are_known(select.without(), known, select.at)?;
    if parent.is_some() {
        subquery::is_told_apart(select, &scope)?;
    }
    null::select(select, &scope)?;
    group::select(select, &scope)?;
    window::select(select)?;
    order::select(select)?;
    lock::select(select, &scope)
}

/// Checks raw SQL, with the statements in its braces.
pub(crate) fn raw(raw: &Raw, resolved: &Resolved) -> Result<(), Error> {
    table::with(resolved, raw.has_writing_cte())?;
    control::check(raw)?;
    raw_at(raw, resolved, Resolved::TOP, None)
}

fn raw_at(raw: &Raw, resolved: &Resolved, level: usize, parent: Option<&Scope<'_>>) -> Result<(), Error> {
    let scope = Scope::of_raw(raw, resolved, level, parent);
    raw.nodes.iter().try_for_each(|node| subquery::inner(node, &scope, None))
}

/// Checks an UPDATE, including one that sets nothing.
pub(crate) fn update(update: &Update, resolved: &Resolved) -> Result<(), Error> {
    table::with(resolved, update.has_writing_cte())?;
    update_at(update, resolved, Resolved::TOP)
}

fn update_at(update: &Update, resolved: &Resolved, level: usize) -> Result<(), Error> {
    let Update { source, filter, .. } = update;
    let change = Change { source: *source, beside: update.beside(), filter, method: "from" };
    let scope = Scope::of_change(change, resolved, level)?;
    filters_are_known(&update.without, || scope.sources.iter().copied(), update.at)?;
    assignments(&scope, &update.set)?;
    write_filter(&scope, filter)?;
    returning(&scope, &update.returning, update.at)?;
    has_condition(&update.filter, update.all_rows, "update", update.source, update.at)
}

fn assignments(scope: &Scope<'_>, assignments: &[Placed<Set>]) -> Result<(), Error> {
    for (nth, set) in assignments.iter().enumerate() {
        let column = set.content.column;
        if assignments[..nth].iter().any(|earlier| earlier.content.column == column) {
            return Err(refuse(format!("`{column:?}` is set twice"), set.at));
        }
        if let ColumnDefault::Computed(sql) = column.default {
            let message =
                format!("`{column:?}` is computed by the database as `{sql}`: set the columns it is made of");
            return Err(refuse(message, set.at));
        }
        if matches!(set.content.value, Node::Default)
            && !column.nullable
            && column.default == ColumnDefault::None
        {
            let message = format!("`{column:?}` is NOT NULL and has no default: set a value");
            return Err(refuse(message, set.at));
        }
        scope.covers(&set.content.value, "SET", set.at)?;
        plain(&set.content.value, "SET", set.at)?;
    }
    Ok(())
}

/// Checks a DELETE.
pub(crate) fn delete(delete: &Delete, resolved: &Resolved) -> Result<(), Error> {
    table::with(resolved, delete.has_writing_cte())?;
    delete_at(delete, resolved, Resolved::TOP)
}

fn delete_at(delete: &Delete, resolved: &Resolved, level: usize) -> Result<(), Error> {
    let Delete { source, filter, .. } = delete;
    let change = Change { source: *source, beside: delete.beside(), filter, method: "using" };
    let scope = Scope::of_change(change, resolved, level)?;
    filters_are_known(&delete.without, || scope.sources.iter().copied(), delete.at)?;
    write_filter(&scope, filter)?;
    returning(&scope, &delete.returning, delete.at)?;
    has_condition(&delete.filter, delete.all_rows, "delete", delete.source, delete.at)
}

/// Checks an INSERT.
pub(crate) fn insert(insert: &Insert<'_>, resolved: &Resolved) -> Result<(), Error> {
    let select = match &insert.rows {
        InsertSource::Select(select) => Some(select),
        InsertSource::Values(_) | InsertSource::Unnest(_) => None,
    };
    table::with(resolved, select.is_some_and(|select| select.has_writing_cte()))?;
    insert_at(insert, resolved, Resolved::TOP)
}

fn insert_at(insert: &Insert<'_>, resolved: &Resolved, level: usize) -> Result<(), Error> {
    let set = insert.set.iter().map(|set| set.content.column);
    columns(insert.table, &insert.columns.iter().copied().chain(set).collect::<Vec<_>>(), insert.at)?;
    assignments(&Scope::of_no_row(resolved, level), &insert.set)?;
    if let (InsertSource::Select(select), [arm]) = (&insert.rows, &*resolved.level(level).arms) {
        select_at(select, resolved, *arm, None)?;
    }
    let scope = Scope::of_table(insert.source(), resolved, level);
    if let Some(conflict) = &insert.conflict {
        conflict::check(insert, &conflict.target)?;
        if let Some(update) = &conflict.update {
            do_update(Scope::of_conflict(insert.source(), resolved, level), insert.source(), update)?;
        }
    }
    returning(&scope, &insert.returning, insert.at)
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
        if let ColumnDefault::Computed(sql) = column.default {
            let message = format!("`{column:?}` is computed by the database as `{sql}`: leave it out");
            return Err(refuse(message, at));
        }
    }
    let needed = |column: &&ColumnMeta| !column.nullable && column.default == ColumnDefault::None;
    match table.columns.iter().filter(needed).find(|column| !columns.contains(column)) {
        None => Ok(()),
        Some(column) => Err(refuse(
            format!(
                "`{column:?}` is NOT NULL and has no default: give it a value in each row, or `.set(..)` it"
            ),
            at,
        )),
    }
}

/// A `set` that takes a column of the new row, one that does not tell rows apart if there is one.
fn example_of_set(table: &TableMeta) -> String {
    let is_plain = |column: &&ColumnMeta| !column.is_computed() && !table.primary_key.contains(&column.place);
    let is_unique =
        |column: &&ColumnMeta| table.uniques.iter().any(|unique| unique.columns.contains(&column.place));
    let plain = || table.columns.iter().filter(is_plain);
    match plain().find(|column| !is_unique(column)).or_else(|| plain().next()) {
        Some(column) => format!("`.set({column:?}, excluded({column:?}))`"),
        None => "`.set(column, value)`".to_owned(),
    }
}

fn do_update(scope: Scope<'_>, source: Source, update: &ConflictUpdate) -> Result<(), Error> {
    if update.set.is_empty() {
        let message = format!(
            "this `do_update` of `{}` sets nothing: add {}; `.do_update_all()` takes all that the new row holds, NULLs too, \
             but for its key and the columns of `on_conflict`, and `.do_nothing()` leaves the row as it is",
            source.table.entity,
            example_of_set(source.table)
        );
        return Err(refuse(message, update.at));
    }
    assignments(&scope, &update.set)?;
    if let Some(filter) = update.filter.iter().find(|filter| has_default(&filter.content)) {
        return Err(refuse(
            "`DEFAULT` is set, and `if_distinct` cannot compare it with anything".into(),
            filter.at,
        ));
    }
    write_filter(&scope, &update.filter)
}

fn has_default(node: &Node) -> bool {
    matches!(node, Node::Default) || node.children().any(has_default)
}

fn returning(scope: &Scope<'_>, items: &[Item], at: &'static Location<'static>) -> Result<(), Error> {
    scope.covers_items(items, RETURNING, at)?;
    for item in items {
        if let Item::Value { node, .. } = item {
            plain(node, RETURNING, at)?;
        }
    }
    Ok(())
}

/// Refuses an UPDATE or DELETE of all rows that does not say so: most often its condition was forgotten.
fn has_condition(
    filter: &[Placed<Node>],
    all_rows: bool,
    verb: &str,
    source: Source,
    at: &'static Location<'static>,
) -> Result<(), Error> {
    // An empty list of conditions is rendered as true.
    if all_rows || filter.iter().any(|condition| !matches!(condition.content, Node::Boolean(true))) {
        return Ok(());
    }
    let entity = source.table.entity;
    let message = format!(
        "this {verb} of `{entity}` has no condition, so it would {verb} every row: add `.filter(..)`, or `.all_rows()` if \
         every row is meant"
    );
    Err(refuse(message, at))
}

/// Refuses names of filters that no model of the statement has.
fn filters_are_known<S: Iterator<Item = Source>>(
    without: &[&'static str],
    sources: impl Fn() -> S,
    at: &'static Location<'static>,
) -> Result<(), Error> {
    let Some(unknown) = without.iter().find(|name| !has_filter(sources(), name)) else { return Ok(()) };
    let names = sources().flat_map(|source| filter_names(source.table));
    let known: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    let known = match &*known {
        [] => "they have none".to_owned(),
        known => format!("known here: {}", known.join(", ")),
    };
    Err(refuse(format!("no model of this statement has a filter `{unknown}` ({known})"), at))
}

fn write_filter(scope: &Scope<'_>, filter: &[Placed<Node>]) -> Result<(), Error> {
    for condition in filter {
        scope.covers(&condition.content, "WHERE", condition.at)?;
        plain_with(&condition.content, "WHERE", condition.at, |of_group| match of_group {
            true => {
                ": compare with a select of it, `.gt(select(func::avg(s.price)))` of `let s = Sale.alias(\"s\")`"
            }
            false => {
                ": select key and function, `let ranked = select((s.id, func::row_number().over(..))).derived(\"ranked\")` of an \
                 alias `s`, and write `.in_(select(ranked.0).filter(ranked.1.le(3)))` of the key"
            }
        })?;
    }
    Ok(())
}

/// Refuses aggregates and window functions in clauses that are evaluated for one row.
fn plain(node: &Node, clause: &str, at: &'static Location<'static>) -> Result<(), Error> {
    plain_with(node, clause, at, |of_group| match (clause, of_group) {
        ("WHERE", true) => ": use `.having(..)`",
        ("WHERE", false) => {
            ": a select is filtered by it with `.keep(..)`, or made a table with `.derived(\"ranked\")`, whose columns can stand \
             here"
        }
        _ => "",
    })
}

/// The same; `remedy` says what to write instead, of an aggregate or of a window.
fn plain_with(
    node: &Node,
    clause: &str,
    at: &'static Location<'static>,
    remedy: impl FnOnce(bool) -> &'static str,
) -> Result<(), Error> {
    let Some(call) = group::first_call(node) else { return Ok(()) };
    let message = format!("`{}` looks at several rows and cannot stand in {clause}", group::name(call));
    let of_group = matches!(call, Node::Function(function) if function.role == Role::Aggregate);
    Err(refuse(message + remedy(of_group), at))
}

fn refuse(message: String, at: &'static Location<'static>) -> Error {
    Error::statement_invalid(message).located(at)
}

/// The name of a source in a message: the model, and the alias if it has one.
fn called(source: Source) -> String {
    match source.alias {
        Some(alias) if alias.is_derived() => format!("\"{}\"", alias.name()),
        Some(alias) => format!("`{}` (alias \"{}\")", source.table.entity, alias.name()),
        None => format!("`{}`", source.table.entity),
    }
}
