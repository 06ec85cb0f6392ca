//! What other servers than PostgreSQL lack.

use super::EngineBuilder;

impl EngineBuilder {
    /// Whether a flush locks the rows it changes before it writes them, in one order that all flushes share; true by
    /// default. Citus refuses such a lock on a distributed table.
    ///
    /// Without, two flushes that change the same rows in another order can be a deadlock, which
    /// [`SessionMaker::run`](crate::SessionMaker::run) does again; and a `version` is compared by the statement that writes
    /// the row, so that one which a trigger of another row of the same flush counts up is taken for stale.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let citus = Engine::builder(url).row_locks(false).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn row_locks(mut self, locks: bool) -> Self {
        self.compatible.row_locks = locks;
        self
    }

    /// Whether [`create_all`](crate::Engine::create_all) and [`drop_all`](crate::Engine::drop_all) take an advisory lock, so that programs
    /// that start together take turns; true by default. For a server that has no such locks.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let engine = Engine::builder(url).advisory_locks(false).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn advisory_locks(mut self, locks: bool) -> Self {
        self.compatible.advisory_locks = locks;
        self
    }

    /// How often a statement of the engine by itself is sent at most, the first time included, where the server could not
    /// serialize it with others or found a deadlock, and so did nothing of it; 5 by default, with pauses that grow from 20
    /// milliseconds. Zero is as one.
    ///
    /// It is so for `all`, `first`, `one`, `one_or_none`, `stream` until it gives rows, `execute` and `save`, and for a
    /// `batch` that only reads; not for rows that go by COPY or in several parts, and not for SQL of the program that may
    /// write. Work of several statements is done again
    /// by [`SessionMaker::run`](crate::SessionMaker::run), which also does so where COMMIT is refused.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let engine = Engine::builder(url).attempts(1).connect().await?; // once, and then the error
    /// # Ok(())
    /// # }
    /// ```
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.compatible.attempts = attempts;
        self
    }
}
