//! A session's transaction: what it begins with, its connection, its end.

use std::panic::Location;

use super::{Session, State};
use crate::engine::{Position, TransactionMode};
use crate::error::Error;
use crate::execute::TransactionConnection;

impl Session {
    /// What transactions of this session begin with from the next one on: an isolation level, read only; what the
    /// [`SessionMaker`](crate::SessionMaker) says by default, or else the engine.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// session.transaction_mode(Isolation::RepeatableRead);
    /// let users = session.all(select(User)).await?; // of one moment, with what is read after
    /// # Ok(())
    /// # }
    /// ```
    pub fn transaction_mode(&mut self, mode: impl Into<TransactionMode>) {
        self.options.mode = Some(mode.into());
    }

    /// Begins a transaction with a mode of its own, which the first statement would begin with the session's. Nothing is
    /// sent: BEGIN goes out with the first statement.
    ///
    /// # Errors
    /// If a transaction has begun already: its mode can no longer be chosen.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// session.begin_with(TransactionMode::READ_ONLY)?;
    /// let users = session.all(select(User)).await?;
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// session.advisory_lock(42).await?; // until the commit
    /// session.add(NewUser::new("Ann"));
    /// session.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn advisory_lock(&mut self, key: i64) -> impl Future<Output = Result<(), Error>> {
        let at = Location::caller();
        async move { self.lend().await?.advisory_lock_at(key, at).await }
    }

    /// Takes an advisory lock if nobody else holds it: as [`TransactionConnection::try_advisory_lock`], in the session's
    /// transaction.
    ///
    /// # Errors
    /// As there, and if the session can only be rolled back.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// if session.try_advisory_lock(42).await? {
    ///     session.add(NewUser::new("Ann"));
    ///     session.commit().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn try_advisory_lock(&mut self, key: i64) -> impl Future<Output = Result<bool, Error>> {
        let at = Location::caller();
        async move { self.lend().await?.try_advisory_lock_at(key, at).await }
    }

    /// Notifies whoever listens to a channel when the session commits: as [`TransactionConnection::notify`], in the
    /// session's transaction. What is pending stays so.
    ///
    /// # Errors
    /// As there, and if the session can only be rolled back.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// session.add(NewUser::new("Ann"));
    /// session.notify("users", "added").await?;
    /// session.commit().await?; // those who listen are told now
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn notify(&mut self, channel: &str, payload: &str) -> impl Future<Output = Result<(), Error>> {
        let at = Location::caller();
        async move { self.lend().await?.notify_at(channel, payload, at).await }
    }

    /// Flushes what is pending and makes everything since the transaction began permanent; the last statements and
    /// COMMIT are one round trip.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let ann = session.add(NewUser::new("Ann"));
    /// session.commit().await?;
    /// session[ann].age = Some(30); // the next commit writes it
    /// session.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`flush`](Session::flush), and if the server rolled back because of an earlier error, which is then the cause.
    /// Nothing is committed then, and the session can only be rolled back. Two errors are others:
    ///
    /// - [`is_committed`](Error::is_committed): all is committed, but a row that came back does not fit its Rust type. The
    ///   transaction has ended; what was new, or to be deleted, has left the session, and all other objects are expired.
    /// - [`is_outcome_unknown`](Error::is_outcome_unknown): the connection was lost while COMMIT was on its way. The session
    ///   can only be rolled back, which treats the objects in the same way.
    ///
    /// Dropped half way, the transaction may be committed or not: [`rollback`](Session::rollback) tells. Inside a savepoint
    /// ([`begin_nested`](Session::begin_nested)) nothing is done.
    pub async fn commit(&mut self) -> Result<(), Error> {
        self.commit_position().await.map(|_| ())
    }

    /// As [`commit`](Session::commit); gives where the primary's log is behind it, as
    /// [`Transaction::commit_position`](crate::Transaction::commit_position) does: for
    /// [`Engine::after`](crate::Engine::after).
    ///
    /// # Errors
    /// As [`commit`](Session::commit).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// session.add(NewUser::new("Ann"));
    /// let position = session.commit_position().await?; // for `engine.reads().after(position)`
    /// # Ok(())
    /// # }
    /// ```
    pub async fn commit_position(&mut self) -> Result<Position, Error> {
        self.usable()?;
        let depth = self.identity.clock().depth();
        if depth > 0 {
            return Err(Error::session(format!(
                "the session is inside a savepoint ({depth} open): commit or roll back that one before the session"
            )));
        }
        let result = if self.identity.is_dirty() {
            self.commit_with_hooks().await
        } else if self.connection.is_some() {
            self.end_transaction().await
        } else {
            Ok(())
        };
        if let Err(error) = result {
            return Err(self.not_told(error));
        }
        let position = self.raw().map_or(Position::START, |connection| connection.position());
        self.has_committed |= self.connection.take().is_some();
        self.identity.committed(self.options.expire_on_commit);
        self.call_on_commit();
        Ok(position)
    }

    /// An error of a commit. Where the server has committed, the transaction ends here, and what came back of it, which
    /// could not be taken into the objects, has to be read anew.
    fn not_told(&mut self, error: Error) -> Error {
        if !self.raw().is_ok_and(|connection| connection.has_committed()) {
            return error;
        }
        self.has_committed = true;
        self.connection = None;
        self.state = State::Ready;
        self.identity.committed_unread();
        self.call_on_commit();
        error.although_committed()
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
    /// after it had written to their table. All are expired ([`is_expired`](Session::is_expired)): their values stay
    /// readable, and the next [`find`](Session::find), [`refresh`](Session::refresh) or row reads anew. A loop that tries
    /// again with the handle it has does one of these first: what `session[handle]` shows is what was read last.
    ///
    /// What a dropped future left running is cancelled. If that was on its way to commit, it may be too late: then it is an
    /// error that says so. Dropped half way, it has to be called again.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// session.add(NewUser::new("Ann"));
    /// if let Err(error) = session.commit().await {
    ///     session.rollback().await?;
    ///     println!("{error}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the transaction was committed before it could be rolled back ([`is_committed`](Error::is_committed)), or nobody
    /// knows ([`is_outcome_unknown`](Error::is_outcome_unknown)), also where [`commit`](Session::commit) said so before:
    /// what was new, or to be deleted, has left the session, and all other objects are expired. If the server does not obey,
    /// its connection is closed, so that it rolls back by itself, and the objects are put back all the same. In each case
    /// the session can be used again.
    pub async fn rollback(&mut self) -> Result<(), Error> {
        let was_unknown = self.failure().is_some_and(Error::is_outcome_unknown);
        self.failure = self.failure().cloned();
        let result = match &mut self.connection {
            Some(connection) => {
                self.state = State::Writing;
                connection.raw().rollback().await
            }
            None => Ok(()),
        };
        self.connection = None;
        self.state = State::Ready;
        self.unwind = None;
        match &result {
            Err(error) if error.is_committed() => {
                self.has_committed = true;
                self.identity.committed_unread();
                self.call_on_commit();
            }
            Err(error) if error.is_outcome_unknown() => self.identity.outcome_unknown(),
            _ if was_unknown => self.identity.outcome_unknown(),
            _ => self.identity.rolled_back(),
        }
        self.on_commit.clear();
        result
    }

    /// What failed the transaction, or the last one if it was rolled back and none has begun since.
    pub(super) fn failure(&self) -> Option<&Error> {
        // That of a flush has the server's error as its cause, and says more.
        let of_session = match &self.state {
            State::Failed(error) => Some(error),
            _ => None,
        };
        let of_connection = self.connection.as_deref().and_then(TransactionConnection::failure);
        of_session.or(of_connection).or(self.failure.as_ref())
    }
}
