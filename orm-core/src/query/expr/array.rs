//! Arrays and JSON documents: their elements, and what they contain.

use super::condition::join;
use super::expression::node_of;
use super::{ArgumentNode, Column, Cond, Expr, Operand};
use crate::query::ast::{Binary, Name, Node, NullRule, Quantifier, Role};
use crate::types::{ArrayType, BaseType, Element, Overlap, Parameter, Set, SqlType};

/// What an expression of `Self` can contain: a text a part of it, an array an element or all elements of another one, a
/// document of JSON another one.
#[diagnostic::on_unimplemented(
    message = "an SQL `{Self}` contains no `{C}`",
    label = "expected a part of a text, an element of an array or another array, or a JSON value",
    note = "a document of JSON has a key by `.has_key(\"size\")`, and contains another one by `.contains(json!({{\"size\": 3}}))`"
)]
pub trait Contains<C>: BaseType {
    #[doc(hidden)]
    fn contained(whole: ArgumentNode, part: C) -> Cond;
}

impl<T: Element, C: ElementOf<T>> Contains<C> for Vec<T> {
    fn contained(whole: ArgumentNode, part: C) -> Cond {
        Cond(join(Binary::Contains, whole.0, part.array().0))
    }
}

impl<T: Element, C: ElementOf<T>> Contains<C> for crate::types::Array<T> {
    fn contained(whole: ArgumentNode, part: C) -> Cond {
        Cond(join(Binary::Contains, whole.0, part.array().0))
    }
}

/// What `concat` joins: texts, and arrays. A `T` and an `O`, each of which may be NULL, are an `R`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no array",
    label = "expected an array, a `Vec`, or a text",
    note = "documents of JSON are joined by `.merge(..)`, and lose a key by `.without(\"key\")`"
)]
pub trait Concat<T, O, R>: BaseType {
    #[doc(hidden)]
    fn joined(first: ArgumentNode, second: ArgumentNode) -> ArgumentNode;
}

/// Only where both are NULL is it NULL.
macro_rules! concat_of_arrays {
    ($($array:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<E: Element, T, O> Concat<T, O, T> for $array {
            fn joined(first: ArgumentNode, second: ArgumentNode) -> ArgumentNode {
                ArgumentNode(node("array_cat", vec![first.0, second.0]))
            }
        }
    )* };
}
concat_of_arrays!(Vec<E>, crate::types::Array<E>);

#[diagnostic::do_not_recommend]
impl<T: SqlType, O: SqlType> Concat<T, O, O::With<T>> for String {
    fn joined(first: ArgumentNode, second: ArgumentNode) -> ArgumentNode {
        ArgumentNode(join(Binary::Concat, first.0, second.0))
    }
}

/// The type of an array's elements.
type ItemOf<T> = <<T as SqlType>::Base as ArrayType>::Item;
/// The same without NULL.
pub(super) type ElementBase<T> = <ItemOf<T> as SqlType>::Base;

/// What an array of `T` may contain: a value of its elements' type, a column or expression of it, or a whole array.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an element nor an array of SQL `{T}`",
    label = "expected a value, a column or an expression of the elements' type, or a `Vec` of them"
)]
pub trait ElementOf<T> {
    /// As an array.
    #[doc(hidden)]
    fn array(self) -> ArgumentNode;
}

fn array_of(element: Node) -> ArgumentNode {
    ArgumentNode(Node::Array(vec![element]))
}

/// A call whose result is NULL only where all of its arguments are.
fn node(name: &'static str, arguments: Vec<Node>) -> Node {
    super::function::node(Name::Known(name), arguments, Role::Scalar, NullRule::Every)
}

pub(super) fn value<T: SqlType>(value: T) -> ArgumentNode {
    ArgumentNode(Node::Parameter(Parameter::new(value)))
}

impl<T: Element> ElementOf<T> for T {
    fn array(self) -> ArgumentNode {
        value(vec![self])
    }
}

impl<T: Element> ElementOf<T> for Vec<T> {
    fn array(self) -> ArgumentNode {
        value(self)
    }
}

impl<T: Element> ElementOf<T> for &Vec<T> {
    fn array(self) -> ArgumentNode {
        value(self.clone())
    }
}

impl<T: Element, const N: usize> ElementOf<T> for [T; N] {
    fn array(self) -> ArgumentNode {
        value(self.to_vec())
    }
}

#[diagnostic::do_not_recommend]
impl ElementOf<String> for &str {
    fn array(self) -> ArgumentNode {
        value(vec![self.to_owned()])
    }
}

#[diagnostic::do_not_recommend]
impl ElementOf<String> for Vec<&str> {
    fn array(self) -> ArgumentNode {
        value(self.into_iter().map(str::to_owned).collect::<Vec<_>>())
    }
}

#[diagnostic::do_not_recommend]
impl ElementOf<String> for &[&str] {
    fn array(self) -> ArgumentNode {
        value(self.iter().map(|&text| text.to_owned()).collect::<Vec<_>>())
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> ElementOf<String> for [&str; N] {
    fn array(self) -> ArgumentNode {
        value(self.map(str::to_owned).to_vec())
    }
}

impl<M, T: Element, U: ElementOrArray<T>> ElementOf<T> for Column<M, U> {
    fn array(self) -> ArgumentNode {
        U::array_of(ArgumentNode(node_of(self)))
    }
}

impl<T: Element, U: ElementOrArray<T>> ElementOf<T> for Expr<U> {
    fn array(self) -> ArgumentNode {
        U::array_of(ArgumentNode(self.node))
    }
}

/// The types of a column or expression that an array of `T` can contain: `T`, `Vec<T>`, and `Option` of the latter.
#[diagnostic::on_unimplemented(
    message = "an SQL `{Self}` is neither an element nor an array of SQL `{T}`",
    label = "expected a column or expression of the elements' type, or of an array of them"
)]
pub trait ElementOrArray<T>: SqlType {
    #[doc(hidden)]
    fn array_of(node: ArgumentNode) -> ArgumentNode;
}

