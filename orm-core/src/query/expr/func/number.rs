//! Functions of numbers.

use super::{BaseOf, node, strict, strict_of};
use crate::query::ast::{Name, NullRule, Role};
use crate::query::expr::expression::node_of;
use crate::query::expr::{Expr, Operand, Scalar};
use crate::types::{Numeric, Round, SqlType};

/// The number without its sign.
pub fn abs<S: Scalar>(expression: S) -> Expr<S::Type>
where
    BaseOf<S>: Numeric,
{
    strict("abs", expression)
}

macro_rules! rounding {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        pub fn $name<S: Scalar>(expression: S) -> Expr<S::Type>
        where
            BaseOf<S>: Round,
        {
            strict(stringify!($name), expression)
        }
    )* };
}
rounding!(
    /// The nearest whole number, as the same type. Halves go away from zero for `Decimal`, to the even one for `f64`.
    round,
    /// The next whole number above, as the same type.
    ceil,
    /// The next whole number below, as the same type.
    floor,
    /// The whole number next to it in the direction of zero, as the same type.
    trunc,
    /// -1, 0 or 1, as the same type.
    sign,
    /// The square root; of a negative number an error of the server.
    sqrt,
    /// The base of natural logarithms to this power.
    exp,
    /// The natural logarithm; of zero and below an error of the server.
    ln,
);

/// The number to this power: `func::power(Sample.length, 2.0)`.
pub fn power<S: Scalar>(
    expression: S,
    exponent: impl Operand<BaseOf<S>, Type: SqlType<Base = BaseOf<S>>>,
) -> Expr<S::Type>
where
    BaseOf<S>: Round,
{
    strict_of("power", vec![node_of(expression), exponent.operand().node])
}

/// The number with so many digits behind the point, halves away from zero: `round(x, 2)`. Of an `f64`, cast it to `Decimal`
/// first, as in PostgreSQL.
#[cfg(feature = "rust_decimal")]
pub fn round_to<S: Scalar>(expression: S, digits: i32) -> Expr<S::Type>
where
    BaseOf<S>: crate::types::Exact,
{
    let digits = crate::query::ast::Node::Parameter(crate::types::Parameter::new(digits));
    strict_of("round", vec![node_of(expression), digits])
}

/// A random number from 0 up to 1, another for each row.
pub fn random() -> Expr<f64> {
    Expr::new(node(Name::Known("random"), Vec::new(), Role::Scalar, NullRule::Never))
}
