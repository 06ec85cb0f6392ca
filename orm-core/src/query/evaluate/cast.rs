//! Casts as PostgreSQL does them, where they do not depend on its settings.

use tokio_postgres::types::Type;

use super::arithmetic::{number, shared};
use super::{Evaluated, Evaluation, Unevaluated};
use crate::types::{BytesMut, PgType, Value};

/// A value that is not NULL as another type.
pub(super) fn cast<'a>(value: &dyn Value, to: &'static PgType) -> Evaluation<'a> {
    let from = value.pg_type();
    let same = from.name == to.name && to.element.is_none();
    let result = if same { Some(Evaluated::Shared(value.share())) } else { converted(value, to) };
    result.ok_or_else(|| Unevaluated(format!("the server casts this {} to {}", from.name, to.name)))
}

fn converted<'a>(value: &dyn Value, to: &'static PgType) -> Option<Evaluated<'a>> {
    if to.element.is_some() || !to.is_builtin() {
        return None;
    }
    match to.wire {
        Type::TEXT => text(value).map(shared),
        Type::BOOL => number::<i32>(value).map(|number| shared(number != 0)),
        Type::INT2 => i16::try_from(whole(value)?).ok().map(shared),
        Type::INT4 => match number::<bool>(value) {
            Some(truth) => Some(shared(i32::from(truth))),
            None => i32::try_from(whole(value)?).ok().map(shared),
        },
        Type::INT8 => whole(value).map(shared),
        Type::FLOAT4 => single(value).map(shared),
        Type::FLOAT8 => double(value).map(shared),
        #[cfg(feature = "rust_decimal")]
        Type::NUMERIC => integer(value).map(|number| shared(rust_decimal::Decimal::from(number))),
        _ => None,
    }
}

fn integer(value: &dyn Value) -> Option<i64> {
    let short = number::<i16>(value).map(i64::from).or_else(|| number::<i32>(value).map(i64::from));
    short.or_else(|| number(value))
}

/// A number as a whole one: floats to the nearest, halves to the even one; numerics away from zero.
#[expect(clippy::cast_possible_truncation, reason = "the bounds are looked at before")]
fn whole(value: &dyn Value) -> Option<i64> {
    if let Some(number) = integer(value) {
        return Some(number);
    }
    #[cfg(feature = "rust_decimal")]
    if let Some(number) = number::<rust_decimal::Decimal>(value) {
        return i64::try_from(super::decimal::round(number).mantissa()).ok();
    }
    let float = number::<f32>(value).map(f64::from).or_else(|| number(value))?;
    let rounded = float.round_ties_even();
    // 2^63, the first that does not fit; NaN is in no range.
    (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&rounded).then_some(rounded as i64)
}

/// The digits of a numeric: read again, they give the nearest float.
#[cfg(feature = "rust_decimal")]
fn digits(value: &dyn Value) -> Option<String> {
    number(value).map(|number| super::decimal::unsigned_zero(number).to_string())
}

#[cfg(not(feature = "rust_decimal"))]
fn digits(_: &dyn Value) -> Option<String> {
    None
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "PostgreSQL rounds as well")]
fn single(value: &dyn Value) -> Option<f32> {
    if let Some(double) = number::<f64>(value) {
        let single = double as f32;
        // PostgreSQL makes an error of these.
        let leaves = single.is_infinite() && double.is_finite() || single == 0.0 && double != 0.0;
        return (!leaves).then_some(single);
    }
    let whole = integer(value).map(|number| number as f32);
    whole.or_else(|| digits(value)?.parse().ok())
}

#[expect(clippy::cast_precision_loss, reason = "PostgreSQL rounds as well")]
fn double(value: &dyn Value) -> Option<f64> {
    let whole = integer(value).map(|number| number as f64);
    let single = number::<f32>(value).map(f64::from);
    whole.or(single).or_else(|| digits(value)?.parse().ok())
}

/// What PostgreSQL writes; how it writes floats, moments and bytes depends on its settings.
fn text(value: &dyn Value) -> Option<String> {
    if let Some(truth) = number::<bool>(value) {
        return Some(truth.to_string());
    }
    if !value.pg_type().labels.is_empty() {
        let mut label = BytesMut::new();
        value.write(&mut label).ok()?;
        return String::from_utf8(label.to_vec()).ok();
    }
    #[cfg(feature = "uuid")]
    if let Some(id) = number::<uuid::Uuid>(value) {
        return Some(id.to_string());
    }
    integer(value).map(|number| number.to_string()).or_else(|| digits(value))
}
