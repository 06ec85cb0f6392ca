//! Methods that columns and expressions are often thought to have: what the compiler says of each is what to write instead.

use super::func::Neighbour;
use super::{Column, Cond, Expr, WindowFunction, lit};

/// Aggregates are functions.
#[diagnostic::on_unimplemented(
    message = "aggregates are functions, and no methods of a column",
    label = "write `func::max(..)`, `func::min(..)`, `func::sum(..)`, `func::avg(..)`, `func::count(..)`"
)]
pub trait AggregateAsAMethod {}

/// SQL's NULL is asked for by its name.
#[diagnostic::on_unimplemented(
    message = "whether a column is NULL is asked by `is_null` and `is_not_null`",
    label = "write `.is_null()`, or `.is_not_null()`"
)]
pub trait OptionOfAColumn {}

/// A window function has a value over a window only.
#[diagnostic::on_unimplemented(
    message = "a window function has no value before `.over(..)`",
    label = "write `.over(partition_by(..).order_by(..))` before it, or `.over(())` for all rows"
)]
pub trait WindowFunctionAlone {}

macro_rules! of_a_value {
    ([$($generic:tt)*] $ty:ty: $($method:ident)*) => {
        impl<$($generic)* T> $ty {
            $(
                #[doc(hidden)]
                pub fn $method(&self) -> Expr<i64>
                where
                    Self: AggregateAsAMethod,
                {
                    lit(0)
                }
            )*

            #[doc(hidden)]
            pub fn is_none(&self) -> Cond
            where
                Self: OptionOfAColumn,
            {
                Cond(lit(true).node)
            }

            #[doc(hidden)]
            pub fn is_some(&self) -> Cond
            where
                Self: OptionOfAColumn,
            {
                Cond(lit(true).node)
            }
        }
    };
}
of_a_value!([M,] Column<M, T>: max min sum avg count);
of_a_value!([] Expr<T>: max min sum avg count);

macro_rules! before_over {
    ($ty:ident: $($method:ident)*) => {
        impl<T> $ty<T> {
            $(
                #[doc(hidden)]
                pub fn $method<O>(self, _: O) -> Cond
                where
                    Self: WindowFunctionAlone,
                {
                    Cond(lit(true).node)
                }
            )*
        }
    };
}
before_over!(WindowFunction: eq ne lt le gt ge);
before_over!(Neighbour: eq ne lt le gt ge);
