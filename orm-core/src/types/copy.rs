//! Rows in the binary form of COPY.

use bytes::BytesMut;

use super::written::content;
use super::{Cause, Value};
use crate::error::Error;

/// What stands before the rows: the signature, no flags, and no extension.
pub(crate) const COPY_START: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What stands behind the rows, in the place of a row's number of columns.
pub(crate) const COPY_END: &[u8; 2] = b"\xff\xff";

/// Where the type of its elements stands in an array, behind its length, its dimensions and a flag.
const ELEMENT: usize = 12;

/// Rows to be copied into a table.
pub(crate) trait CopyRows: Send + Sync {
    fn count(&self) -> usize;

    /// Writes a row: the number of its columns, and each value behind its length.
    ///
    /// `elements` has a number for each column: for arrays of a type that the database made itself, that of their
    /// elements, else zero. It may be empty where the bytes are not sent.
    ///
    /// # Errors
    /// If PostgreSQL cannot hold one of the values.
    fn write(&self, row: usize, elements: &[u32], out: &mut BytesMut) -> Result<(), Error>;

    /// Refuses values that PostgreSQL cannot hold.
    ///
    /// # Errors
    /// As [`write`](CopyRows::write) of any of the rows.
    fn check(&self) -> Result<(), Error> {
        let mut scratch = BytesMut::new();
        (0..self.count()).try_for_each(|row| {
            scratch.clear();
            self.write(row, &[], &mut scratch)
        })
    }
}

/// Writes one value of a row.
///
/// # Errors
/// If PostgreSQL cannot hold it.
pub(crate) fn write_cell(value: &dyn Value, element: Option<u32>, out: &mut BytesMut) -> Result<(), Cause> {
    let start = out.len();
    if value.write_field(out)?
        && let Some(element) = of_database(element)
    {
        set_element(&mut out[start..], element);
    }
    Ok(())
}

/// Adds one value of a row that is written already.
#[inline]
pub(crate) fn put_cell(field: &[u8], element: Option<u32>, out: &mut BytesMut) {
    let start = out.len();
    out.extend_from_slice(field);
    if let Some(element) = of_database(element)
        && content(field).is_some()
    {
        set_element(&mut out[start..], element);
    }
}

/// The number of a type that the database made itself.
fn of_database(element: Option<u32>) -> Option<u32> {
    element.filter(|number| *number != 0)
}

/// Says in an array what the database calls the type of its elements.
fn set_element(field: &mut [u8], element: u32) {
    field[ELEMENT..ELEMENT + 4].copy_from_slice(&element.to_be_bytes());
}
