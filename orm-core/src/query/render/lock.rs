//! Renders what locks the rows of a flush before it writes them.

use super::own::Own;
use super::{Rendered, Renderer};
use crate::schema::{TableMeta, literal};
use crate::types::BulkColumn;

/// How strong the lock of a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lock {
    /// What an UPDATE takes that changes no column which foreign keys may point at.
    NoKeyUpdate,
    /// What a DELETE takes, and an UPDATE of such columns.
    Update,
}

/// Locks rows in the order of their keys; gives one row. What is checked is an error of the server if a row is not there, or
/// has another version, where versions stand behind the keys.
pub(crate) fn lock_rows(
    table: &'static TableMeta,
    sent: &[BulkColumn],
    lock: Lock,
    is_checked: bool,
) -> Rendered {
    let (mut out, own) = (Renderer::new(), Own::of(&[table]));
    let (rows, locked, number) = (own.sent(), own.written(), own.number());
    out.push("WITH ");
    out.sent(&own, sent);
    out.push(&format!(", {locked} AS MATERIALIZED (SELECT {rows}.{number} FROM {rows} JOIN "));
    out.table(table);
    out.push(" AS t ON ");
    out.separated(" AND ", table.found_by().take(sent.len()).enumerate(), |this, (place, column)| {
        this.push("t.");
        this.name(column.name);
        this.push(&format!(" = {rows}.{}", own.cell(place)));
    });
    out.push(" ORDER BY ");
    out.separated(", ", table.key(), |this, column| {
        this.push("t.");
        this.name(column.name);
    });
    out.push(match lock {
        Lock::NoKeyUpdate => " FOR NO KEY UPDATE OF t)",
        Lock::Update => " FOR UPDATE OF t)",
    });
    if is_checked {
        out.push(", ");
        out.guard(&own, table);
        out.push(&format!(" SELECT count(*) FROM {}", own.guard()));
    } else {
        out.push(&format!(" SELECT count(*) FROM {locked}"));
    }
    out.finish()
}

/// Whether the role may lock rows of a table.
pub(crate) fn lock_right(table: &'static TableMeta) -> Rendered {
    let mut out = Renderer::new();
    // Locks of every strength ask for the right to UPDATE a column.
    out.push(&format!("SELECT has_any_column_privilege({}, 'UPDATE')", literal(&table.path())));
    out.finish()
}

/// Whether constraints of tables that are deferrable, and are not deferred by themselves, wait until the transaction ends, or
/// are checked at once.
pub(crate) fn set_constraints(tables: &[&'static TableMeta], mode: &str) -> Rendered {
    let names: Vec<String> =
        tables.iter().map(|table| format!("to_regclass({})", literal(&table.path()))).collect();
    // Their names are the database's to know.
    let block = format!(
        "BEGIN EXECUTE coalesce((SELECT 'SET CONSTRAINTS ' || string_agg(format('%I.%I', n.nspname, c.conname), ', ') || ' {mode}' \
         FROM pg_catalog.pg_constraint AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.connamespace \
         WHERE c.condeferrable AND NOT c.condeferred AND c.conrelid IN ({})), 'SELECT 1'); END",
        names.join(", ")
    );
    let mut out = Renderer::new();
    out.push(&format!("DO {}", literal(&block)));
    out.finish()
}
