//! Expressions that choose among values: COALESCE, NULLIF, CASE.

use super::{Evaluated, Evaluation, equals, evaluate, truth};
use crate::query::ast::{Case, ColumnRef, Node};
use crate::types::Value;

/// The first value that is not NULL; as in PostgreSQL, those behind it are not looked at.
pub(super) fn coalesce<'a>(
    values: &'a [Node],
    column: &dyn Fn(ColumnRef) -> Option<&'a dyn Value>,
) -> Evaluation<'a> {
    for value in values {
        match evaluate(value, column)? {
            Evaluated::Null => {}
            found => return Ok(found),
        }
    }
    Ok(Evaluated::Null)
}

/// The first value, or NULL where it equals the second.
pub(super) fn null_if<'a>(
    [value, other]: &'a [Node; 2],
    column: &dyn Fn(ColumnRef) -> Option<&'a dyn Value>,
) -> Evaluation<'a> {
    let (value, other) = (evaluate(value, column)?, evaluate(other, column)?);
    let equal = match (value.value(), other.value()) {
        (Some(value), Some(other)) => equals(value, other)?,
        _ => false,
    };
    Ok(if equal { Evaluated::Null } else { value })
}

/// The value of the first condition that is true; as in PostgreSQL, those behind it are not looked at.
pub(super) fn case<'a>(
    case: &'a Case,
    column: &dyn Fn(ColumnRef) -> Option<&'a dyn Value>,
) -> Evaluation<'a> {
    for [condition, value] in &case.branches {
        if truth(evaluate(condition, column)?)? == Some(true) {
            return evaluate(value, column);
        }
    }
    case.otherwise.as_ref().map_or(Ok(Evaluated::Null), |value| evaluate(value, column))
}
