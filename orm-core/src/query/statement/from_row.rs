//! Rows of SQL that is not of the tree.

use crate::error::Error;
use crate::model::{Model, Row, each_tuple};
use crate::row::{Cells, Names};
use crate::types::{BaseType, Element, SqlType};

/// What the rows of [`sql!`](crate::sql!) can be read as: a value or a tuple of values, by position; or a model or a struct
/// with `#[derive(Row)]`, by the names of its columns.
#[diagnostic::on_unimplemented(
    message = "rows of `sql!` cannot be read as `{Self}`",
    label = "expected a column type, a tuple of up to 16 column types, a model, or a struct with `#[derive(Row)]` whose fields are all \
             of column types"
)]
pub trait FromRow: Row {
    /// The names of the columns it takes; `None` for what takes all of them, by position.
    #[doc(hidden)]
    fn names() -> Option<Names> {
        None
    }

    /// How many columns it takes by position.
    #[doc(hidden)]
    fn width() -> usize {
        1
    }

    #[doc(hidden)]
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, Error>;
}

/// Reads a row by position, of as many columns as it takes.
///
/// # Errors
/// If the row has another number of columns, or one of them does not fit.
pub(super) fn by_position<R: FromRow>(cells: &mut Cells<'_>) -> Result<R, Error> {
    cells.expect::<R>(R::width())?;
    R::from_row(cells)
}

#[diagnostic::do_not_recommend]
impl<M: Model> FromRow for M {
    fn names() -> Option<Names> {
        Some(Names::of_table(M::META))
    }

    fn from_row(cells: &mut Cells<'_>) -> Result<M, Error> {
        M::decode(cells)
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType + Row> FromRow for Option<B> {
    fn from_row(cells: &mut Cells<'_>) -> Result<Option<B>, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Element + Row> FromRow for Vec<T> {
    fn from_row(cells: &mut Cells<'_>) -> Result<Vec<T>, Error> {
        cells.read()
    }
}

#[cfg(feature = "serde_json")]
#[diagnostic::do_not_recommend]
impl<T: crate::types::JsonContent> FromRow for crate::types::Json<T> {
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Element> FromRow for crate::types::Array<T> {
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl<T: crate::types::RangeElement> FromRow for crate::types::Range<T> {
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl<T: crate::types::RangeElement> FromRow for crate::types::Multirange<T> {
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, Error> {
        cells.read()
    }
}

macro_rules! tuple {
    ($($part:ident $place:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: SqlType + Row),*> FromRow for ($($part,)*) {
            fn width() -> usize {
                [$($place),*].len()
            }

            fn from_row(cells: &mut Cells<'_>) -> Result<Self, Error> {
                Ok(($(cells.read::<$part>()?,)*))
            }
        }
    };
}
each_tuple!(tuple);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, L 10, M 11, N 12, O 13, P 14, Q 15);
