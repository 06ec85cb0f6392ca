//! Tables into the database, out of it, and held against what is there.
//!
//! - `verb`: what an engine does with a schema
//! - `create`, `index`, `policy`, `comment`, `drop`: the statements; `name`: what constraints and indexes are called
//! - `live`: what the database has, read from its catalogs
//! - `compare`: a model against that; `difference`: what is found

mod comment;
mod compare;
mod create;
mod difference;
mod drop;
mod index;
mod live;
mod name;
mod policy;
mod types;
mod verb;

pub use difference::{Difference, DifferenceKind, Differences};

use crate::schema::{ColumnMeta, TableKind, TableMeta, literal, quoted};

/// Columns of a table as SQL text.
fn list(columns: impl Iterator<Item = &'static ColumnMeta>) -> String {
    columns.map(|column| quoted(column.name)).collect::<Vec<_>>().join(", ")
}

/// The columns at these places.
fn at(table: &'static TableMeta, places: &'static [usize]) -> impl Iterator<Item = &'static ColumnMeta> {
    places.iter().map(|&place| &table.columns[place])
}

fn is_table(table: &TableMeta) -> bool {
    table.kind == TableKind::Table
}
