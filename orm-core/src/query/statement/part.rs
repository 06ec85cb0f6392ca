//! Where an INSERT of very many rows is cut into several statements.

use std::ops::Range;

use super::Insert;
use super::insert::columns;
use crate::error::Error;
use crate::model::Model;
use crate::types::{BytesMut, write_cell};

/// How many bytes of values a statement has, more or less. Two are on their way at a time.
const BYTES: usize = 2 << 20;

/// Fewer rows are never cut.
const FEWEST: usize = 1000;

/// How many parameters a statement can have.
const PARAMETERS: usize = 65_535;

impl<M: Model> Insert<M> {
    /// The parts, each for a statement of its own, if there is more than one; none otherwise.
    ///
    /// Rows in conflict with others stay together: one statement refuses to change a row twice, two would do it. So do
    /// those of a table that refers to itself: in one statement they may stand in any order.
    ///
    /// All values are written once, so that one which PostgreSQL cannot hold is told before anything is sent.
    pub(super) fn parts(&self) -> Result<Vec<Range<usize>>, Error> {
        let refers_to_itself = || M::META.targets().any(|table| table == M::META);
        if self.rows.len() < FEWEST || self.conflict.is_some() || refers_to_itself() {
            return Ok(Vec::new());
        }
        let columns = columns(&self.rows);
        let most =
            if self.is_even(&self.rows, &columns) { usize::MAX } else { PARAMETERS / columns.len().max(1) };
        let (mut parts, mut start, mut scratch) = (Vec::new(), 0, BytesMut::new());
        for (row, end) in self.rows.iter().zip(1..) {
            for column in &columns {
                if let Some(cell) = self.cell(row, column)? {
                    write_cell(cell.value(), None, &mut scratch).map_err(|cause| column.refused(cause))?;
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
