//! Functions of numbers.

use super::{BaseOf, strict};
use crate::query::expr::{Expr, Scalar};
use crate::types::{Numeric, Round};

/// The number without its sign.
pub fn abs<S: Scalar>(expression: S) -> Expr<S::Type>
where
    BaseOf<S>: Numeric,
{
    strict("abs", expression)
}

/// The nearest whole number, as the same type. Halves go away from zero for `Decimal`, to the even one for `f64`.
pub fn round<S: Scalar>(expression: S) -> Expr<S::Type>
where
    BaseOf<S>: Round,
{
    strict("round", expression)
}
