//! Where an INSERT of very many rows is cut into several statements.

use std::ops::Range;

use super::Insert;
use super::insert_rows::{InsertRows, input_value};
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
        match &self.rows {
            InsertRows::Whole(rows) => {
                let columns = self.rows.columns(0..rows.len());
                let Measure { bytes, is_even } = measure(rows, &columns);
                let most = if is_even { usize::MAX } else { PARAMETERS / columns.len().max(1) };
                if bytes < BYTES && rows.len() <= most {
                    return Ok(Vec::new());
                }
                self.cut(rows, &columns, most)
            }
            InsertRows::Named(named) => {
                let end = |start| (start + 1..named.len()).find(|end| named.size(start..*end) >= BYTES);
                let ends = std::iter::successors(end(0), |start| end(*start)).chain([named.len()]);
                Ok(between(ends))
            }
            InsertRows::Nothing | InsertRows::Select { .. } | InsertRows::Mixed => Ok(Vec::new()),
        }
    }

    fn cut(
        &self,
        rows: &[M::New],
        columns: &[&'static ColumnMeta],
        most: usize,
    ) -> Result<Vec<Range<usize>>, Error> {
        let (mut ends, mut start, mut scratch) = (Vec::new(), 0, BytesMut::new());
        for (row, end) in rows.iter().zip(1..) {
            for column in columns {
                if let Some(input) = input_value(row, column, self.at)? {
                    input.value().write_field(&mut scratch).map_err(|cause| column.refused(cause))?;
                }
            }
            if end < rows.len() && (scratch.len() >= BYTES || end - start >= most) {
                ends.push(end);
                start = end;
                scratch.clear();
            }
        }
        ends.push(rows.len());
        Ok(between(ends))
    }
}

/// What lies before the first of these ends, and between them; nothing if that is one part.
fn between(ends: impl IntoIterator<Item = usize>) -> Vec<Range<usize>> {
    let mut start = 0;
    let parts: Vec<_> = ends.into_iter().map(|end| std::mem::replace(&mut start, end)..end).collect();
    if parts.len() > 1 { parts } else { Vec::new() }
}

fn measure<N: NewModel>(rows: &[N], columns: &[&'static ColumnMeta]) -> Measure {
    let mut measure = Measure { bytes: 0, is_even: true };
    for row in rows {
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

/// What is known of the rows before any is written.
struct Measure {
    /// About how many bytes all values have.
    bytes: usize,
    /// Whether each row says something of each column.
    is_even: bool,
}
