//! A session's transaction: what it begins with, its connection, its end.

use super::{Session, State};
use crate::engine::TransactionMode;
use crate::error::Error;
use crate::execute::TransactionConnection;

impl Session {
    /// What transactions of this session begin with from the next one on: an isolation level, read only; what the
    /// [`SessionMaker`](crate::SessionMaker) says by default, or else the engine.
    pub fn transaction_mode(&mut self, mode: impl Into<TransactionMode>) {
        self.options.mode = Some(mode.into());
    }

    /// Begins a transaction with a mode of its own, which the first statement would begin with the session's. Nothing is
    /// sent: BEGIN goes out with the first statement.
    ///
    /// # Errors
    /// If a transaction has begun already: its mode can no longer be chosen.
    pub fn begin_with(&mut self, mode: impl Into<TransactionMode>) -> Result<(), Error> {
        if self.in_transaction() {
            return Err(Error::session(
                "the session's transaction has begun already: commit it or roll it back before another mode is chosen",
            ));
        }
        self.next_mode = Some(mode.into());
        Ok(())
    }

    /// The connection of the session's own transaction, whose verbs give rows as values, not as handles. As before each
    /// query what is pending is flushed, and a transaction begins if there is none.
    ///
    /// What it writes is not taken over into objects; [`refresh`](Session::refresh) them, or use
    /// [`execute`](Session::execute).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # async fn export(mut session: Session) -> Result<(), orm_core::Error> {
    /// let users: Vec<User> = session.connection().await?.all(select(User)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`flush`](Session::flush), and if no connection becomes free in time.
    pub async fn connection(&mut self) -> Result<&mut TransactionConnection, Error> {
        self.prepare().await?;
        self.lend().await
    }

    async fn lend(&mut self) -> Result<&mut TransactionConnection, Error> {
        self.usable()?;
        self.connect().await?;
        self.connection.as_deref_mut().ok_or_else(|| Error::session("the session has no connection"))
    }

    /// Waits for an advisory lock: as [`TransactionConnection::advisory_lock`], in the session's transaction. What is
    /// pending stays so.
    ///
    /// # Errors
    /// As there, and if the session can only be rolled back.
    pub async fn advisory_lock(&mut self, key: i64) -> Result<(), Error> {
        self.lend().await?.advisory_lock(key).await
    }

    /// Takes an advisory lock if nobody else holds it: as [`TransactionConnection::try_advisory_lock`], in the session's
    /// transaction.
    ///
    /// # Errors
    /// As there, and if the session can only be rolled back.
    pub async fn try_advisory_lock(&mut self, key: i64) -> Result<bool, Error> {
        self.lend().await?.try_advisory_lock(key).await
    }

    /// Flushes what is pending and makes everything since the transaction began permanent; the last statements and
    /// COMMIT are one round trip.
    ///
    /// # Errors
    /// As [`flush`](Session::flush), and if the server rolled back because of an earlier error, which is then the cause.
    /// If the connection is lost while COMMIT is on its way, the error says that the outcome is unknown
    /// ([`is_outcome_unknown`](Error::is_outcome_unknown)). After an error the session can only be rolled back. Inside a
    /// savepoint ([`begin_nested`](Session::begin_nested)) nothing is done.
    pub async fn commit(&mut self) -> Result<(), Error> {
        self.usable()?;
        let depth = self.identity.clock().depth();
        if depth > 0 {
            return Err(Error::session(format!(
                "the session is inside a savepoint ({depth} open): commit or roll back that one before the session"
            )));
        }
        if self.identity.is_dirty() {
            self.commit_with_hooks().await?;
        } else if self.connection.is_some() {
            self.end_transaction().await?;
        }
        self.has_committed |= self.connection.take().is_some();
        self.identity.committed(self.options.expire_on_commit);
        Ok(())
    }

    pub(super) async fn end_transaction(&mut self) -> Result<(), Error> {
        self.state = State::Writing;
        let result = match self.connect().await {
            Ok(connection) => connection.commit().await,
            Err(error) => Err(error),
        };
        self.state = match &result {
            Ok(()) => State::Ready,
            Err(error) => State::Failed(error.clone()),
        };
        result
    }

    /// Takes everything since the transaction began back, in the database and in the objects: those it changed have the
    /// values from before, or those they were loaded with inside it; those it added leave the session, and those loaded
    /// after it had written to their table. All are expired: their values stay readable, and the next
    /// [`find`](Session::find) or row reads anew.
    ///
    /// # Errors
    /// If the connection is lost; the server then rolls back by itself, and the objects are put back all the same.
    pub async fn rollback(&mut self) -> Result<(), Error> {
        if self.failure().is_some_and(Error::is_outcome_unknown) {
            self.identity.outcome_unknown();
        } else {
            self.identity.rolled_back();
        }
        self.failure = self.failure().cloned();
        self.state = State::Ready;
        self.unwind = None;
        match self.connection.take() {
            Some(mut connection) => connection.raw().rollback().await,
            None => Ok(()),
        }
    }

    /// What failed the transaction, or the last one if it was rolled back and none has begun since.
    pub(super) fn failure(&self) -> Option<&Error> {
        let of_connection = self.connection.as_deref().and_then(TransactionConnection::failure);
        let of_session = match &self.state {
            State::Failed(error) => Some(error),
            _ => None,
        };
        of_connection.or(of_session).or(self.failure.as_ref())
    }
}
