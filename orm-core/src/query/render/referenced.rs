//! Renders which rows are referenced by others than those that are known.

use super::touched::Relation;
use super::{Rendered, Renderer};
use crate::schema::TableMeta;
use crate::types::BulkColumn;

/// Rows of the referencing table that are known, by their keys.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) table: &'static TableMeta,
    pub(crate) keys: Vec<BulkColumn>,
}

/// The numbers of those among `targets` that rows of a table reference by `columns`, besides the known ones.
pub(crate) fn referenced(
    targets: &[BulkColumn],
    referencing: Relation<'_>,
    columns: &[String],
    known: Option<&Known>,
) -> Rendered {
    let mut out = Renderer::new();
    out.push("SELECT u.o FROM ");
    out.numbered_rows(targets, "u");
    out.push(" WHERE EXISTS (SELECT FROM ");
    out.relation(referencing);
    out.push(" AS f WHERE ");
    out.separated(" AND ", columns.iter().enumerate(), |this, (place, column)| {
        this.push("f.");
        this.name(column);
        this.push(&format!(" = u.c{place}"));
    });
    if let Some(Known { table, keys }) = known {
        out.push(" AND NOT EXISTS (SELECT FROM ");
        out.numbered_rows(keys, "k");
        out.push(" WHERE ");
        out.separated(" AND ", table.key().enumerate(), |this, (place, column)| {
            this.push("f.");
            this.name(column.name);
            this.push(&format!(" = k.c{place}"));
        });
        out.push(")");
    }
    out.push(")");
    out.finish()
}
