//! What is done has to be done within a time.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use super::TransactionConnection;
use crate::engine::Limit;
#[cfg(doc)]
use crate::{Session, error::Error};

/// A session or a transaction with a time limit; made by [`Session::timeout`] or [`TransactionConnection::timeout`].
///
/// It is the session or the transaction itself for as long as it lives.
#[must_use = "the time limit ends when this is dropped"]
pub struct Timeout<'t, T> {
    limited: &'t mut T,
    before: Option<Limit>,
    set: fn(&mut T, Option<Limit>),
}

impl<'t, T> Timeout<'t, T> {
    /// Begins a limit, if there is a time, unless the one from before ends earlier; `set` puts it in place.
    pub(crate) fn begin(
        limited: &'t mut T,
        timeout: Option<Duration>,
        before: Option<Limit>,
        set: fn(&mut T, Option<Limit>),
    ) -> Timeout<'t, T> {
        if let Some(timeout) = timeout {
            set(limited, Limit::earlier(before, Limit::begin(timeout)));
        }
        Timeout { limited, before, set }
    }
}

impl<T> Drop for Timeout<'_, T> {
    fn drop(&mut self) {
        (self.set)(self.limited, self.before);
    }
}

impl<T> Deref for Timeout<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.limited
    }
}

impl<T> DerefMut for Timeout<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.limited
    }
}

impl<T: fmt::Debug> fmt::Debug for Timeout<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.limited.fmt(f)
    }
}

impl TransactionConnection {
    /// The transaction with a time limit from now on, for a statement or until what is given is dropped.
    ///
    /// A statement that runs when the time is over is cancelled ([`is_timeout`](Error::is_timeout)), which fails the
    /// transaction as every error of the server does; one that comes later is not sent. Where the server does not answer
    /// the request to cancel within [`cancel_timeout`](crate::engine::EngineBuilder::cancel_timeout), the connection is
    /// given up. [`Engine::timeout`](crate::Engine::timeout) limits a transaction as a whole.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use std::time::Duration;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// # }
    /// # async fn count(transaction: &mut orm_core::Transaction) -> Result<(), orm_core::Error> {
    /// let n: i64 = transaction.timeout(Duration::from_secs(2)).one(select(func::count(User.id))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(&mut self, timeout: Duration) -> Timeout<'_, TransactionConnection> {
        self.within(Some(timeout))
    }

    /// The transaction with the time limit of a statement.
    pub(super) fn within(&mut self, timeout: Option<Duration>) -> Timeout<'_, TransactionConnection> {
        let before = self.raw().part();
        Timeout::begin(self, timeout, before, |connection, part| connection.raw().limit_part(part))
    }
}
