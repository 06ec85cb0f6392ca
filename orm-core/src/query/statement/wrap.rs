//! Statements about a statement: how many rows it has, whether it has any, and how the server would run it.

use std::fmt;
use std::time::Duration;

use super::{Make, Plan, Query, RawRows, Select, Writes};
use crate::error::Error;
use crate::model::{Row, Tracker};
use crate::query::outline;
use crate::query::render::{self, Rendered};
use crate::types::SqlType;

/// A statement that gives values of one type about another statement.
pub struct About<T> {
    rendered: Rendered,
    make: Make<T>,
    /// Whether the other statement runs, and may write.
    runs: Runs,
    time_limit: Option<Duration>,
}

/// Whether a statement is run where another is about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Runs {
    /// It only reads.
    Reads,
    Writes,
}

/// A statement that only reads its rows: a select, or rows of [`sql!`](crate::sql!).
#[diagnostic::on_unimplemented(
    message = "the rows of `{Self}` cannot be counted",
    label = "expected a select, such as `select(User)`, or a reference to one",
    note = "`execute` says how many rows an insert, update or delete touched"
)]
pub trait Selecting: Query {
    /// The statement, without what does not matter to how many rows there are.
    #[doc(hidden)]
    fn rows_only(&self) -> Result<Rendered, Error>;
}

#[diagnostic::do_not_recommend]
impl<R: Row> Selecting for Select<R> {
    fn rows_only(&self) -> Result<Rendered, Error> {
        let query = &self.query;
        // The order decides which rows there are only with a bound.
        if query.limit.is_some() || query.offset.is_some() || (query.order.is_empty() && query.lock.is_none())
        {
            return outline::rendered(&**query);
        }
        // What is refused is what would be refused without this.
        outline::rendered(&**query)?;
        let mut query = query.clone();
        query.order.clear();
        query.lock = None;
        outline::rendered(&*query)
    }
}

#[diagnostic::do_not_recommend]
impl<R: Row> Selecting for RawRows<R> {
    fn rows_only(&self) -> Result<Rendered, Error> {
        Ok(self.plan()?.rendered)
    }
}

/// What pages are made of: a select, or a reference to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no pages",
    label = "expected a select, such as `select(User).order_by(User.id)`, or a reference to one",
    note = "a time limit is that of what runs it: `engine.timeout(Duration::from_secs(2)).page(..)`"
)]
pub trait Paged: Send {
    /// Its rows.
    type Row: Row;

    #[doc(hidden)]
    fn into_select(self) -> Select<Self::Row>;
}

#[diagnostic::do_not_recommend]
impl<R: Row> Paged for Select<R> {
    type Row = R;

    fn into_select(self) -> Select<R> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<R: Row> Paged for &Select<R> {
    type Row = R;

    fn into_select(self) -> Select<R> {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl<S: Selecting + Clone + Sync> Selecting for &S
where
    for<'a> &'a S: Query,
{
    fn rows_only(&self) -> Result<Rendered, Error> {
        S::rows_only(self)
    }
}

impl<T: SqlType + Row> About<T> {
    fn new(rendered: Rendered, runs: Runs) -> About<T> {
        About { rendered, make: Make::Decode(|cells| cells.read()), runs, time_limit: None }
    }

    fn within(self, time_limit: Option<Duration>) -> About<T> {
        About { time_limit, ..self }
    }

    pub(super) fn time_limit(&self) -> Option<Duration> {
        self.time_limit
    }
}

/// How many rows it has.
pub(crate) fn count_rows(statement: &impl Selecting) -> Result<About<i64>, Error> {
    let rows = statement.rows_only()?;
    let about = About::new(render::wrap("SELECT count(*) FROM (", &rows, ") AS \"rows\""), Runs::Reads);
    Ok(about.within(statement.time_limit()))
}

/// Whether it has any.
pub(crate) fn has_rows(statement: &impl Selecting) -> Result<About<bool>, Error> {
    let about = About::new(render::wrap("SELECT EXISTS (", &statement.rows_only()?, ")"), Runs::Reads);
    Ok(about.within(statement.time_limit()))
}

impl<T: SqlType + Row> Query for About<T> {
    type Row = T;
    type Tracked = T;
    type Limited = Self;

    fn plan(&self) -> Result<Plan<T>, Error> {
        let what = self.rendered.text.what;
        Ok(Plan { rendered: self.rendered.clone(), make: self.make.clone(), what })
    }

    fn track<K: Tracker>(row: T, _: &mut K) -> T {
        row
    }

    fn at_most(self, _rows: u8) -> Self {
        self
    }

    fn writes(&self) -> Writes<'_> {
        match self.runs {
            Runs::Reads => Writes::Nothing,
            Runs::Writes => Writes::Anything,
        }
    }
}

impl<T> fmt::Debug for About<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "About({})", self.rendered.text.sql)
    }
}

/// What can be explained: any statement, or a reference to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no statement that can be explained",
    label = "expected a statement, such as `select(User)` or `delete(User)`"
)]
pub trait Explained: Send {
    #[doc(hidden)]
    fn explained(&self) -> Result<Rendered, Error>;

    /// Whether it writes where it is run.
    #[doc(hidden)]
    fn is_written(&self) -> bool;

    #[doc(hidden)]
    fn limit(&self) -> Option<Duration>;
}

#[diagnostic::do_not_recommend]
impl<E: super::BatchItem> Explained for E {
    fn explained(&self) -> Result<Rendered, Error> {
        Ok(self.draft()?.plan.rendered)
    }

    fn is_written(&self) -> bool {
        self.draft().is_ok_and(|draft| draft.writes.is_something())
    }

    fn limit(&self) -> Option<Duration> {
        self.time_limit()
    }
}

/// How the server would run it, or how it ran it.
pub(crate) fn explain<T: SqlType + Row>(
    statement: &impl Explained,
    options: &str,
    runs: bool,
) -> Result<About<T>, Error> {
    let rendered = statement.explained()?;
    if rendered.is_nothing() {
        return Ok(About::new(rendered, Runs::Reads));
    }
    let runs = if runs && statement.is_written() { Runs::Writes } else { Runs::Reads };
    let about = About::new(render::wrap(&format!("EXPLAIN {options}"), &rendered, ""), runs);
    Ok(about.within(statement.limit()))
}
