//! Several values as one: `(User.age, User.id).gt((30, 7))`.

use super::condition::join;
use super::expression::node_of;
use super::{IntoValue, Operand, Scalar};
use crate::query::ast::{Binary, Node};
use crate::query::expr::Cond;
use crate::types::{Parameter, SqlType, list};

/// Comparisons of several columns or expressions at once, from the left to the right: a tuple of two to eight of them.
///
/// ```
/// # use orm_core::prelude::*;
/// # #[derive(Model, Clone, Debug)]
/// # #[orm(table = "users")]
/// # pub struct User {
/// #     #[orm(primary_key, generated)]
/// #     pub id: i64,
/// #     pub name: String,
/// # }
/// let next = select(User.id).filter((User.name, User.id).gt(("Ann", 7_i64)));
/// assert_eq!(
///     next.to_sql()?.text,
///     r#"SELECT "users"."id" FROM "users" WHERE ("users"."name", "users"."id") > ($1, $2)"#
/// );
/// # Ok::<(), orm_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no tuple of columns",
    label = "expected a tuple of columns or expressions, such as `(User.name, User.age)`"
)]
pub trait Tuple: Sized {
    /// The values of one row.
    type Values;

    #[doc(hidden)]
    fn __tuple(self) -> TupleNode;

    /// All equal.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let posts = select(Post).filter((Post.user_id, Post.title).eq((1, "Hello")));
    /// ```
    fn eq<O: TupleOperand<Self>>(self, other: O) -> Cond {
        compare(Binary::Equal, self, other)
    }

    /// One of them not equal.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let posts = select(Post).filter((Post.user_id, Post.title).ne((1, "Hello")));
    /// ```
    fn ne<O: TupleOperand<Self>>(self, other: O) -> Cond {
        compare(Binary::NotEqual, self, other)
    }

    /// Before the other, in the order of the first that differ.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let before = select(Post).filter((Post.title, Post.id).lt(("Hello", 7)));
    /// ```
    fn lt<O: TupleOperand<Self>>(self, other: O) -> Cond {
        compare(Binary::Less, self, other)
    }

    /// Before the other, or equal.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let up_to = select(Post).filter((Post.title, Post.id).le(("Hello", 7)));
    /// ```
    fn le<O: TupleOperand<Self>>(self, other: O) -> Cond {
        compare(Binary::LessEqual, self, other)
    }

    /// Behind the other, in the order of the first that differ.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let next_page = select(Post).filter((Post.title, Post.id).gt(("Hello", 7))).order_by((Post.title, Post.id)).limit(20);
    /// ```
    fn gt<O: TupleOperand<Self>>(self, other: O) -> Cond {
        compare(Binary::Greater, self, other)
    }

    /// Behind the other, or equal.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let from_here = select(Post).filter((Post.title, Post.id).ge(("Hello", 7)));
    /// ```
    fn ge<O: TupleOperand<Self>>(self, other: O) -> Cond {
        compare(Binary::GreaterEqual, self, other)
    }

    /// One of a list of tuples, which is sent as one array for each column, or one of the rows of a select.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let posts = select(Post).filter((Post.user_id, Post.title).in_([(1, "Hello"), (2, "World")]));
    /// ```
    fn in_<L: TupleList<Self>>(self, tuples: L) -> Cond {
        tuples.contains(self.__tuple(), false)
    }

    /// None of a list of tuples, or of the rows of a select.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let posts = select(Post).filter((Post.user_id, Post.title).not_in([(1, "Hello"), (2, "World")]));
    /// ```
    fn not_in<L: TupleList<Self>>(self, tuples: L) -> Cond {
        tuples.contains(self.__tuple(), true)
    }
}

/// What a tuple of columns is compared with: a tuple of values or expressions of their types, or a select of as many.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with the tuple `{T}`",
    label = "expected a tuple of as many values, columns or expressions of these types, or a select of them"
)]
pub trait TupleOperand<T> {
    #[doc(hidden)]
    fn tuple_operand(self) -> TupleNode;
}

