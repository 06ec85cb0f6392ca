//! Evaluates the tree on an object in memory, or refuses where only the server can tell.

mod arithmetic;
mod cast;
mod conditional;
#[cfg(feature = "rust_decimal")]
mod decimal;
mod text;

use std::cmp::Ordering;
use std::sync::Arc;

use tokio_postgres::types::Type;

use super::ast::{Binary, ColumnRef, Function, Logical, Name, Node, NullRule, Role};
use crate::schema::ColumnMeta;
use crate::types::Value;

/// What an expression is for one object.
#[derive(Clone, Debug)]
pub(crate) enum Evaluated<'a> {
    Null,
    Truth(bool),
    Column(&'a dyn Value),
    Shared(Arc<dyn Value>),
}

/// Why an expression cannot be evaluated here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unevaluated(pub(crate) String);

type Evaluation<'a> = Result<Evaluated<'a>, Unevaluated>;

impl Evaluated<'_> {
    fn value(&self) -> Option<&dyn Value> {
        match self {
            Evaluated::Null => None,
            Evaluated::Truth(true) => Some(&true),
            Evaluated::Truth(false) => Some(&false),
            Evaluated::Column(value) => Some(*value),
            Evaluated::Shared(value) => Some(&**value),
        }
    }

    /// As the database will have it in a column.
    pub(crate) fn into_stored(self, column: &ColumnMeta) -> Result<Arc<dyn Value>, Unevaluated> {
        let value = match self {
            // One column's value is another's as it is.
            Evaluated::Column(value) => return Ok(value.share()),
            Evaluated::Shared(value) => value,
            Evaluated::Null => Arc::new(None::<bool>),
            Evaluated::Truth(truth) => Arc::new(truth),
        };
        let plain = column.ty.element.unwrap_or(column.ty);
        if plain.wire == Type::JSONB && !value.is_null() {
            return Err(Unevaluated(format!(
                "only the server knows what `{column:?}` keeps of a JSON document"
            )));
        }
        // What PostgreSQL cannot hold at all is told when it is sent.
        Ok(value.stored().unwrap_or(value))
    }
}

/// Evaluates an expression; `column` gives the object's value of a column, `None` where it is not the object's.
pub(crate) fn evaluate<'a>(
    node: &'a Node,
    column: &dyn Fn(ColumnRef) -> Option<&'a dyn Value>,
) -> Evaluation<'a> {
    match node {
        Node::Column(reference) => match column(*reference) {
            Some(value) if value.is_null() => Ok(Evaluated::Null),
            Some(value) => Ok(Evaluated::Column(value)),
            None => Err(Unevaluated(format!("`{:?}` is not a column of the changed table", reference.meta))),
        },
        Node::Parameter(parameter) => match parameter.value() {
            Some(value) if value.is_null() => Ok(Evaluated::Null),
            Some(value) => Ok(Evaluated::Shared(value.clone())),
            None => Err(Unevaluated("an array is compared here".into())),
        },
        Node::Boolean(value) => Ok(Evaluated::Truth(*value)),
        Node::Not(operand) => Ok(of_truth(truth(evaluate(operand, column)?)?.map(|value| !value))),
        Node::IsTrue(operand) => Ok(Evaluated::Truth(truth(evaluate(operand, column)?)?.unwrap_or(false))),
        Node::IsNull { operand, negated } => {
            let null = matches!(evaluate(operand, column)?, Evaluated::Null);
            Ok(Evaluated::Truth(null != *negated))
        }
        Node::Negate(operand) => of_value(operand, column, arithmetic::negate),
        Node::In { operand, list, negated } => match evaluate(operand, column)?.value() {
            // Of no values not even NULL is one, and PostgreSQL knows it.
            _ if list.is_empty() => Ok(Evaluated::Truth(*negated)),
            None => Ok(Evaluated::Null),
            Some(value) => match list.contains(value) {
                Some(found) => Ok(Evaluated::Truth(found != *negated)),
                None => Err(Unevaluated("only the server can tell whether the list holds the value".into())),
            },
        },
        Node::Between(operands) => between(operands, column),
        Node::InList(nodes, negated) => in_list(nodes, *negated, column),
        Node::Binary(operator, operands) => binary(*operator, operands, column),
        Node::Logical(operator, conditions) => logical(*operator, conditions, column),
        Node::Coalesce(values) => conditional::coalesce(values, column),
        Node::NullIf(values) => conditional::null_if(values, column),
        Node::Case(case) => conditional::case(case, column),
        Node::NeverNull(operand) => evaluate(operand, column),
        Node::Function(called) => function(called, column),
        Node::Excluded(column) => {
            Err(Unevaluated(format!("`excluded({column:?})` is a row that only the server has")))
        }
        Node::Old(_) => Err(Unevaluated("what a row held before is on the server".into())),
        Node::Default => Err(Unevaluated("the default of a column is the server's".into())),
        Node::Sql(sql) => Err(Unevaluated(format!("`{sql}` runs on the server"))),
        Node::Raw(_) | Node::Table(_) => Err(Unevaluated("`sql!` runs on the server".into())),
        Node::Subquery(_) | Node::Exists(_) | Node::InSelect { .. } | Node::Quantified(..) => {
            Err(Unevaluated("a select inside of it runs on the server".into()))
        }
        Node::Tuple(_) | Node::InTuples { .. } => Err(Unevaluated("rows are compared here".into())),
        Node::NoAggregate(_, method) => Err(Unevaluated(format!("`.{method}(..)` is for aggregates"))),
        Node::Collate(..) => Err(Unevaluated("a collation is the server's".into())),
        Node::Element(_) | Node::Slice(_) | Node::Array(_) | Node::Each(..) => {
            Err(Unevaluated("arrays are taken apart on the server".into()))
        }
        Node::GroupingSets(_) => Err(Unevaluated("groups are the server's".into())),
        Node::Cast(operand, to) => of_value(operand, column, |value| cast::cast(value, to)),
        Node::Over(..) => Err(Unevaluated("a window runs on the server".into())),
    }
}

