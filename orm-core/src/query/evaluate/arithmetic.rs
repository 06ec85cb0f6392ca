//! Arithmetic as PostgreSQL does it; what it would call an error is left to it.

use std::sync::Arc;

use super::{Evaluated, Evaluation, Unevaluated};
use crate::query::ast::Binary;
use crate::types::Value;

/// `a operator b` of two numbers of one type.
pub(super) fn calculate<'a>(operator: Binary, a: &dyn Value, b: &dyn Value) -> Evaluation<'a> {
    macro_rules! numbers {
        ($($ty:ty => $calculate:path),* $(,)?) => { $(
            if let (Some(a), Some(b)) = (number::<$ty>(a), number::<$ty>(b)) {
                return match $calculate(operator, a, b) {
                    Some(result) => Ok(shared(result)),
                    None => Err(Unevaluated(format!(
                        "{a} {} {b} is beyond {}, or not exact here", operator.sql(), stringify!($ty)
                    ))),
                };
            }
        )* };
    }
    numbers!(i16 => whole::i16, i32 => whole::i32, i64 => whole::i64, f32 => float::f32, f64 => float::f64);
    #[cfg(feature = "rust_decimal")]
    numbers!(rust_decimal::Decimal => super::decimal::calculate);
    let (a, b) = (a.pg_type().name, b.pg_type().name);
    Err(Unevaluated(format!("the server calculates with {a} and {b}")))
}

/// `- a` of a number.
pub(super) fn negate<'a>(value: &dyn Value) -> Evaluation<'a> {
    let result = number::<i16>(value)
        .and_then(|number| number.checked_neg().map(shared))
        .or_else(|| number::<i32>(value).and_then(|number| number.checked_neg().map(shared)))
        .or_else(|| number::<i64>(value).and_then(|number| number.checked_neg().map(shared)))
        .or_else(|| number::<f32>(value).map(|number| shared(-number)))
        .or_else(|| number::<f64>(value).map(|number| shared(-number)));
    #[cfg(feature = "rust_decimal")]
    let result = result.or_else(|| number(value).map(|number| shared(super::decimal::negate(number))));
    result.ok_or_else(|| Unevaluated(format!("the server calculates with {}", value.pg_type().name)))
}

/// A number without its sign.
pub(super) fn abs<'a>(value: &dyn Value) -> Evaluation<'a> {
    let result = number::<i16>(value)
        .and_then(|number| number.checked_abs().map(shared))
        .or_else(|| number::<i32>(value).and_then(|number| number.checked_abs().map(shared)))
        .or_else(|| number::<i64>(value).and_then(|number| number.checked_abs().map(shared)))
        .or_else(|| number::<f32>(value).map(|number| shared(number.abs())))
        .or_else(|| number::<f64>(value).map(|number| shared(number.abs())));
    #[cfg(feature = "rust_decimal")]
    let result = result.or_else(|| number::<rust_decimal::Decimal>(value).map(|number| shared(number.abs())));
    result.ok_or_else(|| Unevaluated(format!("`abs` of {} runs on the server", value.pg_type().name)))
}

/// The nearest whole number.
pub(super) fn round<'a>(value: &dyn Value) -> Evaluation<'a> {
    let result = number::<f64>(value).map(|number| shared(number.round_ties_even()));
    #[cfg(feature = "rust_decimal")]
    let result = result.or_else(|| number(value).map(|number| shared(super::decimal::round(number))));
    result.ok_or_else(|| Unevaluated(format!("`round` of {} runs on the server", value.pg_type().name)))
}

pub(super) fn number<T: Copy + 'static>(value: &dyn Value) -> Option<T> {
    value.base()?.downcast_ref().copied()
}

pub(super) fn shared<'a, T: Value>(value: T) -> Evaluated<'a> {
    Evaluated::Shared(Arc::new(value))
}

mod whole {
    use super::Binary;

    macro_rules! whole {
        ($($ty:ident),*) => { $(
            pub(super) fn $ty(operator: Binary, a: $ty, b: $ty) -> Option<$ty> {
                match operator {
                    Binary::Add => a.checked_add(b),
                    Binary::Subtract => a.checked_sub(b),
                    Binary::Multiply => a.checked_mul(b),
                    Binary::Divide => a.checked_div(b),
                    _ => a.checked_rem(b),
                }
            }
        )* };
    }
    whole!(i16, i32, i64);
}

mod float {
    use super::Binary;

    macro_rules! float {
        ($($ty:ident),*) => { $(
            pub(super) fn $ty(operator: Binary, a: $ty, b: $ty) -> Option<$ty> {
                let result = match operator {
                    Binary::Add => a + b,
                    Binary::Subtract => a - b,
                    Binary::Multiply => a * b,
                    // What NaN by zero is depends on PostgreSQL's version; all else by zero is an error.
                    Binary::Divide if b != 0.0 => a / b,
                    _ => return None,
                };
                // PostgreSQL makes an error of what leaves the numbers a float has.
                let overflows = result.is_infinite() && !a.is_infinite() && !b.is_infinite();
                let scales = matches!(operator, Binary::Multiply | Binary::Divide);
                let vanishes = scales && result == 0.0 && a != 0.0 && b != 0.0;
                (!overflows && !vanishes).then_some(result)
            }
        )* };
    }
    float!(f32, f64);
}
