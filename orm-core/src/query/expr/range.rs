//! Ranges: what they contain, where they meet, their bounds.

use std::ops;

use super::array::Contains;
use super::condition::join;
use super::expression::node_of;
use super::{ArgumentNode, Assign, Column, Cond, Expr, Operand, Scalar};
use crate::query::ast::{Binary, Name, Node, NullRule, Role};
use crate::types::{Multirange, Parameter, Range, RangeElement, RangeType, SqlType};

/// What a range of `T` may contain: a value, a column or an expression of `T`, or a whole range.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a value nor a range of SQL `{T}`",
    label = "expected a value, a column or an expression of `{T}`, or a range of them"
)]
pub trait InRange<T> {
    #[doc(hidden)]
    fn in_range(self) -> ArgumentNode;
}

#[diagnostic::do_not_recommend]
impl<T: RangeElement, C: InRange<T>> Contains<C> for Range<T> {
    fn contained(whole: ArgumentNode, part: C) -> Cond {
        Cond(join(Binary::Contains, whole.0, part.in_range().0))
    }
}

#[diagnostic::do_not_recommend]
impl<T: RangeElement, C: InRange<T>> Contains<C> for Multirange<T> {
    fn contained(whole: ArgumentNode, part: C) -> Cond {
        Cond(join(Binary::Contains, whole.0, part.in_range().0))
    }
}

fn value<T: SqlType>(value: T) -> ArgumentNode {
    ArgumentNode(Node::Parameter(Parameter::new(value)))
}

#[diagnostic::do_not_recommend]
impl<T: RangeElement> InRange<T> for T {
    fn in_range(self) -> ArgumentNode {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: RangeElement> InRange<T> for Range<T> {
    fn in_range(self) -> ArgumentNode {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: RangeElement> InRange<T> for Multirange<T> {
    fn in_range(self) -> ArgumentNode {
        value(self)
    }
}

/// The types of a column or expression that a range of `T` can contain: `T`, `Range<T>`, `Multirange<T>`, and `Option` of these.
#[diagnostic::on_unimplemented(
    message = "an SQL `{Self}` is neither a value nor a range of SQL `{T}`",
    label = "expected a column or expression of `{T}`, or of a range of them"
)]
pub trait ValueOrRange<T>: SqlType {}
#[diagnostic::do_not_recommend]
impl<T: RangeElement> ValueOrRange<T> for T {}
#[diagnostic::do_not_recommend]
impl<T: RangeElement> ValueOrRange<T> for Option<T> {}
#[diagnostic::do_not_recommend]
impl<T: RangeElement> ValueOrRange<T> for Range<T> {}
#[diagnostic::do_not_recommend]
impl<T: RangeElement> ValueOrRange<T> for Option<Range<T>> {}

#[diagnostic::do_not_recommend]
impl<T: RangeElement> ValueOrRange<T> for Multirange<T> {}
#[diagnostic::do_not_recommend]
impl<T: RangeElement> ValueOrRange<T> for Option<Multirange<T>> {}

#[diagnostic::do_not_recommend]
impl<M, T: RangeElement, U: ValueOrRange<T>> InRange<T> for Column<M, U> {
    fn in_range(self) -> ArgumentNode {
        ArgumentNode(node_of(self))
    }
}

#[diagnostic::do_not_recommend]
impl<T: RangeElement, U: ValueOrRange<T>> InRange<T> for Expr<U> {
    fn in_range(self) -> ArgumentNode {
        ArgumentNode(self.node)
    }
}

/// Rust's own ranges stand where a range of PostgreSQL does.
macro_rules! rusts {
    ($($range:ident),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<T: RangeElement> InRange<T> for ops::$range<T> {
            fn in_range(self) -> ArgumentNode {
                value(Range::from(self))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: RangeElement, N> Operand<Range<T>, N> for ops::$range<T> {
            type Type = Range<T>;

            fn operand(self) -> Expr<Range<T>> {
                Expr::new(value(Range::from(self)).0)
            }
        }

        impl<T: RangeElement> Assign<Range<T>> for ops::$range<T> {
            fn assigned(self) -> Expr<Range<T>> {
                Expr::new(value(Range::from(self)).0)
            }
        }

        impl<T: RangeElement> Assign<Option<Range<T>>> for ops::$range<T> {
            fn assigned(self) -> Expr<Option<Range<T>>> {
                Expr::new(value(Range::from(self)).0)
            }
        }
    )* };
}
rusts!(Range, RangeInclusive, RangeFrom, RangeTo, RangeToInclusive);

macro_rules! ranges {
    ([$($generic:tt)*] $ty:ty) => {
        impl<$($generic)* T: SqlType> $ty
        where
            T::Base: RangeType,
        {
            /// Whether all of it lies before all of the other.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let time = func::range(Event.starts_at, Event.ends_at);
            /// let open_before = select(Event).filter(Event.open.is_before(time));
            /// ```
            pub fn is_before(&self, other: impl Operand<T::Base>) -> Cond {
                Cond(join(Binary::LeftOf, node_of(self), other.operand().node))
            }

            /// Whether all of it lies behind all of the other.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let time = func::range(Event.starts_at, Event.ends_at);
            /// let open_after = select(Event).filter(Event.open.is_after(time));
            /// ```
            pub fn is_after(&self, other: impl Operand<T::Base>) -> Cond {
                Cond(join(Binary::RightOf, node_of(self), other.operand().node))
            }

            /// Whether one ends where the other begins.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let time = func::range(Event.starts_at, Event.ends_at);
            /// let open_next_to = select(Event).filter(Event.open.is_adjacent_to(time));
            /// ```
            pub fn is_adjacent_to(&self, other: impl Operand<T::Base>) -> Cond {
                Cond(join(Binary::Adjacent, node_of(self), other.operand().node))
            }

            /// What both have in common.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let open = Event.open.intersection(func::range(Event.starts_at, Event.ends_at));
            /// let times = select((Event.title, open));
            /// ```
            pub fn intersection<O: Operand<T::Base>>(&self, other: O) -> Expr<T::With<O::Type>> {
                Expr::new(join(Binary::Multiply, node_of(self), other.operand().node))
            }
        }
    };
}
ranges!([M,] Column<M, T>);
ranges!([] Expr<T>);

/// The range from one value to another, which is not in it: `func::range(Booking.starts_at, Booking.ends_at)`. NULL is no
/// bound; it is an error of the server where the first is above the second.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let times = select(func::range(Event.starts_at, Event.ends_at));
/// ```
pub fn range<S: Scalar, O: Operand<<S::Type as SqlType>::Base>>(
    from: S,
    to: O,
) -> Expr<Range<<S::Type as SqlType>::Base>>
where
    <S::Type as SqlType>::Base: RangeElement,
{
    let name = Name::Known(<S::Type as SqlType>::Base::RANGE.name);
    let bounds = vec![node_of(from), to.operand().node];
    Expr::new(super::function::node(name, bounds, Role::Scalar, NullRule::Never))
}
