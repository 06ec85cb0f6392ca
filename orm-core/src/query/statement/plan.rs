//! A statement on its way to the server: checked and rendered, with what becomes of its rows.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use super::Make;
use super::options::WithOptions;
use super::synchronize::Written;
use crate::error::Error;
use crate::query::render::{CopyTexts, Rendered};
use crate::types::CopyRows;

/// A statement that is checked and rendered.
pub struct Plan<R> {
    pub(crate) rendered: Rendered,
    pub(crate) make: Make<R>,
    /// What its rows are, for messages.
    pub(crate) what: &'static str,
}

impl<R> fmt::Debug for Plan<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rendered.fmt(f)
    }
}

/// What is a statement: those of this crate.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "statements are those of this crate: `Query`, `Command` and `BatchItem` are implemented by no program itself",
    label = "expected `select(..)`, `insert(..)`, `update(..)`, `delete(..)`, or `sql!(..)` for SQL of your own"
)]
pub trait SealedStatement {}

#[diagnostic::do_not_recommend]
impl<S: SealedStatement> SealedStatement for &S {}

/// A statement that a batch takes: a [`Select`](super::Select), or an insert, update or delete, with `returning` or without.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no statement for a batch",
    label = "expected statements, such as `select(User)` or `delete(User)`"
)]
pub trait BatchItem: SealedStatement + Sized + Send {
    /// What it gives: a `Vec` of its rows, or without rows the number of those it touched.
    type Output: Send;
    #[doc(hidden)]
    type Decoded: Send + 'static;

    #[doc(hidden)]
    fn draft(&self) -> Result<Draft<Self::Decoded>, Error>;

    #[doc(hidden)]
    fn output(rows: Vec<Self::Decoded>, affected: u64) -> Self::Output;

    /// Within which time it has to be done.
    #[doc(hidden)]
    fn time_limit(&self) -> Option<Duration> {
        None
    }

    /// The statement with a time limit, whatever verb takes it; say it last. One that runs when the time is over is
    /// cancelled ([`is_timeout`](Error::is_timeout)).
    ///
    /// It includes waiting for a connection, reading relations, and in a session the flush before. In a transaction it fails that,
    /// as every error of the server does; in a batch the shortest limit is that of the whole. `page` and
    /// `page_after`, and streams of a transaction or a session, take it of what runs them:
    /// [`Engine::timeout`](crate::Engine::timeout), `transaction.timeout(..)`, `session.timeout(..)`.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # use std::time::Duration;
    /// # async fn example(engine: Engine, mut session: Session) -> Result<(), Error> {
    /// let users = engine.all(select(User).filter(User.name.like("%a%")).timeout(Duration::from_secs(2))).await?;
    /// session.execute(delete(Post).filter(Post.title.eq("")).timeout(Duration::from_secs(30))).await?;
    /// # Ok(())
    /// # }
    /// ```
    fn timeout(self, timeout: Duration) -> WithOptions<Self> {
        WithOptions::timeout_of(self, timeout)
    }

    /// The statement, which the server plans for its values in each run, without a prepared statement; say it last. As
    /// [`Select::plan_each_time`](super::Select::plan_each_time), of any statement.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// engine.execute(delete(Post).filter(Post.title.eq("rare")).plan_each_time()).await?;
    /// # Ok(())
    /// # }
    /// ```
    fn plan_each_time(self) -> WithOptions<Self> {
        WithOptions::planned_each_time(self)
    }
}

/// A statement of a batch that is checked and rendered.
#[derive(Debug)]
pub struct Draft<R> {
    pub(crate) plan: Plan<R>,
    pub(crate) writes: Written,
    /// Whether it neither writes nor locks.
    pub(crate) only_reads: bool,
    pub(crate) time_limit: Option<Duration>,
}

/// Rows that may go by COPY.
pub struct Copying<'a> {
    pub(crate) texts: CopyTexts,
    pub(crate) rows: Box<dyn CopyRows + 'a>,
    pub(crate) at: &'static Location<'static>,
}
