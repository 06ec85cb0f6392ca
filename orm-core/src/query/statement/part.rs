//! Where an INSERT of very many rows is cut into several statements.

use std::ops::Range;

use super::Insert;
use super::insert::columns;
use crate::error::Error;
use crate::model::{Model, NewModel, NewValue};
use crate::schema::ColumnMeta;
use crate::types::BytesMut;

/// How many bytes of values a statement has, more or less. Two are on their way at a time.
const BYTES: usize = 2 << 20;

/// Fewer rows are never cut.
const FEWEST: usize = 1000;

/// How many bytes stand before each value.
const HEAD: usize = 4;

/// How many parameters a statement can have.
const PARAMETERS: usize = 65_535;

impl<M: Model> Insert<M> {
    /// The parts, each for a statement of its own, if there is more than one; none otherwise.
    ///
    /// Rows in conflict with others stay together: one statement refuses to change a row twice, two would do it. So do
    /// those of a table that refers to itself: in one statement they may stand in any order.
    ///
    /// Where there are several, all values are written once, so that one which PostgreSQL cannot hold is told before
    /// anything is sent.
    pub(super) fn parts(&self) -> Result<Vec<Range<usize>>, Error> {
        let refers_to_itself = || M::META.targets().any(|table| table == M::META);
        if self.rows.len() < FEWEST || self.conflict.is_some() || refers_to_itself() {
            return Ok(Vec::new());
        }
        let columns = columns(&self.rows);
        let Measure { bytes, is_even } = self.measure(&columns);
        let most = if is_even { usize::MAX } else { PARAMETERS / columns.len().max(1) };
        if bytes < BYTES && self.rows.len() <= most {
            return Ok(Vec::new());
        }
        self.cut(&columns, most)
    }

    fn measure(&self, columns: &[&'static ColumnMeta]) -> Measure {
        let mut measure = Measure { bytes: 0, is_even: true };
        for row in &self.rows {
            for column in columns {
                measure.bytes += HEAD;
                match row.value(column.place) {
                    NewValue::Value(value) => measure.bytes += value.size(),
                    NewValue::Null => {}
                    NewValue::Default | NewValue::Pending(_) => measure.is_even = false,
                }
            }
        }
        measure
    }

    fn cut(&self, columns: &[&'static ColumnMeta], most: usize) -> Result<Vec<Range<usize>>, Error> {
        let (mut parts, mut start, mut scratch) = (Vec::new(), 0, BytesMut::new());
        for (row, end) in self.rows.iter().zip(1..) {
            for column in columns {
                if let Some(cell) = self.cell(row, column)? {
                    cell.value().write_field(&mut scratch).map_err(|cause| column.refused(cause))?;
                }
            }
            if scratch.len() >= BYTES || end - start >= most {
                parts.push(start..end);
                start = end;
                scratch.clear();
            }
        }
        if start < self.rows.len() {
            parts.push(start..self.rows.len());
        }
        Ok(if parts.len() > 1 { parts } else { Vec::new() })
    }
}

/// What is known of the rows before any is written.
struct Measure {
    /// About how many bytes all values have.
    bytes: usize,
    /// Whether each row says something of each column.
    is_even: bool,
}
