//! Renders INSERT, UPDATE and DELETE.

use super::{Rendered, Renderer};
use crate::query::ast::{Delete, Insert, Item, Node, Rows, Update};

/// The text and parameters of an INSERT.
pub(crate) fn insert(insert: &Insert) -> Rendered {
    let mut renderer = Renderer::new();
    renderer.insert(insert);
    renderer.finish()
}

/// The text and parameters of an UPDATE.
pub(crate) fn update(update: &Update) -> Rendered {
    let mut renderer = Renderer::new();
    renderer.update_set(update);
    renderer.filter_by(&update.filter);
    renderer.returning(&update.returning);
    renderer.finish()
}

/// The text and parameters of a DELETE.
pub(crate) fn delete(delete: &Delete) -> Rendered {
    let mut renderer = Renderer::new();
    renderer.push("DELETE FROM ");
    renderer.source(delete.source);
    renderer.filter_by(&delete.filter);
    renderer.returning(&delete.returning);
    renderer.finish()
}

impl Renderer {
    /// UPDATE up to SET and what it sets.
    pub(super) fn update_set(&mut self, update: &Update) {
        self.push("UPDATE ");
        self.source(update.source);
        self.push(" SET ");
        self.separated(", ", &update.set, |this, set| {
            this.name(set.content.column.name);
            this.push(" = ");
            match &set.content.value {
                Node::Parameter(value) => this.stored(set.content.column, value),
                value => this.node(value),
            }
        });
    }

    fn insert(&mut self, insert: &Insert) {
        self.push("INSERT INTO ");
        self.table(insert.table);
        self.push(" (");
        self.separated(", ", &insert.columns, |this, column| this.name(column.name));
        self.push(") ");
        self.rows(insert);
        self.returning(&insert.returning);
    }

    fn rows(&mut self, insert: &Insert) {
        match &insert.rows {
            Rows::Values(rows) => {
                self.push("VALUES ");
                self.separated(", ", rows, |this, row| {
                    this.push("(");
                    this.separated(
                        ", ",
                        row.iter().zip(&insert.columns),
                        |this, (cell, column)| match cell {
                            Some(parameter) => this.stored(column, parameter),
                            None => this.push("DEFAULT"),
                        },
                    );
                    this.push(")");
                });
            }
            Rows::Unnest(columns) => self.select_rows(columns),
        }
    }

    fn returning(&mut self, items: &[Item]) {
        if !items.is_empty() {
            self.push(" RETURNING ");
            self.items(items, true);
        }
    }
}
