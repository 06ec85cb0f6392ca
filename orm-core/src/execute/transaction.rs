//! A transaction of an engine: its savepoints and its end.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::TransactionConnection;
use crate::engine::{Connection, Position};
use crate::error::Error;
use crate::schema::quoted;

/// A transaction of an engine, with the verbs of a [`TransactionConnection`]. Dropped without
/// [`commit`](Transaction::commit), it is rolled back.
///
/// After an error of the server inside it, PostgreSQL takes no further statement: every later verb, `commit` too, says
/// so with the first error as its cause.
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Transaction {
    connection: TransactionConnection,
}

impl Transaction {
    pub(super) fn new(connection: Connection) -> Transaction {
        Transaction { connection: TransactionConnection::new(connection) }
    }

    pub(super) fn raw(&mut self) -> &mut Connection {
        self.connection.raw()
    }

    /// Why it can only be rolled back, if that is so.
    pub(super) fn failure(&mut self) -> Option<&Error> {
        self.raw().failure()
    }

    /// Sets a savepoint to go back to. Nothing is sent: it goes out with the next statement.
    ///
    /// A name set again hides the earlier savepoint of that name.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut transaction = engine.begin().await?;
    /// transaction.savepoint("before");
    /// if transaction.execute(insert(User).values(NewUser::new("Ann"))).await.is_err() {
    ///     transaction.rollback_to("before").await?;
    /// }
    /// transaction.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn savepoint(&mut self, name: &str) {
        self.raw().savepoint(&quoted(name));
    }

    /// Gives a savepoint up and keeps what was done since. Nothing is sent: it goes out with the next statement, which
    /// fails if there is no such savepoint.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut transaction = engine.begin().await?;
    /// transaction.savepoint("before");
    /// transaction.execute(insert(User).values(NewUser::new("Ann"))).await?;
    /// transaction.release("before");
    /// transaction.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn release(&mut self, name: &str) {
        self.raw().release(&quoted(name));
    }

    /// Takes everything since a savepoint back; the savepoint stays. After an error the transaction goes on from there.
    ///
    /// # Errors
    /// If there is no such savepoint, or the connection is lost.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut transaction = engine.begin().await?;
    /// transaction.savepoint("before");
    /// transaction.execute(delete(Post).all_rows()).await?;
    /// transaction.rollback_to("before").await?; // no post was deleted
    /// # Ok(())
    /// # }
    /// ```
    pub async fn rollback_to(&mut self, name: &str) -> Result<(), Error> {
        self.raw().rollback_to(&quoted(name)).await
    }

    /// Makes everything since the beginning permanent.
    ///
    /// # Errors
    /// If the server refuses, or rolled back because of an earlier error, which is then the cause. If the connection is
    /// lost while COMMIT is on its way, nobody knows ([`is_outcome_unknown`](Error::is_outcome_unknown)).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut transaction = engine.begin().await?;
    /// transaction.execute(insert(User).values(NewUser::new("Ann"))).await?;
    /// transaction.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn commit(mut self) -> Result<(), Error> {
        self.raw().commit().await
    }

    /// As [`commit`](Transaction::commit); gives where the primary's log is behind it, for
    /// [`Engine::after`](crate::Engine::after). That is asked in the same round trip, where the engine has replicas; else
    /// it is [`Position::UNKNOWN`], and where nothing was sent, or only to a replica, [`Position::START`].
    ///
    /// # Errors
    /// As [`commit`](Transaction::commit).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut transaction = engine.begin().await?;
    /// transaction.execute(insert(User).values(NewUser::new("Ann"))).await?;
    /// let position = transaction.commit_position().await?;
    /// let users = engine.reads().after(position).all(select(User)).await?; // Ann among them
    /// # Ok(())
    /// # }
    /// ```
    pub async fn commit_position(mut self) -> Result<Position, Error> {
        self.raw().commit().await?;
        Ok(self.raw().position())
    }

    /// Takes everything since the beginning back.
    ///
    /// # Errors
    /// If the server does not obey; its connection is closed then, and it rolls back by itself.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut transaction = engine.begin().await?;
    /// transaction.execute(delete(Post).all_rows()).await?;
    /// transaction.rollback().await?; // no post was deleted
    /// # Ok(())
    /// # }
    /// ```
    pub async fn rollback(mut self) -> Result<(), Error> {
        self.raw().rollback().await
    }
}

impl Deref for Transaction {
    type Target = TransactionConnection;

    fn deref(&self) -> &TransactionConnection {
        &self.connection
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut TransactionConnection {
        &mut self.connection
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}