/// The truth of a condition: true, false or unknown.
pub(crate) fn truth(value: Evaluated<'_>) -> Result<Option<bool>, Unevaluated> {
    match &value {
        Evaluated::Null => Ok(None),
        Evaluated::Truth(truth) => Ok(Some(*truth)),
        other => match other.value().and_then(Value::base).and_then(|base| base.downcast_ref::<bool>()) {
            Some(truth) => Ok(Some(*truth)),
            None => Err(Unevaluated("a condition is no boolean".into())),
        },
    }
}

fn of_truth<'a>(truth: Option<bool>) -> Evaluated<'a> {
    truth.map_or(Evaluated::Null, Evaluated::Truth)
}

/// What an expression is by the value of its operand; NULL for NULL.
fn of_value<'a>(
    operand: &'a Node,
    column: &dyn Fn(ColumnRef) -> Option<&'a dyn Value>,
    make: impl FnOnce(&dyn Value) -> Evaluation<'a>,
) -> Evaluation<'a> {
    match evaluate(operand, column)?.value() {
        Some(value) => make(value),
        None => Ok(Evaluated::Null),
    }
}

fn function<'a>(
    function: &'a Function,
    column: &dyn Fn(ColumnRef) -> Option<&'a dyn Value>,
) -> Evaluation<'a> {
    if let (Name::Known(name), Role::Scalar, [operand]) =
        (function.name, function.role, &function.arguments[..])
    {
        match name {
            "abs" => return of_value(operand, column, arithmetic::abs),
            "round" => return of_value(operand, column, arithmetic::round),
            "length" => return of_value(operand, column, text::length),
            "trim" => return of_value(operand, column, text::trim),
            _ => {}
        }
    }
    Err(Unevaluated(format!("the function `{}` runs on the server", function.name.text())))
}

fn logical<'a>(
    operator: Logical,
    conditions: &'a [Node],
    column: &dyn Fn(ColumnRef) -> Option<&'a dyn Value>,
) -> Evaluation<'a> {
    joined(operator, conditions.iter().map(|condition| evaluate(condition, column).and_then(truth)))
        .map(of_truth)
}

