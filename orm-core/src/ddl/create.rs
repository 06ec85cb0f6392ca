//! CREATE for what a schema has and the database has not: schemas, types, tables, foreign keys, views.

use super::compare::{has_foreign_key, has_index};
use super::live::{Live, LivePlace, RelationKind};
use super::name::{Names, names};
use super::types::own_types;
use super::{at, comment, index, is_table, list, policy, types};
use crate::error::Error;
use crate::schema::{
    ColumnDefault, ColumnMeta, Deferrable, ForeignKey, Schema, TableKind, TableMeta, order_by_foreign_keys,
    quoted,
};

/// The statements that make what is missing.
#[derive(Debug)]
pub(super) struct Creation {
    /// Schemas, enum and composite types, domains, and tables.
    pub(super) tables: Vec<String>,
    /// What needs all tables: foreign keys, indexes, views and comments.
    pub(super) rest: Vec<String>,
}

/// A table, what its constraints and indexes are called, and what the database has under its name.
struct Entry<'a> {
    table: &'static TableMeta,
    names: &'a Names,
    place: &'a LivePlace,
}

pub(super) fn plan(schema: &Schema, live: &Live) -> Creation {
    let names = names(schema);
    let places = schema.tables().iter().zip(&names).zip(&live.places);
    let entries: Vec<Entry<'_>> =
        places.map(|((&table, names), place)| Entry { table, names, place }).collect();
    let ordered = order_by_foreign_keys(schema.tables());
    let ordered = ordered.into_iter().filter_map(|table| entries.iter().find(|entry| entry.table == table));
    let tables: Vec<&Entry<'_>> = ordered.filter(|entry| is_table(entry.table)).collect();
    let missing = || tables.iter().filter(|entry| entry.place.relation.is_none());

    let mut plan = Creation { tables: schemas(&entries), rest: Vec::new() };
    let types = own_types(schema).into_iter().filter(|ty| live.find_type(ty.name).is_none());
    plan.tables.extend(types.map(types::create));
    let domains = types::domains(schema).into_iter().filter(|domain| live.find_type(domain.name).is_none());
    plan.tables.extend(domains.map(types::create_domain));
    plan.tables.extend(missing().map(|entry| create_table(entry.table, entry.names)));
    for entry in &tables {
        plan.rest.extend(foreign_keys(entry, &entries));
    }
    for entry in &tables {
        plan.rest.extend(indexes(entry));
    }
    // Those of a table that was there decide who sees what: nobody but a person changes that.
    plan.rest.extend(missing().flat_map(|entry| policy::create(entry.table)));
    for entry in &entries {
        if let TableKind::View(Some(query)) = entry.table.kind {
            plan.rest.push(format!("CREATE OR REPLACE VIEW {} AS {query}", entry.table.path()));
            plan.rest.extend(comment::comments(entry.table));
        }
    }
    plan.rest.extend(missing().flat_map(|entry| comment::comments(entry.table)));
    plan
}

/// Finds what no plan can be made for.
pub(super) fn check(schema: &Schema) -> Result<(), Error> {
    let tables = schema.tables();
    for (nth, table) in tables.iter().enumerate() {
        let same = |other: &&&TableMeta| (other.schema, other.name) == (table.schema, table.name);
        if let Some(other) = tables[..nth].iter().find(same) {
            return Err(Error::schema(format!(
                "`{}` and `{}` are both the table {}: list each table once in `schema![..]`",
                other.entity,
                table.entity,
                table.path()
            )));
        }
        if table.schema.is_none() && table.name.starts_with("pg_") {
            return Err(Error::schema(format!(
                "`{}` is the table \"{}\": names that begin with `pg_` mean PostgreSQL's own tables first, write another \
                 with `#[orm(table = \"..\")]`",
                table.entity, table.name
            )));
        }
        for key in table.foreign_keys {
            let target = (key.target)().table;
            if !tables.contains(&target) {
                let columns: Vec<_> = at(table, key.columns).map(|column| format!("`{column:?}`")).collect();
                return Err(Error::schema(format!(
                    "{} references `{1}`, which is not in `schema![..]`: add `{1}` to it",
                    columns.join(", "),
                    target.entity
                )));
            }
        }
    }
    types::one_of_a_name(schema)
}

