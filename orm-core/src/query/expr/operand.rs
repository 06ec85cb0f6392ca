//! What may stand beside an expression.

use super::expression::node_of;
use super::{Column, Expr};
use crate::query::ast::Node;
use crate::types::{BaseType, Element, Parameter, SqlType};

/// What can stand on the right of a comparison with an expression of `B`, or beside it in CASE and COALESCE.
///
/// `N` is the whole type of what it is compared with where that matters: `None` is equal to nothing that is never NULL.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared or combined with an SQL `{B}`",
    label = "expected `{B}`, `Option<{B}>` where it can be NULL, or a column or expression of that type",
    note = "a list is for `in_`; the value of an enum is its variant, `Mood::Happy`, and not its label; of dates and moments a \
            value of `chrono`, `jiff` or `time`; an object is named by its key, as `user.id` or `session[handle].id`; an integer of another type \
            is converted, as `i64::from(n)` or `i64::try_from(n)?`; an optional filter is `.filter_some(value, |value| ..)`; \
            `Some(\"DE\")` is `\"DE\"`, and an `Option<&str>` `.map(str::to_owned)`"
)]
pub trait Operand<B: BaseType, N = Option<B>> {
    /// The type of the two together, such as `i64` of an `i32` and an `i64`; `Option` if this one can be NULL.
    type Type: SqlType;

    #[doc(hidden)]
    fn operand(self) -> Expr<Self::Type>;
}

/// The types of a column or expression that can be compared with an SQL `B`: `B`, those that PostgreSQL compares with it,
/// such as `i32` with `i64`, and `Option` of these.
#[diagnostic::on_unimplemented(
    message = "an SQL `{Self}` cannot be compared or combined with an SQL `{B}`",
    label = "expected a column or expression of `{B}` or `Option<{B}>`",
    note = "`.cast::<i64>()` makes an SQL value one of another type; a select must be of one column"
)]
pub trait TypeOf<B: BaseType>: SqlType {
    /// The type of the two together; `Option` if this one can be NULL.
    type Common: SqlType;
}

impl<B: BaseType> TypeOf<B> for B {
    type Common = B;
}

#[diagnostic::do_not_recommend]
impl<B: BaseType> TypeOf<B> for Option<B> {
    type Common = Option<B>;
}

/// Types that PostgreSQL compares, and which of them holds both.
macro_rules! comparable {
    ($($narrow:ty => $($wide:ty),*);* $(;)?) => { $($(
        comparable!(@ $narrow, $wide, $wide);
        comparable!(@ $wide, $narrow, $wide);
    )*)* };
    (@ $one:ty, $other:ty, $common:ty) => {
        #[diagnostic::do_not_recommend]
        impl TypeOf<$other> for $one {
            type Common = $common;
        }
        #[diagnostic::do_not_recommend]
        impl TypeOf<$other> for Option<$one> {
            type Common = Option<$common>;
        }
    };
}
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
pub(super) use comparable;
comparable!(i16 => i32, i64, f64; i32 => i64, f64; i64 => f64; f32 => f64);

/// Values of another type than the column's.
macro_rules! values {
    ($($base:ty: $($value:ty),*);* $(;)?) => { $($(
        #[diagnostic::do_not_recommend]
        impl<N> Operand<$base, N> for $value {
            type Type = $base;

            fn operand(self) -> Expr<$base> {
                value(self)
            }
        }
    )*)* };
}
values!(f64: i32, i64);

/// Lists beside an array.
macro_rules! arrays {
    ($([$($generic:tt)*] $list:ty as $array:ty: $each:expr;)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<N, $($generic)*> Operand<$array, N> for $list {
            type Type = $array;

            fn operand(self) -> Expr<$array> {
                value(self.into_iter().map($each).collect::<$array>())
            }
        }
    )* };
}
/// The lists that stand for an array.
macro_rules! lists {
    ($write:ident) => {
        $write!(
            [T: Element, const COUNT: usize] [T; COUNT] as Vec<T>: |element| element;
            [const COUNT: usize] [&str; COUNT] as Vec<String>: str::to_owned;
            [] Vec<&str> as Vec<String>: str::to_owned;
            [] &[&str] as Vec<String>: |text: &&str| (*text).to_owned();
        );
    };
}
pub(super) use lists;

lists!(arrays);

#[cfg(feature = "rust_decimal")]
pub(super) mod with_decimal {
    use rust_decimal::Decimal;

    use super::{Expr, Operand, TypeOf, value};
    use crate::query::ast::Node;
    use crate::types::{BaseType as _, Parameter};

    comparable!(i16 => Decimal; i32 => Decimal; i64 => Decimal; Decimal => f64);
    values!(Decimal: i32, i64);

    pub(in crate::query::expr) fn decimal(float: f64) -> Result<Decimal, rust_decimal::Error> {
        Decimal::from_str_exact(&float.to_string())
    }

    /// A float beside a `numeric`, as the shortest number that it is written as, to its last digit: 0.1 is 0.1. A cast of
    /// the float itself would round it to 15 digits.
    pub(in crate::query::expr) fn numeric(float: f64) -> Node {
        match decimal(float) {
            Ok(number) => Node::Parameter(Parameter::new(number)),
            // What a `Decimal` cannot hold, NaN and infinity among it.
            Err(_) => {
                Node::Cast(Box::new(Node::Parameter(Parameter::new(format!("{float:e}")))), Decimal::TYPE)
            }
        }
    }

    #[diagnostic::do_not_recommend]
    impl<N> Operand<Decimal, N> for f64 {
        type Type = Decimal;

        fn operand(self) -> Expr<Decimal> {
            Expr::new(numeric(self))
        }
    }
}

pub(super) fn value<T: SqlType, U>(value: T) -> Expr<U> {
    Expr::new(Node::Parameter(Parameter::new(value)))
}

#[diagnostic::do_not_recommend]
impl<B: BaseType, N> Operand<B, N> for B {
    type Type = B;

    fn operand(self) -> Expr<B> {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType> Operand<B> for Option<B> {
    type Type = Option<B>;

    fn operand(self) -> Expr<Option<B>> {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType, N> Operand<B, N> for &B {
    type Type = B;

    fn operand(self) -> Expr<B> {
        value(self.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType> Operand<B> for &Option<B> {
    type Type = Option<B>;

    fn operand(self) -> Expr<Option<B>> {
        value(self.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<N> Operand<String, N> for &str {
    type Type = String;

    fn operand(self) -> Expr<String> {
        value(self.to_owned())
    }
}

impl<M, B: BaseType, N, T: TypeOf<B>> Operand<B, N> for Column<M, T> {
    type Type = T::Common;

    fn operand(self) -> Expr<T::Common> {
        Expr::new(node_of(self))
    }
}

#[diagnostic::do_not_recommend]
impl<M, B: BaseType, N, T: TypeOf<B>> Operand<B, N> for &Column<M, T> {
    type Type = T::Common;

    fn operand(self) -> Expr<T::Common> {
        Expr::new(node_of(self))
    }
}

impl<B: BaseType, N, T: TypeOf<B>> Operand<B, N> for Expr<T> {
    type Type = T::Common;

    fn operand(self) -> Expr<T::Common> {
        Expr::new(self.node)
    }
}

impl<B: BaseType, N, T: TypeOf<B>> Operand<B, N> for &Expr<T> {
    type Type = T::Common;

    fn operand(self) -> Expr<T::Common> {
        Expr::new(node_of(self))
    }
}
