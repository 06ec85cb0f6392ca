//! Renders rows that are sent column by column.

use super::Renderer;
use crate::types::{BulkArrays, BulkColumn};

impl Renderer {
    /// `SELECT ..`: the rows, and what stands beside each.
    pub(super) fn select_rows(&mut self, columns: &[BulkColumn], beside: impl FnOnce(&mut Self)) {
        self.push("SELECT ");
        if columns.iter().any(BulkColumn::is_arrays) {
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
        if !columns.iter().any(BulkColumn::is_arrays) {
            return self.numbered(columns, name);
        }
        self.push("(SELECT ");
        for (place, column) in columns.iter().enumerate() {
            self.push(&match column {
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
        self.push(" LEFT JOIN (SELECT e.o, array_agg(e.c ORDER BY e.n) AS c FROM unnest(");
        self.parameter(&arrays.elements);
        self.push(", ");
        self.parameter(&arrays.owners);
        self.push(&format!(") WITH ORDINALITY AS e(c, o, n) GROUP BY e.o) AS a{place} ON a{place}.o = n.o"));
    }

    fn unnest(&mut self, columns: &[BulkColumn]) {
        self.push("unnest(");
        self.separated(", ", columns, |this, column| match column {
            BulkColumn::Values(values) => this.parameter(values),
            BulkColumn::Arrays(arrays) => this.parameter(&arrays.lengths),
        });
        self.push(")");
    }
}
