//! Renders the statements of a flush.
//!
//! Many rows come back beside `o`, the number of the row in what was sent, so that nothing depends on the order in which
//! rows come back. Where COMMIT rides in the same pipeline a count by the client would come too late: the server itself
//! refuses a guarded batch that missed rows, by casting a text to a number.

use super::{Rendered, Renderer};
use crate::query::ast::{Cells, DeleteBatch, InsertBatch, UpdateBatch};
use crate::schema::{ColumnMeta, Default, TableMeta, literal, quoted};
use crate::types::{BulkColumn, Parameter};

/// What the server's refusal of a batch starts with.
pub(crate) const MISSED: &str = "orm:missed:";

/// An INSERT that gives the whole new rows, beside `o` if there are many.
pub(crate) fn insert_batch(batch: &InsertBatch) -> Rendered {
    let mut out = Renderer::new();
    match &batch.cells {
        Cells::One(parameters) => {
            out.open_guard(batch.guarded);
            out.insert_one(batch, parameters);
            out.close_guard(batch.guarded, batch.table, &[]);
        }
        Cells::Many(columns) => out.insert_many(batch, columns),
    }
    out.finish()
}

/// An UPDATE that gives the whole changed rows, beside `o` if there are many.
pub(crate) fn update_batch(batch: &UpdateBatch) -> Rendered {
    let found_by = batch.table.found_by().count();
    let mut out = Renderer::new();
    match &batch.cells {
        Cells::One(parameters) => {
            let (found_by, values) = parameters.split_at(found_by);
            out.open_guard(batch.guarded);
            out.update_one(batch, found_by, values);
            out.close_guard(batch.guarded, batch.table, found_by);
        }
        Cells::Many(columns) => {
            out.sent(columns);
            out.update_many(batch);
            let number = number_name(batch.table);
            out.guard(batch.table.primary_key.len(), &number);
            out.written(batch.table, &number);
        }
    }
    out.finish()
}

/// A DELETE that gives the whole deleted row, or the `o` of each if there are many.
pub(crate) fn delete_batch(batch: &DeleteBatch) -> Rendered {
    let mut out = Renderer::new();
    match &batch.cells {
        Cells::One(found_by) => {
            out.open_guard(batch.guarded);
            out.push("DELETE FROM ");
            out.table(batch.table);
            out.is_found(batch.table, found_by);
            out.close_guard(batch.guarded, batch.table, found_by);
        }
        Cells::Many(columns) => {
            out.sent(columns);
            out.push(", w AS (DELETE FROM ");
            out.table(batch.table);
            out.push(" AS t USING v");
            out.matches(batch.table);
            out.push(" RETURNING v.o)");
            out.guard(batch.table.primary_key.len(), "o");
            out.push(" SELECT w.o FROM g LEFT JOIN w ON TRUE");
        }
    }
    out.finish()
}

/// What the number of a row is called beside the columns of its table: as none of them.
fn number_name(table: &TableMeta) -> String {
    let mut name = "orm:o".to_owned();
    while table.columns.iter().any(|column| column.name == name) {
        name.push('o');
    }
    quoted(&name)
}

impl Renderer {
    fn open_guard(&mut self, guarded: bool) {
        if guarded {
            self.push("WITH w AS (");
        }
    }

    /// The row that was written; guarded, an error that names its key if there was none.
    fn close_guard(&mut self, guarded: bool, table: &'static TableMeta, found_by: &[Parameter]) {
        if !guarded {
            self.push(" RETURNING ");
            return self.outputs("", table);
        }
        self.push(" RETURNING *");
        self.system_columns("", table);
        self.push("), g AS MATERIALIZED (SELECT CASE WHEN count(*) = 1 THEN 0 ELSE ('");
        self.push(MISSED);
        self.push("'");
        // The same numbers again: what the row is found by, the key first, is what an UPDATE sends last, and all that a
        // DELETE sends.
        let first = self.parameters.len() - found_by.len();
        for (nth, place) in (first..).take(table.primary_key.len().min(found_by.len())).enumerate() {
            self.push(if nth == 0 { " || " } else { " || '/' || " });
            self.push(&format!("${}::text", place + 1));
        }
        // The count keeps PostgreSQL from working the text out while it plans.
        self.push(" || repeat('', count(*)::int))::int END FROM w) SELECT ");
        self.outputs("w.", table);
        self.push(" FROM g LEFT JOIN w ON TRUE");
    }

