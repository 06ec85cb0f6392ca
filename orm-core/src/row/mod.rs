//! Reads one result row into Rust, cell by cell: by position, or in the order of names (`name`).

mod name;
mod related;

use std::any::type_name;
use std::fmt;

use tokio_postgres::Row as DriverRow;

use crate::error::Error;
use crate::schema::{ColumnMeta, TableMeta};
use crate::types::{BaseType, Cause, Cell, Decoded, Mismatch, RawValue, SqlType, Unreadable, Value};
pub use name::Names;
pub(crate) use name::Places;
pub(crate) use related::{RelatedPart, RelatedRows};

/// What columns are called that a page by keyset has behind those of its rows.
pub(crate) const OF_A_CURSOR: &str = "orm key";

/// The cells of one row, read from left to right.
#[derive(Clone, Debug)]
pub struct Cells<'a> {
    row: &'a DriverRow,
    next: usize,
    /// What rows have besides their cells, which most have not.
    beside: Beside<'a>,
}

/// What rows have besides their cells.
#[derive(Clone, Copy)]
enum Beside<'a> {
    Nothing,
    /// Where each cell stands in the row, which are not one behind the other.
    Places(&'a Places),
    /// The rows that they are related to.
    Related(&'a RelatedRows),
}

impl fmt::Debug for Beside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Beside::Nothing => "Nothing",
            Beside::Places(_) => "Places",
            Beside::Related(_) => "Related",
        })
    }
}

impl<'a> Cells<'a> {
    pub(crate) fn new(row: &'a DriverRow) -> Cells<'a> {
        Cells { row, next: 0, beside: Beside::Nothing }
    }

    /// The cells of a row, in this order.
    pub(crate) fn placed(row: &'a DriverRow, places: &'a Places) -> Cells<'a> {
        Cells { row, next: 0, beside: Beside::Places(places) }
    }

    /// The cells of a row that is related to others.
    pub(crate) fn related_to(row: &'a DriverRow, related: &'a RelatedRows) -> Cells<'a> {
        Cells { row, next: 0, beside: Beside::Related(related) }
    }

    /// Takes what the row is related to by the next cells.
    ///
    /// # Errors
    /// If the statement did not read it.
    #[doc(hidden)]
    pub fn related<F: 'static>(&mut self) -> Result<F, Error> {
        let found = match self.beside {
            Beside::Related(related) => related.take(self.next),
            _ => None,
        };
        let Some((found, width)) = found else {
            return Err(Error::decode(format!(
                "the statement did not read what fills `{}` of a row with relations",
                unqualified(type_name::<F>())
            )));
        };
        self.skip(width);
        Ok(found)
    }

    /// Where the next cell stands.
    #[inline]
    fn advance(&mut self) -> usize {
        let next = self.next;
        self.next += 1;
        match self.beside {
            Beside::Places(places) => places.at(next),
            _ => next,
        }
    }

    /// Reads the next cell.
    ///
    /// # Errors
    /// If the cell has another type, is NULL where `T` is no `Option`, or holds what `T` cannot. The error names the
    /// column, what was found and what was expected.
    #[inline]
    pub fn read<T: SqlType>(&mut self) -> Result<T, Error> {
        self.next_of(None)
    }

    /// Reads the next cell, which is a column of `table`.
    ///
    /// # Errors
    /// As [`read`](Cells::read); the error names the table too.
    #[inline]
    pub fn read_of<T: SqlType>(&mut self, table: &'static TableMeta) -> Result<T, Error> {
        self.next_of(Some(table))
    }

    /// Whether there are more cells of the row itself, before those of a page's cursor.
    pub(crate) fn has_more(&self) -> bool {
        self.row.columns().get(self.next).is_some_and(|column| column.name() != OF_A_CURSOR)
    }

    /// Says that the whole row is read by position as an `R`, which takes so many columns.
    ///
    /// # Errors
    /// If the row has more or fewer.
    #[inline]
    pub(crate) fn expect<R>(&self, count: usize) -> Result<(), Error> {
        if self.row.len() == count { Ok(()) } else { Err(self.of_another_width::<R>(count)) }
    }

    #[cold]
    fn of_another_width<R>(&self, count: usize) -> Error {
        let columns = |count| if count == 1 { "1 column".to_owned() } else { format!("{count} columns") };
        Error::decode(format!(
            "the row has {}, and `{}`, which is read by position, takes {}: select what it takes",
            columns(self.row.len()),
            unqualified(type_name::<R>()),
            columns(count)
        ))
    }

    /// Gives the next cell to a value; says whether it could take it.
    pub(crate) fn give(&mut self, value: &mut dyn Value) -> bool {
        let at = self.advance();
        let Ok(Cell(raw)) = self.row.try_get(at) else { return false };
        value.take_cell(self.row.columns()[at].type_(), raw).is_ok()
    }

    #[inline]
    fn next_of<T: SqlType>(&mut self, table: Option<&'static TableMeta>) -> Result<T, Error> {
        let at = self.advance();
        let found = self.row.try_get::<_, Decoded<T>>(at);
        let Decoded(value) = found.map_err(|error| self.missing(at, table, error))?;
        value.map_err(|mismatch| {
            let wanted = ExpectedType { table, rust: type_name::<T>(), postgresql: T::Base::TYPE.name };
            self.explain(at, wanted, mismatch)
        })
    }

    /// Takes the next cell as it is; `None` for NULL.
    pub(crate) fn raw(&mut self, column: &ColumnMeta) -> Result<Option<RawValue>, Error> {
        let at = self.advance();
        let of = Some(column.table);
        let Cell(raw) = self.row.try_get(at).map_err(|error| self.missing(at, of, error))?;
        Ok(raw.map(|raw| RawValue::new(column.ty, raw)))
    }

    /// Passes over cells without reading them.
    pub fn skip(&mut self, count: usize) {
        self.next += count;
    }

    /// Whether the next `count` cells are all NULL, as those of a left-joined table without a match are.
    pub fn all_null(&self, count: usize) -> bool {
        (self.next..self.next + count)
            .all(|at| self.row.try_get::<_, Cell<'_>>(at).is_ok_and(|Cell(raw)| raw.is_none()))
    }

    #[cold]
    fn missing(&self, at: usize, table: Option<&TableMeta>, error: tokio_postgres::Error) -> Error {
        let found = self.row.len();
        let of = table.map_or_else(String::new, |table| format!(" of `{}`", table.entity));
        Error::decode(format!("the row has {found} columns, column {}{of} was expected too", at + 1))
            .because(error)
    }

    #[cold]
    fn explain(
        &self,
        at: usize,
        ExpectedType { table, rust, postgresql }: ExpectedType,
        mismatch: Mismatch,
    ) -> Error {
        let column = &self.row.columns()[at];
        let place = place(at, column.name(), table);
        let wanted = unqualified(rust);
        let error = match mismatch {
            Mismatch::Null => Error::decode(format!(
                "{place} is NULL, which `{wanted}` cannot hold: declare the field as `Option<{wanted}>`, or select \
                 `.optional()`"
            )),
            Mismatch::Type => Error::decode(format!(
                "{place} has the type {}, and `{wanted}` holds {postgresql}: {}",
                column.type_().name(),
                match table {
                    Some(_) => "change the field's type, or the column's",
                    None => "read it as another Rust type, or cast it in the SQL",
                }
            )),
            Mismatch::Value(cause) => {
                let is_secret = table.is_some_and(|table| table.is_secret(column.name()));
                refused_value(format!("{place} holds a value that `{wanted}` cannot hold"), cause, is_secret)
            }
        };
        match table {
            Some(table) => error.of_column(table.name, column.name()),
            None => error,
        }
    }
}

