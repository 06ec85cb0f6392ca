//! Renders the statements of a flush.
//!
//! Many rows come back beside the number of the row in what was sent, so that nothing depends on the order in which rows
//! come back.
//!
//! Every column is named: a table may have columns that the model does not know and that the role may not read. The
//! table that is written has no other name than its own, by which an `on_update` of the model may call it.

use super::own::Own;
use super::sent::Made;
use super::{Rendered, Renderer};
use crate::query::ast::{BatchValues, DeleteBatch, InsertBatch, UpdateBatch};
use crate::schema::{ColumnMeta, KeyDefault, TableMeta};
use crate::types::Parameter;

/// An INSERT that gives the whole new rows, beside their numbers if there are many.
pub(crate) fn insert_batch(batch: &InsertBatch) -> Rendered {
    let (mut out, own) = (Renderer::new(), Own::of(&[batch.table]));
    match &batch.cells {
        BatchValues::One(parameters) => {
            out.open_guard(&own, batch.guarded);
            out.insert_one(batch, parameters);
            out.push(" RETURNING ");
            out.returned_row(batch.guarded, batch.table);
            out.close_guard(&own, batch.guarded, batch.table, &[]);
        }
        BatchValues::Many(_) => {
            out.push("WITH ");
            out.insert_many(&own, batch);
            out.inserted(&own, batch);
        }
    }
    out.finish()
}

/// An UPDATE that gives the whole changed rows, beside their numbers if there are many. Where nothing is to be set, a SELECT
/// that locks the rows as it would.
pub(crate) fn update_batch(batch: &UpdateBatch) -> Rendered {
    let (mut out, own) = (Renderer::new(), Own::of(&[batch.table]));
    match &batch.cells {
        BatchValues::One(parameters) => {
            let (found_by, values) = parameters.split_at(batch.found_by().count());
            out.open_guard(&own, batch.guarded);
            out.update_one(batch, found_by, values);
            out.close_guard(&own, batch.guarded, batch.table, found_by);
        }
        BatchValues::Many(_) => {
            out.push("WITH ");
            out.update_many(&own, batch);
            out.push(", ");
            out.guard(&own, batch.table);
            out.written(&own, Some(batch.table));
        }
    }
    out.finish()
}

/// A DELETE that gives the whole deleted row, or the number of each if there are many.
pub(crate) fn delete_batch(batch: &DeleteBatch) -> Rendered {
    let (mut out, own) = (Renderer::new(), Own::of(&[batch.table]));
    match &batch.cells {
        BatchValues::One(found_by) => {
            out.open_guard(&own, batch.guarded);
            out.push("DELETE FROM ");
            out.table(batch.table);
            out.is_found(batch.table, found_by);
            out.push(" RETURNING ");
            out.returned_row(batch.guarded, batch.table);
            out.close_guard(&own, batch.guarded, batch.table, found_by);
        }
        BatchValues::Many(_) => {
            out.push("WITH ");
            out.delete_many(&own, batch);
            out.push(", ");
            out.guard(&own, batch.table);
            out.written(&own, None);
        }
    }
    out.finish()
}

/// What an UPDATE stores in a column.
enum Assigned {
    /// What is sent for the column at this place.
    Sent(usize),
    Default,
    OneMore,
    Sql(&'static str),
}

/// What an UPDATE sets: what is sent, columns back to their defaults, and by itself the version and columns with an
/// `on_update`, where nothing else was said of them.
fn assignments(batch: &UpdateBatch) -> Vec<(&'static ColumnMeta, Assigned)> {
    let sent = batch.columns.iter().enumerate().map(|(place, column)| (*column, Assigned::Sent(place)));
    let defaults = batch.defaults.iter().map(|column| (*column, Assigned::Default));
    let unset = |column: &&'static ColumnMeta| {
        !batch.columns.contains(column) && !batch.defaults.contains(column) && !column.is_system()
    };
    let version = batch.table.version_column().filter(unset).map(|column| (column, Assigned::OneMore));
    let on_update = batch.table.columns.iter().filter(unset);
    let on_update = on_update.filter_map(|column| Some((column, Assigned::Sql(column.on_update?))));
    sent.chain(defaults).chain(version).chain(on_update).collect()
}

/// The columns of the key that the database makes, by a batch of many rows before the rows.
fn made(batch: &InsertBatch) -> Vec<Made> {
    let columns = batch.table.key().filter(|column| !batch.columns.contains(column));
    let default = |nth: usize| batch.keys.get(nth).cloned().unwrap_or(KeyDefault::Declared);
    columns.enumerate().map(|(nth, column)| (column, default(nth))).collect()
}

impl Renderer {
    /// The row that was written as it is read, or, inside a guarded statement, as it is.
    fn returned_row(&mut self, guarded: bool, table: &'static TableMeta) {
        if guarded {
            self.separated(", ", table.columns, |this, column| this.name(column.name));
        } else {
            self.outputs("", table);
        }
    }