    fn is_found(&mut self, table: &'static TableMeta, found_by: &[Parameter]) {
        self.push(" WHERE ");
        self.separated(" AND ", table.found_by().zip(found_by), |this, (column, value)| {
            this.name(column.name);
            this.push(" = ");
            this.stored(column, value);
        });
    }

    fn update_one(&mut self, batch: &UpdateBatch, found_by: &[Parameter], values: &[Parameter]) {
        self.push("UPDATE ");
        self.table(batch.table);
        self.push(" SET ");
        self.separated(", ", batch.columns.iter().zip(values), |this, (column, value)| {
            this.name(column.name);
            this.push(" = ");
            this.stored(column, value);
        });
        self.automatic(batch, "");
        self.is_found(batch.table, found_by);
    }

    /// What an UPDATE sets without a value that is sent: columns back to their defaults, the version, and columns with an `on_update`; both where nothing else was set.
    fn automatic(&mut self, batch: &UpdateBatch, from: &str) {
        for (nth, column) in batch.defaults.iter().enumerate() {
            self.push(if nth == 0 && batch.columns.is_empty() { "" } else { ", " });
            self.name(column.name);
            self.push(" = DEFAULT");
        }
        let unset = |column: &&ColumnMeta| {
            !batch.columns.contains(column) && !batch.defaults.contains(column) && !column.is_system()
        };
        if let Some(column) = batch.table.version_column().filter(unset) {
            self.push(", ");
            self.name(column.name);
            self.push(" = ");
            self.push(from);
            self.name(column.name);
            self.push(" + 1");
        }
        for column in batch.table.columns.iter().filter(unset) {
            if let Some(sql) = column.on_update {
                self.push(", ");
                self.name(column.name);
                self.push(" = (");
                self.push(sql);
                self.push(")");
            }
        }
    }

    fn update_many(&mut self, batch: &UpdateBatch) {
        let found_by = batch.table.found_by().count();
        self.push(", w AS (UPDATE ");
        self.table(batch.table);
        self.push(" AS t SET ");
        self.separated(", ", batch.columns.iter().enumerate(), |this, (place, column)| {
            this.name(column.name);
            this.push(&format!(" = v.c{}", found_by + place));
        });
        self.automatic(batch, "t.");
        self.push(" FROM v");
        self.matches(batch.table);
        self.push(&format!(" RETURNING v.o AS {}, t.*", number_name(batch.table)));
        self.system_columns("t.", batch.table);
        self.push(")");
    }

    /// `WITH v AS (..)`: the rows that are sent, with their number `o` and the columns `c0`, `c1`, ..
    fn sent(&mut self, columns: &[BulkColumn]) {
        self.push("WITH v AS MATERIALIZED (SELECT * FROM ");
        self.numbered_rows(columns, "v");
        self.push(")");
    }

    fn matches(&mut self, table: &'static TableMeta) {
        self.push(" WHERE ");
        self.separated(" AND ", table.found_by().enumerate(), |this, (place, column)| {
            this.push("t.");
            this.name(column.name);
            this.push(&format!(" = v.c{place}"));
        });
    }

    /// `g`: one row if every row sent was written, else an error that names the keys of those that were not.
    fn guard(&mut self, key: usize, number: &str) {
        self.push(", g AS MATERIALIZED (SELECT CASE WHEN count(*) = 0 THEN 0 ELSE ('");
        self.push(MISSED);
        self.push("' || string_agg(concat_ws('/'");
        (0..key).for_each(|place| self.push(&format!(", v.c{place}")));
        self.push(&format!(
            "), ', '))::int END FROM v LEFT JOIN w ON w.{number} = v.o WHERE w.{number} IS NULL)"
        ));
    }

    /// The rows that were written, beside `o`.
    fn written(&mut self, table: &'static TableMeta, number: &str) {
        self.push(&format!(" SELECT w.{number}, "));
        self.outputs("w.", table);
        self.push(" FROM g LEFT JOIN w ON TRUE");
    }

    pub(super) fn outputs(&mut self, from: &str, table: &'static TableMeta) {
        self.separated(", ", table.columns, |this, column| this.output(from, column));
    }

    /// A column in a form that is read without looking its type up.
    pub(super) fn output(&mut self, from: &str, column: &ColumnMeta) {
        self.push(if column.ty.is_builtin() { "" } else { "CAST(" });
        self.push(from);
        self.name(column.name);
        if let Some(sent_as) = column.ty.sent_as {
            self.push(" AS ");
            self.push(sent_as);
            self.push(")");
        }
    }

