//! INSERT .. SELECT.

use std::sync::Arc;

use super::{Insert, Select};
use crate::model::{Model, Row};
use crate::query::expr::{Column, Holds};
use crate::schema::ColumnMeta;
use crate::types::SqlType;

/// Columns of `M` that can hold rows of `R`: a column such as `User.name` for rows of one value, or a tuple of up to 16 of
/// them for tuples.
#[diagnostic::on_unimplemented(
    message = "these columns of `{M}` cannot hold rows of `{R}`",
    label = "expected one column for each value of a row, of its type",
    note = "the rows are `{R}`: for `(i64, String)` the columns are `(Archive.id, Archive.title)`",
    note = "a column that can be NULL holds values that are never NULL too; `.cast::<i64>()` makes an SQL value one of another \
            type"
)]
pub trait Receives<M: Model, R> {
    #[doc(hidden)]
    fn receive(&self) -> Vec<&'static ColumnMeta>;
}

impl<M: Model, T: Holds<U>, U: SqlType> Receives<M, U> for Column<M, T> {
    fn receive(&self) -> Vec<&'static ColumnMeta> {
        vec![self.meta()]
    }
}

macro_rules! receives {
    ($($column:ident $value:ident $place:tt),*) => {
        impl<MODEL: Model, $($column: Holds<$value>, $value: SqlType),*> Receives<MODEL, ($($value,)*)>
            for ($(Column<MODEL, $column>,)*)
        {
            fn receive(&self) -> Vec<&'static ColumnMeta> {
                vec![$(self.$place.meta()),*]
            }
        }
    };
}

/// Calls `receives` for the first column alone, for the first two, and so on.
macro_rules! each {
    ([$($done:tt)*]) => {};
    ([] $column:ident $value:ident $place:tt, $($rest:tt)*) => {
        receives!($column $value $place);
        each!([$column $value $place] $($rest)*);
    };
    ([$($done:tt)+] $column:ident $value:ident $place:tt, $($rest:tt)*) => {
        receives!($($done)+, $column $value $place);
        each!([$($done)+, $column $value $place] $($rest)*);
    };
}
each!([] A Aa 0, B Bb 1, C Cc 2, D Dd 3, E Ee 4, F Ff 5, G Gg 6, H Hh 7, I Ii 8, J Jj 9, K Kk 10, L Ll 11, N Nn 12,
    O Oo 13, P Pp 14, Q Qq 15,);

impl<M: Model> Insert<M> {
    /// Inserts the rows that a select gives, in these columns; the server moves them, and none comes to the program. Other
    /// columns have their defaults, or what [`set`](Insert::set) says. A `client_default` that is not named is refused: the
    /// program has no rows to make values for.
    ///
    /// ```
    /// use orm_core::prelude::*;
    ///
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "posts")]
    /// pub struct Post {
    ///     #[orm(primary_key, generated)]
    ///     pub id: i64,
    ///     pub title: String,
    /// }
    ///
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "archive")]
    /// pub struct Archive {
    ///     #[orm(primary_key)]
    ///     pub id: i64,
    ///     pub title: String,
    ///     pub note: Option<String>,
    /// }
    ///
    /// let gone = delete(Post).filter(Post.id.lt(100)).returning((Post.id, Post.title)).cte("gone");
    /// let moved = insert(Archive).from_select((Archive.id, Archive.title), select(&gone)).set(Archive.note, "old");
    /// assert!(moved.to_sql()?.text.contains(r#"INSERT INTO "archive" ("id", "title", "note") SELECT"#));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn from_select<R: Row>(self, columns: impl Receives<M, R>, select: Select<R>) -> Insert<M> {
        self.selected(columns.receive(), select)
    }

    pub(super) fn selected<R>(mut self, columns: Vec<&'static ColumnMeta>, select: Select<R>) -> Insert<M> {
        self.rows.add_select(columns, Arc::new(*select.query));
        self
    }
}
