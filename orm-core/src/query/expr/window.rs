//! Windows: the rows a function looks at beside its own.

use std::marker::PhantomData;

use super::order::keys_of;
use super::{Expr, Grouping, IntoFrame, OrderBy, groups_of};
use crate::query::ast::{Exclude, FrameMode, Node, Window};

/// The rows a window function looks at; made by [`order_by`] and [`partition_by`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Over(Window);

/// The rows in an order: `func::rank().over(order_by(User.age.desc()))`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let ranked = select((User.name, func::rank().over(order_by(User.age.desc()))));
/// ```
pub fn order_by(order: impl OrderBy) -> Over {
    Over(Window { order: keys_of(order).collect(), ..Window::default() })
}

/// The rows with the same values: `func::rank().over(partition_by(Post.user_id).order_by(Post.id))`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let numbers = select((Post.title, func::row_number().over(partition_by(Post.user_id).order_by(Post.id))));
/// ```
pub fn partition_by(groups: impl Grouping) -> Over {
    Over(Window { partition: groups_of(groups).collect(), ..Window::default() })
}

impl Over {
    /// Gives the window a name: it stands in the WINDOW clause once, and functions over it have the name alone.
    ///
    /// ```
    /// use orm_core::prelude::*;
    ///
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "sales")]
    /// pub struct Sale {
    ///     #[orm(primary_key, generated)]
    ///     pub id: i64,
    ///     pub city: String,
    /// }
    ///
    /// let by_city = partition_by(Sale.city).order_by(Sale.id).named("by_city");
    /// let ranked = select((func::row_number().over(&by_city), func::count_star().over(&by_city)));
    /// assert!(ranked.select_from(Sale).to_sql()?.text.contains(r#"WINDOW "by_city" AS (PARTITION BY"#));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn named(mut self, name: &'static str) -> Over {
        self.0.name = Some(name);
        self
    }

    /// Orders the rows of a partition.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let by_author = partition_by(Post.user_id).order_by((Post.title, Post.id));
    /// let numbers = select(func::row_number().over(by_author));
    /// ```
    pub fn order_by(mut self, order: impl OrderBy) -> Over {
        self.0.order.extend(keys_of(order));
        self
    }

    /// Only rows at these distances, in rows: `.rows(-6..=0)` for the row and the six before it, `.rows(..=0)` for all up to
    /// the row, `.rows(..)` for the whole partition, `.rows(1..)` for those behind the row.
    ///
    /// Without a frame a function in an ordered window sees all rows up to the row itself and those equal to it in the
    /// order; in one without order, all rows of the partition.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let last_seven = order_by(User.id).rows(-6..=0);
    /// let averages = select((User.id, func::avg(User.age).over(last_seven)));
    /// ```
    pub fn rows(self, rows: impl IntoFrame) -> Over {
        self.framed(FrameMode::Rows, rows)
    }

    /// Only rows whose sort key is at most so far away, in the key's own unit: `.range(..=0)`,
    /// `.range(Frame::between(Edge::preceding(Interval::from_days(7)), Edge::current_row()))`.
    ///
    /// With a distance, the window has just one sort key.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let near = order_by(Event.seats).range(-10..=10); // events with ten seats more or less
    /// let counts = select((Event.title, func::count_star().over(near)));
    /// ```
    pub fn range(self, range: impl IntoFrame) -> Over {
        self.framed(FrameMode::Range, range)
    }

    /// As [`rows`](Over::rows), in groups of rows that are equal in the order.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let this_age_and_the_next = order_by(User.age).groups(0..=1);
    /// let counts = select((User.name, func::count_star().over(this_age_and_the_next)));
    /// ```
    pub fn groups(self, groups: impl IntoFrame) -> Over {
        self.framed(FrameMode::Groups, groups)
    }

    /// The frame without the row itself.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let others = order_by(User.id).rows(..).exclude_current_row();
    /// let averages = select((User.name, func::avg(User.age).over(others)));
    /// ```
    pub fn exclude_current_row(self) -> Over {
        self.exclude(Exclude::CurrentRow)
    }

    /// The frame without the row itself and those that are equal to it in the order.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let of_other_ages = order_by(User.age).rows(..).exclude_group();
    /// let counts = select((User.name, func::count_star().over(of_other_ages)));
    /// ```
    pub fn exclude_group(self) -> Over {
        self.exclude(Exclude::Group)
    }

    /// The frame without those that are equal to the row in the order; with the row itself.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let without_equals = order_by(User.age).rows(..).exclude_ties();
    /// let counts = select((User.name, func::count_star().over(without_equals)));
    /// ```
    pub fn exclude_ties(self) -> Over {
        self.exclude(Exclude::Ties)
    }

    fn framed(mut self, mode: FrameMode, frame: impl IntoFrame) -> Over {
        let exclude = self.0.frame.take().and_then(|frame| frame.exclude);
        self.0.frame = Some(frame.into_frame().into_ast(mode, exclude));
        self
    }

    fn exclude(self, exclude: Exclude) -> Over {
        // What PostgreSQL takes where no frame is said.
        let mut over = if self.0.frame.is_none() { self.range(..=0) } else { self };
        over.0.frame.iter_mut().for_each(|frame| frame.exclude = Some(exclude));
        over
    }
}

/// What `over` takes: a window by [`order_by`] or [`partition_by`], or `&` of one; `()` for all rows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a window",
    label = "expected `order_by(..)`, `partition_by(..)`, or `()` for all rows",
    note = "`func::rank().over(partition_by(Post.user_id).order_by(Post.id.desc()))`"
)]
pub trait IntoOver {
    /// The window.
    fn into_over(self) -> Over;
}

#[diagnostic::do_not_recommend]
impl IntoOver for Over {
    fn into_over(self) -> Over {
        self
    }
}

#[diagnostic::do_not_recommend]
impl IntoOver for &Over {
    fn into_over(self) -> Over {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl IntoOver for () {
    fn into_over(self) -> Over {
        Over(Window::default())
    }
}

/// A function that only makes sense over a window; [`over`](WindowFunction::over) makes it an expression.
#[derive(Clone, Debug)]
#[must_use = "a window function is no expression before `.over(..)`"]
pub struct WindowFunction<T>(Node, PhantomData<fn() -> T>);

impl<T> WindowFunction<T> {
    pub(super) fn new(node: Node) -> Self {
        WindowFunction(node, PhantomData)
    }

    /// Passes over the rows in which the argument is NULL; of `first_value`, `last_value` and `nth_value`; PostgreSQL 19.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let first_known = func::first_value(User.age).ignore_nulls().over(order_by(User.id));
    /// let ages = select((User.name, first_known)); // PostgreSQL 19
    /// ```
    pub fn ignore_nulls(mut self) -> Self {
        if let Node::Function(function) = &mut self.0 {
            function.ignore_nulls = true;
        }
        self
    }

    /// The function over these rows; `()` for all.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let numbered = select((User.name, func::row_number().over(())));
    /// ```
    pub fn over(self, window: impl IntoOver) -> Expr<T> {
        Expr::<T>::new(self.0).over(window)
    }
}

impl<T> Expr<T> {
    /// An aggregate over these rows, for each row, instead of one for a group: `func::sum(Sale.price).over(())`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let shares = select((Event.title, Event.seats, func::sum(Event.seats).over(())));
    /// ```
    pub fn over(self, window: impl IntoOver) -> Expr<T> {
        Expr::new(Node::Over(Box::new(self.node), Box::new(window.into_over().0)))
    }
}
