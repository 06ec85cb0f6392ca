//! Renders what is sent to be written, with the keys that the database makes for it.

use super::Renderer;
use super::own::Own;
use crate::query::ast::Cells;
use crate::schema::{ColumnMeta, Default, literal};
use crate::types::BulkColumn;

impl Renderer {
    /// The rows that are sent, with their numbers, as the first part of WITH.
    pub(super) fn sent(&mut self, own: &Own, columns: &[BulkColumn]) {
        self.open_sent(own, columns.len(), 0);
        self.push("u.* FROM ");
        self.numbered_rows(columns, "u");
        self.push(")");
    }

    /// The same for one row or many, with the keys that are made for them.
    pub(super) fn sent_with_keys(&mut self, own: &Own, cells: &Cells, made: &[&'static ColumnMeta]) {
        match cells {
            Cells::One(parameters) => {
                self.open_sent(own, parameters.len(), made.len());
                for parameter in parameters {
                    self.parameter(parameter);
                    self.push(", ");
                }
                self.push("1");
            }
            Cells::Many(columns) => {
                self.open_sent(own, columns.len(), made.len());
                self.push("u.*");
            }
        }
        for column in made {
            self.push(", ");
            self.database_default(column);
        }
        if let Cells::Many(columns) = cells {
            self.push(" FROM ");
            self.numbered_rows(columns, "u");
        }
        self.push(")");
    }

    fn open_sent(&mut self, own: &Own, cells: usize, made: usize) {
        let names = (0..cells).map(|place| own.cell(place)).chain([own.number()]);
        let names: Vec<String> = names.chain((0..made).map(|nth| own.made(nth))).collect();
        self.push(&format!("{}({}) AS MATERIALIZED (SELECT ", own.sent(), names.join(", ")));
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
