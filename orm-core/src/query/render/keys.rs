//! Renders the statements around keys: those that make them, and those that read rows by them.

use super::{Rendered, Renderer};
use crate::schema::{ColumnMeta, KeyDefault, TableMeta, fitted, literal};
use crate::types::{BulkColumn, Parameter};

/// As many values as the database would put into a column by itself; NULL where nobody has looked yet and the role cannot
/// make them so.
pub(crate) fn defaults(column: &'static ColumnMeta, default: &KeyDefault, count: usize) -> Rendered {
    let mut out = Renderer::new();
    let is_tried = column.is_identity() && *default == KeyDefault::Declared;
    out.push("SELECT CAST(");
    if is_tried {
        out.push("CASE WHEN ");
        out.may_make(column);
        out.push(" THEN nextval(s.seq) END");
    } else {
        out.key_default(column, default);
    }
    out.push(" AS ");
    out.push(column.ty.name);
    out.push(") FROM ");
    if is_tried {
        out.push("(SELECT ");
        out.checked_sequence(column);
        out.push(" AS seq) AS s CROSS JOIN ");
    }
    out.push("generate_series(1, ");
    out.parameter(&Parameter::new(i64::try_from(count).unwrap_or(i64::MAX)));
    out.push(")");
    out.finish()
}

/// How the database makes the values of a column: the SQL of its default, an empty text for the sequence that belongs to
/// it, NULL where the role cannot make them so.
pub(crate) fn key_default(column: &'static ColumnMeta) -> Rendered {
    let mut out = Renderer::new();
    let table = literal(&column.table.path());
    out.push("SELECT CASE WHEN s.seq IS NOT NULL THEN CASE WHEN ");
    out.may_make(column);
    out.push(&format!(
        " THEN '' END WHEN has_column_privilege(to_regclass({table}), {}, 'INSERT') THEN ",
        literal(&fitted(column.name, ""))
    ));
    out.live_default(column);
    out.push(" END FROM (SELECT ");
    out.checked_sequence(column);
    out.push(" AS seq) AS s");
    out.finish()
}

/// Types whose modifier rounds a value: `numeric(10,2)`, `timestamp(0)` and the like.
const ROUNDED: &str = "'numeric'::regtype, 'time'::regtype, 'timetz'::regtype, 'timestamp'::regtype, \
                       'timestamptz'::regtype, 'interval'::regtype";

/// Whether a table may store new rows under other keys than they are given: a trigger sees them one by one before they are
/// inserted, or a column of the key rounds.
pub(crate) fn may_change_keys(table: &'static TableMeta) -> Rendered {
    let mut out = Renderer::new();
    let table_name = literal(&table.path());
    // Of the bits of `tgtype`, 1 is FOR EACH ROW, 2 BEFORE and 4 INSERT.
    out.push("SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE NOT tgisinternal AND tgtype & 7 = 7 AND tgrelid = ");
    out.push(&format!("to_regclass({table_name})) OR EXISTS (SELECT FROM pg_catalog.pg_attribute AS a "));
    out.push("JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid ");
    out.push(&format!("WHERE a.attrelid = to_regclass({table_name}) AND a.attname IN ("));
    out.separated(", ", table.key(), |this, column| this.push(&literal(&fitted(column.name, ""))));
    out.push(") AND CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE a.atttypmod END >= 0 AND ");
    out.push(&format!("CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END IN ({ROUNDED}))"));
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
    /// Whether the role may use the sequence `s.seq` of a column, and store what it gives.
    fn may_make(&mut self, column: &ColumnMeta) {
        self.push(&format!(
            "has_sequence_privilege(s.seq, 'USAGE, UPDATE') AND has_column_privilege(to_regclass({}), {}, 'INSERT')",
            literal(&column.table.path()),
            literal(&fitted(column.name, ""))
        ));
    }

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
