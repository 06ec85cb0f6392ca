//! Renders rows that are sent column by column.

use super::Renderer;
use crate::types::{BulkArrays, BulkColumn, Parameter};

impl Renderer {
    /// `SELECT ..`: the rows, and what stands beside each.
    pub(super) fn select_rows(&mut self, columns: &[BulkColumn], beside: impl FnOnce(&mut Self)) {
        self.push("SELECT ");
        if !columns.iter().all(BulkColumn::is_plain) {
            self.separated(", ", 0..columns.len(), |this, place| this.push(&format!("u.c{place}")));
            beside(self);
            self.push(" FROM ");
            return self.numbered_rows(columns, "u");
        }
        self.push("*");
        beside(self);
        self.push(" FROM ");
        self.unnest(columns);
    }

    /// What stands in FROM: the rows with the columns `c0`, `c1`, .. and their number `o`.
    pub(super) fn numbered_rows(&mut self, columns: &[BulkColumn], name: &str) {
        if columns.iter().all(BulkColumn::is_plain) {
            return self.numbered(columns, name);
        }
        self.push("(SELECT ");
        for (place, column) in columns.iter().enumerate() {
            self.push(&match column {
                BulkColumn::Values(values) if values.pg_type().is_composite() => {
                    format!("CAST(n.c{place} AS {}) AS c{place}, ", values.pg_type().name)
                }
                BulkColumn::Values(_) => format!("n.c{place}, "),
                BulkColumn::Arrays(_) => {
                    format!("CASE n.c{place} WHEN 0 THEN '{{}}' ELSE a{place}.c END AS c{place}, ")
                }
            });
        }
        self.push("n.o FROM ");
        self.numbered(columns, "n");
        for (place, column) in columns.iter().enumerate() {
            if let BulkColumn::Arrays(arrays) = column {
                self.gathered(arrays, place);
            }
        }
        // The join forgets the order, and keys are made in the order of the rows.
        self.push(" ORDER BY n.o) AS ");
        self.push(name);
    }

    fn numbered(&mut self, columns: &[BulkColumn], name: &str) {
        self.unnest(columns);
        self.push(" WITH ORDINALITY AS ");
        self.push(name);
        self.push("(");
        (0..columns.len()).for_each(|place| self.push(&format!("c{place}, ")));
        self.push("o)");
    }

    /// The arrays of all rows, made of their elements.
    fn gathered(&mut self, arrays: &BulkArrays, place: usize) {
        let ty = arrays.elements.pg_type();
        let element = if ty.is_composite() { format!("CAST(e.c AS {})", ty.name) } else { "e.c".to_owned() };
        self.push(&format!(" LEFT JOIN (SELECT e.o, array_agg({element} ORDER BY e.n) AS c FROM unnest("));
        self.elements(&arrays.elements);
        self.push(", ");
        self.parameter(&arrays.owners);
        self.push(&format!(") WITH ORDINALITY AS e(c, o, n) GROUP BY e.o) AS a{place} ON a{place}.o = n.o"));
    }

    fn unnest(&mut self, columns: &[BulkColumn]) {
        self.push("unnest(");
        self.separated(", ", columns, |this, column| match column {
            BulkColumn::Values(values) => this.elements(values),
            BulkColumn::Arrays(arrays) => this.parameter(&arrays.lengths),
        });
        self.push(")");
    }

    /// The elements of a list; those of a composite type as the text they are sent as.
    fn elements(&mut self, list: &Parameter) {
        if !list.pg_type().is_composite() {
            return self.parameter(list);
        }
        let number = self.number(list);
        self.push(&format!("${number}"));
    }
}
