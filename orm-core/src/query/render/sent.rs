//! Renders what is sent to be written, with the keys that the database makes for it.

use super::Renderer;
use super::own::Own;
use crate::query::ast::BatchValues;
use crate::schema::{ColumnDefault, ColumnMeta, KeyDefault, fitted, literal};
use crate::types::BulkColumn;

/// A column of a key that is made, and how.
pub(super) type Made = (&'static ColumnMeta, KeyDefault);

impl Renderer {
    /// The rows that are sent, with their numbers, as the first part of WITH.
    pub(super) fn sent(&mut self, own: &Own, columns: &[BulkColumn]) {
        self.open_sent(own, columns.len(), 0);
        self.push("u.* FROM ");
        self.numbered_rows(columns, "u");
        self.push(")");
    }

    /// The same for one row or many of these columns, with the keys that are made for them.
    pub(super) fn sent_with_keys(
        &mut self,
        own: &Own,
        columns: impl Iterator<Item = &'static ColumnMeta>,
        cells: &BatchValues,
        made: &[Made],
    ) {
        match cells {
            BatchValues::One(parameters) => {
                self.open_sent(own, parameters.len(), made.len());
                for (column, parameter) in columns.zip(parameters) {
                    self.stored(column, parameter);
                    self.push(", ");
                }
                self.push("1");
            }
            BatchValues::Many(columns) => {
                self.open_sent(own, columns.len(), made.len());
                self.push("u.*");
            }
        }
        for (column, default) in made {
            self.push(", ");
            self.key_default(column, default);
        }
        if let BatchValues::Many(columns) = cells {
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

    /// What the database would put into a column of a key by itself.
    pub(super) fn key_default(&mut self, column: &ColumnMeta, default: &KeyDefault) {
        match (default, column.default) {
            (KeyDefault::Sql(sql), _) => return self.push(&format!("({sql})")),
            (_, ColumnDefault::Sql(sql)) if KeyDefault::is_checked(column) => {
                self.push("CASE WHEN ");
                self.live_default(column);
                return self.push(&format!(" = {} THEN {sql} END", literal(&sql.to_lowercase())));
            }
            (_, ColumnDefault::Sql(sql)) => return self.push(&format!("({sql})")),
            _ => {}
        }
        // A sub-select is evaluated once, not for each row.
        self.push("nextval(");
        if *default == KeyDefault::Sequence {
            self.push("(SELECT ");
            self.sequence(column);
            self.push("::regclass)");
        } else {
            self.checked_sequence(column);
        }
        self.push(")");
    }

    /// The sequence that numbers a column; NULL where the database makes its values otherwise.
    pub(super) fn checked_sequence(&mut self, column: &ColumnMeta) {
        self.push(
            "(SELECT CASE WHEN a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) = \
             format('nextval(%L::regclass)', s.seq) THEN s.seq END FROM (SELECT ",
        );
        self.sequence(column);
        self.push(&format!(
            "::regclass AS seq) AS s, pg_catalog.pg_attribute AS a LEFT JOIN pg_catalog.pg_attrdef AS d \
             ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
             WHERE a.attrelid = to_regclass({}) AND a.attname = {})",
            literal(&column.table.path()),
            literal(&fitted(column.name, ""))
        ));
    }

    /// The SQL of the default that a column has in the database.
    pub(super) fn live_default(&mut self, column: &ColumnMeta) {
        self.push(&format!(
            "(SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef AS d \
             JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum \
             WHERE a.attrelid = to_regclass({}) AND a.attname = {})",
            literal(&column.table.path()),
            literal(&fitted(column.name, ""))
        ));
    }

    /// The name of the sequence that belongs to a column.
    fn sequence(&mut self, column: &ColumnMeta) {
        let (table, name) = (literal(&column.table.path()), literal(column.name));
        self.push(&format!("pg_get_serial_sequence({table}, {name})"));
    }
}