/// Only the missing: who has no right to make schemas may use those that are there.
fn schemas(entries: &[Entry<'_>]) -> Vec<String> {
    let made = |entry: &&Entry<'_>| entry.table.kind != TableKind::View(None);
    let mut missing: Vec<&str> = Vec::new();
    for entry in entries.iter().filter(made).filter(|entry| entry.place.schema.is_none()) {
        missing.extend(entry.table.schema.filter(|schema| !missing.contains(schema)));
    }
    missing.into_iter().map(|schema| format!("CREATE SCHEMA IF NOT EXISTS {}", quoted(schema))).collect()
}

fn create_table(table: &'static TableMeta, names: &Names) -> String {
    let own = table.columns.iter().filter(|column| !column.is_system());
    let mut lines: Vec<String> = own.map(column).collect();
    if !table.primary_key.is_empty() {
        lines.push(format!("PRIMARY KEY ({})", list(table.key())));
    }
    for (unique, name) in table.uniques.iter().zip(&names.uniques) {
        let columns = list(at(table, unique.columns));
        let deferrable = deferrable(unique.deferrable);
        lines.push(format!("CONSTRAINT {} UNIQUE ({columns}){deferrable}", quoted(name)));
    }
    for (check, name) in table.checks.iter().zip(&names.checks) {
        lines.push(format!("CONSTRAINT {} CHECK ({})", quoted(name), check.sql));
    }
    format!("CREATE TABLE IF NOT EXISTS {} ({})", table.path(), lines.join(", "))
}

fn column(column: &ColumnMeta) -> String {
    let mut text =
        format!("{} {}", quoted(column.name), column.domain.map_or(column.ty.name, |domain| domain.name));
    match column.default {
        ColumnDefault::None => {}
        ColumnDefault::Identity(generated) => text.push_str(&format!(" {}", generated.sql())),
        ColumnDefault::Computed(sql) => text.push_str(&format!(" GENERATED ALWAYS AS ({sql}) STORED")),
        ColumnDefault::Sql(sql) => text.push_str(&format!(" DEFAULT ({sql})")),
    }
    if !column.nullable {
        text.push_str(" NOT NULL");
    }
    text
}

/// Those that are missing, of a table that was there too.
fn foreign_keys(entry: &Entry<'_>, all: &[Entry<'_>]) -> Vec<String> {
    let there = entry.place.relation.as_ref();
    if there.is_some_and(|relation| relation.kind != RelationKind::Table) {
        return Vec::new();
    }
    let target = |key: &ForeignKey| {
        let target = (key.target)().table;
        all.iter().find(|entry| entry.table == target)?.place.relation.as_ref()
    };
    let keys = entry.table.foreign_keys.iter().zip(&entry.names.foreign_keys);
    let missing = keys.filter(|(key, name)| {
        !there.is_some_and(|relation| has_foreign_key(entry.table, key, name, relation, target(key)))
    });
    missing.map(|(key, name)| add_foreign_key(entry.table, key, name)).collect()
}

fn add_foreign_key(table: &'static TableMeta, key: &'static ForeignKey, name: &str) -> String {
    let target = (key.target)();
    format!(
        "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE {} ON UPDATE {}{}",
        table.path(),
        quoted(name),
        list(at(table, key.columns)),
        target.table.path(),
        list(target.columns()),
        key.on_delete.sql(),
        key.on_update.sql(),
        deferrable(key.deferrable)
    )
}

/// Said only where it is not what PostgreSQL takes for granted.
fn deferrable(deferrable: Deferrable) -> String {
    match deferrable {
        Deferrable::No => String::new(),
        asked => format!(" {}", asked.sql()),
    }
}

/// Those that are missing, of a table that was there too.
fn indexes(entry: &Entry<'_>) -> Vec<String> {
    let there = entry.place.relation.as_ref();
    if there.is_some_and(|relation| relation.kind != RelationKind::Table) {
        return Vec::new();
    }
    let indexes = entry.table.indexes.iter().zip(&entry.names.indexes);
    let missing = indexes
        .filter(|(index, name)| !there.is_some_and(|relation| has_index(entry.table, index, name, relation)));
    missing.map(|(found, name)| index::create(entry.table, found, name)).collect()
}
