//! Renders the statements around keys: those that make them, and those that read rows by them.

use super::{Rendered, Renderer};
use crate::schema::{ColumnMeta, Default, TableMeta, literal};
use crate::types::{BulkColumn, Parameter};

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
    out.numbered_by_keys(table, keys, &|out, place| out.push(&format!("u.c{place}")), &|_| {});
    out.finish()
}

/// The same, and no rows at all where none of these tables has a trigger.
pub(crate) fn numbered_by_keys_if_triggers(
    table: &'static TableMeta,
    keys: &[BulkColumn],
    tables: &[&'static TableMeta],
) -> Rendered {
    let mut out = Renderer::new();
    out.numbered_by_keys(table, keys, &|out, place| out.push(&format!("u.c{place}")), &|_| {});
    out.push(" WHERE EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE NOT tgisinternal AND tgrelid IN (");
    out.separated(", ", tables, |this, table| {
        this.push(&format!("to_regclass({})", literal(&table.path())));
    });
    out.push("))");
    out.finish()
}

impl Renderer {
    /// `key` writes what a column of the key is now, `join` what it needs in FROM for that.
    pub(super) fn numbered_by_keys(
        &mut self,
        table: &'static TableMeta,
        sent: &[BulkColumn],
        key: &dyn Fn(&mut Self, usize),
        join: &dyn Fn(&mut Self),
    ) {
        self.push("SELECT u.o, ");
        self.outputs("t.", table);
        self.push(" FROM ");
        self.numbered_rows(sent, "u");
        join(self);
        self.push(" LEFT JOIN ");
        self.table(table);
        self.push(" AS t ON ");
        self.separated(" AND ", table.key().enumerate(), |this, (place, column)| {
            this.push("t.");
            this.name(column.name);
            this.push(" = ");
            key(this, place);
        });
    }
}
