//! References to objects whose keys may not be known yet, given by `session.set` instead of a value.

use std::sync::Arc;

use crate::model::Pending;
use crate::schema::ColumnMeta;
use crate::types::Value;

/// An object that is referred to, and the column that it is by.
pub(in crate::session) type To = (Pending, &'static ColumnMeta);

/// What a column of an object is to refer to when all is flushed.
pub(super) struct Reference {
    /// `None` for nothing.
    pub(super) to: Option<To>,
    /// What an object held when it was given this: another value by now is a later assignment, and counts instead.
    pub(super) over: Option<Arc<dyn Value>>,
}
