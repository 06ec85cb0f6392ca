//! Renders the one statement that inserts rows of several tables or shapes which refer to each other.

use super::batch::MISSED_END;
use super::{MISSED, Rendered, Renderer};
use crate::query::ast::{Cells, InsertBatch};

/// An INSERT for each batch, in one statement: PostgreSQL looks at the foreign keys at its end. It is an error of the
/// server if a row is not inserted.
pub(crate) fn knot(batches: &[InsertBatch]) -> Rendered {
    let mut out = Renderer::new();
    out.push("WITH ");
    out.separated(", ", batches.iter().enumerate(), |this, (nth, batch)| this.strand(nth, batch));
    out.push(" SELECT CASE WHEN ");
    out.separated(" AND ", 0..batches.len(), |this, nth| {
        this.push(&format!("(SELECT count(*) FROM v{nth}) = (SELECT count(*) FROM w{nth})"));
    });
    out.push(" THEN 0 ELSE ('");
    out.push(MISSED);
    // The count keeps PostgreSQL from working the text out while it plans.
    out.push(&format!("' || (SELECT count(*) FROM v0) || '{MISSED_END}')::int END"));
    out.finish()
}

impl Renderer {
    fn strand(&mut self, nth: usize, batch: &InsertBatch) {
        let Cells::Many(columns) = &batch.cells else { return };
        self.push(&format!("v{nth} AS MATERIALIZED (SELECT * FROM "));
        self.numbered_rows(columns, "u");
        self.push(&format!("), w{nth} AS (INSERT INTO "));
        self.table(batch.table);
        self.push(" (");
        self.separated(", ", &batch.columns, |this, column| this.name(column.name));
        self.push(") SELECT ");
        self.separated(", ", 0..batch.columns.len(), |this, place| this.push(&format!("c{place}")));
        self.push(&format!(" FROM v{nth} RETURNING "));
        // A row is counted by its key: a server of several shards gives nothing back where no column is asked for.
        self.separated(", ", batch.table.key(), |this, column| this.name(column.name));
        self.push(")");
    }
}
