//! Functions over the rows of a window.

use std::marker::PhantomData;

use super::{NullableOf, node};
use crate::query::ast::{Name, Node, NullRule, Role};
use crate::query::expr::expression::node_of;
use crate::query::expr::{Expr, IntoOver, Operand, Scalar, WindowFunction};
use crate::types::{Parameter, SqlType};

fn window<T>(name: &'static str, arguments: Vec<Node>, null: NullRule) -> WindowFunction<T> {
    WindowFunction::new(node(Name::Known(name), arguments, Role::Window, null))
}

/// The number of the row in its window, from 1.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let number = func::row_number().over(partition_by(Post.user_id).order_by(Post.id));
/// let first_two = select((Post.user_id, Post.title)).keep(number.le(2));
/// ```
pub fn row_number() -> WindowFunction<i64> {
    window("row_number", Vec::new(), NullRule::Never)
}

/// The rank of the row in its window, from 1, with gaps after equal rows.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let ranked = select((User.name, func::rank().over(order_by(User.age.desc()))));
/// ```
pub fn rank() -> WindowFunction<i64> {
    window("rank", Vec::new(), NullRule::Never)
}

/// The rank of the row in its window, from 1, without gaps.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let ranked = select((User.name, func::dense_rank().over(order_by(User.age.desc()))));
/// ```
pub fn dense_rank() -> WindowFunction<i64> {
    window("dense_rank", Vec::new(), NullRule::Never)
}

/// The number of the row's part, from 1, when the window is cut into so many parts of about one size.
///
/// Fewer than one part is an error of the server.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let quarters = select((User.name, func::ntile(4).over(order_by(User.age))));
/// ```
pub fn ntile(parts: i32) -> WindowFunction<i32> {
    window("ntile", vec![Node::Parameter(Parameter::new(parts))], NullRule::Never)
}

/// The share of the window's rows that are not behind the row: from above 0 up to 1.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let shares = select((User.name, func::cume_dist().over(order_by(User.age))));
/// ```
pub fn cume_dist() -> WindowFunction<f64> {
    window("cume_dist", Vec::new(), NullRule::Never)
}

/// The rank of the row as a share: from 0, of the first, to 1.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let ranked = select((User.name, func::percent_rank().over(order_by(User.age))));
/// ```
pub fn percent_rank() -> WindowFunction<f64> {
    window("percent_rank", Vec::new(), NullRule::Never)
}

/// The value of the window's first row; NULL where a frame shows no row, so that `.optional()` is needed with one that may.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let first = func::first_value(Post.title).over(partition_by(Post.user_id).order_by(Post.id));
/// let rows = select((Post.title, first));
/// ```
pub fn first_value<S: Scalar>(expression: S) -> WindowFunction<S::Type> {
    window("first_value", vec![node_of(expression)], NullRule::Strict)
}

/// The value of the last row that the window shows: in an ordered window that is the row itself, or the last of those
/// that are equal to it in the order.
///
/// For the last of all rows, turn the order around and take [`first_value`].
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let whole = order_by(User.age).rows(..); // without a frame the window ends at the row itself
/// let oldest = select((User.name, func::last_value(User.name).over(whole)));
/// ```
pub fn last_value<S: Scalar>(expression: S) -> WindowFunction<S::Type> {
    window("last_value", vec![node_of(expression)], NullRule::Strict)
}

/// The value of the row at this place in its window, from 1; `None` where there are fewer.
///
/// A place below 1 is an error of the server.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let second = func::nth_value(Post.title, 2).over(partition_by(Post.user_id).order_by(Post.id));
/// let rows = select((Post.title, second));
/// ```
pub fn nth_value<S: Scalar>(expression: S, place: i32) -> WindowFunction<NullableOf<S>> {
    let place = Node::Parameter(Parameter::new(place));
    window("nth_value", vec![node_of(expression), place], NullRule::Possible)
}

/// The value of the row before in its window; `None` for the first:
/// `func::lag(Post.title).over(order_by(Post.id))`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let before = func::lag(Post.title).over(partition_by(Post.user_id).order_by(Post.id));
/// let pairs = select((Post.title, before));
/// ```
pub fn lag<S: Scalar>(expression: S) -> Neighbour<S::Type> {
    Neighbour { name: "lag", node: node_of(expression), rows: None, ty: PhantomData }
}

/// The value of the row behind in its window; `None` for the last:
/// `func::lead(Post.title).offset(2).default("none").over(order_by(Post.id))`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let next = select((Post.title, func::lead(Post.title).over(order_by(Post.id))));
/// ```
pub fn lead<S: Scalar>(expression: S) -> Neighbour<S::Type> {
    Neighbour { name: "lead", node: node_of(expression), rows: None, ty: PhantomData }
}

/// The value of another row of the window; made by [`lag`] and [`lead`], [`over`](Neighbour::over) makes it an
/// expression.
#[derive(Clone, Debug)]
#[must_use = "a window function is no expression before `.over(..)`"]
pub struct Neighbour<T> {
    name: &'static str,
    node: Node,
    rows: Option<i32>,
    ty: PhantomData<fn() -> T>,
}

impl<T: SqlType> Neighbour<T> {
    /// So many rows away; one if this is not said.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let two_before = func::lag(Post.title).offset(2).over(order_by(Post.id));
    /// let rows = select((Post.title, two_before));
    /// ```
    pub fn offset(mut self, rows: i32) -> Self {
        self.rows = Some(rows);
        self
    }

    /// A value for where there is no such row, instead of NULL.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let before = func::lag(Post.title).default("none").over(order_by(Post.id));
    /// let rows = select((Post.title, before));
    /// ```
    pub fn default<O: Operand<T::Base>>(self, value: O) -> WindowFunction<T::With<O::Type>> {
        let rows = Node::Parameter(Parameter::new(self.rows.unwrap_or(1)));
        window(self.name, vec![self.node, rows, value.operand().node], NullRule::Strict)
    }

    /// The function over these rows; `None` where there is no such row.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let before = func::lag(Post.title).over(partition_by(Post.user_id).order_by(Post.id));
    /// let rows = select((Post.title, before));
    /// ```
    pub fn over(self, rows: impl IntoOver) -> Expr<T::Nullable> {
        let offset = self.rows.map(|rows| Node::Parameter(Parameter::new(rows)));
        let arguments = [self.node].into_iter().chain(offset).collect();
        window(self.name, arguments, NullRule::Possible).over(rows)
    }
}

/// A value for rows without a neighbour is said behind it.
#[diagnostic::on_unimplemented(
    message = "what stands in for a row that is not there is said by `default`",
    label = "write `func::lead(Trip.id).offset(2).default(0)`; the same of `func::lag`"
)]
pub trait NeighbourOr<'a> {}

macro_rules! neighbour_or {
    ($($name:ident)*) => { $(
        #[doc(hidden)]
        pub fn $name<'a>(_: impl Sized, _: impl Sized, _: impl Sized) -> Neighbour<i64>
        where
            (): NeighbourOr<'a>,
        {
            lead(crate::query::expr::lit(0_i64))
        }
    )* };
}
neighbour_or!(lead_or lag_or);