/// An error about a value that does not fit. Of a secret one nothing is told that could hold a part of it.
fn refused_value(message: String, cause: Cause, is_secret: bool) -> Error {
    let value = Unreadable::value_in(&cause).map(str::to_owned);
    match value {
        None if is_secret => Error::decode(message).without_values(),
        Some(_) if is_secret => Error::decode(format!("{message}: {cause}")).without_values(),
        None => Error::decode(format!("{message}: {cause}")).because(cause),
        Some(value) => Error::decode(format!("{message}: {cause}")).because(cause).with_values(value),
    }
}

/// What a cell should have been.
struct ExpectedType {
    /// The table it is a column of, where that is known.
    table: Option<&'static TableMeta>,
    /// The Rust type.
    rust: &'static str,
    /// The PostgreSQL type that it holds.
    postgresql: &'static str,
}

/// What a column of a row is called in a message.
fn place(at: usize, name: &str, table: Option<&'static TableMeta>) -> String {
    let place = format!("column {} (\"{name}\")", at + 1);
    let Some(table) = table else { return place };
    match table.columns.iter().find(|column| column.name == name) {
        Some(column) => format!("{place} of the table {} (`{column:?}`)", table.path()),
        // PostgreSQL cuts long names off.
        None => format!("{place} of the table {} (`{}`)", table.path(), table.entity),
    }
}

/// A type's name as people write it: without the modules it is in.
fn unqualified(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut word = 0;
    for character in name.chars() {
        if character == ':' {
            out.truncate(word);
            continue;
        }
        out.push(character);
        if !character.is_alphanumeric() && character != '_' {
            word = out.len();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unqualified;

    #[test]
    fn a_type_is_named_without_its_modules() {
        assert_eq!(unqualified("i32"), "i32");
        assert_eq!(unqualified("alloc::string::String"), "String");
        assert_eq!(
            unqualified("core::option::Option<alloc::vec::Vec<my_app::an_id::Id>>"),
            "Option<Vec<Id>>"
        );
        assert_eq!(unqualified("chrono::DateTime<chrono::Utc>"), "DateTime<Utc>");
    }
}
