//! Renders the statements of a flush.
//!
//! Each gives its rows back beside `o`, the number of the row in what was sent, so that nothing depends on the order in
//! which rows come back. Where COMMIT rides in the same pipeline a count by the client would come too late: the server
//! itself refuses a batch that missed rows, by casting a text to a number.

use super::{Rendered, Renderer};
use crate::query::ast::{Cells, DeleteBatch, InsertBatch, UpdateBatch};
use crate::schema::{ColumnMeta, Default, TableMeta};
use crate::types::Parameter;

/// What the server's refusal of a batch starts with.
pub(crate) const MISSED: &str = "orm:missed:";

/// An INSERT that gives `o` and the whole new rows.
pub(crate) fn insert_batch(batch: &InsertBatch) -> Rendered {
    let mut out = Renderer::default();
    match &batch.cells {
        Cells::One(parameters) => out.insert_one(batch, parameters),
        Cells::Many(arrays) => out.insert_many(batch, arrays),
    }
    out.finish()
}

/// An UPDATE that gives `o` and the whole changed rows.
pub(crate) fn update_batch(batch: &UpdateBatch) -> Rendered {
    let key = batch.table.primary_key.len();
    let mut out = Renderer::default();
    out.sent(&batch.cells, batch.table.key().chain(batch.columns.iter().copied()));
    out.push(", w AS (UPDATE ");
    out.name(batch.table.name);
    out.push(" AS t SET ");
    out.separated(", ", batch.columns.iter().enumerate(), |this, (place, column)| {
        this.name(column.name);
        this.push(" = v.c");
        this.push(&(key + place).to_string());
    });
    out.push(" FROM v");
    out.key_matches(batch.table);
    out.push(" RETURNING v.o AS \"orm:o\", t.*)");
    out.guard(key);
    out.written(batch.table);
    out.finish()
}

/// A DELETE that gives the `o` of each deleted row.
pub(crate) fn delete_batch(batch: &DeleteBatch) -> Rendered {
    let mut out = Renderer::default();
    out.sent(&batch.cells, batch.table.key());
    out.push(", w AS (DELETE FROM ");
    out.name(batch.table.name);
    out.push(" AS t USING v");
    out.key_matches(batch.table);
    out.push(" RETURNING v.o AS \"orm:o\")");
    out.guard(batch.table.primary_key.len());
    out.push(" SELECT w.\"orm:o\" FROM g LEFT JOIN w ON TRUE");
    out.finish()
}

impl Renderer {
    /// `WITH v AS (..)`: the rows that are sent, with their number `o` and the columns `c0`, `c1`, ..
    fn sent(&mut self, cells: &Cells, columns: impl Iterator<Item = &'static ColumnMeta>) {
        self.push("WITH v AS MATERIALIZED (SELECT ");
        match cells {
            Cells::One(parameters) => {
                self.push("1::bigint AS o");
                for (place, (parameter, column)) in parameters.iter().zip(columns).enumerate() {
                    self.push(", ");
                    self.typed(parameter, column);
                    self.push(&format!(" AS c{place}"));
                }
            }
            Cells::Many(arrays) => {
                self.push("* FROM unnest(");
                self.separated(", ", arrays, Self::parameter);
                self.push(") WITH ORDINALITY AS v(");
                (0..arrays.len()).for_each(|place| self.push(&format!("c{place}, ")));
                self.push("o)");
            }
        }
        self.push(")");
    }

    fn typed(&mut self, parameter: &Parameter, column: &ColumnMeta) {
        self.parameter(parameter);
        if column.ty.is_builtin() {
            self.push("::");
            self.push(column.ty.name);
        }
    }

    fn key_matches(&mut self, table: &'static TableMeta) {
        self.push(" WHERE ");
        self.separated(" AND ", table.key().enumerate(), |this, (place, column)| {
            this.push("t.");
            this.name(column.name);
            this.push(&format!(" = v.c{place}"));
        });
    }

    /// `g`: one row if every row sent was written, else an error that names the keys of those that were not.
    fn guard(&mut self, key: usize) {
        self.push(", g AS MATERIALIZED (SELECT CASE WHEN count(*) = 0 THEN 0 ELSE ('");
        self.push(MISSED);
        self.push("' || string_agg(concat_ws('/'");
        (0..key).for_each(|place| self.push(&format!(", v.c{place}")));
        self.push("), ', '))::int END FROM v LEFT JOIN w ON w.\"orm:o\" = v.o WHERE w.\"orm:o\" IS NULL)");
    }

