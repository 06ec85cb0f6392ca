//! Renders INSERT, UPDATE and DELETE.

use super::{Rendered, Renderer};
use crate::query::ast::{Conflict, Delete, Insert, Item, Node, Rows, Set, Update};
use crate::schema::{IndexPart, TableMeta};

/// The text and parameters of an INSERT.
pub(crate) fn insert(insert: &Insert<'_>) -> Rendered {
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
        self.separated(", ", &update.set, |this, set| this.assignment(&set.content));
    }

    fn insert(&mut self, insert: &Insert<'_>) {
        self.push("INSERT INTO ");
        self.table(insert.table);
        self.push(" (");
        self.separated(", ", &insert.columns, |this, column| this.name(column.name));
        self.push(") ");
        self.rows(insert);
        if let Some(conflict) = insert.conflict {
            self.conflict(insert.table, conflict);
        }
        self.returning(insert.returning);
    }

    fn rows(&mut self, insert: &Insert<'_>) {
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

    fn conflict(&mut self, table: &'static TableMeta, conflict: &Conflict) {
        self.push(" ON CONFLICT");
        if !conflict.target.parts.is_empty() {
            self.push(" (");
            self.separated(", ", &conflict.target.parts, |this, part| match part {
                IndexPart::Place(place) => this.name(table.columns[*place].name),
                IndexPart::Sql(sql) => {
                    this.push("(");
                    this.push(sql);
                    this.push(")");
                }
            });
            self.push(")");
        }
        if let Some(predicate) = conflict.target.predicate {
            self.push(" WHERE ");
            self.push(predicate);
        }
        self.out.conflict = true;
        let Some(update) = &conflict.update else { return self.push(" DO NOTHING") };
        self.push(" DO UPDATE SET ");
        self.separated(", ", &update.set, |this, set| match &set.content.value {
            Node::Sql(sql) if table.columns.iter().any(|column| sql.contains(column.name)) => {
                this.name(set.content.column.name);
                this.push(" = ");
                this.of_row_that_is_there(table, sql);
            }
            _ => this.assignment(&set.content),
        });
        if !update.filter.is_empty() {
            self.filter_by(&update.filter);
        }
    }

    /// SQL of the model that names columns: beside `excluded` a bare name would be ambiguous.
    fn of_row_that_is_there(&mut self, table: &'static TableMeta, sql: &str) {
        self.push("(SELECT (");
        self.push(sql);
        self.push(") FROM (SELECT ");
        self.name(table.name);
        self.push(".*) AS ");
        self.name(table.name);
        self.push(")");
    }

    fn assignment(&mut self, set: &Set) {
        self.name(set.column.name);
        self.push(" = ");
        match &set.value {
            Node::Parameter(value) => self.stored(set.column, value),
            value => self.node(value),
        }
    }

    fn returning(&mut self, items: &[Item]) {
        if !items.is_empty() {
            self.push(" RETURNING ");
            self.items(items, true);
        }
    }
}
