//! Renders what fails a statement of a flush that missed rows.
//!
//! Where COMMIT rides in the same pipeline a count by the client would come too late: the server itself refuses a guarded
//! batch that missed rows, by casting a text to a number.

use super::Renderer;
use super::own::Own;
use crate::schema::TableMeta;
use crate::types::Parameter;

impl Renderer {
    pub(super) fn open_guard(&mut self, own: &Own, guarded: bool) {
        if guarded {
            self.push(&format!("WITH {} AS (", own.written()));
        }
    }

    /// Guarded: the row that was written, or an error that names its key if there was none.
    pub(super) fn close_guard(
        &mut self,
        own: &Own,
        guarded: bool,
        table: &'static TableMeta,
        found_by: &[Parameter],
    ) {
        if !guarded {
            return;
        }
        let (guard, written) = (own.guard(), own.written());
        self.push(&format!("), {guard} AS MATERIALIZED (SELECT CASE WHEN count(*) = 1 THEN 0 ELSE "));
        // The same numbers again: what the row is found by, the key first, is what an UPDATE sends last, and all that a
        // DELETE sends.
        let first = self.parameters.len() - found_by.len();
        let key = (first..).take(table.primary_key.len().min(found_by.len()));
        let key: Vec<String> = key.map(|place| format!("${}::text", place + 1)).collect();
        // The count keeps PostgreSQL from working the text out while it plans.
        let count = "repeat('', count(*)::int)";
        let key = if key.is_empty() { count.to_owned() } else { key.join(" || '/' || ") + " || " + count };
        self.fail_stale(own.nth(), &key);
        self.push(&format!(" END FROM {written}) SELECT "));
        self.outputs(&format!("{written}."), table);
        self.push(&format!(" FROM {guard} LEFT JOIN {written} ON TRUE"));
    }

    /// One row if every row sent was changed or deleted, else an error that names the keys of those that were not.
    pub(super) fn guard(&mut self, own: &Own, table: &'static TableMeta) {
        let (sent, written, number) = (own.sent(), own.written(), own.number());
        self.push(&format!("{} AS MATERIALIZED (SELECT CASE WHEN count(*) = 0 THEN 0 ELSE ", own.guard()));
        let key: Vec<String> =
            (0..table.primary_key.len()).map(|place| format!("{sent}.{}", own.cell(place))).collect();
        self.fail_stale(
            own.nth(),
            &format!("string_agg(concat_ws('/', {}), ', ' ORDER BY {sent}.{number})", key.join(", ")),
        );
        self.push(&format!(
            " END FROM {sent} LEFT JOIN {written} ON {written}.{number} = {sent}.{number} \
             WHERE {written}.{number} IS NULL)"
        ));
    }
}
