//! Renders TRUNCATE.

use super::{Rendered, Renderer};
use crate::schema::TableMeta;

/// The text of a TRUNCATE.
pub(crate) fn truncate(tables: &[&'static TableMeta], restart_identity: bool, cascade: bool) -> Rendered {
    let mut out = Renderer::new();
    out.push("TRUNCATE ");
    out.separated(", ", tables, |this, table| this.table(table));
    out.push(if restart_identity { " RESTART IDENTITY" } else { "" });
    out.push(if cascade { " CASCADE" } else { "" });
    out.out.what = tables.first().map_or("", |table| table.entity);
    out.finish()
}
