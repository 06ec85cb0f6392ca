//! The rows of an INSERT as COPY takes them.

use super::insert_rows::InsertRows;
use super::{Copying, Insert};
use crate::error::Error;
use crate::model::{Model, NewModel, NewValue};
use crate::query::check;
use crate::query::render;
use crate::schema::ColumnMeta;
use crate::types::{BytesMut, CopyRows, write_cell};

/// From how many rows on COPY is faster: it needs a round trip more.
const FEWEST: usize = 2000;

struct CopiedRows<'a, M: Model> {
    rows: &'a [M::New],
    columns: Vec<&'static ColumnMeta>,
}

impl<M: Model> CopyRows for CopiedRows<'_, M> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn write(&self, row: usize, elements: &[u32], out: &mut BytesMut) -> Result<(), Error> {
        let row = &self.rows[row];
        out.extend_from_slice(&(self.columns.len() as u16).to_be_bytes());
        for (nth, column) in self.columns.iter().enumerate() {
            match row.value(column.place) {
                NewValue::Value(value) => write_cell(value, elements.get(nth).copied(), out),
                NewValue::Null => write_cell(&None::<bool>, None, out),
                NewValue::Default | NewValue::Pending(_) => unreachable!("`copying` takes values alone"),
            }
            .map_err(|cause| column.refused(cause))?;
        }
        Ok(())
    }
}

impl<M: Model> Insert<M> {
    /// The rows, if COPY can bring them: many, of which nothing comes back, each with a value for the same columns.
    pub(super) fn copying(&self) -> Option<Copying<'_>> {
        if self.rows.len() < FEWEST
            || !self.set.is_empty()
            || self.conflict.is_some()
            || !self.returning.is_empty()
        {
            return None;
        }
        let columns = self.rows.columns(0..self.rows.len());
        if columns.is_empty() || check::columns(M::META, &columns, self.at).is_err() {
            return None;
        }
        let texts = render::copy(M::META, &columns);
        let rows: Box<dyn CopyRows> = match &self.rows {
            InsertRows::Whole(rows) if is_even(rows, &columns) => Box::new(CopiedRows::<M> { rows, columns }),
            InsertRows::Named(named) if named.check().is_ok() => Box::new(named),
            _ => return None,
        };
        Some(Copying { texts, rows, at: self.at })
    }
}

/// Whether each row says something of each of these columns.
fn is_even<N: NewModel>(rows: &[N], columns: &[&'static ColumnMeta]) -> bool {
    let is_set = |value| matches!(value, NewValue::Value(_) | NewValue::Null);
    rows.iter().all(|row| columns.iter().all(|column| is_set(row.value(column.place))))
}