    /// The rows that were written, beside `o`.
    fn written(&mut self, table: &'static TableMeta) {
        self.push(" SELECT w.\"orm:o\"");
        self.outputs("w", table);
        self.push(" FROM g LEFT JOIN w ON TRUE");
    }

    fn outputs(&mut self, from: &str, table: &'static TableMeta) {
        for column in table.columns {
            self.push(if column.ty.is_builtin() { ", " } else { ", CAST(" });
            self.push(from);
            self.push(".");
            self.name(column.name);
            if !column.ty.is_builtin() {
                self.push(" AS text)");
            }
        }
    }

    fn insert_one(&mut self, batch: &InsertBatch, parameters: &[Parameter]) {
        self.push("WITH w AS (INSERT INTO ");
        self.name(batch.table.name);
        if parameters.is_empty() {
            self.push(" DEFAULT VALUES");
        } else {
            self.push(" (");
            self.separated(", ", &batch.columns, |this, column| this.name(column.name));
            self.push(") VALUES (");
            self.separated(", ", parameters, Self::parameter);
            self.push(")");
        }
        self.push(" RETURNING *), g AS MATERIALIZED (SELECT CASE WHEN count(*) = 1 THEN 0 ELSE ('");
        self.push(MISSED);
        self.push("' || count(*))::int END FROM w) SELECT 1::bigint");
        self.outputs("w", batch.table);
        self.push(" FROM g LEFT JOIN w ON TRUE");
    }

    /// Keys are made before the rows are, so that a row is found again by its key.
    fn insert_many(&mut self, batch: &InsertBatch, arrays: &[Parameter]) {
        let given = |column: &ColumnMeta| batch.columns.iter().position(|other| *other == column);
        let made: Vec<_> = batch.table.key().filter(|column| given(column).is_none()).collect();
        self.push("WITH v AS MATERIALIZED (SELECT u.*");
        for column in &made {
            self.push(", ");
            self.database_default(column);
            self.push(" AS ");
            self.name(column.name);
        }
        self.push(" FROM unnest(");
        self.separated(", ", arrays, Self::parameter);
        self.push(") WITH ORDINALITY AS u(");
        (0..arrays.len()).for_each(|place| self.push(&format!("c{place}, ")));
        self.push("o)), w AS (INSERT INTO ");
        self.name(batch.table.name);
        self.push(" (");
        self.separated(", ", batch.columns.iter().copied().chain(made.iter().copied()), |this, column| {
            this.name(column.name);
        });
        self.push(") SELECT ");
        self.separated(", ", 0..batch.columns.len(), |this, place| this.push(&format!("v.c{place}")));
        for column in &made {
            self.push(", v.");
            self.name(column.name);
        }
        self.push(" FROM v RETURNING *)");
        self.insert_guard(batch, &given);
    }

    fn insert_guard(&mut self, batch: &InsertBatch, given: &dyn Fn(&ColumnMeta) -> Option<usize>) {
        let matches = |this: &mut Self| {
            this.separated(" AND ", batch.table.key(), |this, column| {
                this.push("w.");
                this.name(column.name);
                this.push(" = v.");
                match given(column) {
                    Some(place) => this.push(&format!("c{place}")),
                    None => this.name(column.name),
                }
            });
        };
        self.push(", m AS MATERIALIZED (SELECT v.o, w.* FROM v JOIN w ON ");
        matches(self);
        self.push(
            "), g AS MATERIALIZED (SELECT CASE WHEN (SELECT count(*) FROM m) = count(*) THEN 0 ELSE ('",
        );
        self.push(MISSED);
        self.push("' || count(*) - (SELECT count(*) FROM m))::int END FROM v) SELECT m.o");
        self.outputs("m", batch.table);
        self.push(" FROM g LEFT JOIN m ON TRUE");
    }

    /// What the database would put into a column by itself.
    fn database_default(&mut self, column: &ColumnMeta) {
        match column.default {
            Default::Sql(sql) => {
                self.push("(");
                self.push(sql);
                self.push(")");
            }
            // A sub-select is evaluated once, not for each row.
            Default::Identity | Default::None => {
                let mut table = Renderer::default();
                table.name(column.table.name);
                let table = table.finish().sql.replace('\'', "''");
                let name = column.name.replace('\'', "''");
                self.push(&format!(
                    "nextval((SELECT pg_get_serial_sequence('{table}', '{name}')::regclass))"
                ));
            }
        }
    }
}
