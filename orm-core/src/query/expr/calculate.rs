//! Arithmetic: `Sale.price * 2`, `1 - Sale.discount`, `Sale.day + Interval::from_days(7)`, `User.name + "!"`.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use super::condition::join;
use super::expression::node_of;
use super::{ArgumentNode, Column, Expr};
use crate::query::ast::{Binary, Node};
use crate::types::{
    Arithmetic, BaseType, Combine, Divided, Interval, Minus, Numeric, OfNumbers, Parameter, Plus, Remainder,
    SqlType, Times,
};

/// What can be calculated with an expression of `B` by the operator `O`: a value, a column or an expression of a type that
/// PostgreSQL mixes with it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be calculated with an SQL `{B}` here",
    label = "PostgreSQL has no such operator of `{B}`",
    note = "a Rust value of another type is `lit(value)`, or converted; numbers are calculated with numbers, moments with an `Interval`, and `+` joins text; `.cast::<i64>()` makes an \
            SQL value one of another type"
)]
pub trait Calculate<O, B: BaseType> {
    /// The type of the result.
    type Type: SqlType;

    #[doc(hidden)]
    fn calculated(self) -> ArgumentNode;
}

pub(super) fn value<T: SqlType>(value: T) -> ArgumentNode {
    ArgumentNode(Node::Parameter(Parameter::new(value)))
}

impl<O, B: Combine<O, B>> Calculate<O, B> for B {
    type Type = <B as Combine<O, B>>::Output;

    fn calculated(self) -> ArgumentNode {
        value(self)
    }
}

impl<O, B: Combine<O, B>> Calculate<O, B> for &B {
    type Type = <B as Combine<O, B>>::Output;

    fn calculated(self) -> ArgumentNode {
        value(self.clone())
    }
}

impl<O, B: Combine<O, B>> Calculate<O, B> for Option<B> {
    type Type = Option<<B as Combine<O, B>>::Output>;

    fn calculated(self) -> ArgumentNode {
        value(self)
    }
}

impl<O> Calculate<O, String> for &str
where
    String: Combine<O, String>,
{
    type Type = <String as Combine<O, String>>::Output;

    fn calculated(self) -> ArgumentNode {
        value(self.to_owned())
    }
}

impl<O, M, B: Combine<O, U::Base>, U: SqlType> Calculate<O, B> for Column<M, U> {
    type Type = U::With<B::Output>;

    fn calculated(self) -> ArgumentNode {
        ArgumentNode(node_of(self))
    }
}

#[diagnostic::do_not_recommend]
impl<O, M, B: Combine<O, U::Base>, U: SqlType> Calculate<O, B> for &Column<M, U> {
    type Type = U::With<B::Output>;

    fn calculated(self) -> ArgumentNode {
        ArgumentNode(node_of(self))
    }
}

impl<O, B: Combine<O, U::Base>, U: SqlType> Calculate<O, B> for Expr<U> {
    type Type = U::With<B::Output>;

    fn calculated(self) -> ArgumentNode {
        ArgumentNode(self.node)
    }
}

impl<O, B: Combine<O, U::Base>, U: SqlType> Calculate<O, B> for &Expr<U> {
    type Type = U::With<B::Output>;

    fn calculated(self) -> ArgumentNode {
        ArgumentNode(node_of(self))
    }
}

/// Values of other types; a literal without a type is an `i32` where it may be one.
macro_rules! values {
    ($base:ty: $($foreign:ty as $sent:ty),* $(,)?) => { $(
        impl<O> Calculate<O, $base> for $foreign
        where
            $base: Combine<O, $sent>,
        {
            type Type = <$base as Combine<O, $sent>>::Output;

            fn calculated(self) -> ArgumentNode {
                value::<$sent>(SentAs::<$sent>::sent(self))
            }
        }
    )* };
}
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
pub(super) use values;

/// A Rust value as one that PostgreSQL has.
pub(super) trait SentAs<T> {
    fn sent(self) -> T;
}

impl<T> SentAs<T> for T {
    fn sent(self) -> T {
        self
    }
}

/// Spans beyond all that PostgreSQL has are the longest there is: a sum with it is out of range on the server.
impl SentAs<Interval> for std::time::Duration {
    fn sent(self) -> Interval {
        Interval::try_from(self).unwrap_or(Interval::from_microseconds(i64::MAX))
    }
}

values!(f64: i32 as i32, i64 as i64);
values!(i16: f64 as f64);
values!(i32: f64 as f64);
values!(i64: f64 as f64);
values!(Interval: i32 as i32, i64 as i64, f64 as f64, std::time::Duration as Interval);

#[cfg(feature = "rust_decimal")]
mod with_decimal {
    use rust_decimal::Decimal;

    use super::{ArgumentNode, Calculate, Combine, SentAs, value};

    values!(Decimal: i32 as i32, i64 as i64);
    values!(i16: Decimal as Decimal);
    values!(i32: Decimal as Decimal);
    values!(i64: Decimal as Decimal);
}

#[cfg(feature = "rust_decimal")]
impl<O> Calculate<O, rust_decimal::Decimal> for f64
where
    rust_decimal::Decimal: Combine<O, rust_decimal::Decimal>,
{
    type Type = <rust_decimal::Decimal as Combine<O, rust_decimal::Decimal>>::Output;

    fn calculated(self) -> ArgumentNode {
        ArgumentNode(super::operand::with_decimal::numeric(self))
    }
}

