//! One column of many rows, written down while the rows are given.

use std::fmt;
use std::ops::Range;

use bytes::BytesMut;

use super::array::encoded;
use super::bulk::Arrays;
use super::{BulkColumn, Cause, PgType};

/// How many bytes stand before each value: its length.
const HEAD: usize = 4;

/// The values of one column, NULLs included, as arrays and rows hold them on their way.
#[derive(Clone, Default)]
pub(crate) struct WrittenColumn {
    /// Each value behind its length.
    fields: BytesMut,
    /// Where each of them ends.
    ends: Vec<usize>,
}

impl WrittenColumn {
    /// Adds a value by what writes it as a field.
    ///
    /// # Errors
    /// If PostgreSQL cannot hold it; the column is of no use then.
    #[inline]
    pub(crate) fn push(
        &mut self,
        write_field: impl FnOnce(&mut BytesMut) -> Result<bool, Cause>,
    ) -> Result<(), Cause> {
        write_field(&mut self.fields)?;
        self.ends.push(self.fields.len());
        Ok(())
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A value behind its length.
    pub(crate) fn field(&self, row: usize) -> &[u8] {
        &self.fields[self.start(row)..self.ends[row]]
    }

    /// How many bytes these rows have.
    pub(crate) fn size(&self, rows: Range<usize>) -> usize {
        self.start(rows.end) - self.start(rows.start)
    }

    /// These rows as they are sent.
    ///
    /// # Errors
    /// If there are too many.
    pub(crate) fn bulk(&self, ty: &'static PgType, rows: Range<usize>) -> Result<BulkColumn, Cause> {
        let Some(element) = ty.element else {
            let fields = &self.fields[self.start(rows.start)..self.start(rows.end)];
            return encoded(ty, rows.len(), fields).map(BulkColumn::Values);
        };
        let mut arrays = Arrays::with_capacity(rows.len());
        for row in rows {
            arrays.push(content(self.field(row)))?;
        }
        arrays.finish(element).map(BulkColumn::Arrays)
    }

    fn start(&self, row: usize) -> usize {
        row.checked_sub(1).map_or(0, |before| self.ends[before])
    }
}

impl fmt::Debug for WrittenColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} values]", self.len())
    }
}

/// The binary form of a value, as it stands behind its length; `None` for NULL.
pub(crate) fn content(field: &[u8]) -> Option<&[u8]> {
    let (length, content) = field.split_first_chunk::<HEAD>()?;
    (i32::from_be_bytes(*length) >= 0).then_some(content)
}
