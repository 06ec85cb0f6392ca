//! Savepoints: parts of a session's transaction that are kept or taken back by themselves.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::{Session, State};
use crate::error::Error;
use crate::execute::{Sealed, WorkOnce};

/// A part of a session's transaction, behind a savepoint; made by [`Session::begin_nested`].
///
/// It is the session itself for as long as it lives: `nested[handle]`, `nested.add(..)`, `nested.all(..)`, and
/// `nested.begin_nested()` for a savepoint inside it. [`commit`](Nested::commit) keeps what was done, as a part of the
/// transaction; [`rollback`](Nested::rollback), or dropping it, takes that back: objects have the values they had when
/// it began, those added since leave, those deleted since are back. Errors of the server are taken back as well, so that
/// the transaction goes on.
///
/// A session that is swapped out of it (`mem::swap(&mut *nested, ..)`) stays inside its savepoint, and can only be rolled back; the
/// one that is swapped in stays as it is: this is of no use then, and its [`commit`](Nested::commit) says so.
#[must_use = "what is done inside a savepoint is taken back when this is dropped"]
pub struct Nested<'s> {
    session: &'s mut Session,
    /// The number of the session, which may be swapped for another one.
    number: u32,
    depth: usize,
    /// Tells it from a savepoint of the same depth in a later transaction.
    began: u64,
}

impl Session {
    /// Flushes what is pending and sets a savepoint, to any depth. Nothing more is sent: SAVEPOINT goes out with the next
    /// statement, and so does its end.
    ///
    /// While it is open the session cannot be committed; [`rollback`](Session::rollback) of the session ends it too.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # async fn import(mut session: Session, names: Vec<String>) -> Result<(), orm_core::Error> {
    /// for name in names {
    ///     let mut nested = session.begin_nested().await?;
    ///     nested.add(NewUser::new(name));
    ///     match nested.commit().await {
    ///         Err(error) if error.is_unique_violation() => continue, // only this user is not added
    ///         result => result?,
    ///     }
    /// }
    /// session.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`flush`](Session::flush), and if no connection becomes free in time.
    pub async fn begin_nested(&mut self) -> Result<Nested<'_>, Error> {
        self.flush().await?;
        self.connect().await?;
        if let Some(error) = self.connection.as_deref().and_then(|connection| connection.failure()) {
            return Err(Error::rolled_back(format!(
                "the transaction was aborted by an earlier error, roll it back before a savepoint is set: {error}"
            ))
            .because(error.clone()));
        }
        let depth = self.identity.clock().depth() + 1;
        self.raw()?.savepoint(&name(depth));
        let (number, began) = (self.identity.number(), self.identity.begin_nested());
        Ok(Nested { session: self, number, depth, began })
    }

    /// Does some work behind a savepoint: what it did is kept if it gives `Ok`, and taken back if it gives `Err`, which
    /// leaves the transaction as it was before.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # async fn rename(session: &mut Session, user: Handle<User>) -> Result<(), orm_core::Error> {
    /// session
    ///     .nested(async |session| {
    ///         session[user].name = "Alice".into();
    ///         session.flush().await
    ///     })
    ///     .await
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the work gives, and as [`begin_nested`](Session::begin_nested) and [`Nested::commit`].
    pub async fn nested<T, F>(&mut self, work: F) -> Result<T, Error>
    where
        F: AsyncFnOnce(&mut Session) -> Result<T, Error> + for<'s> WorkOnce<'s, Session, T, Error>,
    {
        self.try_nested(work).await
    }

    /// As [`nested`](Session::nested), for work with errors of its own, into which [`Error`] can be turned.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(session: &mut Session) -> Result<(), Error> {
    /// # #[derive(Debug)]
    /// # enum MyError { Budget, Database(Error) }
    /// # impl From<Error> for MyError { fn from(error: Error) -> MyError { MyError::Database(error) } }
    /// let added: Result<Handle<User>, MyError> = session
    ///     .try_nested(async |session| {
    ///         let ann = session.add(NewUser::new("Ann"));
    ///         if session.count(select(User)).await? > 100 { Err(MyError::Budget) } else { Ok(ann) }
    ///     })
    ///     .await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`nested`](Session::nested).
    pub async fn try_nested<T, E, F>(&mut self, work: F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFnOnce(&mut Session) -> Result<T, E> + for<'s> WorkOnce<'s, Session, T, E>,
    {
        let mut nested = self.begin_nested().await?;
        match work.call(&mut nested, Sealed).await {
            Ok(value) => {
                nested.commit().await?;
                Ok(value)
            }
            Err(error) => {
                // A failure of this, a lost connection, is told by the next use of the session.
                let _ = nested.rollback().await;
                Err(error)
            }
        }
    }

    /// Puts the objects back to what they were when a savepoint began; the server follows with the next use.
    fn abandon(&mut self, depth: usize) {
        self.note_written();
        if let Some(failure) = self.failure()
            && (failure.is_retryable() || failure.is_stale())
        {
            self.collision = Some(failure.clone());
        }
        self.identity.rolled_back_to(depth);
        self.on_commit.rolled_back_to(depth);
        self.state = State::Ready;
        self.unwind = Some(self.unwind.map_or(depth, |deeper| deeper.min(depth)));
    }

    /// Makes the server follow where objects were put back.
    pub(super) async fn unwind(&mut self) -> Result<(), Error> {
        let Some(depth) = self.unwind else { return Ok(()) };
        let name = name(depth);
        if let Err(error) = self.raw()?.rollback_to(&name).await {
            self.state = State::Failed(error.clone());
            return Err(error);
        }
        self.raw()?.release(&name);
        self.unwind = None;
        Ok(())
    }
}

