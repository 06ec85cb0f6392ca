//! Reads one result row into Rust, cell by cell, by position.

use tokio_postgres::Row as DriverRow;

use crate::error::Error;
use crate::schema::ColumnMeta;
use crate::types::{BaseType, Cell, Mismatch, RawValue, SqlType};

/// The cells of one row, read from left to right.
#[derive(Debug)]
pub struct Cells<'a> {
    row: &'a DriverRow,
    next: usize,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(row: &'a DriverRow) -> Cells<'a> {
        Cells { row, next: 0 }
    }

    /// Reads the next cell.
    ///
    /// # Errors
    /// If the cell has another type, is NULL where `T` is no `Option`, or holds what `T` cannot. The error names the
    /// column, what was found and what was expected.
    #[inline]
    pub fn read<T: SqlType>(&mut self) -> Result<T, Error> {
        let at = self.next;
        self.next += 1;
        let cell: Cell<'_> = self.row.try_get(at).map_err(|error| self.missing(at, error))?;
        T::decode(&cell.ty, cell.raw).map_err(|mismatch| self.explain::<T>(at, mismatch))
    }

    /// Takes the next cell as it is; `None` for NULL.
    pub(crate) fn raw(&mut self, column: &ColumnMeta) -> Result<Option<RawValue>, Error> {
        let at = self.next;
        self.next += 1;
        let cell: Cell<'_> = self.row.try_get(at).map_err(|error| self.missing(at, error))?;
        Ok(cell.raw.map(|raw| RawValue::new(column.ty, raw)))
    }

    /// Passes over cells without reading them.
    pub fn skip(&mut self, count: usize) {
        self.next += count;
    }

    /// Whether the next `count` cells are all NULL, as those of a left-joined table without a match are.
    pub fn all_null(&self, count: usize) -> bool {
        (self.next..self.next + count)
            .all(|at| self.row.try_get::<_, Cell<'_>>(at).is_ok_and(|cell| cell.raw.is_none()))
    }

    #[cold]
    fn missing(&self, at: usize, error: tokio_postgres::Error) -> Error {
        let found = self.row.len();
        Error::decode(format!("the row has {found} columns, column {} was expected too", at + 1))
            .because(error)
    }

    #[cold]
    fn explain<T: SqlType>(&self, at: usize, mismatch: Mismatch) -> Error {
        let column = &self.row.columns()[at];
        let place = format!("column {} (\"{}\")", at + 1, column.name());
        let wanted = std::any::type_name::<T>();
        match mismatch {
            Mismatch::Null => Error::decode(format!(
                "{place} is NULL, which `{wanted}` cannot hold: declare the field as `Option<{wanted}>`, or select \
                 `.optional()`"
            )),
            Mismatch::Type => Error::decode(format!(
                "{place} has the type {}, and `{wanted}` holds {}: change the field's type, or the column's",
                column.type_().name(),
                T::Base::TYPE.name
            )),
            Mismatch::Value(cause) => {
                Error::decode(format!("{place} holds a value that `{wanted}` cannot hold: {cause}"))
                    .because(cause)
            }
        }
    }
}
