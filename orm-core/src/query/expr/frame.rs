//! Frames: which rows of a window a function sees from one of them.

use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

use crate::query::ast::{self, Exclude, FrameMode, Node};
use crate::types::{BaseType, Parameter};

/// The first and the last row a window function sees from a row: a range of Rust's, `-2..=0`, in which 0 is the row itself,
/// negative numbers are before it and positive ones behind it; or two edges, for distances that are no numbers.
#[derive(Clone, Debug)]
pub struct Frame(Edge, Edge);

/// Where a [`Frame`] starts or ends.
#[derive(Clone, Debug)]
pub struct Edge(ast::Edge, Option<Node>);

impl Edge {
    /// So far before the row: `Edge::preceding(Interval::from_days(7))`.
    ///
    /// A negative distance is an error of the server.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// use orm_core::query::{Edge, Frame};
    /// let week = Frame::between(Edge::preceding(Interval::from_days(7)), Edge::current_row());
    /// let counts = select(func::count_star().over(order_by(Event.starts_at).range(week)));
    /// ```
    pub fn preceding<T: BaseType>(distance: T) -> Edge {
        Edge(ast::Edge::Preceding, Some(Node::Parameter(Parameter::new(distance))))
    }

    /// So far behind the row.
    ///
    /// A negative distance is an error of the server.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// use orm_core::query::{Edge, Frame};
    /// let week = Frame::between(Edge::current_row(), Edge::following(Interval::from_days(7)));
    /// let counts = select(func::count_star().over(order_by(Event.starts_at).range(week)));
    /// ```
    pub fn following<T: BaseType>(distance: T) -> Edge {
        Edge(ast::Edge::Following, Some(Node::Parameter(Parameter::new(distance))))
    }

    /// The row itself; of a range or of groups, with those that are equal to it in the order.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// use orm_core::query::{Edge, Frame};
    /// let so_far = Frame::between(Edge::first(), Edge::current_row());
    /// let counts = select(func::count_star().over(order_by(User.id).rows(so_far)));
    /// ```
    pub fn current_row() -> Edge {
        Edge(ast::Edge::Current, None)
    }

    /// The first row of the partition.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// use orm_core::query::{Edge, Frame};
    /// let all = Frame::between(Edge::first(), Edge::last());
    /// let oldest = select(func::last_value(User.name).over(order_by(User.age).rows(all)));
    /// ```
    pub fn first() -> Edge {
        Edge(ast::Edge::First, None)
    }

    /// The last row of the partition.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// use orm_core::query::{Edge, Frame};
    /// let from_here = Frame::between(Edge::current_row(), Edge::last());
    /// let left = select(func::count_star().over(order_by(User.id).rows(from_here)));
    /// ```
    pub fn last() -> Edge {
        Edge(ast::Edge::Last, None)
    }

    fn at(distance: i64) -> Edge {
        match distance {
            ..0 => Edge::preceding(distance.saturating_neg()),
            0 => Edge::current_row(),
            _ => Edge::following(distance),
        }
    }
}

impl Frame {
    /// From one edge to another, both included.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// use orm_core::query::{Edge, Frame};
    /// let three = Frame::between(Edge::preceding(1_i64), Edge::following(1_i64)); // as `-1..=1`
    /// let averages = select(func::avg(User.age).over(order_by(User.id).rows(three)));
    /// ```
    pub fn between(start: Edge, end: Edge) -> Frame {
        Frame(start, end)
    }

    pub(super) fn into_ast(self, mode: FrameMode, exclude: Option<Exclude>) -> ast::Frame {
        let Frame(Edge(start, before), Edge(end, behind)) = self;
        ast::Frame { mode, start, end, offsets: before.into_iter().chain(behind).collect(), exclude }
    }
}

/// What `rows`, `range` and `groups` take.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no frame of a window",
    label = "expected a range of distances such as `-2..=0` or `..=0`, or `orm_core::query::Frame::between(..)`",
    note = "the last week, by moments: `.range(Frame::between(Edge::preceding(Interval::from_days(7)), Edge::current_row()))`, with \
            `use orm_core::query::{{Edge, Frame}}`"
)]
pub trait IntoFrame {
    #[doc(hidden)]
    fn into_frame(self) -> Frame;
}

#[diagnostic::do_not_recommend]
impl IntoFrame for Frame {
    fn into_frame(self) -> Frame {
        self
    }
}

macro_rules! into_frame {
    ($($range:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl IntoFrame for $range {
            fn into_frame(self) -> Frame {
                self.into()
            }
        }
    )* };
}
into_frame!(RangeInclusive<i64>, Range<i64>, RangeToInclusive<i64>, RangeTo<i64>, RangeFrom<i64>, RangeFull);

impl From<RangeInclusive<i64>> for Frame {
    fn from(range: RangeInclusive<i64>) -> Frame {
        Frame(Edge::at(*range.start()), Edge::at(*range.end()))
    }
}

impl From<Range<i64>> for Frame {
    fn from(range: Range<i64>) -> Frame {
        Frame(Edge::at(range.start), Edge::at(range.end.saturating_sub(1)))
    }
}

impl From<RangeToInclusive<i64>> for Frame {
    fn from(range: RangeToInclusive<i64>) -> Frame {
        Frame(Edge::first(), Edge::at(range.end))
    }
}

impl From<RangeTo<i64>> for Frame {
    fn from(range: RangeTo<i64>) -> Frame {
        Frame(Edge::first(), Edge::at(range.end.saturating_sub(1)))
    }
}

impl From<RangeFrom<i64>> for Frame {
    fn from(range: RangeFrom<i64>) -> Frame {
        Frame(Edge::at(range.start), Edge::last())
    }
}

impl From<RangeFull> for Frame {
    fn from(_: RangeFull) -> Frame {
        Frame(Edge::first(), Edge::last())
    }
}
