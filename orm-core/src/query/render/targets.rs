//! Renders the check that what rows refer to is there.

use super::{Rendered, Renderer};
use crate::schema::{ColumnMeta, TableMeta};
use crate::types::BulkColumn;

/// One row, or an error of the server if a table has no row with some of the values sent for these columns, and any in others.
pub(crate) fn targets_exist(
    table: &'static TableMeta,
    columns: &[&'static ColumnMeta],
    sent: &[BulkColumn],
    not_null: &[&'static ColumnMeta],
) -> Rendered {
    let mut out = Renderer::new();
    out.push("SELECT CASE WHEN count(*) = 0 THEN 0 ELSE ");
    out.fail_stale(0, "count(*)");
    out.push(" END FROM ");
    out.numbered_rows(sent, "u");
    out.push(" WHERE NOT EXISTS (SELECT FROM ");
    out.table(table);
    out.push(" AS t WHERE ");
    out.separated(" AND ", columns.iter().enumerate(), |this, (place, column)| {
        this.push("t.");
        this.name(column.name);
        this.push(&format!(" = u.c{place}"));
    });
    for column in not_null {
        out.push(" AND t.");
        out.name(column.name);
        out.push(" IS NOT NULL");
    }
    out.push(")");
    out.finish()
}
