//! Functions of numbers.

use super::{WithBoth, node, strict, strict_of};
use crate::query::ast::{Name, Node, NullRule, Role};
use crate::query::expr::{Expr, Operand, Scalar, lit};
use crate::types::{BaseType, Numeric, Parameter, Real, Round, SqlType, numeric_type};

/// What a function of numbers takes: a column or expression, or a plain number.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no number",
    label = "expected a number, or a column or expression of numbers"
)]
pub trait Number {
    /// The Rust type of its values.
    type Type: SqlType;

    #[doc(hidden)]
    fn into_number(self) -> Expr<Self::Type>;
}

#[diagnostic::do_not_recommend]
impl<S: Scalar> Number for S {
    type Type = S::Type;

    fn into_number(self) -> Expr<S::Type> {
        self.into_expr()
    }
}

macro_rules! numbers {
    ($($ty:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl Number for $ty {
            type Type = $ty;

            fn into_number(self) -> Expr<$ty> {
                lit(self)
            }
        }
    )* };
}
numbers!(i16, i32, i64, f32, f64);
#[cfg(feature = "rust_decimal")]
numbers!(rust_decimal::Decimal);

/// The type of a number without NULL.
type NumberBase<S> = <<S as Number>::Type as SqlType>::Base;

/// What PostgreSQL calculates of such numbers.
type OutputOf<S> = <NumberBase<S> as Real>::Output;

/// The number without its sign.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let nearest = select(Event).order_by(func::abs(Event.seats - 100)).limit(1);
/// ```
pub fn abs<S: Number>(expression: S) -> Expr<S::Type>
where
    NumberBase<S>: Numeric,
{
    strict("abs", expression.into_number())
}

macro_rules! rounding {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        pub fn $name<S: Number>(expression: S) -> Expr<<S::Type as SqlType>::With<<NumberBase<S> as Real>::Output>>
        where
            NumberBase<S>: Real,
        {
            strict(stringify!($name), expression.into_number())
        }
    )* };
}
rounding!(
    /// The next whole number above: a `Decimal` of a `Decimal`, and of any other number an `f64`, as PostgreSQL gives it.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let whole_hours = select(func::ceil(Event.length));
    /// ```
    ceil,
    /// The next whole number below, of the type that [`ceil`] gives.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let whole_hours = select(func::floor(Event.length));
    /// ```
    floor,
    /// The whole number next to it in the direction of zero, of the type that [`ceil`] gives.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let whole_hours = select(func::trunc(Event.length));
    /// ```
    trunc,
    /// -1, 0 or 1, of the type that [`ceil`] gives.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let signs = select(func::sign(Event.length));
    /// ```
    sign,
    /// The square root, of the type that [`ceil`] gives; of a negative number an error of the server.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let roots = select(func::sqrt(Event.length));
    /// ```
    sqrt,
    /// The base of natural logarithms to this power, of the type that [`ceil`] gives.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let powers = select(func::exp(Event.length));
    /// ```
    exp,
    /// The natural logarithm, of the type that [`ceil`] gives; of zero and below an error of the server.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let logarithms = select(func::ln(Event.length)).filter(Event.length.gt(0.0));
    /// ```
    ln,
);

/// The number to this power: `func::power(Sample.length, 2)`, `func::power(2.0, Sample.level)`; a `Decimal` of a `Decimal`, and of any other number an `f64`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let squares = select(func::power(Event.length, 2.0));
/// ```
pub fn power<S: Number, O>(expression: S, exponent: O) -> Expr<WithBoth<O::Type, S::Type, OutputOf<S>>>
where
    NumberBase<S>: Real,
    O: Operand<OutputOf<S>, Type: SqlType<Base = OutputOf<S>>>,
{
    strict_of("power", vec![expression.into_number().into_node(), exponent.operand().node])
}

/// The number rounded to so many digits behind the point, as the same type: `func::round(Sale.price, 2)`; `0` gives whole
/// numbers, a negative number of digits tens and hundreds.
///
/// Halves go away from zero for `Decimal`; a half `f64` goes to the even whole number, and with digits it is rounded as the
/// `numeric` it is written as, for PostgreSQL has no such function of floats.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let prices = select((Event.title, func::round(Event.price, 2)));
/// ```
pub fn round<S: Number>(expression: S, digits: i32) -> Expr<S::Type>
where
    NumberBase<S>: Round,
{
    let number = expression.into_number().into_node();
    if digits == 0 {
        return strict_of("round", vec![number]);
    }
    let digits = Node::Parameter(Parameter::new(digits));
    if NumberBase::<S>::EXACT {
        return strict_of("round", vec![number, digits]);
    }
    let number = Node::Cast(Box::new(number), numeric_type());
    let rounded = strict_of::<S::Type>("round", vec![number, digits]);
    Expr::new(Node::Cast(Box::new(rounded.node), NumberBase::<S>::TYPE))
}

/// A random number from 0 up to 1, another for each row.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let any_three = select(User).order_by(func::random()).limit(3);
/// ```
pub fn random() -> Expr<f64> {
    Expr::new(node(Name::Known("random"), Vec::new(), Role::Scalar, NullRule::Never))
}
