//! Compares columns: their types, NULL, and where values come from.

use super::default;
use super::{DifferenceKind, Pair, is_table};
use crate::ddl::Difference;
use crate::ddl::live::{LiveColumn, RelationKind};
use crate::ddl::types::{content, domain_content, live_content};
use crate::schema::{ColumnMeta, quoted};
use crate::types::PgType;

pub(super) fn compare(pair: &Pair<'_>, found: &mut Vec<Difference>) {
    for column in pair.table.columns.iter().filter(|column| !column.is_system()) {
        match pair.relation.column(column.name) {
            Some(live) => one(pair, column, live, found),
            None => found.push(missing(pair, column)),
        }
    }
    if is_table(pair.table) && pair.relation.kind == RelationKind::Table {
        unknown(pair, found);
    }
}

fn missing(pair: &Pair<'_>, column: &'static ColumnMeta) -> Difference {
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let other = pair.relation.columns.iter().find(|live| {
        plain(&live.name) == plain(column.name) && !pair.table.columns.iter().any(|c| c.name == live.name)
    });
    let hint = other.map_or_else(String::new, |live| {
        let name = &live.name;
        format!("; there is {}: if that is meant, write `#[orm(column = {name:?})]`", quoted(name))
    });
    let message = format!("expected the column {}, found none{hint}", path(column));
    Difference::of_column(DifferenceKind::MissingColumn, column, &message)
}

fn path(column: &ColumnMeta) -> String {
    format!("{}.{}", column.table.path(), quoted(column.name))
}

fn one(pair: &Pair<'_>, column: &'static ColumnMeta, live: &LiveColumn, found: &mut Vec<Difference>) {
    let mut add = |kind, message: String| {
        found.push(Difference::of_column(kind, column, &format!("expected {} {message}", path(column))));
    };
    if !has_type(pair, column.ty, live) {
        add(
            DifferenceKind::ColumnType,
            format!("to be of the type {}, found {}", column.ty.name, live.declared),
        );
    } else if let Some((ty, found)) = other_content(pair, column) {
        let kind =
            if ty.is_composite() { DifferenceKind::CompositeFields } else { DifferenceKind::EnumLabels };
        add(kind, format!("to be of {}, found {found}", content(ty)));
    }
    if let Some(message) = other_domain(pair, column, live) {
        add(DifferenceKind::Domain, message);
    }
    if !is_table(pair.table) || pair.relation.kind == RelationKind::View {
        return;
    }
    match (column.nullable, live.not_null) {
        (true, true) => add(
            DifferenceKind::Nullability,
            "to take NULL, found NOT NULL; the field need not be an `Option`".to_owned(),
        ),
        (false, false) => add(
            DifferenceKind::Nullability,
            "to be NOT NULL, found that it takes NULL; the field would have to be an `Option`".to_owned(),
        ),
        _ => {}
    }
    if pair.relation.kind == RelationKind::Table
        && let Some((kind, message)) = default::compare(column, live)
    {
        add(kind, message);
    }
}

/// Whether a column holds what the field reads and writes.
fn has_type(pair: &Pair<'_>, ty: &PgType, live: &LiveColumn) -> bool {
    let (oid, name) = &live.base;
    pair.live.find_type(ty.name).is_some_and(|expected| expected.oid == *oid) || reads_as(ty.name, name)
}

/// What is decoded like another type, and converted by PostgreSQL when it is written.
fn reads_as(expected: &str, found: &str) -> bool {
    let element = |name: &str| name.strip_suffix("[]").map(str::to_owned);
    match (expected, found) {
        ("text", "character varying" | "character" | "name") | ("jsonb", "json") => true,
        _ => match (element(expected), element(found)) {
            (Some(expected), Some(found)) => reads_as(&expected, &found),
            _ => false,
        },
    }
}

/// A type that is made of something else than what is there; of each type once, at its first column.
fn other_content(pair: &Pair<'_>, column: &'static ColumnMeta) -> Option<(&'static PgType, String)> {
    let ty = column.ty.element.unwrap_or(column.ty);
    if (ty.labels.is_empty() && !ty.is_composite()) || first_of(pair, ty) != Some(column) {
        return None;
    }
    let found = live_content(&pair.live.find_type(ty.name)?.kind);
    (content(ty) != found).then_some((ty, found))
}

/// A column that is of no domain, of another one, or of one that has become another.
fn other_domain(pair: &Pair<'_>, column: &'static ColumnMeta, live: &LiveColumn) -> Option<String> {
    let domain = column.domain?;
    let expected = format!("to be of the domain {}", domain.name);
    let Some(found) = pair.live.find_type(domain.name) else {
        return Some(format!("{expected}, found {}, and no such domain", live.declared));
    };
    if found.oid != live.type_oid {
        return Some(format!("{expected}, found {}", live.declared));
    }
    let found = live_content(&found.kind);
    (domain_content(domain) != found)
        .then(|| format!("{expected}, {}, found {found}", domain_content(domain)))
}

/// The first column of an enum type whose table is there.
fn first_of(pair: &Pair<'_>, ty: &PgType) -> Option<&'static ColumnMeta> {
    let tables = pair.tables.iter().filter(|table| pair.other(table).is_some());
    let mut columns = tables.flat_map(|table| table.columns);
    columns.find(|column| column.ty.element.unwrap_or(column.ty).name == ty.name)
}

/// Columns that every INSERT would have to give.
fn unknown(pair: &Pair<'_>, found: &mut Vec<Difference>) {
    let known = |live: &&LiveColumn| pair.table.columns.iter().any(|column| column.name == live.name);
    for live in pair.relation.columns.iter().filter(|live| !known(live)) {
        let filled = live.default.is_some() || live.domain_default || live.identity.is_some();
        if live.not_null && !filled {
            let message = format!(
                "expected that a new row needs no more than the model has, found {}.{}, which is NOT NULL and has no \
                 default: add it to the model, or give it a default",
                pair.table.path(),
                quoted(&live.name)
            );
            let kind = DifferenceKind::RequiredColumn;
            found.push(Difference::of_unknown(kind, pair.table, &live.name, &message));
        }
    }
}
