//! SELECT.

use std::fmt;
use std::panic::Location;

use super::{Items, Make, Selectable, Sql};
use crate::error::Error;
use crate::query::ast::{self, Placed};
use crate::query::expr::{Grouping, IntoCond, OrderBy, groups_of, keys_of};
use crate::query::{outline, render, resolve};
use crate::types::Parameter;

/// A SELECT whose rows are `R`.
///
/// Nothing is sent before a verb of an engine, a transaction or a session takes it.
///
/// ```no_run
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// # async fn example(engine: Engine, youngest: Option<i32>) -> Result<(), Error> {
/// let mut adults: Select<(String, i64)> = select((User.name, func::count(Post.id)))
///     .join(Post, Post.user_id.eq(User.id))
///     .group_by(User.name)
///     .order_by(User.name)
///     .limit(20);
/// if let Some(age) = youngest {
///     adults = adults.filter(User.age.ge(age));
/// }
/// let rows: Vec<(String, i64)> = engine.all(adults).await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
pub struct Select<R> {
    pub(crate) query: Box<ast::Select>,
    pub(crate) make: Make<R>,
    pub(crate) populate_existing: bool,
}

impl<R> Clone for Select<R> {
    fn clone(&self) -> Self {
        Select {
            query: self.query.clone(),
            make: self.make.clone(),
            populate_existing: self.populate_existing,
        }
    }
}

impl<R> fmt::Debug for Select<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Select({})", render::select(&self.query, resolve::select(&self.query)).text.sql)
    }
}

/// Selects a model, a column, an expression, or a tuple of up to 16 of them.
///
/// FROM follows from what is selected and filtered by, less what is joined; `select_from` says it outright.
///
/// ```
/// use orm_core::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// pub struct User {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub name: String,
///     pub age: Option<i32>,
/// }
///
/// let adults = select((User.id, User.name)).filter(User.age.ge(18)).order_by(User.name);
/// assert_eq!(
///     adults.to_sql()?.text,
///     r#"SELECT "users"."id", "users"."name" FROM "users" WHERE "users"."age" >= $1 ORDER BY "users"."name""#
/// );
/// # Ok::<(), orm_core::Error>(())
/// ```
#[track_caller]
pub fn select<S: Selectable>(selectable: S) -> Select<S::Row> {
    let (query, make) = Items::select(selectable);
    Select { query, make, populate_existing: false }
}

#[track_caller]
fn placed<T>(content: T) -> Placed<T> {
    Placed { content, at: Location::caller() }
}

/// How many rows: an integer of any type, or an `Option` of one, of which `None` says nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no number of rows",
    label = "expected an integer, or an `Option` of one"
)]
pub trait RowCount {
    #[doc(hidden)]
    fn row_count(self) -> Option<i64>;
}

#[diagnostic::do_not_recommend]
impl<N: RowCount> RowCount for Option<N> {
    fn row_count(self) -> Option<i64> {
        self.and_then(N::row_count)
    }
}

/// More than PostgreSQL counts are all.
macro_rules! row_count {
    ($($integer:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl RowCount for $integer {
            fn row_count(self) -> Option<i64> {
                Some(self.try_into().unwrap_or(i64::MAX))
            }
        }
    )* };
}
row_count!(i32, u32, u64, usize);

#[diagnostic::do_not_recommend]
impl RowCount for i64 {
    fn row_count(self) -> Option<i64> {
        Some(self)
    }
}

impl<R> Select<R> {
    /// Only rows for which the condition is true; several calls are joined by AND. An `Option` that is `None` adds nothing.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let adults = select(User).filter(User.age.ge(18) & User.name.starts_with("A"));
    /// ```
    #[track_caller]
    pub fn filter(mut self, condition: impl IntoCond) -> Self {
        if let Some(condition) = condition.into_part() {
            self.query.filter.push(placed(condition.0));
        }
        self
    }

    /// Only rows for which the condition is true, if there is a value to make one of; else all:
    /// `.filter_some(form.name, |name| User.name.icontains(name))`, which is `.filter(form.name.map(|name| ..))`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let name = Some("Ann"); // of a form
    /// let users = select(User).filter_some(name, |name| User.name.eq(name));
    /// ```
    #[track_caller]
    pub fn filter_some<V, C: IntoCond>(self, value: Option<V>, condition: impl FnOnce(V) -> C) -> Self {
        match value {
            Some(value) => self.filter(condition(value)),
            None => self,
        }
    }

    /// One row for all rows with the same values.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let several = select((User.age, func::count(User.id)))
    ///     .group_by(User.age)
    ///     .having(func::count(User.id).gt(1));
    /// ```
    #[track_caller]
    pub fn group_by(mut self, groups: impl Grouping) -> Self {
        let at = Location::caller();
        self.query.group.extend(groups_of(groups).map(|content| Placed { content, at }));
        self
    }

