//! How long opening a connection, a statement and its cancelling may take.

use std::time::Duration;

use super::EngineBuilder;

impl EngineBuilder {
    /// How long opening a connection may take, for each address tried; what the URL says, or 10 seconds.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// let engine = Engine::builder(url).connect_timeout(Duration::from_secs(3)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// How long the server lets a statement run, to the millisecond, at most about 24 days; without a limit by default, so
    /// that migrations and long reports come to their end.
    ///
    /// Where nothing comes for half as long again, the statement is cancelled by a request of its own, and where that is not
    /// answered within [`cancel_timeout`](EngineBuilder::cancel_timeout) either, the connection is given up.
    ///
    /// A pooler in transaction mode would hand the setting on to other clients. Behind one it goes with each BEGIN, and
    /// holds inside transactions only: give it to the role as well (`ALTER ROLE .. SET statement_timeout`).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// let engine = Engine::builder(url).statement_timeout(Duration::from_secs(10)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn statement_timeout(mut self, timeout: Duration) -> Self {
        self.limits.statement = Some(timeout);
        self
    }

    /// How long the server may take to answer a request to cancel, or ROLLBACK, until the connection is given up; 5 seconds
    /// by default.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// let engine = Engine::builder(url).cancel_timeout(Duration::from_secs(2)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn cancel_timeout(mut self, timeout: Duration) -> Self {
        self.cancel_timeout = timeout;
        self
    }

    /// How long nothing may come from the server while it is waited for, until it is asked, on a connection of its own,
    /// whether it is there, and again after that time; `None` for never; 30 seconds by default.
    ///
    /// A server that answers is waited for further, as long as a statement runs. Where nothing comes within
    /// [`cancel_timeout`](EngineBuilder::cancel_timeout), the connection is given up. Together with TCP's own keepalives,
    /// which notice a network that is gone and not a server or proxy that is stuck, each wait has an end.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// let engine = Engine::builder(url).liveness_timeout(Duration::from_secs(10)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn liveness_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.limits.liveness = timeout.into();
        self
    }
}
