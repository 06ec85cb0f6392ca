//! Makes sessions of one engine with the same options.

use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use super::hook::Hooks;
use super::{Change, Options, Session};
use crate::engine::{Backoff, Engine, Isolation, TransactionMode};
#[cfg(doc)]
use crate::error::Error;
use crate::execute::ATTEMPTS;
use crate::types::Cause;

/// Makes sessions of one engine, all with the same options. Cloning is cheap.
///
/// ```no_run
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// # async fn example(engine: Engine) -> Result<(), Error> {
/// let sessions = SessionMaker::new(engine.clone()).expire_on_commit(false);
/// let mut session = sessions.session();
/// session.add(NewUser::new("Ann"));
/// session.commit().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SessionMaker {
    engine: Engine,
    options: Options,
    pub(super) retry: Retry,
    pub(super) hooks: Hooks,
}

/// How often work is run, and how long is waited between.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retry {
    pub(super) attempts: u32,
    /// Whether also where a row had been changed by somebody else.
    pub(super) stale: bool,
    pub(super) backoff: Backoff,
}

impl SessionMaker {
    /// Sessions of this engine: `expire_on_commit` false, `autoflush` true, transactions as the engine begins them.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let sessions = SessionMaker::new(engine).expire_on_commit(false);
    /// let mut session = sessions.session();
    /// session.add(NewUser::new("Ann"));
    /// session.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(engine: Engine) -> SessionMaker {
        SessionMaker {
            engine,
            options: Options { expire_on_commit: false, autoflush: true, mode: None },
            retry: Retry { attempts: ATTEMPTS, stale: false, backoff: Backoff::default() },
            hooks: Hooks::default(),
        }
    }

    /// The engine that the sessions are of, for statements without a session: `sessions.engine().all(select(User))`.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(sessions: SessionMaker) -> Result<(), Error> {
    /// let users: Vec<User> = sessions.engine().all(select(User)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Whether a commit makes all objects of the session expired, so that [`find`](Session::find) reads them again;
    /// false by default.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let sessions = SessionMaker::new(engine).expire_on_commit(true);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn expire_on_commit(mut self, expire: bool) -> SessionMaker {
        self.options.expire_on_commit = expire;
        self
    }

    /// Whether pending changes are flushed before each query; true by default.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let sessions = SessionMaker::new(engine).autoflush(false);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn autoflush(mut self, autoflush: bool) -> SessionMaker {
        self.options.autoflush = autoflush;
        self
    }

    /// What transactions of the sessions begin with: an isolation level, read only; what the engine says by default.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let sessions = SessionMaker::new(engine).transaction_mode(Isolation::Serializable);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn transaction_mode(mut self, mode: impl Into<TransactionMode>) -> SessionMaker {
        self.options.mode = Some(mode.into());
        self
    }

    /// The isolation level of the sessions' transactions, beside what [`transaction_mode`](SessionMaker::transaction_mode) says
    /// else; what the engine says by default.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let sessions = SessionMaker::new(engine).isolation(Isolation::Serializable);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn isolation(self, isolation: Isolation) -> SessionMaker {
        let mode = self.options.mode.unwrap_or_default().isolation(isolation);
        self.transaction_mode(mode)
    }

    /// How long each transaction of the sessions may take, from its first statement to the end of its COMMIT, as
    /// [`Engine::timeout`] says; without a limit by default, or that of the engine.
    ///
    /// Each time that [`run`](SessionMaker::run) does its work is a transaction of its own.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// let sessions = SessionMaker::new(engine).timeout(Duration::from_secs(10));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> SessionMaker {
        self.engine = self.engine.timeout(timeout);
        self
    }

    /// How often [`run`](SessionMaker::run) does its work at most, the first time included; 5 by default. Zero is as one.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let sessions = SessionMaker::new(engine).attempts(3);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> SessionMaker {
        self.retry.attempts = attempts;
        self
    }

    /// Whether [`run`](SessionMaker::run) does its work again where somebody else had changed or deleted a row that it
    /// changed ([`is_stale`](Error::is_stale)); false by default, for work that means a form which a person has filled in
    /// to be refused then.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let sessions = SessionMaker::new(engine).retry_stale(true);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn retry_stale(mut self, retry: bool) -> SessionMaker {
        self.retry.stale = retry;
        self
    }

    /// How long [`run`](SessionMaker::run) waits before it does its work again: up to `first` after the first time, twice
    /// as long after each further one, never longer than `longest`; 20 milliseconds and one second by default.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// let sessions = SessionMaker::new(engine).backoff(Duration::from_millis(10), Duration::from_secs(1));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> SessionMaker {
        self.retry.backoff = Backoff { first, longest };
        self
    }

    /// A new session. It takes no connection before its first statement.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(sessions: SessionMaker) -> Result<(), Error> {
    /// let mut session = sessions.session();
    /// let users = session.all(select(User)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn session(&self) -> Session {
        Session::new(self.engine.clone(), self.options, self.hooks.clone(), Location::caller())
    }

    /// Calls this in each session before a flush, as [`Session::before_flush`].
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let sessions = SessionMaker::new(engine).before_flush(|session| {
    ///     println!("{} objects to write", session.changes().len());
    ///     Ok(())
    /// });
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn before_flush(
        mut self,
        hook: impl Fn(&mut Session) -> Result<(), Cause> + Send + Sync + 'static,
    ) -> SessionMaker {
        self.hooks.before.push(Arc::new(hook));
        self
    }

    /// Calls this in each session after a flush, as [`Session::after_flush`].
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let sessions = SessionMaker::new(engine).after_flush(|_, changes| {
    ///     changes.iter().for_each(|change| println!("{change:?}"));
    ///     Ok(())
    /// });
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn after_flush(
        mut self,
        hook: impl Fn(&mut Session, &[Change]) -> Result<(), Cause> + Send + Sync + 'static,
    ) -> SessionMaker {
        self.hooks.after.push(Arc::new(hook));
        self
    }
}
