//! Functions of arrays.

use super::{BaseOf, node, strict, strict_of};
use crate::query::ast::{Name, Node, NullRule, Role};
use crate::query::expr::expression::node_of;
use crate::query::expr::{Expr, Operand, Scalar};
use crate::types::{ArrayType, Parameter, SqlType, Text};

/// How many elements an array has; 0 of an empty one.
pub fn cardinality<S: Scalar>(array: S) -> Expr<<S::Type as SqlType>::With<i32>>
where
    BaseOf<S>: ArrayType,
{
    strict("cardinality", array)
}

/// How many elements an array has in its first dimension; `None` of an empty one, as in PostgreSQL: see [`cardinality`].
pub fn array_length<S: Scalar>(array: S) -> Expr<Option<i32>>
where
    BaseOf<S>: ArrayType,
{
    let dimension = Node::Parameter(Parameter::new(1_i32));
    Expr::new(node(
        Name::Known("array_length"),
        vec![node_of(array), dimension],
        Role::Scalar,
        NullRule::Possible,
    ))
}

/// The place of an element, from 1; `None` where it is not.
pub fn array_position<S: Scalar>(
    array: S,
    element: impl Operand<<<BaseOf<S> as ArrayType>::Item as SqlType>::Base>,
) -> Expr<Option<i32>>
where
    BaseOf<S>: ArrayType,
{
    let arguments = vec![node_of(array), element.operand().node];
    Expr::new(node(Name::Known("array_position"), arguments, Role::Scalar, NullRule::Possible))
}

/// The elements as one text, with a separator between; NULLs left out.
pub fn array_to_string<S: Scalar>(
    array: S,
    separator: impl Operand<String>,
) -> Expr<<S::Type as SqlType>::With<String>>
where
    BaseOf<S>: ArrayType,
{
    strict_of("array_to_string", vec![node_of(array), separator.operand().node])
}

/// The parts of a text between separators.
pub fn string_to_array<S: Scalar>(
    text: S,
    separator: impl Operand<String>,
) -> Expr<<S::Type as SqlType>::With<Vec<String>>>
where
    BaseOf<S>: Text,
{
    strict_of("string_to_array", vec![node_of(text), separator.operand().node])
}
