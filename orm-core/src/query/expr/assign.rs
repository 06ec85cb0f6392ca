//! What may be stored in a column.

use super::expression::node_of;
use super::operand::{lists, value};
use super::{Column, Cond, Expr};
use crate::types::{BaseType, Element, SqlType};

/// What can be stored in a column of type `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored in a column of type `{T}`",
    label = "expected a value or expression of type `{T}`",
    note = "an optional value that is left out if it is `None` is `.set_some(User.age, age)`; an integer of another type is \
            converted: `i32::try_from(n)?`",
    note = "an object is given to its relation: `session.set(post, Post.author, user)`, or its key to the column"
)]
pub trait Assign<T: SqlType> {
    #[doc(hidden)]
    fn assigned(self) -> Expr<T>;
}

/// A column of `M` that a statement sets.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of `{M}`",
    label = "expected a column of `{M}`, which the statement writes"
)]
pub trait SetColumn<M> {
    /// The Rust type of its values.
    type Type: SqlType;

    #[doc(hidden)]
    fn column(self) -> Column<M, Self::Type>;
}

impl<M, T: SqlType> SetColumn<M> for Column<M, T> {
    type Type = T;

    fn column(self) -> Column<M, T> {
        self
    }
}

/// A column type that can hold the values of another: its own, and those that are never NULL.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot hold an expression of `{T}`",
    label = "expected an expression of `{Self}`",
    note = "`func::coalesce(User.age, 0)` has a value for NULL; `.cast::<i64>()` makes an SQL value one of another type"
)]
pub trait Holds<T: SqlType>: SqlType {}

impl<B: BaseType> Holds<B> for B {}
#[diagnostic::do_not_recommend]
impl<B: BaseType> Holds<B> for Option<B> {}
#[diagnostic::do_not_recommend]
impl<B: BaseType> Holds<Option<B>> for Option<B> {}

/// Numbers that hold all of a narrower type, which the server widens.
macro_rules! holds {
    ($($wide:ty: $($narrow:ty),*);* $(;)?) => { $($(
        #[diagnostic::do_not_recommend]
        impl Holds<$narrow> for $wide {}
        #[diagnostic::do_not_recommend]
        impl Holds<$narrow> for Option<$wide> {}
        #[diagnostic::do_not_recommend]
        impl Holds<Option<$narrow>> for Option<$wide> {}
    )*)* };
}
holds!(i32: i16; i64: i16, i32; f64: i16, i32, f32);
#[cfg(feature = "rust_decimal")]
holds!(rust_decimal::Decimal: i16, i32, i64);

impl<B: BaseType> Assign<B> for B {
    fn assigned(self) -> Expr<B> {
        value(self)
    }
}

impl<B: BaseType> Assign<Option<B>> for B {
    fn assigned(self) -> Expr<Option<B>> {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType> Assign<Option<B>> for Option<B> {
    fn assigned(self) -> Expr<Option<B>> {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType> Assign<B> for &B {
    fn assigned(self) -> Expr<B> {
        value(self.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType> Assign<Option<B>> for &B {
    fn assigned(self) -> Expr<Option<B>> {
        value(self.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType> Assign<Option<B>> for &Option<B> {
    fn assigned(self) -> Expr<Option<B>> {
        value(self.clone())
    }
}

#[diagnostic::do_not_recommend]
impl Assign<String> for &str {
    fn assigned(self) -> Expr<String> {
        value(self.to_owned())
    }
}

#[diagnostic::do_not_recommend]
impl Assign<Option<String>> for &str {
    fn assigned(self) -> Expr<Option<String>> {
        value(self.to_owned())
    }
}

/// What is unknown is NULL, which a column that is NOT NULL refuses.
#[diagnostic::do_not_recommend]
impl<U: SqlType<Base = bool>> Assign<U> for Cond {
    fn assigned(self) -> Expr<U> {
        Expr::new(self.0)
    }
}

/// Lists beside an array.
macro_rules! arrays {
    ($([$($generic:tt)*] $list:ty as $array:ty: $each:expr;)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($generic)*> Assign<$array> for $list {
            fn assigned(self) -> Expr<$array> {
                value(self.into_iter().map($each).collect::<$array>())
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($generic)*> Assign<Option<$array>> for $list {
            fn assigned(self) -> Expr<Option<$array>> {
                value(self.into_iter().map($each).collect::<$array>())
            }
        }
    )* };
}
lists!(arrays);

impl<M, T: SqlType, U: Holds<T>> Assign<U> for Column<M, T> {
    fn assigned(self) -> Expr<U> {
        Expr::new(node_of(self))
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: SqlType, U: Holds<T>> Assign<U> for &Column<M, T> {
    fn assigned(self) -> Expr<U> {
        Expr::new(node_of(self))
    }
}

impl<T: SqlType, U: Holds<T>> Assign<U> for Expr<T> {
    fn assigned(self) -> Expr<U> {
        Expr::new(self.node)
    }
}

impl<T: SqlType, U: Holds<T>> Assign<U> for &Expr<T> {
    fn assigned(self) -> Expr<U> {
        Expr::new(node_of(self))
    }
}

#[cfg(feature = "rust_decimal")]
mod with_decimal {
    use rust_decimal::Decimal;

    use super::{Assign, Expr, value};
    use crate::query::expr::operand::with_decimal::numeric;

    macro_rules! assigned {
        ($($value:ty: $into:expr);*) => { $(
            #[diagnostic::do_not_recommend]
            impl Assign<Decimal> for $value {
                fn assigned(self) -> Expr<Decimal> {
                    $into(self)
                }
            }

            #[diagnostic::do_not_recommend]
            impl Assign<Option<Decimal>> for $value {
                fn assigned(self) -> Expr<Option<Decimal>> {
                    $into(self)
                }
            }
        )* };
    }
    assigned!(i32: |number: i32| value(Decimal::from(number)); i64: |number: i64| value(Decimal::from(number)); f64: |float| Expr::new(numeric(float)));
}
