//! ANY and ALL: a comparison with each of several values.

use std::fmt;
use std::marker::PhantomData;

use super::array::{ElementBase, value};
use super::expression::node_of;
use super::{ArgumentNode, Column, Expr, Operand, SelectNode, TypeOf};
use crate::query::ast::{Node, Quantifier};
use crate::types::{ArrayType, BaseType, Element, SqlType};

/// Any of an array's elements, or of a select's values, to the right of a comparison: `lit("rust").eq(any(Post.tags))`,
/// `User.id.eq(any(ids))`, `User.name.like(any(["A%", "B%"]))`, `Offer.cost.lt(any(select(Item.price)))`.
///
/// Unknown where none decides and one is NULL; false where there are none.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let chosen = select(User).filter(User.id.eq(any(vec![1, 2])));
/// let won = select(Event).filter(lit(90).lt(any(Event.scores))); // 90 < ANY (scores)
/// assert!(chosen.to_sql()?.text.ends_with(r#"WHERE "users"."id" = ANY($1)"#));
/// # Ok::<(), orm_core::Error>(())
/// ```
pub fn any<E: EachOf>(of: E) -> Each<E::Item> {
    Each(of.into_each().quantified(Quantifier::Any), PhantomData)
}

/// All of an array's elements, or of a select's values, to the right of a comparison: `lit(5).lt(all(Post.scores))`,
/// `Offer.cost.le(all(select(Item.price)))`.
///
/// Unknown where none decides and one is NULL; true where there are none.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let steady = select(Event).filter(lit(10).lt(all(Event.scores))); // 10 < ALL (scores)
/// let oldest = select(User).filter(User.age.ge(all(select(User.alias("other").age))));
/// ```
pub fn all<E: EachOf>(of: E) -> Each<E::Item> {
    Each(of.into_each().quantified(Quantifier::All), PhantomData)
}

/// Any or all of several values; made by [`any`] and [`all`].
#[must_use]
pub struct Each<T>(Node, PhantomData<fn() -> T>);

impl<T> Clone for Each<T> {
    fn clone(&self) -> Self {
        Each(self.0.clone(), PhantomData)
    }
}

impl<T> fmt::Debug for Each<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Each").field(&self.0).finish()
    }
}

impl<B: BaseType, N, T: TypeOf<B>> Operand<B, N> for Each<T> {
    type Type = <T::Common as SqlType>::Nullable;

    fn operand(self) -> Expr<Self::Type> {
        Expr::new(self.0)
    }
}

/// What [`any`] and [`all`] take: a select of one column, or an array, which is a column, an expression, or a `Vec`, slice or
/// array of the program.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an array nor a select of one column",
    label = "expected a column or expression of an array, a `Vec`, slice or array of values, or a select of one column",
    note = "several conditions as one are `and_([..])` and `or_([..])`"
)]
pub trait EachOf {
    /// The type of one of them.
    type Item: SqlType;

    #[doc(hidden)]
    fn into_each(self) -> EachNode;
}

/// Several values without their type.
#[doc(hidden)]
#[derive(Debug)]
pub enum EachNode {
    #[doc(hidden)]
    Array(ArgumentNode),
    #[doc(hidden)]
    Select(SelectNode),
}

impl EachNode {
    fn quantified(self, quantifier: Quantifier) -> Node {
        match self {
            EachNode::Array(array) => Node::Each(Box::new(array.0), quantifier),
            EachNode::Select(select) => Node::Quantified(quantifier, select.0),
        }
    }
}

/// Arrays of the program.
macro_rules! listed {
    ($([$($generic:tt)*] $list:ty as $item:ty: $array:expr;)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($generic)*> EachOf for $list {
            type Item = $item;

            fn into_each(self) -> EachNode {
                let array: fn(Self) -> Vec<$item> = $array;
                EachNode::Array(value(array(self)))
            }
        }
    )* };
}
listed!(
    [T: Element] Vec<T> as T: |list| list;
    [T: Element] &Vec<T> as T: Vec::clone;
    [T: Element] &[T] as T: <[T]>::to_vec;
    [T: Element, const N: usize] [T; N] as T: Vec::from;
    [T: Element, const N: usize] &[T; N] as T: |list| list.to_vec();
    [] Vec<&str> as String: |list| list.into_iter().map(str::to_owned).collect();
    [] &[&str] as String: |list| list.iter().map(|&text| text.to_owned()).collect();
    [const N: usize] [&str; N] as String: |list| list.map(str::to_owned).into();
);

/// Columns and expressions of arrays.
macro_rules! arrays {
    ($([$($generic:tt)*] $ty:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($generic)* T: SqlType> EachOf for $ty
        where
            T::Base: ArrayType,
        {
            type Item = ElementBase<T>;

            fn into_each(self) -> EachNode {
                EachNode::Array(ArgumentNode(node_of(self)))
            }
        }
    )* };
}
arrays!([M,] Column<M, T>, [M,] &Column<M, T>, [] Expr<T>, [] &Expr<T>);