fn calculation<T>(operator: Binary, left: Node, right: ArgumentNode) -> Expr<T> {
    Expr::new(join(operator, left, right.0))
}

macro_rules! operators {
    ([$($generic:tt)*] $ty:ty) => {
        operators!([$($generic)*] $ty, Add add Plus, if T::Base::JOINS { Binary::Concat } else { Binary::Add });
        operators!([$($generic)*] $ty, Sub sub Minus, Binary::Subtract);
        operators!([$($generic)*] $ty, Mul mul Times, Binary::Multiply);
        operators!([$($generic)*] $ty, Div div Divided, Binary::Divide);
        operators!([$($generic)*] $ty, Rem rem Remainder, Binary::Remainder);

        impl<$($generic)* T: SqlType> Neg for $ty
        where
            T::Base: Numeric,
        {
            type Output = Expr<T>;

            fn neg(self) -> Expr<T> {
                Expr::new(Node::Negate(Box::new(node_of(self))))
            }
        }
    };
    ([$($generic:tt)*] $ty:ty, $trait:ident $method:ident $operator:ident, $sql:expr) => {
        impl<$($generic)* T: SqlType, O: Calculate<$operator, T::Base>> $trait<O> for $ty
        where
            T::Base: Arithmetic,
        {
            type Output = Expr<T::With<O::Type>>;

            fn $method(self, other: O) -> Self::Output {
                calculation($sql, node_of(self), other.calculated())
            }
        }
    };
}
operators!([M,] Column<M, T>);
operators!([] Expr<T>);
operators!([] &Expr<T>);

/// Values on the left: `1 - Sale.discount`.
macro_rules! left {
    ($value:ty: $($trait:ident $method:ident $operator:ident $sql:ident),*) => { $(
        left!($value, [M,] Column<M, U>, $trait $method $operator $sql);
        left!($value, [] Expr<U>, $trait $method $operator $sql);
    )* };
    ($value:ty, [$($generic:tt)*] $ty:ty, $trait:ident $method:ident $operator:ident $sql:ident) => {
        impl<$($generic)* U: SqlType> $trait<$ty> for $value
        where
            $value: Combine<$operator, U::Base>,
        {
            type Output = Expr<U::With<<$value as Combine<$operator, U::Base>>::Output>>;

            fn $method(self, other: $ty) -> Self::Output {
                calculation(Binary::$sql, value(self).0, ArgumentNode(node_of(other)))
            }
        }
    };
}
macro_rules! left_numbers {
    ($($value:ty),*) => { $(
        left!($value: Add add Plus Add, Sub sub Minus Subtract, Mul mul Times Multiply, Div div Divided Divide);
    )* };
}
left_numbers!(i32, i64);

/// What a float can stand to the left of: `1.5 * Sale.quantity`. Beside a `numeric` it is the number that it is written as.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL cannot calculate a float with an SQL `{Self}` here",
    label = "not with this type"
)]
pub trait BesideFloat<O>: BaseType {
    /// What it gives.
    type Output: BaseType;

    #[doc(hidden)]
    fn float(float: f64) -> ArgumentNode {
        value(float)
    }
}

#[diagnostic::do_not_recommend]
impl BesideFloat<Times> for Interval {
    type Output = Interval;
}

macro_rules! beside_float {
    ($($ty:ty),*) => { $(
        impl<O: OfNumbers> BesideFloat<O> for $ty {
            type Output = f64;
        }
    )* };
}
beside_float!(i16, i32, i64, f32, f64);

#[cfg(feature = "rust_decimal")]
impl<O: OfNumbers> BesideFloat<O> for rust_decimal::Decimal {
    type Output = rust_decimal::Decimal;

    fn float(float: f64) -> ArgumentNode {
        ArgumentNode(super::operand::with_decimal::numeric(float))
    }
}

macro_rules! left_float {
    ($($trait:ident $method:ident $operator:ident $sql:ident),*) => { $(
        left_float!([M,] Column<M, U>, $trait $method $operator $sql);
        left_float!([] Expr<U>, $trait $method $operator $sql);
    )* };
    ([$($generic:tt)*] $ty:ty, $trait:ident $method:ident $operator:ident $sql:ident) => {
        impl<$($generic)* U: SqlType> $trait<$ty> for f64
        where
            U::Base: BesideFloat<$operator>,
        {
            type Output = Expr<U::With<<U::Base as BesideFloat<$operator>>::Output>>;

            fn $method(self, other: $ty) -> Self::Output {
                let float = <U::Base as BesideFloat<$operator>>::float(self);
                calculation(Binary::$sql, float.0, ArgumentNode(node_of(other)))
            }
        }
    };
}
left_float!(Add add Plus Add, Sub sub Minus Subtract, Mul mul Times Multiply, Div div Divided Divide);
#[cfg(feature = "rust_decimal")]
left_numbers!(rust_decimal::Decimal);
left!(Interval: Add add Plus Add);
/// Moments to the left of moments, of the four types of a crate.
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
macro_rules! left_moments {
    ($($ty:ty),*) => { $(left!($ty: Sub sub Minus Subtract);)* };
}
#[cfg(feature = "chrono")]
left_moments!(chrono::NaiveDate, chrono::NaiveTime, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>);
#[cfg(feature = "time")]
left_moments!(time::Date, time::Time, time::PrimitiveDateTime, time::OffsetDateTime);
#[cfg(feature = "jiff")]
left_moments!(jiff::civil::Date, jiff::civil::Time, jiff::civil::DateTime, jiff::Timestamp);
