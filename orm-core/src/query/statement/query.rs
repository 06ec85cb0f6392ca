//! What the verbs take: statements that give rows, and statements that only write.

use std::ops::Range;

use super::{BatchItem, Copying, Make, Plan, ReturnedRows, Select, Sql, Writes};
use crate::error::Error;
use crate::model::{Row, Tracker};
use crate::query::ast::Limit;
use crate::query::outline;
use crate::query::render::Rendered;

/// A statement that gives rows: a [`Select`], or an insert, update or delete with `returning`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no rows",
    label = "expected a statement that gives rows, such as `select(User)`",
    note = "an insert, update or delete gives rows with `.returning(..)`, and `sql!(..)` with `.rows()`; without, use `execute`"
)]
pub trait Query: BatchItem<Output = Vec<Self::Row>> + Sized + Send {
    /// The rows it gives.
    type Row: Row;
    /// What a session gives for a row.
    type Tracked: Send;
    /// The same statement with a bound on its rows.
    #[doc(hidden)]
    type Limited: Query<Row = Self::Row, Tracked = Self::Tracked>;

    #[doc(hidden)]
    fn plan(&self) -> Result<Plan<Self::Row>, Error>;

    /// The parts it is sent in, if there is more than one.
    #[doc(hidden)]
    fn parts(&self) -> Result<Vec<Range<usize>>, Error> {
        Ok(Vec::new())
    }

    /// One of its parts.
    #[doc(hidden)]
    fn plan_part(&self, _part: Range<usize>) -> Result<Plan<Self::Row>, Error> {
        self.plan()
    }

    /// Gives a row to a session.
    #[doc(hidden)]
    fn track<K: Tracker>(row: Self::Row, tracker: &mut K) -> Self::Tracked;

    /// The same statement with at most so many rows, where it can have such a bound.
    #[doc(hidden)]
    fn at_most(self, rows: u8) -> Self::Limited;

    /// Whether the objects of a session take the values read in any case.
    #[doc(hidden)]
    fn populates_existing(&self) -> bool {
        false
    }

    /// Whether the rows it reads are locked for the transaction.
    #[doc(hidden)]
    fn locks_rows(&self) -> bool {
        false
    }

    /// What it changes.
    #[doc(hidden)]
    fn writes(&self) -> Writes<'_> {
        Writes::Nothing
    }

    /// Whether it neither writes nor locks, so that a replica can run it.
    #[doc(hidden)]
    fn only_reads(&self) -> bool {
        !self.writes().written().is_something() && !self.locks_rows()
    }
}

impl<R: Row> Query for Select<R> {
    type Row = R;
    type Tracked = R::Tracked;
    type Limited = Self;

    fn track<K: Tracker>(row: R, tracker: &mut K) -> R::Tracked {
        row.track(tracker)
    }

    fn plan(&self) -> Result<Plan<R>, Error> {
        let rendered = outline::rendered(&*self.query)?;
        let what = rendered.text.what;
        let make = match &self.make {
            Make::Load(load) if self.query.more.as_ref().is_some_and(|more| more.together) => {
                let mut ahead = Vec::new();
                load.ahead(&self.query, &mut ahead)?;
                let ahead = ahead.iter().map(|query| outline::rendered(query)).collect::<Result<_, _>>()?;
                Make::Together(load.clone(), ahead)
            }
            make => make.clone(),
        };
        Ok(Plan { rendered, make, what })
    }

    fn at_most(mut self, rows: u8) -> Self {
        self.query.limit.get_or_insert(Limit::Fixed(rows));
        self
    }

    fn populates_existing(&self) -> bool {
        self.populate_existing
    }

    fn locks_rows(&self) -> bool {
        self.query.lock.is_some()
    }

    fn writes(&self) -> Writes<'_> {
        if self.query.has_writing_cte() { Writes::Anything } else { Writes::Nothing }
    }
}

/// A statement that writes; `execute` takes it and says how many rows it touched.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be executed for its effect",
    label = "expected a statement that writes, such as `delete(User)`",
    note = "a select gives rows: use `all`, `first`, `one` or `one_or_none`"
)]
pub trait Command: BatchItem<Output = u64> + Sized + Send {
    /// What becomes of the rows it writes.
    type Rows: ReturnedRows;

    #[doc(hidden)]
    fn rendered(&self) -> Result<Rendered, Error>;

    /// The parts it is sent in, if there is more than one.
    #[doc(hidden)]
    fn parts(&self) -> Result<Vec<Range<usize>>, Error> {
        Ok(Vec::new())
    }

    /// One of its parts.
    #[doc(hidden)]
    fn rendered_part(&self, _part: Range<usize>) -> Result<Rendered, Error> {
        self.rendered()
    }

    /// Its rows, where COPY may bring them.
    #[doc(hidden)]
    fn copying(&self) -> Option<Copying<'_>> {
        None
    }

    /// What it changes.
    #[doc(hidden)]
    fn writes(&self) -> Writes<'_>;

    /// The text and parameters, after the same check as before sending; no text where nothing would be sent.
    ///
    /// # Errors
    /// If the statement cannot be what was meant; the error names the place in your source.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let statement = delete(Post).filter(Post.id.eq(1));
    /// assert_eq!(statement.to_sql()?.text, r#"DELETE FROM "posts" WHERE "posts"."id" = $1"#);
    /// # Ok::<(), Error>(())
    /// ```
    fn to_sql(&self) -> Result<Sql, Error> {
        self.rendered().map(Sql::from)
    }
}

/// An insert, update or delete that gives back rows.
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
pub struct Returning<C, R> {
    pub(crate) command: C,
    pub(crate) make: Make<R>,
    pub(crate) what: &'static str,
}

impl<C: Clone, R> Clone for Returning<C, R> {
    fn clone(&self) -> Self {
        Returning { command: self.command.clone(), make: self.make.clone(), what: self.what }
    }
}

impl<C: Command, R: Row> Query for Returning<C, R> {
    type Row = R;
    type Tracked = <C::Rows as ReturnedRows>::Tracked<R>;
    type Limited = Self;

    fn track<K: Tracker>(row: R, tracker: &mut K) -> Self::Tracked {
        C::Rows::track(row, tracker)
    }

    fn plan(&self) -> Result<Plan<R>, Error> {
        Ok(Plan { rendered: self.command.rendered()?, make: self.make.clone(), what: self.what })
    }

    fn at_most(self, _rows: u8) -> Self {
        self
    }

    fn parts(&self) -> Result<Vec<Range<usize>>, Error> {
        self.command.parts()
    }

    fn plan_part(&self, part: Range<usize>) -> Result<Plan<R>, Error> {
        let rendered = self.command.rendered_part(part)?;
        Ok(Plan { rendered, make: self.make.clone(), what: self.what })
    }

    fn writes(&self) -> Writes<'_> {
        self.command.writes()
    }
}

impl<C: Command, R> Returning<C, R> {
    /// The text and parameters, after the same check as before sending.
    ///
    /// # Errors
    /// If the statement cannot be what was meant; the error names the place in your source.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let statement = delete(Post).filter(Post.id.eq(1)).returning(Post.title);
    /// assert_eq!(statement.to_sql()?.text, r#"DELETE FROM "posts" WHERE "posts"."id" = $1 RETURNING "posts"."title""#);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn to_sql(&self) -> Result<Sql, Error> {
        self.command.to_sql()
    }
}
