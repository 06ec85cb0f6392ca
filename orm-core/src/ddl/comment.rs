//! COMMENT ON: what the models' documentation says, for people who look at the database.

use super::{is_table, literal};
use crate::schema::{TableMeta, quoted};

/// The comments of a table or a view, and of its columns.
pub(super) fn comments(table: &'static TableMeta) -> Vec<String> {
    let path = table.path();
    let kind = if is_table(table) { "TABLE" } else { "VIEW" };
    let whole = (!table.comment.is_empty())
        .then(|| format!("COMMENT ON {kind} {path} IS {}", literal(table.comment)));
    let columns = table.columns.iter().filter(|column| !column.comment.is_empty() && !column.is_system());
    let columns = columns.map(|column| {
        format!("COMMENT ON COLUMN {path}.{} IS {}", quoted(column.name), literal(column.comment))
    });
    whole.into_iter().chain(columns).collect()
}