    fn insert_one(&mut self, batch: &InsertBatch, parameters: &[Parameter]) {
        self.push("INSERT INTO ");
        self.table(batch.table);
        if parameters.is_empty() {
            return self.push(" DEFAULT VALUES");
        }
        self.push(" (");
        self.separated(", ", &batch.columns, |this, column| this.name(column.name));
        self.push(") VALUES (");
        self.separated(", ", batch.columns.iter().zip(parameters), |this, (column, value)| {
            this.stored(column, value);
        });
        self.push(")");
    }

    /// Keys are made before the rows are, so that a row is found again by its key.
    fn insert_many(&mut self, batch: &InsertBatch, columns: &[BulkColumn]) {
        let given = |column: &ColumnMeta| batch.columns.iter().position(|other| *other == column);
        let made: Vec<_> = batch.table.key().filter(|column| given(column).is_none()).collect();
        self.push("WITH v AS MATERIALIZED (SELECT u.*");
        for (nth, column) in made.iter().enumerate() {
            self.push(", ");
            self.database_default(column);
            self.push(&format!(" AS k{nth}"));
        }
        self.push(" FROM ");
        self.numbered_rows(columns, "u");
        self.push("), w AS (INSERT INTO ");
        self.table(batch.table);
        self.push(" (");
        self.separated(", ", batch.columns.iter().copied().chain(made.iter().copied()), |this, column| {
            this.name(column.name);
        });
        self.push(") SELECT ");
        let sent = (0..batch.columns.len()).map(|place| format!("c{place}"));
        let keys = (0..made.len()).map(|nth| format!("k{nth}"));
        self.separated(", ", sent.chain(keys), |this, name| {
            this.push("v.");
            this.push(&name);
        });
        self.push(" FROM v RETURNING *");
        self.system_columns("", batch.table);
        self.push(")");
        self.inserted(batch, &given);
    }

    /// The rows that were inserted, beside the number of what was sent; the first that is not there is an error.
    ///
    /// A row is looked for by its key once, and what is missing is found by the same join.
    fn inserted(&mut self, batch: &InsertBatch, given: &dyn Fn(&ColumnMeta) -> Option<usize>) {
        self.push(" SELECT v.o, ");
        self.outputs("w.", batch.table);
        self.push(" FROM v LEFT JOIN w ON ");
        let mut made = 0;
        self.separated(" AND ", batch.table.key(), |this, column| {
            this.push("w.");
            this.name(column.name);
            match given(column) {
                Some(place) => this.push(&format!(" = v.c{place}")),
                None => {
                    this.push(&format!(" = v.k{made}"));
                    made += 1;
                }
            }
        });
        self.push(" WHERE CASE WHEN ");
        self.separated(" OR ", batch.table.key(), |this, column| {
            this.push("w.");
            this.name(column.name);
            this.push(" IS NULL");
        });
        if made == 0 {
            // Keys that the program gives may be alike, and the table be without the constraint that forbids it.
            self.push(" OR (SELECT count(*) FROM v) <> (SELECT count(DISTINCT (");
            self.separated(", ", batch.table.key(), |this, column| {
                this.push("w.");
                this.name(column.name);
            });
            self.push(")) FROM w)");
        }
        self.push(" THEN ('");
        self.push(MISSED);
        // It depends on the row, so that PostgreSQL cannot work the text out while it plans.
        self.push("' || v.o)::int IS NULL ELSE TRUE END");
    }

    /// What `*` leaves out.
    fn system_columns(&mut self, from: &str, table: &'static TableMeta) {
        for column in table.columns.iter().filter(|column| column.is_system()) {
            self.push(", ");
            self.push(from);
            self.name(column.name);
        }
    }

    /// What the database would put into a column by itself.
    pub(super) fn database_default(&mut self, column: &ColumnMeta) {
        match column.default {
            Default::Sql(sql) => {
                self.push("(");
                self.push(sql);
                self.push(")");
            }
            // A sub-select is evaluated once, not for each row.
            Default::Identity | Default::Computed(_) | Default::None => {
                self.push("nextval((SELECT ");
                self.sequence(column);
                self.push("::regclass))");
            }
        }
    }

    /// The name of the sequence that numbers a column.
    pub(super) fn sequence(&mut self, column: &ColumnMeta) {
        let (table, name) = (literal(&column.table.path()), literal(column.name));
        self.push(&format!("pg_get_serial_sequence({table}, {name})"));
    }
}
