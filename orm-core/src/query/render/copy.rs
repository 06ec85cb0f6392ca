//! Renders COPY of rows into a table, and the question whether the table takes them so.

use super::{Rendered, Renderer};
use crate::schema::{ColumnMeta, TableMeta, fitted};
use crate::types::{Parameter, list};

/// The text of a COPY with what goes before it.
pub(crate) struct CopyTexts {
    pub(crate) sql: String,
    /// An INSERT to be parsed and not run: that alone locks the table as it is until the transaction ends.
    pub(crate) lock: String,
    /// Gives whether COPY does what INSERT would do, and the numbers of the element types of arrays.
    pub(crate) question: Rendered,
}

/// What INSERT does and COPY does not: cast to the type of the live column, run rules, go through views and row-level
/// security, refuse a value for a column that is generated always.
///
/// The catalog is read as of the statement only in a transaction that sees what others have committed meanwhile.
const QUESTION: &str = "SELECT c.relkind IN ('r', 'p') AND NOT c.relhasrules AND NOT row_security_active(c.oid) \
    AND current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') \
    AND current_setting('transaction_read_only') = 'off' \
    AND bool_and(coalesce((a.atttypid::bigint = n.number OR n.number = 25 AND a.atttypid IN (1042, 1043) \
    OR n.number = 0 AND a.atttypid = to_regtype(n.type)) AND t.typtype IN ('b', 'e') \
    AND a.attidentity <> 'a' AND a.attgenerated = '' AND has_column_privilege(c.oid, a.attnum, 'INSERT'), FALSE)), \
    array_agg(CASE n.number WHEN 0 THEN t.typelem::bigint ELSE 0 END ORDER BY n.place) \
    FROM pg_catalog.pg_class c CROSS JOIN unnest($2, $3, $4) WITH ORDINALITY AS n(name, number, type, place) \
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = n.name AND a.attnum > 0 \
    LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
    WHERE c.oid = to_regclass($1) GROUP BY c.oid, c.relkind, c.relhasrules";

/// COPY of these columns of a table.
pub(crate) fn copy(table: &'static TableMeta, columns: &[&'static ColumnMeta]) -> CopyTexts {
    let (mut sql, mut lock) = (Renderer::new(), Renderer::new());
    sql.push("COPY ");
    sql.table(table);
    sql.push(" (");
    sql.separated(", ", columns, |this, column| this.name(column.name));
    sql.push(") FROM STDIN (FORMAT binary)");
    lock.push("INSERT INTO ");
    lock.table(table);
    lock.push(" DEFAULT VALUES");
    let names = columns.iter().map(|column| fitted(column.name, "").into_owned()).collect();
    // The database numbers the types it made itself.
    let number = |ty: &crate::types::PgType| if ty.is_builtin() { i64::from(ty.wire.oid()) } else { 0 };
    let numbers = columns.iter().map(|column| number(column.ty)).collect();
    let types = columns.iter().map(|column| column.ty.name.to_owned()).collect();
    let mut question = Renderer::new();
    question.push(QUESTION);
    question.secrets_of(table);
    question.parameters = vec![
        Parameter::new(table.path()),
        list::<String>(names),
        list::<i64>(numbers),
        list::<String>(types),
    ];
    CopyTexts { sql: sql.out.sql, lock: lock.out.sql, question: question.finish() }
}
