//! Writes INSERT, UPDATE and DELETE down.

use std::panic::Location;

use super::{Outline, Tree};
use crate::error::Error;
use crate::query::ast::{Beside, Conflict, Delete, Insert, InsertSource, Placed, Set, Update};
use crate::query::render::Rendered;
use crate::query::{check, render, resolve};
use crate::schema::IndexPart;

impl Tree for Insert<'_> {
    fn at(&self) -> Option<&'static Location<'static>> {
        Some(self.at)
    }

    fn outline(&self, outline: &mut Outline) {
        let Insert { at: _, table, columns, rows, set, conflict, returning } = self;
        outline.number(4);
        outline.address(*table);
        outline.list(columns, |outline, column| outline.address(*column));
        match rows {
            InsertSource::Values(rows) => {
                outline.number(1);
                outline.list(rows, |outline, row| {
                    outline.list(row, |outline, cell| match cell {
                        Some(value) => outline.stored(value),
                        None => outline.number(0),
                    });
                });
                outline.assignments(set);
            }
            InsertSource::Unnest(columns) => {
                outline.number(2);
                outline.assignments(set);
                outline.rows(columns);
            }
            InsertSource::Select(select) => {
                outline.number(3);
                outline.assignments(set);
                select.outline(outline);
            }
        }
        match conflict {
            None => outline.number(0),
            Some(conflict) => outline.conflict(conflict),
        }
        outline.items(returning);
    }

    fn render(&self) -> Result<Rendered, Error> {
        let resolved = resolve::insert(self);
        check::insert(self, &resolved)?;
        Ok(render::insert(self, resolved))
    }
}

impl Tree for Update {
    fn at(&self) -> Option<&'static Location<'static>> {
        Some(self.at)
    }

    fn outline(&self, outline: &mut Outline) {
        let Update { at: _, source, set, beside, filter, all_rows, without, returning } = self;
        outline.number(2 | usize::from(*all_rows) << 8);
        outline.source(*source);
        outline.assignments(set);
        outline.beside(beside.as_deref());
        outline.conditions(filter);
        outline.list(without, |outline, name| outline.text(name));
        outline.items(returning);
    }

    fn render(&self) -> Result<Rendered, Error> {
        let resolved = resolve::update(self);
        check::update(self, &resolved)?;
        Ok(render::update(self, resolved))
    }
}

impl Tree for Delete {
    fn at(&self) -> Option<&'static Location<'static>> {
        Some(self.at)
    }

    fn outline(&self, outline: &mut Outline) {
        let Delete { at: _, source, beside, filter, all_rows, without, returning } = self;
        outline.number(3 | usize::from(*all_rows) << 8);
        outline.source(*source);
        outline.beside(beside.as_deref());
        outline.conditions(filter);
        outline.list(without, |outline, name| outline.text(name));
        outline.items(returning);
    }

    fn render(&self) -> Result<Rendered, Error> {
        let resolved = resolve::delete(self);
        check::delete(self, &resolved)?;
        Ok(render::delete(self, resolved))
    }
}

impl Outline {
    fn conflict(&mut self, conflict: &Conflict) {
        let Conflict { target, update } = conflict;
        self.number(1 | usize::from(update.is_some()) << 8);
        self.list(&target.parts, |this, part| match part {
            IndexPart::Place(place) => {
                this.number(1);
                this.number(*place);
            }
            IndexPart::Sql(sql) => {
                this.number(2);
                this.text(sql);
            }
        });
        self.optional_text(target.predicate);
        self.optional_text(target.constraint);
        if let Some(update) = update {
            self.assignments(&update.set);
            self.conditions(&update.filter);
        }
    }

    pub(super) fn beside(&mut self, beside: Option<&Beside>) {
        let Some(beside) = beside else { return self.number(0) };
        self.number(1);
        self.list(&beside.with, Self::cte);
        self.list(&beside.sources, |this, source| match beside.body(source.content) {
            Some(body) => this.body(source.content, body),
            None => {
                this.number(0);
                this.source(source.content);
            }
        });
    }

    pub(super) fn assignments(&mut self, set: &[Placed<Set>]) {
        self.list(set, |this, set| {
            let Set { column, value, automatic } = &set.content;
            this.address(*column);
            this.number(usize::from(*automatic));
            this.node(value);
        });
    }
}
