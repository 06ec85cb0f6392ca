//! Holds models against what the database has.

mod column;
mod constraint;
mod default;
mod index;
mod policy;

pub(super) use constraint::has_foreign_key;
pub(super) use index::has_index;

use super::live::{Live, Relation, RelationKind};
use super::name::{Names, names};
use super::{Difference, DifferenceKind, Differences, is_table};
use crate::schema::{Schema, TableMeta, quoted};

/// A model whose table is there.
struct Pair<'a> {
    table: &'static TableMeta,
    names: &'a Names,
    relation: &'a Relation,
    live: &'a Live,
    /// The tables of `live.places`: those of the schema, and what their foreign keys point to.
    tables: &'a [&'static TableMeta],
}

impl Pair<'_> {
    /// What the database has of another table.
    fn other(&self, table: &TableMeta) -> Option<&Relation> {
        let nth = self.tables.iter().position(|found| *found == table)?;
        self.live.places[nth].relation.as_ref()
    }
}

/// Every difference, table by table.
pub(super) fn differences(schema: &Schema, tables: &[&'static TableMeta], live: &Live) -> Differences {
    let mut found = Vec::new();
    for ((table, names), place) in schema.tables().iter().zip(&names(schema)).zip(&live.places) {
        match &place.relation {
            Some(relation) => {
                of_relation(&Pair { table, names, relation, live, tables }, &mut found);
            }
            None => found.push(missing(table, place.schema.is_some())),
        }
    }
    Differences::new(found)
}

fn missing(table: &'static TableMeta, schema_exists: bool) -> Difference {
    let kind = kind(is_table(table));
    let path = table.path();
    match table.schema {
        Some(schema) if !schema_exists => {
            let schema = quoted(schema);
            let message = format!("expected the {kind} {path}, found no schema {schema} for it to be in");
            Difference::of_table(DifferenceKind::MissingSchema, table, &message)
        }
        _ => {
            let message = format!("expected the {kind} {path}, found none");
            Difference::of_table(DifferenceKind::MissingTable, table, &message)
        }
    }
}

fn of_relation(pair: &Pair<'_>, found: &mut Vec<Difference>) {
    let Pair { table, relation, .. } = *pair;
    if is_table(table) == (relation.kind == RelationKind::View) {
        let (expected, other) = (kind(is_table(table)), kind(!is_table(table)));
        let message = format!("expected {} to be a {expected}, found a {other}", table.path());
        found.push(Difference::of_table(DifferenceKind::TableKind, table, &message));
    }
    column::compare(pair, found);
    if is_table(table) && relation.kind == RelationKind::Table {
        constraint::compare(pair, found);
        index::compare(pair, found);
        policy::compare(pair, found);
    }
}

fn kind(is_table: bool) -> &'static str {
    if is_table { "table" } else { "view" }
}

/// Whether the two name the same columns, in whatever order.
fn same_columns<'a>(expected: impl Iterator<Item = &'a str>, found: &[String]) -> bool {
    let mut expected: Vec<&str> = expected.collect();
    let mut found: Vec<&str> = found.iter().map(String::as_str).collect();
    expected.sort_unstable();
    found.sort_unstable();
    expected == found
}

/// Names of columns as SQL text, in parentheses.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    format!("({})", names.map(quoted).collect::<Vec<_>>().join(", "))
}
