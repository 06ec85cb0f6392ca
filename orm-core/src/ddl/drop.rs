//! DROP TABLE, and the types the tables used.

use super::create::enums;
use crate::schema::{Schema, order_by_foreign_keys, quoted};

/// The statements that drop the tables, those that reference others first, then the enum types.
pub(crate) fn drops(schema: &Schema) -> Vec<String> {
    let tables = order_by_foreign_keys(schema.tables());
    let names: Vec<_> = tables.iter().rev().map(|table| quoted(table.name)).collect();
    // All at once, foreign keys in a circle do not matter; CASCADE would take views and other tables' foreign keys too.
    let tables = (!names.is_empty()).then(|| format!("DROP TABLE IF EXISTS {}", names.join(", ")));
    let types = enums(schema).into_iter().map(|ty| format!("DROP TYPE IF EXISTS {}", ty.name));
    tables.into_iter().chain(types).collect()
}