    fn is_found(&mut self, table: &'static TableMeta, found_by: &[Parameter]) {
        self.push(" WHERE ");
        self.separated(" AND ", table.found_by().zip(found_by), |this, (column, value)| {
            this.name(column.name);
            this.push(" = ");
            this.stored(column, value);
        });
    }

    fn insert_one(&mut self, batch: &InsertBatch, parameters: &[Parameter]) {
        if parameters.is_empty() {
            self.push("INSERT INTO ");
            self.table(batch.table);
            return self.push(" DEFAULT VALUES");
        }
        self.insert_into(batch.table, &batch.columns, |_| true);
        self.push(" VALUES (");
        self.separated(", ", batch.columns.iter().zip(parameters), |this, (column, value)| {
            this.stored(column, value);
        });
        self.push(")");
    }

    fn update_one(&mut self, batch: &UpdateBatch, found_by: &[Parameter], values: &[Parameter]) {
        let assignments = assignments(batch);
        if assignments.is_empty() {
            self.push("SELECT ");
            self.returned_row(batch.guarded, batch.table);
            self.push(" FROM ");
            self.table(batch.table);
            self.is_found(batch.table, found_by);
            return self.push(" FOR NO KEY UPDATE");
        }
        self.set(batch.table, &assignments, |this, column, place| this.stored(column, &values[place]));
        self.is_found(batch.table, found_by);
        self.push(" RETURNING ");
        self.returned_row(batch.guarded, batch.table);
    }