impl<T: Element> ElementOrArray<T> for T {
    fn array_of(node: ArgumentNode) -> ArgumentNode {
        array_of(node.0)
    }
}

impl<T: Element> ElementOrArray<T> for Vec<T> {
    fn array_of(node: ArgumentNode) -> ArgumentNode {
        node
    }
}

impl<T: Element> ElementOrArray<T> for Option<Vec<T>> {
    fn array_of(node: ArgumentNode) -> ArgumentNode {
        node
    }
}

macro_rules! arrays {
    ([$($generic:tt)*] $ty:ty) => {
        impl<$($generic)* T: SqlType> $ty {
            /// Whether a text has this text somewhere, in which `%` and `_` stand for themselves; whether an array has this
            /// element, or all elements of another; whether a range has this value, or all of another range; whether a document
            /// of JSON has all of another one.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let by_text = select(Post).filter(Post.title.contains("rust"));
            /// let by_element = select(Event).filter(Event.tags.contains("rust"));
            /// ```
            pub fn contains<C>(&self, part: C) -> Cond
            where
                T::Base: Contains<C>,
            {
                T::Base::contained(ArgumentNode(node_of(self)), part)
            }

            /// Whether another array, range or document of JSON has all of this one.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let known = vec!["rust".to_owned(), "sql".to_owned()];
            /// let events = select(Event).filter(Event.tags.contained_by(known));
            /// ```
            pub fn contained_by(&self, whole: impl Operand<T::Base>) -> Cond
            where
                T::Base: Set,
            {
                Cond(join(Binary::ContainedBy, node_of(self), whole.operand().node))
            }
        }

        impl<$($generic)* T: SqlType> $ty {
            /// Whether both arrays have an element in common, or both ranges a value.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let either = vec!["rust".to_owned(), "sql".to_owned()];
            /// let events = select(Event).filter(Event.tags.overlaps(either));
            /// ```
            pub fn overlaps(&self, other: impl Operand<T::Base>) -> Cond
            where
                T::Base: Overlap,
            {
                Cond(join(Binary::Overlaps, node_of(self), other.operand().node))
            }

            /// The element at a place, from 1; `None` where there is none.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let first_tags = select((Event.title, Event.tags.at(1)));
            /// ```
            pub fn at(&self, place: impl Operand<i32>) -> Expr<<ItemOf<T> as SqlType>::Nullable>
            where
                T::Base: ArrayType,
            {
                Expr::new(Node::Element(Box::new([node_of(self), place.operand().node])))
            }

            /// The elements from one place to another, both included, from 1; an empty array where there are none.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// #[derive(Model, Clone, Debug)]
            /// #[orm(table = "games")]
            /// struct Game {
            ///     #[orm(primary_key)]
            ///     id: i64,
            ///     scores: Vec<i32>,
            /// }
            ///
            /// let first_three = select(Game.scores.slice(1, 3));
            /// # assert_eq!(first_three.to_sql()?.text, r#"SELECT ("games"."scores")[$1:$2] FROM "games""#);
            /// # Ok::<(), orm_core::Error>(())
            /// ```
            pub fn slice<A: Operand<i32>, B: Operand<i32>>(
                &self,
                first: A,
                last: B,
            ) -> Expr<<A::Type as SqlType>::With<<B::Type as SqlType>::With<T>>>
            where
                T::Base: ArrayType,
            {
                let parts = [node_of(self), first.operand().node, last.operand().node];
                Expr::new(Node::Slice(Box::new(parts)))
            }

            /// The array with the elements of another one behind its own; the text with another one behind it, as by `+`.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let more = Event.tags.concat(vec!["new".to_owned()]);
            /// let tag = update(Event).set(Event.tags, more).all_rows();
            /// let loud = select(User.name.concat("!"));
            /// ```
            pub fn concat<O, R>(&self, other: O) -> Expr<R>
            where
                T::Base: Concat<T, O::Type, R>,
                O: Operand<T::Base>,
            {
                Expr::new(T::Base::joined(ArgumentNode(node_of(self)), ArgumentNode(other.operand().node)).0)
            }

            /// Whether any element of an array is this value: `'rust' = ANY (tags)`.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let events = select(Event).filter(Event.tags.any("rust"));
            /// ```
            pub fn any(&self, element: impl Operand<ElementBase<T>>) -> Cond
            where
                T::Base: ArrayType,
            {
                let elements = Node::Each(Box::new(node_of(self)), Quantifier::Any);
                Cond(join(Binary::Equal, element.operand().node, elements))
            }

            /// The array with an element more at its end.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let tag = update(Event).set(Event.tags, Event.tags.append("new")).filter(Event.id.eq(1));
            /// ```
            pub fn append(&self, element: impl Operand<ElementBase<T>>) -> Expr<T>
            where
                T::Base: ArrayType,
            {
                Expr::new(node("array_append", vec![node_of(self), element.operand().node]))
            }

            /// The array without any element that equals this one.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let untag = update(Event).set(Event.tags, Event.tags.remove("new")).all_rows();
            /// ```
            pub fn remove(&self, element: impl Operand<ElementBase<T>>) -> Expr<T>
            where
                T::Base: ArrayType,
            {
                Expr::new(node("array_remove", vec![node_of(self), element.operand().node]))
            }
        }
    };
}
arrays!([M,] Column<M, T>);
arrays!([] Expr<T>);
