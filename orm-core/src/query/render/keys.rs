//! Renders the statements around keys: those that make them, and those that read rows by them.

use super::{Rendered, Renderer};
use crate::query::ast::{Item, Source};
use crate::schema::{ColumnMeta, Default, TableMeta};
use crate::types::{BulkColumn, Parameter};

/// Whole rows by arrays of their keys, one for each column of the key.
pub(crate) fn by_keys(table: &'static TableMeta, keys: Vec<Parameter>) -> Rendered {
    let source = Source { table, alias: None };
    let mut out = Renderer::new();
    out.push("SELECT ");
    out.items(&[Item::Entity { source, optional: false }], true);
    out.push(" FROM ");
    out.source(source);
    out.push(" WHERE (");
    out.separated(", ", table.key(), |this, column| {
        this.name(table.name);
        this.push(".");
        this.name(column.name);
    });
    out.push(") IN (SELECT * FROM unnest(");
    out.separated(", ", &keys, Renderer::parameter);
    out.push("))");
    out.finish()
}

/// As many values as the database would put into a column by itself; NULL where the role may not use its sequence.
pub(crate) fn defaults(column: &'static ColumnMeta, count: usize) -> Rendered {
    let mut out = Renderer::new();
    let is_numbered = column.default == Default::Identity;
    out.push("SELECT CAST(");
    if is_numbered {
        out.push("CASE WHEN has_sequence_privilege(s.name, 'USAGE') THEN nextval(s.name::regclass) END");
    } else {
        out.database_default(column);
    }
    out.push(" AS ");
    out.push(column.ty.name);
    out.push(") FROM ");
    if is_numbered {
        out.push("(SELECT ");
        out.sequence(column);
        out.push(" AS name) AS s CROSS JOIN ");
    }
    out.push("generate_series(1, ");
    out.parameter(&Parameter::new(i64::try_from(count).unwrap_or(i64::MAX)));
    out.push(")");
    out.finish()
}

/// Whether the role may use the sequence of a column; NULL if it has none.
pub(crate) fn sequence_right(column: &'static ColumnMeta) -> Rendered {
    let mut out = Renderer::new();
    out.push("SELECT has_sequence_privilege(");
    out.sequence(column);
    out.push(", 'USAGE')");
    out.finish()
}

/// Whole rows beside `o`, the number of their key among those sent; NULLs where there is no such row.
pub(crate) fn numbered_by_keys(table: &'static TableMeta, keys: &[BulkColumn]) -> Rendered {
    let mut out = Renderer::new();
    out.push("SELECT u.o, ");
    out.outputs("t.", table);
    out.push(" FROM ");
    out.numbered_rows(keys, "u");
    out.push(" LEFT JOIN ");
    out.table(table);
    out.push(" AS t ON ");
    out.separated(" AND ", table.key().enumerate(), |this, (place, column)| {
        this.push("t.");
        this.name(column.name);
        this.push(&format!(" = u.c{place}"));
    });
    out.finish()
}
