//! Functions of numbers.

use super::{BaseOf, node, strict, strict_of};
use crate::query::ast::{Name, Node, NullRule, Role};
use crate::query::expr::expression::node_of;
use crate::query::expr::{Expr, Operand, Scalar};
use crate::types::{BaseType, Numeric, Parameter, Real, Round, SqlType, numeric_type};

/// The number without its sign.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let nearest = select(Event).order_by(func::abs(Event.seats - 100)).limit(1);
/// ```
pub fn abs<S: Scalar>(expression: S) -> Expr<S::Type>
where
    BaseOf<S>: Numeric,
{
    strict("abs", expression)
}

macro_rules! rounding {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        pub fn $name<S: Scalar>(expression: S) -> Expr<<S::Type as SqlType>::With<<BaseOf<S> as Real>::Output>>
        where
            BaseOf<S>: Real,
        {
            strict(stringify!($name), expression)
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

/// The number to this power: `func::power(Sample.length, 2)`; a `Decimal` of a `Decimal`, and of any other number an `f64`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let squares = select(func::power(Event.length, 2.0));
/// ```
pub fn power<S: Scalar>(
    expression: S,
    exponent: impl Operand<<BaseOf<S> as Real>::Output, Type: SqlType<Base = <BaseOf<S> as Real>::Output>>,
) -> Expr<<S::Type as SqlType>::With<<BaseOf<S> as Real>::Output>>
where
    BaseOf<S>: Real,
{
    strict_of("power", vec![node_of(expression), exponent.operand().node])
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
pub fn round<S: Scalar>(expression: S, digits: i32) -> Expr<S::Type>
where
    BaseOf<S>: Round,
{
    let number = node_of(expression);
    if digits == 0 {
        return strict_of("round", vec![number]);
    }
    let digits = Node::Parameter(Parameter::new(digits));
    if BaseOf::<S>::EXACT {
        return strict_of("round", vec![number, digits]);
    }
    let number = Node::Cast(Box::new(number), numeric_type());
    let rounded = strict_of::<S::Type>("round", vec![number, digits]);
    Expr::new(Node::Cast(Box::new(rounded.node), BaseOf::<S>::TYPE))
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
