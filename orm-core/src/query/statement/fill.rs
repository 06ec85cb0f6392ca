//! What fills the fields of a row with names.

use super::{Items, Origin, Selectable};
use crate::error::Error;
use crate::model::Optional;
use crate::query::expr::{Column, Cond, Expr, Scalar};
use crate::row::Cells;
use crate::types::BaseType;

/// What can fill a field of type `T` of a row with `#[derive(Row)]`: whatever can be selected and gives a `T`.
///
/// A column or expression that is never NULL fills an `Option` too, and one of a left-joined table needs no `.optional()`
/// for it. A field that is itself a row takes the struct of that row, a model's field takes its table, and an `Option` of
/// either takes it with `.optional()`: `None` where all of its columns are NULL.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot fill a field of type `{T}`",
    label = "expected a column, an expression, a model or a row that gives `{T}`",
    note = "a plain value is selected with `lit(value)`; what may be NULL fills an `Option`, and `func::coalesce(User.age, 0)` \
            has a value for NULL; `.cast::<i64>()` makes an SQL value one of another type"
)]
pub trait Fill<T> {
    #[doc(hidden)]
    fn fill_items(self, items: &mut Items);

    #[doc(hidden)]
    fn fill(cells: &mut Cells<'_>) -> Result<T, Error>;

    /// How many cells it reads.
    #[doc(hidden)]
    fn fill_width() -> usize {
        1
    }
}

// One impl for each pair of types, so that what does not fit is told of the column and the field; by hand, so that no
// macro is part of the message.

#[diagnostic::do_not_recommend]
impl<M: Origin, B: BaseType> Fill<B> for Column<M, B> {
    fn fill_items(self, items: &mut Items) {
        items.value(self.into_expr(), B::TYPE, false);
    }

    fn fill(cells: &mut Cells<'_>) -> Result<B, Error> {
        match M::table() {
            Some(table) => cells.read_of(table),
            None => cells.read(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType> Fill<B> for Expr<B> {
    fn fill_items(self, items: &mut Items) {
        items.value(self, B::TYPE, false);
    }

    fn fill(cells: &mut Cells<'_>) -> Result<B, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl<M: Origin, B: BaseType> Fill<Option<B>> for Column<M, B> {
    fn fill_items(self, items: &mut Items) {
        items.value(self.into_expr(), B::TYPE, true);
    }

    fn fill(cells: &mut Cells<'_>) -> Result<Option<B>, Error> {
        match M::table() {
            Some(table) => cells.read_of(table),
            None => cells.read(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType> Fill<Option<B>> for Expr<B> {
    fn fill_items(self, items: &mut Items) {
        items.value(self, B::TYPE, true);
    }

    fn fill(cells: &mut Cells<'_>) -> Result<Option<B>, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl<M: Origin, B: BaseType> Fill<Option<B>> for Column<M, Option<B>> {
    fn fill_items(self, items: &mut Items) {
        items.value(self.into_expr(), B::TYPE, true);
    }

    fn fill(cells: &mut Cells<'_>) -> Result<Option<B>, Error> {
        match M::table() {
            Some(table) => cells.read_of(table),
            None => cells.read(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType> Fill<Option<B>> for Expr<Option<B>> {
    fn fill_items(self, items: &mut Items) {
        items.value(self, B::TYPE, true);
    }

    fn fill(cells: &mut Cells<'_>) -> Result<Option<B>, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl<T, E> Fill<T> for &Expr<E>
where
    Expr<E>: Fill<T> + Clone,
{
    fn fill_items(self, items: &mut Items) {
        self.clone().fill_items(items);
    }

    fn fill(cells: &mut Cells<'_>) -> Result<T, Error> {
        Expr::<E>::fill(cells)
    }
}

#[diagnostic::do_not_recommend]
impl Fill<bool> for Cond {
    fn fill_items(self, items: &mut Items) {
        items.value(Expr::<bool>::from_node(self.0), bool::TYPE, false);
    }

    fn fill(cells: &mut Cells<'_>) -> Result<bool, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl Fill<Option<bool>> for Cond {
    fn fill_items(self, items: &mut Items) {
        self.items(items);
    }

    fn fill(cells: &mut Cells<'_>) -> Result<Option<bool>, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl<R, S: Selectable<Row = R>> Fill<Option<R>> for Optional<S> {
    fn fill_items(self, items: &mut Items) {
        self.items(items);
    }

    fn fill(cells: &mut Cells<'_>) -> Result<Option<R>, Error> {
        Self::decode(cells)
    }

    fn fill_width() -> usize {
        S::width()
    }
}

/// A row of a model's columns fills a field of its own type.
#[doc(hidden)]
#[macro_export]
macro_rules! __fill_row {
    ($columns:ty, $row:ty) => {
        #[diagnostic::do_not_recommend]
        impl $crate::query::Fill<$row> for $columns {
            fn fill_items(self, items: &mut $crate::query::Items) {
                $crate::query::Selectable::items(self, items)
            }

            fn fill(cells: &mut $crate::codegen::Cells<'_>) -> ::core::result::Result<$row, $crate::Error> {
                <Self as $crate::query::Selectable>::decode(cells)
            }

            fn fill_width() -> usize {
                <Self as $crate::query::Selectable>::width()
            }
        }
    };
}
