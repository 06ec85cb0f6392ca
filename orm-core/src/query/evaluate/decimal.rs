//! Arithmetic of `numeric`, where a `Decimal` can hold all of PostgreSQL's digits.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::query::ast::Binary;

/// `None` where PostgreSQL keeps other digits; how many a quotient has it decides by rules of its own.
pub(super) fn calculate(operator: Binary, a: Decimal, b: Decimal) -> Option<Decimal> {
    let greater = a.scale().max(b.scale());
    let (result, scale) = match operator {
        Binary::Add => (a.checked_add(b)?, greater),
        Binary::Subtract => (a.checked_sub(b)?, greater),
        Binary::Multiply => (a.checked_mul(b)?, a.scale() + b.scale()),
        _ => return None,
    };
    // A result that had to be rounded has lost some of them.
    (result.scale() == scale).then(|| unsigned_zero(result))
}

pub(super) fn negate(number: Decimal) -> Decimal {
    unsigned_zero(-number)
}

/// The nearest whole number, halves away from zero.
pub(super) fn round(number: Decimal) -> Decimal {
    unsigned_zero(number.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero))
}

/// PostgreSQL has one zero for each scale.
pub(super) fn unsigned_zero(mut number: Decimal) -> Decimal {
    if number.is_zero() {
        number.set_sign_positive(true);
    }
    number
}