/// What a tuple of columns can be in: a list of tuples of values, or a select of as many columns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of tuples like `{T}`",
    label = "expected a list of tuples of as many values of these types, or a select of them"
)]
pub trait TupleList<T> {
    #[doc(hidden)]
    fn contains(self, tuple: TupleNode, negated: bool) -> Cond;
}

/// A tuple of values, or a reference to one, for a list of `in_`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be in a list of tuples like `{T}`",
    label = "expected tuples of as many values of these types"
)]
pub trait TupleValue<T: Tuple> {
    #[doc(hidden)]
    fn values(self) -> T::Values;
}

/// A tuple without its types.
#[doc(hidden)]
#[derive(Debug)]
pub struct TupleNode(pub(crate) Node);

fn compare<T: Tuple, O: TupleOperand<T>>(operator: Binary, left: T, right: O) -> Cond {
    Cond(join(operator, left.__tuple().0, right.tuple_operand().0))
}

/// The base type of an expression.
type BaseOf<S> = <<S as Scalar>::Type as SqlType>::Base;

macro_rules! tuple {
    ($($part:ident $other:ident $place:tt $values:ident),*) => {
        impl<$($part: Scalar),*> Tuple for ($($part,)*) {
            type Values = ($(BaseOf<$part>,)*);

            fn __tuple(self) -> TupleNode {
                TupleNode(Node::Tuple(vec![$(node_of(self.$place)),*]))
            }
        }

        impl<$($part: Scalar, $other: Operand<BaseOf<$part>>),*> TupleOperand<($($part,)*)> for ($($other,)*) {
            fn tuple_operand(self) -> TupleNode {
                TupleNode(Node::Tuple(vec![$(self.$place.operand().node),*]))
            }
        }

        impl<$($part: Scalar, $other: IntoValue<BaseOf<$part>>),*> TupleValue<($($part,)*)> for ($($other,)*) {
            fn values(self) -> ($(BaseOf<$part>,)*) {
                ($(self.$place.into_value(),)*)
            }
        }

        impl<$($part: Scalar, $other: IntoValue<BaseOf<$part>> + Clone),*> TupleValue<($($part,)*)> for &($($other,)*) {
            fn values(self) -> ($(BaseOf<$part>,)*) {
                ($(self.$place.clone().into_value(),)*)
            }
        }

        impl<$($part: Scalar,)* I: IntoIterator<Item: TupleValue<($($part,)*)>>> TupleList<($($part,)*)> for I {
            fn contains(self, tuple: TupleNode, negated: bool) -> Cond {
                $(let mut $values = Vec::new();)*
                for values in self {
                    let values = values.values();
                    $($values.push(values.$place);)*
                }
                let columns: Vec<Parameter> = vec![$(list::<BaseOf<$part>>($values)),*];
                Cond(Node::InTuples { operand: Box::new(tuple.0), columns, negated })
            }
        }
    };
}
tuple!(A Aa 0 a, B Bb 1 b);
tuple!(A Aa 0 a, B Bb 1 b, C Cc 2 c);
tuple!(A Aa 0 a, B Bb 1 b, C Cc 2 c, D Dd 3 d);
tuple!(A Aa 0 a, B Bb 1 b, C Cc 2 c, D Dd 3 d, E Ee 4 e);
tuple!(A Aa 0 a, B Bb 1 b, C Cc 2 c, D Dd 3 d, E Ee 4 e, F Ff 5 f);
tuple!(A Aa 0 a, B Bb 1 b, C Cc 2 c, D Dd 3 d, E Ee 4 e, F Ff 5 f, G Gg 6 g);
tuple!(A Aa 0 a, B Bb 1 b, C Cc 2 c, D Dd 3 d, E Ee 4 e, F Ff 5 f, G Gg 6 g, H Hh 7 h);
