//! Functions of arrays.

use super::{BaseOf, WithBoth, node, strict, strict_of};
use crate::query::ast::{Name, NullRule, Role};
use crate::query::expr::expression::node_of;
use crate::query::expr::{Expr, Operand, Scalar};
use crate::types::{ArrayType, SqlType, Text};

type ItemOf<S> = <<BaseOf<S> as ArrayType>::Item as SqlType>::Base;

/// How many elements an array has; 0 of an empty one.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let posts = select((Post.user_id, func::cardinality(func::array_agg(Post.id)))).group_by(Post.user_id);
/// ```
pub fn cardinality<S: Scalar>(array: S) -> Expr<<S::Type as SqlType>::With<i32>>
where
    BaseOf<S>: ArrayType,
{
    strict("cardinality", array)
}

/// How many elements an array has in a dimension, which is 1 for the arrays that columns hold; `None` of an empty one, as in
/// PostgreSQL: see [`cardinality`].
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let tags = select((Event.title, func::array_length(Event.tags, 1)));
/// ```
pub fn array_length<S: Scalar>(array: S, dimension: impl Operand<i32>) -> Expr<Option<i32>>
where
    BaseOf<S>: ArrayType,
{
    Expr::new(node(
        Name::Known("array_length"),
        vec![node_of(array), dimension.operand().node],
        Role::Scalar,
        NullRule::Possible,
    ))
}

/// The array with an element more at its end, as `array.append(element)`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let tag = update(Event).set(Event.tags, func::array_append(Event.tags, "new")).filter(Event.id.eq(1));
/// ```
pub fn array_append<S: Scalar>(array: S, element: impl Operand<ItemOf<S>>) -> Expr<S::Type>
where
    BaseOf<S>: ArrayType,
{
    array.into_expr().append(element)
}

/// The array without any element that equals this one, as `array.remove(element)`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let untag = update(Event).set(Event.tags, func::array_remove(Event.tags, "new")).all_rows();
/// ```
pub fn array_remove<S: Scalar>(array: S, element: impl Operand<ItemOf<S>>) -> Expr<S::Type>
where
    BaseOf<S>: ArrayType,
{
    array.into_expr().remove(element)
}

/// The array with the elements of another one behind its own, as `array.concat(other)`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let more = select(func::array_cat(Event.tags, vec!["a".to_owned(), "b".to_owned()]));
/// ```
pub fn array_cat<S: Scalar>(array: S, other: impl Operand<BaseOf<S>>) -> Expr<S::Type>
where
    BaseOf<S>: ArrayType,
{
    let arguments = vec![node_of(array), other.operand().node];
    Expr::new(node(Name::Known("array_cat"), arguments, Role::Scalar, NullRule::Every))
}

/// The place of an element, from 1; `None` where it is not.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let place = select(func::array_position(lit(vec![3_i64, 5, 8]), Post.id));
/// ```
pub fn array_position<S: Scalar>(array: S, element: impl Operand<ItemOf<S>>) -> Expr<Option<i32>>
where
    BaseOf<S>: ArrayType,
{
    let arguments = vec![node_of(array), element.operand().node];
    Expr::new(node(Name::Known("array_position"), arguments, Role::Scalar, NullRule::Possible))
}

/// The elements as one text, with a separator between; NULLs left out.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let titles = func::array_to_string(func::array_agg(Post.title), ", ");
/// let rows = select((Post.user_id, titles)).group_by(Post.user_id);
/// ```
pub fn array_to_string<S: Scalar, O: Operand<String>>(
    array: S,
    separator: O,
) -> Expr<WithBoth<O::Type, S::Type, String>>
where
    BaseOf<S>: ArrayType,
{
    strict_of("array_to_string", vec![node_of(array), separator.operand().node])
}

/// The parts of a text between separators.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let words = select(func::string_to_array(Post.title, " "));
/// ```
pub fn string_to_array<S: Scalar>(
    text: S,
    separator: impl Operand<String>,
) -> Expr<<S::Type as SqlType>::With<Vec<String>>>
where
    BaseOf<S>: Text,
{
    strict_of("string_to_array", vec![node_of(text), separator.operand().node])
}
