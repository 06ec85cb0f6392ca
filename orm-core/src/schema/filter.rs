//! The conditions that rows are read and changed with by themselves.

use std::fmt;
use std::sync::Arc;

use crate::types::Value;

/// A condition that a statement has by itself for each table of the model, unless it leaves it out by name.
#[derive(Debug)]
pub struct Filter {
    /// Its name.
    pub name: &'static str,
    /// The condition in SQL, taken apart at the columns of the table: one more than `columns`, which stand between.
    pub texts: &'static [&'static str],
    /// The places of the columns.
    pub columns: &'static [usize],
}

/// The column that says that a row counts as deleted: NULL, or false, while it does not.
#[derive(Clone, Copy)]
pub struct SoftDelete {
    /// Its place in the table's columns.
    pub place: usize,
    /// Makes the value of a row that is deleted now.
    pub value: fn() -> Arc<dyn Value>,
}

impl SoftDelete {
    /// Whether a row with this value in the column counts as deleted.
    pub(crate) fn is_marked(&self, value: &dyn Value) -> bool {
        !value.is_null() && !value.same(&false)
    }
}

impl fmt::Debug for SoftDelete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SoftDelete").field("place", &self.place).finish_non_exhaustive()
    }
}
