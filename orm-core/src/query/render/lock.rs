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

/// Locks rows in the order of their keys; gives one row. With the versions of the rows behind the keys, it is an error of
/// the server if one has another version, or is not there.
pub(crate) fn lock_rows(table: &'static TableMeta, sent: &[BulkColumn], lock: Lock) -> Rendered {
    let (mut out, own) = (Renderer::new(), Own::of(&[table]));
    let (rows, locked, number) = (own.sent(), own.written(), own.number());
    let is_checked = sent.len() > table.primary_key.len();
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

/// Lets every constraint that is deferrable wait until the transaction ends.
pub(crate) fn defer_constraints() -> Rendered {
    let mut out = Renderer::new();
    out.push("SET CONSTRAINTS ALL DEFERRED");
    out.finish()
}
