//! Compares indexes.

use super::{DifferenceKind, Pair};
use crate::ddl::Difference;
use crate::ddl::live::{LiveIndex, Relation};
use crate::schema::{Index, IndexPart, TableMeta, quoted};

pub(super) fn compare(pair: &Pair<'_>, found: &mut Vec<Difference>) {
    for (index, name) in pair.table.indexes.iter().zip(&pair.names.indexes) {
        found.extend(one(pair, index, name));
    }
}

fn one(pair: &Pair<'_>, index: &Index, name: &str) -> Option<Difference> {
    let Pair { table, relation, .. } = *pair;
    let named = relation.indexes.iter().find(|found| found.name == name);
    if stands_for(table, index, named) || relation.indexes.iter().any(|found| is_same(table, index, found)) {
        return None;
    }
    let expected = expected(table, index);
    let found = match named {
        Some(found) if !found.valid => "one that is invalid, because its making failed".to_owned(),
        Some(found) => self::found(found),
        None => "none".to_owned(),
    };
    let message =
        format!("expected the index {} of {} as {expected}, found {found}", quoted(name), table.path());
    Some(Difference::of_table(DifferenceKind::Index, table, &message))
}

/// Whether the index of the right name can be what is expected: of expressions nobody knows more.
fn stands_for(table: &TableMeta, index: &Index, named: Option<&LiveIndex>) -> bool {
    named.is_some_and(|found| found.valid && fits(table, index, found))
}

/// Whether an index of another name does the same.
fn is_same(table: &TableMeta, index: &Index, found: &LiveIndex) -> bool {
    let plain = index.parts.iter().all(|part| matches!(part, IndexPart::Place(_)));
    plain && index.predicate.is_none() && found.valid && fits(table, index, found)
}

fn fits(table: &TableMeta, index: &Index, found: &LiveIndex) -> bool {
    let parts = index.parts.len() == found.parts.len()
        && index.parts.iter().zip(&found.parts).all(|(part, found)| match part {
            IndexPart::Place(place) => found.as_deref() == Some(table.columns[*place].name),
            // It may be a column with an operator class or a direction behind it.
            IndexPart::Sql(_) => true,
        });
    let unique = found.unique || !index.unique;
    parts && unique && method(index) == found.method && index.predicate.is_some() == found.partial
}

fn method(index: &Index) -> &'static str {
    index.method.unwrap_or("btree")
}

fn expected(table: &TableMeta, index: &Index) -> String {
    let parts = index.parts.iter().map(|part| match part {
        IndexPart::Place(place) => quoted(table.columns[*place].name),
        IndexPart::Sql(sql) => (*sql).to_owned(),
    });
    show(index.unique, method(index), parts, index.predicate.is_some())
}

fn found(index: &LiveIndex) -> String {
    let parts =
        index.parts.iter().map(|part| part.as_deref().map_or_else(|| "an expression".to_owned(), quoted));
    show(index.unique, &index.method, parts, index.partial)
}

fn show(unique: bool, method: &str, parts: impl Iterator<Item = String>, partial: bool) -> String {
    let kind = if unique { "unique " } else { "" };
    let parts: Vec<_> = parts.collect();
    let rows = if partial { " of some rows" } else { "" };
    format!("{kind}{method} ({}){rows}", parts.join(", "))
}

/// Whether a table has an index already, by its name or by what it is of.
pub(in crate::ddl) fn has_index(table: &TableMeta, index: &Index, name: &str, relation: &Relation) -> bool {
    relation.indexes.iter().any(|found| found.name == name || is_same(table, index, found))
}