/// Conditions joined by AND or OR. One that decides does so whatever those are that are refused: if PostgreSQL finds an
/// error in them, the statement fails as a whole.
pub(crate) fn joined(
    operator: Logical,
    conditions: impl Iterator<Item = Result<Option<bool>, Unevaluated>>,
) -> Result<Option<bool>, Unevaluated> {
    let decisive = operator == Logical::Or;
    let mut result = Ok(Some(!decisive));
    for condition in conditions {
        match condition {
            Ok(Some(truth)) if truth == decisive => return Ok(Some(decisive)),
            Ok(None) if result.is_ok() => result = Ok(None),
            Err(refusal) if result.is_ok() => result = Err(refusal),
            _ => {}
        }
    }
    result
}

fn binary<'a>(
    operator: Binary,
    [left, right]: &'a [Node; 2],
    column: &dyn Fn(ColumnRef) -> Option<&'a dyn Value>,
) -> Evaluation<'a> {
    let (left, right) = (evaluate(left, column)?, evaluate(right, column)?);
    let (Some(a), Some(b)) = (left.value(), right.value()) else {
        // NULL is distinct from every value, and not from NULL.
        let distinct = left.value().is_some() || right.value().is_some();
        return Ok(match operator {
            Binary::IsDistinctFrom => Evaluated::Truth(distinct),
            Binary::IsNotDistinctFrom => Evaluated::Truth(!distinct),
            operator if operator.null() == NullRule::Possible => {
                return Err(Unevaluated(format!("the operator `{}` runs on the server", operator.sql())));
            }
            _ => Evaluated::Null,
        });
    };
    match operator {
        Binary::Equal | Binary::IsNotDistinctFrom => equals(a, b).map(Evaluated::Truth),
        Binary::NotEqual | Binary::IsDistinctFrom => equals(a, b).map(|equal| Evaluated::Truth(!equal)),
        Binary::Less => compare(a, b).map(|order| Evaluated::Truth(order.is_lt())),
        Binary::LessEqual => compare(a, b).map(|order| Evaluated::Truth(order.is_le())),
        Binary::Greater => compare(a, b).map(|order| Evaluated::Truth(order.is_gt())),
        Binary::GreaterEqual => compare(a, b).map(|order| Evaluated::Truth(order.is_ge())),
        Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Remainder => {
            arithmetic::calculate(operator, a, b)
        }
        Binary::Like => text::like(a, b),
        Binary::ILike => Err(Unevaluated("ILIKE depends on the server's collation".into())),
        Binary::Concat => text::join(a, b),
        other => Err(Unevaluated(format!("the operator `{}` runs on the server", other.sql()))),
    }
}

fn between<'a>(
    [operand, low, high]: &'a [Node; 3],
    column: &dyn Fn(ColumnRef) -> Option<&'a dyn Value>,
) -> Evaluation<'a> {
    let (operand, low, high) = (evaluate(operand, column)?, evaluate(low, column)?, evaluate(high, column)?);
    let side = |a: &Evaluated<'_>, b: &Evaluated<'_>| match (a.value(), b.value()) {
        (Some(a), Some(b)) => compare(a, b).map(|order| Some(order.is_le())),
        _ => Ok(None),
    };
    joined(Logical::And, [side(&low, &operand), side(&operand, &high)].into_iter()).map(of_truth)
}

fn in_list<'a>(
    nodes: &'a [Node],
    negated: bool,
    column: &dyn Fn(ColumnRef) -> Option<&'a dyn Value>,
) -> Evaluation<'a> {
    let [operand, list @ ..] = nodes else { return Ok(Evaluated::Truth(negated)) };
    let operand = evaluate(operand, column)?;
    let one = |node| {
        let other = evaluate(node, column)?;
        match (operand.value(), other.value()) {
            (Some(a), Some(b)) => equals(a, b).map(Some),
            _ => Ok(None),
        }
    };
    let found = joined(Logical::Or, list.iter().map(one))?;
    Ok(of_truth(found.map(|found| found != negated)))
}

fn equals(a: &dyn Value, b: &dyn Value) -> Result<bool, Unevaluated> {
    a.equals(b).ok_or_else(|| undecided(a, b))
}

fn compare(a: &dyn Value, b: &dyn Value) -> Result<Ordering, Unevaluated> {
    a.compare(b).ok_or_else(|| undecided(a, b))
}

fn undecided(a: &dyn Value, b: &dyn Value) -> Unevaluated {
    Unevaluated(format!("only the server knows how {} and {} compare", a.pg_type().name, b.pg_type().name))
}

#[cfg(test)]
mod tests;