    /// Only groups for which the condition is true; several calls are joined by AND.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let several = select((User.age, func::count(User.id)))
    ///     .group_by(User.age)
    ///     .having(func::count(User.id).gt(1));
    /// ```
    #[track_caller]
    pub fn having(mut self, condition: impl IntoCond) -> Self {
        if let Some(condition) = condition.into_part() {
            self.query.having.push(placed(condition.0));
        }
        self
    }

    /// Sorts the rows; a second call adds keys behind the first.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let sorted = select(User).order_by((User.age.desc(), User.name));
    /// ```
    #[track_caller]
    pub fn order_by(mut self, order: impl OrderBy) -> Self {
        let at = Location::caller();
        self.query.order.extend(keys_of(order).map(|content| Placed { content, at }));
        self
    }

    /// At most so many rows; with `None`, all. A second call replaces the first.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let page = select(User).order_by(User.id).limit(20).offset(40);
    /// ```
    pub fn limit(mut self, rows: impl RowCount) -> Self {
        self.query.limit = rows.row_count().map(|rows| ast::Limit::Parameter(Parameter::new(rows)));
        self
    }

    /// Leaves out so many rows at the start; with `None`, none. A second call replaces the first.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let second_page = select(User).order_by(User.id).limit(20).offset(20);
    /// ```
    pub fn offset(mut self, rows: impl RowCount) -> Self {
        self.query.offset = rows.row_count().map(Parameter::new);
        self
    }

    /// Each different row once.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let names = select(User.name).distinct();
    /// ```
    pub fn distinct(mut self) -> Self {
        self.query.distinct = true;
        self
    }

    /// Of the rows that are equal in these, the first one as `order_by` sorts them (DISTINCT ON): `order_by` has to begin with
    /// the same.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let last_posts = select(Post).distinct_on(Post.user_id).order_by((Post.user_id, Post.id.desc()));
    /// ```
    #[track_caller]
    pub fn distinct_on(mut self, columns: impl Grouping) -> Self {
        let at = Location::caller();
        self.query.more().distinct_on = groups_of(columns).map(|content| Placed { content, at }).collect();
        self
    }

    /// With `limit`: rows that sort as the last one come too (FETCH FIRST .. WITH TIES).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let oldest = select(User).order_by(User.age.desc()).limit(3).with_ties();
    /// ```
    pub fn with_ties(mut self) -> Self {
        self.query.more().with_ties = true;
        self
    }

    /// Only rows for which a condition with window functions is true, as QUALIFY of other databases: the first three of each
    /// group are `.keep(func::row_number().over(..).le(3))`. The select becomes a table of another one, which filters.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let number = func::row_number().over(partition_by(Post.user_id).order_by(Post.id));
    /// let three_of_each = select(Post).keep(number.le(3));
    /// ```
    #[track_caller]
    pub fn keep(mut self, condition: impl IntoCond) -> Self {
        if let Some(condition) = condition.into_part() {
            self.query.more().keep.push(placed(condition.0));
        }
        self
    }

    /// Lets the server plan the statement anew for the values of each run (it goes without a prepared statement). A statement
    /// that is used often gets one plan for all values after some runs, which can be much slower for values that are rare,
    /// or frequent, in the table; to plan takes the server some tenths of a millisecond each time.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let rare = select(Post).filter(Post.title.eq("rare")).order_by(Post.id).limit(10).plan_each_time();
    /// ```
    pub fn plan_each_time(mut self) -> Self {
        self.query.more().plan_each_time = true;
        self
    }

    /// Reads relations in the same round trip as the rows, and as of the same moment: the related rows are selected by the
    /// condition of this statement, and not by what its rows turn out to be. A condition with a function that gives other
    /// values each time, such as `random`, is refused; one of your own has to be stable.
    ///
    /// By itself, it is a transaction of the level REPEATABLE READ that only reads. In a transaction that is there, and in a
    /// session, it is one round trip, and one moment if the level of that is REPEATABLE READ or above. A `batch` reads
    /// relations behind its statements as without it. For a condition that is costly to work out once for each relation, go
    /// without.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let users = engine.all(select(User).with(User.posts).together()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn together(mut self) -> Self {
        self.query.more().together = true;
        self
    }

    /// In a session: objects that are already loaded take the values just read, even if they have changes of their own
    /// or were read in this transaction. Elsewhere it changes nothing.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let users = session.all(select(User).populate_existing()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn populate_existing(mut self) -> Self {
        self.populate_existing = true;
        self
    }

    /// The text and parameters, after the same check as before sending.
    ///
    /// # Errors
    /// If the statement cannot be what was meant; the error names the place in your source.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let names = select(User.name).filter(User.id.eq(1)).to_sql()?;
    /// assert_eq!(names.text, r#"SELECT "users"."name" FROM "users" WHERE "users"."id" = $1"#);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn to_sql(&self) -> Result<Sql, Error> {
        Ok(outline::rendered(&*self.query)?.into())
    }
}
