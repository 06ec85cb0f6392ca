//! Runs work in a session of its own, and again where the server could not do it beside that of others.

use std::time::Duration;

use super::maker::Retry;
use super::{Session, SessionMaker};
use crate::engine::{Columns, Isolation, Request};
use crate::error::Error;
use crate::execute::{Sealed, Work};
use crate::row::Cells;

const KEEPS_ITS_SNAPSHOT: &str =
    "SELECT current_setting('transaction_isolation') IN ('repeatable read', 'serializable')";

/// How long the server may take to answer that.
const ASKING: Duration = Duration::from_secs(5);

impl SessionMaker {
    /// Does some work in a new session and commits it; gives what the work gives.
    ///
    /// If the server cannot serialize it with the work of others, finds a deadlock, or the connection is lost before
    /// COMMIT is sent, all is rolled back and the work is done again in another new session, after a pause that grows and
    /// is never the same, at most [`attempts`](SessionMaker::attempts) times. With
    /// [`retry_stale`](SessionMaker::retry_stale) it is also done again where a row was changed by somebody else
    /// ([`is_stale`](Error::is_stale)).
    /// Work that has committed a part by itself is not done again.
    ///
    /// A collision inside a savepoint ([`nested`](Session::nested)) that the work takes back and gets over is the work's own
    /// business. Where the work gives an error after one, it is done again, since a deadlock has an end then and what
    /// cannot be serialized never gets better in the same transaction; but not if the isolation is READ COMMITTED and the
    /// collision was no deadlock.
    ///
    /// As it may be done several times, the work borrows what is around it, and can neither change nor consume it; what
    /// else it does has to bear being done again.
    ///
    /// The work is an async closure, `async |session| { .. }`. The future of `|session| async move { .. }` cannot borrow the
    /// session, of which the compiler says only "type annotations needed".
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct Account {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     balance: i64,
    /// # }
    /// # async fn pay(sessions: SessionMaker, from: i64, to: i64, amount: i64) -> Result<(), orm_core::Error> {
    /// sessions
    ///     .transaction_mode(Isolation::Serializable)
    ///     .run(async |session| {
    ///         let from = session.one(select(Account).filter(Account.id.eq(from))).await?;
    ///         let to = session.one(select(Account).filter(Account.id.eq(to))).await?;
    ///         session[from].balance -= amount;
    ///         session[to].balance += amount;
    ///         Ok(())
    ///     })
    ///     .await
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the work gives, or the commit, the last time it is done. The work is not done again where it is done
    /// ([`is_committed`](Error::is_committed): a row that came back does not fit its Rust type), nor where it may be done
    /// ([`is_outcome_unknown`](Error::is_outcome_unknown): the connection was lost while COMMIT was on its way).
    pub async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        F: AsyncFnMut(&mut Session) -> Result<T, Error> + for<'s> Work<'s, Session, T, Error>,
    {
        self.try_run(work).await
    }

    /// As [`run`](SessionMaker::run), for work with errors of its own, into which [`Error`] can be turned.
    ///
    /// # Errors
    /// As [`run`](SessionMaker::run).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(sessions: SessionMaker) -> Result<(), Error> {
    /// # #[derive(Debug)]
    /// # enum MyError { TooYoung, Database(Error) }
    /// # impl From<Error> for MyError { fn from(error: Error) -> MyError { MyError::Database(error) } }
    /// let done: Result<(), MyError> = sessions
    ///     .try_run(async |session| {
    ///         let user = session.one(select(User).filter(User.id.eq(1))).await?;
    ///         if session[user].age < Some(18) {
    ///             return Err(MyError::TooYoung); // rolled back, and not tried again
    ///         }
    ///         session[user].name = "Ann".into();
    ///         Ok(())
    ///     })
    ///     .await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn try_run<T, E, F>(&self, mut work: F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFnMut(&mut Session) -> Result<T, E> + for<'s> Work<'s, Session, T, E>,
    {
        let mut attempt = 1;
        let mut was_lost = false;
        loop {
            let mut session = self.session();
            let result = match work.call(&mut session, Sealed).await {
                Ok(value) => session.commit().await.map(|()| value).map_err(E::from),
                Err(error) => Err(error),
            };
            if result.is_ok() {
                return result;
            }
            let failure = session.failure().cloned();
            let collided = session.collided(self.retry).await;
            // Another failure of this is a lost connection, which is what another session is for.
            let unknown = session.rollback().await.is_err_and(|error| error.is_outcome_unknown());
            let again = collided
                || failure.is_some_and(|failure| {
                    let lost = failure.is_uncommitted_loss();
                    // A server that starts anew refuses connections for a while.
                    let again = lost || self.retry.helps(&failure) || was_lost && failure.is_connect();
                    was_lost |= lost;
                    again
                });
            if !again || unknown || session.has_committed || attempt >= self.retry.attempts {
                return result;
            }
            drop(session);
            tokio::time::sleep(self.retry.backoff.pause(attempt)).await;
            attempt += 1;
        }
    }
}

impl Session {
    /// Whether a part of the transaction that was taken back with its savepoint failed in a way that the transaction as a
    /// whole cannot get over.
    async fn collided(&mut self, retry: Retry) -> bool {
        let Some(collision) = self.collision.clone().filter(|collision| retry.helps(collision)) else {
            return false;
        };
        !collision.is_serialization_failure() || self.keeps_its_snapshot().await
    }

    /// Whether all statements of the transaction see the same state of the database. Where the server decides that, it is
    /// asked; where it cannot be asked any more, it may be so.
    async fn keeps_its_snapshot(&mut self) -> bool {
        match self.mode.isolation {
            Isolation::ReadCommitted => return false,
            Isolation::RepeatableRead | Isolation::Serializable => return true,
            Isolation::ServerDefault => {}
        }
        if self.connection.is_none() {
            return true;
        }
        let answer = tokio::time::timeout(ASKING, async {
            self.connect().await?.query(Request::new(KEEPS_ITS_SNAPSHOT, &[], Columns::Builtin)).await
        });
        let Ok(Ok(answer)) = answer.await else { return true };
        answer.rows.first().is_none_or(|row| Cells::new(row).read().unwrap_or(true))
    }
}

impl Retry {
    /// Whether doing the work again may help where it failed so.
    fn helps(self, failure: &Error) -> bool {
        failure.is_retryable() || self.stale && failure.is_stale()
    }
}