impl Nested<'_> {
    /// Flushes what is pending and gives the savepoint up; what was done since belongs to the transaction around it.
    ///
    /// # Errors
    /// As [`flush`](Session::flush), or if a statement since the savepoint had failed, which is then the cause. What was
    /// done since the savepoint is then taken back, and the session goes on from there. If another session was swapped in.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let mut nested = session.begin_nested().await?;
    /// nested.add(NewUser::new("Ann"));
    /// nested.commit().await?; // as a part of the transaction around it
    /// # Ok(())
    /// # }
    /// ```
    pub async fn commit(mut self) -> Result<(), Error> {
        let result = self.release().await;
        if result.is_err() {
            // A failure of this, a lost connection, is told by the next use of the session.
            let _ = self.take_back().await;
        }
        result
    }

    /// Takes what was done since the savepoint back, in the database and in the objects.
    ///
    /// # Errors
    /// If the connection is lost; the server then rolls the whole transaction back by itself, and so must the session.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let mut nested = session.begin_nested().await?;
    /// nested.add(NewUser::new("Ann"));
    /// nested.rollback().await?; // Ann is not added
    /// # Ok(())
    /// # }
    /// ```
    pub async fn rollback(mut self) -> Result<(), Error> {
        self.take_back().await
    }

    async fn release(&mut self) -> Result<(), Error> {
        if self.session.identity.number() != self.number {
            return Err(Error::session(
                "another session stands in the place of the one that this savepoint is of, by `mem::swap` or the like: swap them \
                 back, or roll that one back, wherever it is now",
            ));
        }
        if !self.is_open() {
            return Err(Error::session(
                "the transaction of this savepoint has ended: nothing of it is left to be kept",
            ));
        }
        self.session.flush().await?;
        let connection = self.session.connection.as_deref();
        if let Some(error) = connection.and_then(|connection| connection.failure()) {
            return Err(Error::rolled_back(format!(
                "the savepoint was rolled back, because a statement since it had failed: {error}"
            ))
            .because(error.clone()));
        }
        self.session.connect().await?.release(&name(self.depth));
        self.session.identity.released(self.depth);
        self.session.on_commit.released(self.depth);
        Ok(())
    }

    async fn take_back(&mut self) -> Result<(), Error> {
        if !self.is_open() {
            return Ok(());
        }
        self.session.abandon(self.depth);
        self.session.connect().await.map(|_| ())
    }

    fn is_open(&self) -> bool {
        let identity = &self.session.identity;
        identity.number() == self.number && identity.clock().savepoint(self.depth) == Some(self.began)
    }
}

impl Drop for Nested<'_> {
    fn drop(&mut self) {
        if self.is_open() {
            self.session.abandon(self.depth);
        }
    }
}

impl Deref for Nested<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session
    }
}

impl DerefMut for Nested<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.session
    }
}

impl fmt::Debug for Nested<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nested").field("depth", &self.depth).finish_non_exhaustive()
    }
}

fn name(depth: usize) -> String {
    format!("orm_{depth}")
}
