//! Functions of servers later than the earliest that is supported: an earlier one says that it has no such function.

use super::{BaseOf, NullableOf, node, strict};
use crate::query::ast::{Name, NullRule, Role};
use crate::query::expr::expression::node_of;
use crate::query::expr::{Expr, Scalar};
use crate::types::{ArrayType, Text};

/// Any one of the values of a group that are not NULL; PostgreSQL 16.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let some_title = select((Post.user_id, func::any_value(Post.title))).group_by(Post.user_id);
/// ```
pub fn any_value<S: Scalar>(expression: S) -> Expr<NullableOf<S>> {
    let arguments = vec![node_of(expression)];
    Expr::new(node(Name::Known("any_value"), arguments, Role::Aggregate, NullRule::Possible))
}

/// The elements in their order, NULLs last; PostgreSQL 18.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let sorted = select(func::array_sort(Event.tags));
/// ```
pub fn array_sort<S: Scalar>(array: S) -> Expr<S::Type>
where
    BaseOf<S>: ArrayType,
{
    strict("array_sort", array)
}

/// The elements from the last to the first; PostgreSQL 18.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let reversed = select(func::array_reverse(Event.tags));
/// ```
pub fn array_reverse<S: Scalar>(array: S) -> Expr<S::Type>
where
    BaseOf<S>: ArrayType,
{
    strict("array_reverse", array)
}

/// Text for comparison without regard to case, in more languages than `lower`; PostgreSQL 18.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let strasse = select(User).filter(func::casefold(User.name).eq(func::casefold(lit("STRASSE"))));
/// ```
pub fn casefold<S: Scalar>(text: S) -> Expr<S::Type>
where
    BaseOf<S>: Text,
{
    strict("casefold", text)
}

/// A new UUID that is greater than those before it; PostgreSQL 18.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let key = select(func::uuidv7());
/// ```
#[cfg(feature = "uuid")]
pub fn uuidv7() -> Expr<uuid::Uuid> {
    Expr::new(node(Name::Known("uuidv7"), Vec::new(), Role::Scalar, NullRule::Never))
}
