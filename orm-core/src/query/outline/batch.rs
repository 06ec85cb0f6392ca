//! Writes the statements of a flush down.

use super::{Outline, Tree};
use crate::error::Error;
use crate::query::ast::{BatchValues, DeleteBatch, InsertBatch, Part, Together, UpdateBatch};
use crate::query::render::{self, Rendered};
use crate::schema::KeyDefault;
use crate::types::{BulkColumn, Parameter};

impl Tree for InsertBatch {
    fn outline(&self, outline: &mut Outline) {
        let InsertBatch { table, columns, keys, cells, guarded } = self;
        outline.number(5 | usize::from(*guarded) << 8);
        outline.address(*table);
        outline.list(columns, |outline, column| outline.address(*column));
        outline.list(keys, Outline::key_default);
        outline.cells(cells, 0);
    }

    fn render(&self) -> Result<Rendered, Error> {
        Ok(render::insert_batch(self))
    }
}

impl Tree for UpdateBatch {
    fn outline(&self, outline: &mut Outline) {
        let UpdateBatch { table, columns, defaults, by_version, cells, guarded } = self;
        outline.number(6 | usize::from(*guarded) << 8 | usize::from(*by_version) << 9);
        outline.address(*table);
        outline.list(columns, |outline, column| outline.address(*column));
        outline.list(defaults, |outline, column| outline.address(*column));
        // SET stands before WHERE.
        outline.cells(cells, self.found_by().count());
    }

    fn render(&self) -> Result<Rendered, Error> {
        Ok(render::update_batch(self))
    }
}

impl Tree for DeleteBatch {
    fn outline(&self, outline: &mut Outline) {
        let DeleteBatch { table, by_version, cells, guarded } = self;
        outline.number(7 | usize::from(*guarded) << 8 | usize::from(*by_version) << 9);
        outline.address(*table);
        outline.cells(cells, 0);
    }

    fn render(&self) -> Result<Rendered, Error> {
        Ok(render::delete_batch(self))
    }
}

impl Tree for Together {
    fn outline(&self, outline: &mut Outline) {
        let Together { parts, after } = self;
        outline.number(8);
        outline.list(after, |outline, after| outline.number(*after));
        outline.list(parts, |outline, part| {
            outline.address(part.table());
            // A single row is sent as many are: in the order in which the cells stand there.
            match part {
                Part::Insert(InsertBatch { table: _, columns, keys, cells, guarded: _ }) => {
                    outline.number(1);
                    outline.list(columns, |outline, column| outline.address(*column));
                    outline.list(keys, Outline::key_default);
                    outline.cells(cells, 0);
                }
                Part::Update(UpdateBatch { table: _, columns, defaults, by_version, cells, guarded: _ }) => {
                    outline.number(2 | usize::from(*by_version) << 9);
                    outline.list(columns, |outline, column| outline.address(*column));
                    outline.list(defaults, |outline, column| outline.address(*column));
                    outline.cells(cells, 0);
                }
                Part::Delete(DeleteBatch { table: _, by_version, cells, guarded: _ }) => {
                    outline.number(3 | usize::from(*by_version) << 9);
                    outline.cells(cells, 0);
                }
            }
        });
    }

    fn render(&self) -> Result<Rendered, Error> {
        Ok(render::together(self))
    }
}

impl Outline {
    fn key_default(&mut self, default: &KeyDefault) {
        match default {
            KeyDefault::Declared => self.number(1),
            KeyDefault::Sequence => self.number(2),
            KeyDefault::WithRow => self.number(3),
            KeyDefault::Sql(sql) => {
                self.number(4);
                // It is no constant: another text may stand at its address later.
                self.list(sql.as_bytes(), |this, byte| this.number(usize::from(*byte)));
            }
        }
    }

    /// Of a single row, the first `last` values stand behind the others in the text.
    fn cells(&mut self, cells: &BatchValues, last: usize) {
        match cells {
            BatchValues::One(parameters) => {
                self.number(1);
                let (last, first) = parameters.split_at(last);
                self.list(first, Self::stored);
                self.list(last, Self::stored);
            }
            BatchValues::Many(columns) => {
                self.number(2);
                self.rows(columns);
            }
        }
    }

    /// Rows that are sent column by column: the elements of arrays stand behind all columns.
    pub(super) fn rows(&mut self, columns: &[BulkColumn]) {
        self.list(columns, |this, column| match column {
            BulkColumn::Values(values) => this.array(1, values),
            BulkColumn::Arrays(arrays) => this.array(2, &arrays.lengths),
        });
        for column in columns {
            if let BulkColumn::Arrays(arrays) = column {
                self.stored(&arrays.elements);
                self.stored(&arrays.owners);
            }
        }
    }

    fn array(&mut self, kind: usize, parameter: &Parameter) {
        self.number(kind);
        self.stored(parameter);
    }
}
