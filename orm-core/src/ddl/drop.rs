//! DROP TABLE, and the types the tables used.

use super::create::enums;
use crate::schema::{Schema, order_by_foreign_keys, quoted};

/// The statements that drop the tables, those that reference others first, then the enum types.
pub(crate) fn drops(schema: &Schema) -> Vec<String> {
    let tables = order_by_foreign_keys(schema.tables());
    // Foreign keys in a circle leave no order; CASCADE here drops constraints, never rows or tables.
    let mut statements: Vec<String> = tables
        .iter()
        .rev()
        .map(|table| format!("DROP TABLE IF EXISTS {} CASCADE", quoted(table.name)))
        .collect();
    statements.extend(enums(schema).into_iter().map(|ty| format!("DROP TYPE IF EXISTS {}", ty.name)));
    statements
}
