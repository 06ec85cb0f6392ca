//! The columns that count the changes of rows.

use super::NewValue;
use crate::schema::VersionMeta;
use crate::types::{Value, Xmin};

/// A type that can tell the changes of a row apart.
#[diagnostic::on_unimplemented(
    message = "a `version` of type `{Self}` cannot count changes",
    label = "make this `i32` or `i64`, or `Xmin` with `column = \"xmin\"`"
)]
pub trait Version: Value + Sized {
    /// The version of a new row; `None` for what PostgreSQL keeps itself.
    const FIRST: Option<&'static Self>;
}

#[diagnostic::do_not_recommend]
impl Version for i16 {
    const FIRST: Option<&'static Self> = Some(&1);
}

#[diagnostic::do_not_recommend]
impl Version for i32 {
    const FIRST: Option<&'static Self> = Some(&1);
}

#[diagnostic::do_not_recommend]
impl Version for i64 {
    const FIRST: Option<&'static Self> = Some(&1);
}

#[diagnostic::do_not_recommend]
impl Version for Xmin {
    const FIRST: Option<&'static Self> = None;
}

/// The column that counts the changes of a row.
///
/// # Panics
/// If the type is that of the system column and the column is not, or the other way round; at compile time.
#[track_caller]
pub const fn version<V: Version>(place: usize, is_system: bool) -> Option<VersionMeta> {
    assert!(
        V::FIRST.is_some() != is_system,
        "an `Xmin` is the system column, and nothing else is: write `#[orm(version, column = \"xmin\")] version: Xmin`, or \
         a version of type `i32` or `i64` with a column of its own"
    );
    let first = match V::FIRST {
        Some(first) => Some(first as &'static dyn Value),
        None => None,
    };
    Some(VersionMeta { place, first })
}

/// What a new row says of its version.
pub fn first_version<'a, V: Version>() -> NewValue<'a> {
    V::FIRST.map_or(NewValue::Default, |first| NewValue::Value(first))
}