    /// UPDATE up to what is set; `sent` writes what is sent for a column.
    fn set(
        &mut self,
        table: &'static TableMeta,
        assignments: &[(&'static ColumnMeta, Assigned)],
        sent: impl Fn(&mut Self, &'static ColumnMeta, usize),
    ) {
        self.push("UPDATE ");
        self.table(table);
        self.push(" SET ");
        self.separated(", ", assignments, |this, (column, assigned)| {
            this.moment(column);
            this.name(column.name);
            this.push(" = ");
            match assigned {
                Assigned::Sent(place) => sent(this, column, *place),
                Assigned::Default => this.push("DEFAULT"),
                Assigned::OneMore => {
                    this.of_table(table, column);
                    this.push(" + 1");
                }
                Assigned::Sql(sql) => {
                    this.push("(");
                    this.push(sql);
                    this.push(")");
                }
            }
        });
    }

    /// The rows that are sent, and the INSERT; keys are made before the rows are, so that a row is found again by its key.
    pub(super) fn insert_many(&mut self, own: &Own, batch: &InsertBatch) {
        let made = made(batch);
        self.sent_with_keys(own, batch.columns.iter().copied(), &batch.cells, &made);
        self.push(&format!(", {} AS (", own.written()));
        let columns: Vec<_> =
            batch.columns.iter().copied().chain(made.iter().map(|(column, _)| *column)).collect();
        self.insert_into(batch.table, &columns, |_| true);
        let sent = own.sent();
        let cells = (0..batch.columns.len()).map(|place| own.cell(place));
        let keys = (0..made.len()).map(|nth| own.made(nth));
        let cells: Vec<String> = cells.chain(keys).map(|name| format!("{sent}.{name}")).collect();
        let done = own.done().map_or_else(String::new, |done| format!(" WHERE {done}"));
        self.push(&format!(" SELECT {} FROM {sent}{done} RETURNING ", cells.join(", ")));
        self.separated(", ", batch.table.columns, |this, column| this.name(column.name));
        self.push(")");
    }

    /// The rows that are sent, and the UPDATE.
    pub(super) fn update_many(&mut self, own: &Own, batch: &UpdateBatch) {
        let (table, sent) = (batch.table, own.sent());
        let found_by = batch.found_by().count();
        let columns = batch.found_by().chain(batch.columns.iter().copied());
        self.sent_with_keys(own, columns, &batch.cells, &[]);
        self.push(&format!(", {} AS (", own.written()));
        let assignments = assignments(batch);
        if assignments.is_empty() {
            self.push("SELECT ");
            self.numbered_columns(own, table);
            self.push(" FROM ");
            self.table(table);
            self.push(&format!(", {sent}"));
            self.matches(own, table, batch.found_by());
            self.push(" FOR NO KEY UPDATE OF ");
            self.name(table.name);
            return self.push(")");
        }
        self.set(table, &assignments, |this, _, place| {
            this.push(&format!("{sent}.{}", own.cell(found_by + place)));
        });
        self.push(&format!(" FROM {sent}"));
        self.matches(own, table, batch.found_by());
        self.push(" RETURNING ");
        self.numbered_columns(own, table);
        self.push(")");
    }

    /// The rows that are sent, and the DELETE.
    pub(super) fn delete_many(&mut self, own: &Own, batch: &DeleteBatch) {
        let sent = own.sent();
        self.sent_with_keys(own, batch.found_by(), &batch.cells, &[]);
        self.push(&format!(", {} AS (DELETE FROM ", own.written()));
        self.table(batch.table);
        self.push(&format!(" USING {sent}"));
        self.matches(own, batch.table, batch.found_by());
        self.push(&format!(" RETURNING {sent}.{})", own.number()));
    }

    fn matches(
        &mut self,
        own: &Own,
        table: &'static TableMeta,
        found_by: impl Iterator<Item = &'static ColumnMeta>,
    ) {
        self.push(" WHERE ");
        if let Some(done) = own.done() {
            self.push(&format!("{done} AND "));
        }
        self.separated(" AND ", found_by.enumerate(), |this, (place, column)| {
            this.of_table(table, column);
            this.push(&format!(" = {}.{}", own.sent(), own.cell(place)));
        });
    }

    /// A column of the table that is written.
    fn of_table(&mut self, table: &TableMeta, column: &ColumnMeta) {
        self.name(table.name);
        self.push(".");
        self.name(column.name);
    }

    fn numbered_columns(&mut self, own: &Own, table: &'static TableMeta) {
        self.push(&format!("{}.{}", own.sent(), own.number()));
        for column in table.columns {
            self.push(", ");
            self.of_table(table, column);
        }
    }

    /// The numbers of the rows that were written, and of a table the rows.
    fn written(&mut self, own: &Own, table: Option<&'static TableMeta>) {
        let written = own.written();
        self.push(&format!(" SELECT {written}.{}", own.number()));
        if let Some(table) = table {
            self.push(", ");
            self.outputs(&format!("{written}."), table);
        }
        self.push(&format!(" FROM {} LEFT JOIN {written} ON TRUE", own.guard()));
    }

    pub(super) fn outputs(&mut self, from: &str, table: &'static TableMeta) {
        self.separated(", ", table.columns, |this, column| this.output(from, column));
    }

    /// A column in a form that is read without looking its type up.
    pub(super) fn output(&mut self, from: &str, column: &ColumnMeta) {
        self.output_of(column, |this| {
            this.push(from);
            this.name(column.name);
        });
    }

    /// A value of a column's type in that form.
    pub(super) fn output_of(&mut self, column: &ColumnMeta, value: impl FnOnce(&mut Self)) {
        self.push(if column.ty.is_builtin() { "" } else { "CAST(" });
        value(self);
        if let Some(sent_as) = column.ty.sent_as {
            self.push(" AS ");
            self.push(sent_as);
            self.push(")");
        }
    }

    /// The rows that were inserted, beside the number of what was sent; the first that is not there is an error.
    ///
    /// A row is looked for by its key once, and what is missing is found by the same join.
    fn inserted(&mut self, own: &Own, batch: &InsertBatch) {
        let (sent, written, number) = (own.sent(), own.written(), own.number());
        self.push(&format!(" SELECT {sent}.{number}, "));
        self.outputs(&format!("{written}."), batch.table);
        self.push(&format!(" FROM {sent}"));
        self.join_inserted(own, batch);
        self.push(" WHERE CASE WHEN ");
        self.separated(" OR ", batch.table.key(), |this, column| {
            this.push(&format!("{written}."));
            this.name(column.name);
            this.push(" IS NULL");
        });
        if made(batch).is_empty() {
            // Keys that the program gives may be alike, and the table be without the constraint that forbids it.
            self.push(&format!(" OR (SELECT count(*) FROM {sent}) <> (SELECT count(DISTINCT ("));
            self.separated(", ", batch.table.key(), |this, column| {
                this.push(&format!("{written}."));
                this.name(column.name);
            });
            self.push(&format!(")) FROM {written})"));
        }
        self.push(" THEN ");
        // It depends on the row, so that PostgreSQL cannot work the text out while it plans.
        self.fail_stale(own.nth(), &format!("{sent}.{number}"));
        self.push(" IS NULL ELSE TRUE END");
    }

    /// Each row that was sent with the one that was inserted for it.
    pub(super) fn join_inserted(&mut self, own: &Own, batch: &InsertBatch) {
        let (sent, written) = (own.sent(), own.written());
        self.push(&format!(" LEFT JOIN {written} ON "));
        let mut made = 0;
        self.separated(" AND ", batch.table.key(), |this, column| {
            this.push(&format!("{written}."));
            this.name(column.name);
            let cell = match batch.columns.iter().position(|other| *other == column) {
                Some(place) => own.cell(place),
                None => {
                    made += 1;
                    own.made(made - 1)
                }
            };
            this.push(&format!(" = {sent}.{cell}"));
        });
    }
}
