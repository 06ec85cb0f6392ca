//! How many connections the pool has, how long each lives, and how long to wait for one.

use std::time::Duration;

use super::EngineBuilder;
use crate::error::Error;

/// How many connections a PostgreSQL server can be set to take.
const MOST_CONNECTIONS: usize = 262_143;

/// The server counts a statement's milliseconds in 32 bits.
const LONGEST_STATEMENT: Duration = Duration::from_millis(i32::MAX as u64);

impl EngineBuilder {
    /// How many connections there are at most; 10 by default, and no more than the 262143 that a server can take.
    ///
    /// SQLAlchemy's `pool_size` and `max_overflow` in one: they are opened when they are needed, the one that was used
    /// last is used next, and what is not needed any more closes after [`idle_timeout`](EngineBuilder::idle_timeout).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let engine = Engine::builder(url).pool_size(20).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn pool_size(mut self, connections: usize) -> Self {
        self.pool.max_size = connections;
        self
    }

    /// How many idle connections are kept open, ready for the next users; 0 by default, at most `pool_size`.
    ///
    /// So many are opened at once by [`connect`](EngineBuilder::connect), and again, within a second, when they are taken
    /// or lost.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let engine = Engine::builder(url).pool_size(20).min_idle(4).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn min_idle(mut self, connections: usize) -> Self {
        self.pool.min_idle = connections;
        self
    }

    /// How long a connection lives, `None` for as long as it can; 30 minutes by default. SQLAlchemy calls it `pool_recycle`.
    ///
    /// Each ends up to a tenth earlier, so that those opened together do not end together. One that is in use is closed
    /// afterwards.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// let engine = Engine::builder(url).max_lifetime(Duration::from_secs(5 * 60)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn max_lifetime(mut self, lifetime: impl Into<Option<Duration>>) -> Self {
        self.pool.max_lifetime = lifetime.into();
        self
    }

    /// How long a connection is kept that nobody uses, `None` for until it ends otherwise; 10 minutes by default.
    ///
    /// It closes up to 30 seconds later, and stays where [`min_idle`](EngineBuilder::min_idle) wants it.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// let engine = Engine::builder(url).idle_timeout(Duration::from_secs(60)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.pool.idle_timeout = timeout.into();
        self
    }

    /// How long to wait for a connection of the pool, given back or opened, whichever comes first; 30 seconds by default.
    /// Who waits longest is next. SQLAlchemy calls it `pool_timeout`.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// let engine = Engine::builder(url).acquire_timeout(Duration::from_secs(3)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.pool.acquire_timeout = timeout;
        self
    }

    /// How long a connection may have been idle and be used without a question; 10 seconds by default, `None` for any time.
    ///
    /// One that was idle longer is asked for a sign of life first, one round trip, because a network can forget a
    /// connection without telling either end. If none comes within 2 seconds (or `connect_timeout`, if that is less), it is
    /// closed with the others that were idle as long, and another one is opened. `Duration::ZERO` asks before every use, as SQLAlchemy's `pool_pre_ping` does.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// let before_each_use = Engine::builder(url).pre_ping_after(Duration::ZERO).connect().await?;
    /// let never = Engine::builder(url).pre_ping_after(None).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn pre_ping_after(mut self, idle: impl Into<Option<Duration>>) -> Self {
        self.pool.pre_ping_after = idle.into();
        self
    }

    /// How long [`Engine::close`](crate::Engine::close) waits for the connections in use before it ends them; 10 seconds by default.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// let engine = Engine::builder(url).close_timeout(Duration::from_secs(30)).connect().await?;
    /// engine.close().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn close_timeout(mut self, timeout: Duration) -> Self {
        self.pool.close_timeout = timeout;
        self
    }

    /// Refuses settings of the pool that contradict each other, or mean nothing.
    pub(super) fn check_pool(&self) -> Result<(), Error> {
        if self.pool.max_size == 0 {
            return Err(Error::configuration("`pool_size` is 0: a pool needs at least one connection"));
        }
        if self.pool.max_size > MOST_CONNECTIONS {
            return Err(Error::configuration(format!(
                "`pool_size` is {}, expected at most {MOST_CONNECTIONS}, which is what a PostgreSQL server can take: lower it",
                self.pool.max_size
            )));
        }
        if self.pool.min_idle > self.pool.max_size {
            return Err(Error::configuration(format!(
                "`min_idle` is {}, more than the {} connections of `pool_size`: raise that, or lower `min_idle`",
                self.pool.min_idle, self.pool.max_size
            )));
        }
        let limits = [
            (
                "acquire_timeout",
                Some(self.pool.acquire_timeout),
                "give waiting tasks a time, such as the 30 seconds it has by default",
            ),
            ("connect_timeout", self.connect_timeout, "leave it out for the 10 seconds it has by default"),
            ("statement_timeout", self.limits.statement, "leave it out for no limit"),
            ("cancel_timeout", Some(self.cancel_timeout), "leave it out for the 5 seconds it has by default"),
            ("liveness_timeout", self.limits.liveness, "`None` is for never"),
            ("max_lifetime", self.pool.max_lifetime, "`None` is for no limit"),
            ("idle_timeout", self.pool.idle_timeout, "`None` is for no limit"),
        ];
        if let Some((name, _, instead)) = limits.iter().find(|(_, limit, _)| *limit == Some(Duration::ZERO)) {
            return Err(Error::configuration(format!("`{name}` is zero, expected a duration: {instead}")));
        }
        if let Some(limit) = self.limits.statement.filter(|limit| *limit > LONGEST_STATEMENT) {
            return Err(Error::configuration(format!(
                "`statement_timeout` is {limit:?}, expected at most {LONGEST_STATEMENT:?}: leave it out for no limit"
            )));
        }
        Ok(())
    }
}
