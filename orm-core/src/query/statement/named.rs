//! The values of rows that name their columns, written down.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::error::{Cause, Error};
use crate::query::ast::InsertSource;
use crate::schema::{ColumnMeta, TableMeta};
use crate::types::{
    BaseType, BytesMut, CopyRows, Mismatch, Parameter, SqlType, Storable, Value, WrittenColumn, content,
    put_cell,
};

/// The rows, column by column.
#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub struct NamedRows {
    columns: Vec<NamedColumn>,
    refused: Option<Refusal>,
}

/// One column of the rows.
#[derive(Clone)]
struct NamedColumn {
    meta: &'static ColumnMeta,
    written: WrittenColumn,
    first: First,
}

/// Reads a value behind its length.
type Read = fn(&[u8]) -> Result<Arc<dyn Value>, Cause>;

/// How the value of the first row is had.
#[derive(Clone)]
enum First {
    Read(Read),
    Made(Arc<dyn Value>),
}

/// Why a value cannot be sent.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Refusal {
    place: usize,
    cause: Arc<Cause>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&**self.cause)
    }
}

impl NamedRows {
    /// Adds a column.
    pub(super) fn column<T: SqlType>(&mut self, meta: &'static ColumnMeta) {
        let first = First::Read(read::<T>);
        self.columns.push(NamedColumn { meta, written: WrittenColumn::default(), first });
    }

    /// Adds the value of a column, by the column's place in the list.
    #[inline]
    pub(super) fn push<T>(&mut self, place: usize, value: &impl Storable<T>) -> Result<(), Refusal> {
        let written = &mut self.columns[place].written;
        written.push(|out| value.write_field(out)).map_err(|cause| Refusal { place, cause: Arc::new(cause) })
    }

    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.refused = Some(refusal);
    }

    /// Adds what the model gives for columns that were not named: a first version, and what the program makes.
    pub(super) fn fill(&mut self, table: &'static TableMeta) {
        for meta in table.columns {
            if self.columns.iter().any(|column| column.meta == meta) {
                continue;
            }
            match (first_version(table, meta), meta.client_default) {
                (Some(first), _) => self.made(meta, || Arc::clone(&first)),
                (None, Some(make)) => self.made(meta, make),
                (None, None) => {}
            }
        }
    }

    fn made(&mut self, meta: &'static ColumnMeta, make: impl Fn() -> Arc<dyn Value>) {
        let (place, first) = (self.columns.len(), make());
        let mut written = WrittenColumn::default();
        let values = std::iter::once(Arc::clone(&first)).chain(std::iter::repeat_with(make));
        let pushed = values.take(self.len()).try_for_each(|value| written.push(|out| value.write_field(out)));
        if let Err(cause) = pushed {
            self.refused.get_or_insert(Refusal { place, cause: Arc::new(cause) });
        }
        self.columns.push(NamedColumn { meta, written, first: First::Made(first) });
    }

    /// How many rows there are; the one with a value that was refused is none.
    pub(super) fn len(&self) -> usize {
        self.columns.iter().map(|column| column.written.len()).min().unwrap_or(0)
    }

    pub(super) fn columns(&self) -> Vec<&'static ColumnMeta> {
        self.columns.iter().map(|column| column.meta).collect()
    }

    /// Some of the rows, as a statement holds them.
    pub(super) fn rows(&self, rows: Range<usize>) -> Result<InsertSource, Error> {
        if rows == (0..1) {
            let first =
                self.columns.iter().map(|column| column.first().map(Some)).collect::<Result<_, _>>()?;
            return Ok(InsertSource::Values(vec![first]));
        }
        let columns = self.columns.iter().map(|column| {
            let bulk = column.written.bulk(column.meta.ty, rows.clone());
            bulk.map_err(|cause| column.meta.refused(cause))
        });
        columns.collect::<Result<_, _>>().map(InsertSource::Unnest)
    }

    /// Whether PostgreSQL can hold all values.
    pub(super) fn check(&self) -> Result<(), Error> {
        let Some(refusal) = &self.refused else { return Ok(()) };
        Err(self.columns[refusal.place].meta.refused(Box::new(refusal.clone())))
    }

    /// About how many bytes some of the rows have.
    pub(super) fn size(&self, rows: Range<usize>) -> usize {
        self.columns.iter().map(|column| column.written.size(rows.clone())).sum()
    }
}

/// What a column holds in a new row if it is the table's version.
pub(super) fn first_version(table: &'static TableMeta, column: &ColumnMeta) -> Option<Arc<dyn Value>> {
    let version = table.version.filter(|version| version.place == column.place)?;
    Some(version.first?.share())
}

impl fmt::Debug for NamedColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {:?}", self.meta, self.written)
    }
}

impl NamedColumn {
    fn first(&self) -> Result<Parameter, Error> {
        match &self.first {
            First::Made(value) => Ok(Parameter::shared(Arc::clone(value))),
            First::Read(read) => {
                let value = read(self.written.field(0)).map_err(|cause| self.meta.refused(cause))?;
                Ok(Parameter::shared(value))
            }
        }
    }
}

/// The value whose field this is, so that it is shown like any other.
fn read<T: SqlType>(field: &[u8]) -> Result<Arc<dyn Value>, Cause> {
    match T::decode(&T::Base::TYPE.wire, content(field)) {
        Ok(value) => Ok(Arc::new(value)),
        Err(Mismatch::Value(cause)) => Err(cause),
        Err(Mismatch::Null | Mismatch::Type) => Err("it is not what it was written as".into()),
    }
}

impl CopyRows for &NamedRows {
    fn count(&self) -> usize {
        self.len()
    }

    fn write(&self, row: usize, elements: &[u32], out: &mut BytesMut) -> Result<(), Error> {
        out.extend_from_slice(&(self.columns.len() as u16).to_be_bytes());
        for (nth, column) in self.columns.iter().enumerate() {
            put_cell(column.written.field(row), elements.get(nth).copied(), out);
        }
        Ok(())
    }

    fn check(&self) -> Result<(), Error> {
        // They are written already.
        Ok(())
    }
}
