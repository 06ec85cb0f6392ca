//! Integer arithmetic as PostgreSQL does it; other numbers are left to the server.

use std::sync::Arc;

use super::{Evaluated, Outcome, Refusal};
use crate::query::ast::Binary;
use crate::types::Value;

/// `a operator b` of two integers of one type.
pub(super) fn calculate<'a>(operator: Binary, a: &dyn Value, b: &dyn Value) -> Outcome<'a> {
    macro_rules! integers {
        ($($ty:ty),*) => { $(
            if let (Some(a), Some(b)) = (integer::<$ty>(a), integer::<$ty>(b)) {
                let result = match operator {
                    Binary::Add => a.checked_add(b),
                    Binary::Subtract => a.checked_sub(b),
                    Binary::Multiply => a.checked_mul(b),
                    _ => a.checked_div(b),
                };
                return result.map(shared).ok_or_else(|| {
                    Refusal(format!("{a} {} {b} is beyond {}", operator.sql(), stringify!($ty)))
                });
            }
        )* };
    }
    integers!(i16, i32, i64);
    let (a, b) = (a.pg_type().name, b.pg_type().name);
    Err(Refusal(format!("the server calculates with {a} and {b}")))
}

/// `- a` of an integer.
pub(super) fn negate<'a>(operand: &Evaluated<'_>) -> Outcome<'a> {
    let Some(value) = operand.value() else { return Ok(Evaluated::Null) };
    let result = integer::<i16>(value)
        .and_then(|number| number.checked_neg().map(shared))
        .or_else(|| integer::<i32>(value).and_then(|number| number.checked_neg().map(shared)))
        .or_else(|| integer::<i64>(value).and_then(|number| number.checked_neg().map(shared)));
    result.ok_or_else(|| Refusal(format!("the server calculates with {}", value.pg_type().name)))
}

fn integer<T: Copy + 'static>(value: &dyn Value) -> Option<T> {
    value.base()?.downcast_ref().copied()
}

fn shared<'a, T: Value>(value: T) -> Evaluated<'a> {
    Evaluated::Shared(Arc::new(value))
}
