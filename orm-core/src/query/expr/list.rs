//! What `in_` takes: lists of values, of columns and expressions, and selects.

use std::iter;
use std::marker::PhantomData;
use std::sync::Arc;

use super::expression::node_of;
use super::{ArgumentNode, Column, Expr, Operand, TypeOf};
use crate::model::each_tuple;
use crate::query::ast::{Node, Select};
use crate::types::{BaseType, Parameter, list};

/// A value for a list of `in_`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be in a list of SQL `{B}`",
    label = "expected values of `{B}`",
    note = "NULL is in no list: `User.age.in_([1, 2]) | User.age.is_null()`"
)]
pub trait IntoValue<B: BaseType> {
    /// The value.
    fn into_value(self) -> B;
}

/// What a list of `in_` is of: values, which are sent as one array, or columns and expressions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be in a list of SQL `{B}`",
    label = "expected values of `{B}`",
    note = "NULL is in no list: `User.age.in_([1, 2]) | User.age.is_null()`"
)]
pub trait ListItem<B: BaseType, Kind>: Sized {
    #[doc(hidden)]
    fn list(items: impl Iterator<Item = Self>) -> ListNode;
}

#[diagnostic::do_not_recommend]
impl<B: BaseType, V: IntoValue<B>> ListItem<B, Valued> for V {
    fn list(items: impl Iterator<Item = V>) -> ListNode {
        ListNode::Values(list(items.map(IntoValue::into_value).collect()))
    }
}

macro_rules! list_items {
    ($([$($generic:tt)*] $ty:ty),* $(,)?) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($generic)* B: BaseType, T: TypeOf<B>> ListItem<B, Mixed> for $ty {
            fn list(items: impl Iterator<Item = Self>) -> ListNode {
                ListNode::Nodes(items.map(|item| ArgumentNode(node_of(item))).collect())
            }
        }
    )* };
}
list_items!([M,] Column<M, T>, [M,] &Column<M, T>, [] Expr<T>, [] &Expr<T>);

/// What `in_` takes for an expression of `B`: a list of values, of columns or of expressions, a tuple of these, or a select of
/// one column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of SQL `{B}`",
    label = "expected a list of values, or a select of one column of `{B}`",
    note = "whether a value is in an array column is asked by `Post.tags.any(\"rust\")`, or `value.eq(any(Post.tags))`"
)]
pub trait List<B: BaseType, Kind = ListOf<Valued>> {
    #[doc(hidden)]
    fn list(self) -> ListNode;
}

/// A list without its type.
#[doc(hidden)]
#[derive(Debug)]
pub enum ListNode {
    #[doc(hidden)]
    Values(Parameter),
    #[doc(hidden)]
    Nodes(Vec<ArgumentNode>),
    #[doc(hidden)]
    Select(SelectNode),
}

/// A select without its type.
#[doc(hidden)]
#[derive(Debug)]
pub struct SelectNode(pub(crate) Arc<Select>);

impl ListNode {
    pub(super) fn contains(self, operand: Node, negated: bool) -> Node {
        match self {
            ListNode::Values(list) => Node::In { operand: Box::new(operand), list, negated },
            ListNode::Nodes(nodes) => Node::InList(
                iter::once(operand).chain(nodes.into_iter().map(|node| node.0)).collect(),
                negated,
            ),
            ListNode::Select(select) => {
                Node::InSelect { operand: Box::new(operand), select: select.0, negated }
            }
        }
    }
}

impl<B: BaseType, K, I: IntoIterator<Item: ListItem<B, K>>> List<B, ListOf<K>> for I {
    fn list(self) -> ListNode {
        ListItem::list(self.into_iter())
    }
}

/// Lists of values, as one of the kinds of [`List`].
#[derive(Clone, Copy, Debug)]
pub struct Valued(());

/// Lists of columns and expressions, and tuples, as one of the kinds of [`List`].
#[derive(Clone, Copy, Debug)]
pub struct Mixed(());

/// What can be gone through, as one of the kinds of [`List`].
#[derive(Clone, Copy, Debug)]
pub struct ListOf<K>(PhantomData<K>);

macro_rules! mixed {
    ($($part:ident $place:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<BASE: BaseType, $($part: Operand<BASE>),*> List<BASE, Mixed> for ($($part,)*) {
            fn list(self) -> ListNode {
                ListNode::Nodes(vec![$(ArgumentNode(self.$place.operand().node)),*])
            }
        }
    };
}
each_tuple!(mixed);

impl<B: BaseType> IntoValue<B> for B {
    fn into_value(self) -> B {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<B: BaseType> IntoValue<B> for &B {
    fn into_value(self) -> B {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl IntoValue<String> for &str {
    fn into_value(self) -> String {
        self.to_owned()
    }
}

#[diagnostic::do_not_recommend]
impl IntoValue<String> for &&str {
    fn into_value(self) -> String {
        (*self).to_owned()
    }
}

/// Values of another type in a list; a float holds them as PostgreSQL compares them with it.
macro_rules! list_values {
    ($($base:ty: $($value:ty => $into:expr),*);* $(;)?) => { $($(
        #[diagnostic::do_not_recommend]
        impl IntoValue<$base> for $value {
            fn into_value(self) -> $base {
                $into(self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl IntoValue<$base> for &$value {
            fn into_value(self) -> $base {
                $into(*self)
            }
        }
    )*)* };
}
list_values!(f64: i32 => f64::from, i64 => |number| number as f64);

#[cfg(feature = "rust_decimal")]
mod with_decimal {
    use rust_decimal::Decimal;

    use super::{IntoValue, ListItem, ListNode, Mixed};
    use crate::query::expr::ArgumentNode;
    use crate::query::expr::operand::with_decimal::{decimal, numeric};
    use crate::types::list;

    list_values!(Decimal: i32 => Decimal::from, i64 => Decimal::from);

    /// One array, but for what a `Decimal` cannot hold.
    #[diagnostic::do_not_recommend]
    impl ListItem<Decimal, Mixed> for f64 {
        fn list(items: impl Iterator<Item = f64>) -> ListNode {
            let floats: Vec<f64> = items.collect();
            match floats.iter().map(|&float| decimal(float)).collect() {
                Ok::<Vec<_>, _>(numbers) => ListNode::Values(list(numbers)),
                Err(_) => {
                    ListNode::Nodes(floats.into_iter().map(|float| ArgumentNode(numeric(float))).collect())
                }
            }
        }
    }
}
