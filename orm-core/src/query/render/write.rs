//! Renders INSERT, UPDATE and DELETE.

use super::{Rendered, Renderer};
use crate::model::Alias;
use crate::query::ast::{
    Conflict, Delete, Insert, InsertSource, Item, Node, Placed, Select, Set, Source, Update,
};
use crate::query::resolve::Resolved;
use crate::schema::{ColumnMeta, IndexPart, TableMeta, is_call};

/// The text and parameters of an INSERT.
pub(crate) fn insert(insert: &Insert<'_>, resolved: Resolved) -> Rendered {
    let mut renderer = Renderer::new();
    renderer.open(resolved);
    renderer.insert(insert, true);
    renderer.finish()
}

/// The text and parameters of an UPDATE.
pub(crate) fn update(update: &Update, resolved: Resolved) -> Rendered {
    let mut renderer = Renderer::new();
    renderer.open(resolved);
    renderer.update(update, true);
    renderer.finish()
}

/// The text and parameters of a DELETE.
pub(crate) fn delete(delete: &Delete, resolved: Resolved) -> Rendered {
    let mut renderer = Renderer::new();
    renderer.open(resolved);
    renderer.delete(delete, true);
    renderer.finish()
}

impl Renderer {
    pub(super) fn update(&mut self, update: &Update, as_text: bool) {
        self.update_set(update);
        if !update.beside().is_empty() {
            self.push(" FROM ");
            self.beside(update.beside());
        }
        self.filter_by(&update.filter, &update.default_filters());
        self.returning(&update.returning, as_text);
    }

    pub(super) fn delete(&mut self, delete: &Delete, as_text: bool) {
        self.push("DELETE FROM ");
        self.source(delete.source);
        if !delete.beside().is_empty() {
            self.push(" USING ");
            self.beside(delete.beside());
        }
        self.filter_by(&delete.filter, &delete.default_filters());
        self.returning(&delete.returning, as_text);
    }

    /// UPDATE up to SET and what it sets.
    pub(super) fn update_set(&mut self, update: &Update) {
        self.push("UPDATE ");
        self.source(update.source);
        self.push(" SET ");
        let Source { table, alias } = update.source;
        // Beside other tables a bare name could be one of theirs.
        let row = alias.map(Alias::name).or_else(|| update.beside.is_some().then_some(table.name));
        self.separated(", ", &update.set, |this, set| this.assignment(row, table, &set.content));
    }

    /// The tables beside the changed one.
    pub(super) fn beside(&mut self, sources: &[Placed<Source>]) {
        self.separated(", ", sources, |this, source| this.table_source(source.content));
    }

    pub(super) fn insert(&mut self, insert: &Insert<'_>, as_text: bool) {
        let set = insert.set.iter().map(|set| set.content.column);
        let columns: Vec<_> = insert.columns.iter().copied().chain(set).collect();
        self.insert_into(insert.table, &columns, |place| match &insert.rows {
            InsertSource::Values(rows) => rows.iter().any(|row| row.get(place).is_none_or(Option::is_some)),
            InsertSource::Unnest(_) | InsertSource::Select(_) => true,
        });
        self.push(" ");
        self.rows(insert);
        if let Some(conflict) = &insert.conflict {
            self.conflict(insert.table, conflict);
        }
        self.returning(&insert.returning, as_text);
    }

    /// INSERT up to its columns; `gives` says whether the column at a place has values.
    pub(super) fn insert_into(
        &mut self,
        table: &TableMeta,
        columns: &[&'static ColumnMeta],
        gives: impl Fn(usize) -> bool,
    ) {
        self.push("INSERT INTO ");
        self.table(table);
        self.push(" (");
        self.separated(", ", columns, |this, column| {
            this.moment(column);
            this.name(column.name);
        });
        self.push(")");
        if columns.iter().enumerate().any(|(place, column)| column.is_identity() && gives(place)) {
            // Without it an identity that is GENERATED ALWAYS takes no value; any other column takes one either way.
            self.push(" OVERRIDING SYSTEM VALUE");
        }
    }

    fn rows(&mut self, insert: &Insert<'_>) {
        match &insert.rows {
            InsertSource::Values(rows) => {
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
                    this.set_beside(!row.is_empty(), insert);
                    this.push(")");
                });
            }
            InsertSource::Unnest(columns) => self.select_rows(columns, |this| this.set_beside(true, insert)),
            InsertSource::Select(select) if insert.set.is_empty() => self.rows_of(insert, select),
            InsertSource::Select(select) => {
                self.push("SELECT \"rows\".*");
                self.set_beside(true, insert);
                self.push(" FROM (");
                self.rows_of(insert, select);
                self.push(") AS \"rows\"");
            }
        }
    }

    /// What an INSERT sets in each row, behind the cells of one.
    fn set_beside(&mut self, follows: bool, insert: &Insert<'_>) {
        for (nth, set) in insert.set.iter().enumerate() {
            self.push(if nth > 0 || follows { ", " } else { "" });
            self.set_value(set.content.column, &set.content.value);
        }
    }

    /// The rows that a statement gives to an INSERT.
    fn rows_of(&mut self, insert: &Insert<'_>, select: &Select) {
        insert.columns.iter().for_each(|column| self.meets(column));
        let level = self.arms().first().copied().unwrap_or(self.level);
        let before = std::mem::replace(&mut self.level, level);
        self.select(select, false);
        self.level = before;
        (self.out.filter, self.out.looks_up) = (None, false);
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
        if let Some(constraint) = conflict.target.constraint {
            self.push(" ON CONSTRAINT ");
            self.name(constraint);
        }
        if let Some(predicate) = conflict.target.predicate {
            self.push(" WHERE ");
            self.push(predicate);
        }
        self.out.conflict = true;
        let Some(update) = &conflict.update else { return self.push(" DO NOTHING") };
        self.push(" DO UPDATE SET ");
        // Beside `excluded` a bare name would be ambiguous.
        self.separated(", ", &update.set, |this, set| this.assignment(Some(table.name), table, &set.content));
        if !update.filter.is_empty() {
            self.filter_by(&update.filter, &[]);
        }
    }

    /// `row` is the name of the row that SQL of the model is about, where such SQL could not tell it by itself.
    pub(super) fn assignment(&mut self, row: Option<&str>, table: &'static TableMeta, set: &Set) {
        self.moment(set.column);
        self.name(set.column.name);
        self.push(" = ");
        match (&set.value, row) {
            (Node::Sql(sql), Some(row)) if !is_call(sql) => self.of_row(row, table, sql),
            (value, _) => self.set_value(set.column, value),
        }
    }

    /// SQL of the model, which sees the row alone, under the table's own name.
    fn of_row(&mut self, row: &str, table: &'static TableMeta, sql: &str) {
        self.push("(SELECT (");
        self.push(sql);
        self.push(") FROM (SELECT ");
        self.separated(", ", table.columns, |this, column| {
            this.name(row);
            this.push(".");
            this.name(column.name);
        });
        self.push(") AS ");
        self.name(table.name);
        self.push(")");
    }

    pub(super) fn returning(&mut self, items: &[Item], as_text: bool) {
        if !items.is_empty() {
            self.push(" RETURNING ");
            self.items(items, as_text);
        }
    }
}
