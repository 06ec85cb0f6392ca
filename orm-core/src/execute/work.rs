//! Work in a transaction of an engine, and again where the server could not do it beside that of others.

use tokio::time::sleep;

use super::Transaction;
use crate::engine::{Backoff, Engine, TransactionMode};
use crate::error::Error;

/// How often work is done at most, unless something else is said.
pub(crate) const ATTEMPTS: u32 = 5;

/// Work that can be run again: `async |session| { .. }` or `async |transaction| { .. }` that borrows what it uses.
///
/// It says that the work's future is `Send`, which `AsyncFnMut` alone cannot.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no work that can be run again",
    label = "expected `async |session| {{ .. }}`, of an engine `async |transaction| {{ .. }}`, which gives a `Result` and \
             borrows what it uses"
)]
pub trait Work<'s, S, T, E> {
    #[doc(hidden)]
    type Future: Future<Output = Result<T, E>> + Send;

    #[doc(hidden)]
    fn call(&mut self, runs: &'s mut S, _: Sealed) -> Self::Future;
}

mod sealed {
    /// What only this crate has, so that nobody else implements what asks for it.
    #[derive(Debug)]
    pub struct Sealed;
}
pub(crate) use sealed::Sealed;

impl<'s, S: 's, T, E, F, R> Work<'s, S, T, E> for F
where
    F: FnMut(&'s mut S) -> R,
    R: Future<Output = Result<T, E>> + Send,
{
    type Future = R;

    fn call(&mut self, runs: &'s mut S, _: Sealed) -> R {
        self(runs)
    }
}

/// Work that is run once: `async |session| { .. }`, also with `move`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no work for a savepoint",
    label = "expected `async |session| {{ .. }}`, which gives a `Result`"
)]
pub trait WorkOnce<'s, S, T, E> {
    #[doc(hidden)]
    type Future: Future<Output = Result<T, E>> + Send;

    #[doc(hidden)]
    fn call(self, runs: &'s mut S, _: Sealed) -> Self::Future;
}

impl<'s, S: 's, T, E, F, R> WorkOnce<'s, S, T, E> for F
where
    F: FnOnce(&'s mut S) -> R,
    R: Future<Output = Result<T, E>> + Send,
{
    type Future = R;

    fn call(self, runs: &'s mut S, _: Sealed) -> R {
        self(runs)
    }
}

impl Engine {
    /// Does some work in a transaction of the engine and commits it; gives what the work gives. Where the work gives an
    /// error, all is rolled back.
    ///
    /// The work is an async closure, `async |transaction| { .. }`. The future of `|transaction| async move { .. }` cannot borrow
    /// the transaction, of which the compiler says only "type annotations needed".
    ///
    /// If the server cannot serialize it with the work of others, finds a deadlock, or the connection is lost before COMMIT
    /// is sent, the work is done again in a new transaction, after a pause that grows and is never the same, at most five
    /// times. As it may be done several times, the work borrows what is around it, and can neither change nor consume it: what it collects it gives (`Ok(ids)`);
    /// its other side effects may happen more than once. An error that the work recovers from by going back to a savepoint does
    /// not end the transaction.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct Account {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     balance: i64,
    /// # }
    /// # async fn pay(engine: Engine, from: i64, to: i64, amount: i64) -> Result<(), orm_core::Error> {
    /// engine
    ///     .transaction(async |transaction| {
    ///         let add = |amount: i64| update(Account).set(Account.balance, Account.balance + amount);
    ///         transaction.execute(add(-amount).filter(Account.id.eq(from))).await?;
    ///         transaction.execute(add(amount).filter(Account.id.eq(to))).await?;
    ///         Ok(())
    ///     })
    ///     .await
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the work gives, or the commit, the last time it is done. The work is not done again where it may be done already
    /// ([`is_outcome_unknown`](Error::is_outcome_unknown): the connection was lost while COMMIT was on its way).
    pub async fn transaction<T, F>(&self, work: F) -> Result<T, Error>
    where
        F: AsyncFnMut(&mut Transaction) -> Result<T, Error> + for<'s> Work<'s, Transaction, T, Error>,
    {
        self.try_transaction(work).await
    }

    /// As [`transaction`](Engine::transaction), with this mode in place of the engine's: an isolation level, or read only.
    ///
    /// # Errors
    /// As [`transaction`](Engine::transaction).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let names = engine
    ///     .transaction_with(Isolation::RepeatableRead, async |transaction| transaction.all(select(User.name)).await)
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn transaction_with<T, F>(&self, mode: impl Into<TransactionMode>, work: F) -> Result<T, Error>
    where
        F: AsyncFnMut(&mut Transaction) -> Result<T, Error> + for<'s> Work<'s, Transaction, T, Error>,
    {
        self.try_transaction_with(mode, work).await
    }

    /// As [`transaction`](Engine::transaction), for work with errors of its own, into which [`Error`] can be turned.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    /// let work = engine.try_transaction(async |transaction| {
    ///     if transaction.execute(delete(User).filter(User.age.lt(18))).await? > 100 {
    ///         return Err("too many".into()); // and nothing is deleted
    ///     }
    ///     Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    /// });
    /// work.await
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`transaction`](Engine::transaction).
    pub async fn try_transaction<T, E, F>(&self, work: F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFnMut(&mut Transaction) -> Result<T, E> + for<'s> Work<'s, Transaction, T, E>,
    {
        self.try_transaction_with(self.transaction_mode(), work).await
    }

    /// As [`transaction_with`](Engine::transaction_with), for work with errors of its own, into which [`Error`] can be turned.
    ///
    /// # Errors
    /// As [`transaction`](Engine::transaction).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// # #[derive(Debug)]
    /// # enum MyError { Empty, Database(Error) }
    /// # impl From<Error> for MyError { fn from(error: Error) -> MyError { MyError::Database(error) } }
    /// let names: Result<Vec<String>, MyError> = engine
    ///     .try_transaction_with(Isolation::RepeatableRead, async |transaction| {
    ///         let names = transaction.all(select(User.name)).await?;
    ///         if names.is_empty() { Err(MyError::Empty) } else { Ok(names) }
    ///     })
    ///     .await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn try_transaction_with<T, E, F>(
        &self,
        mode: impl Into<TransactionMode>,
        mut work: F,
    ) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFnMut(&mut Transaction) -> Result<T, E> + for<'s> Work<'s, Transaction, T, E>,
    {
        let mode = mode.into();
        let mut was_lost = false;
        for attempt in 1.. {
            let mut transaction = match self.begin_with(mode).await {
                Ok(transaction) => transaction,
                // A server that starts anew refuses connections for a while.
                Err(error) if was_lost && error.is_connect() && attempt < ATTEMPTS => {
                    sleep(Backoff::default().pause(attempt)).await;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let (result, failure) = match work.call(&mut transaction, Sealed).await {
                Ok(value) => match transaction.commit().await {
                    Ok(()) => return Ok(value),
                    Err(error) => (Err(error.clone().into()), Some(error)),
                },
                Err(error) => {
                    let failure = transaction.failure().cloned();
                    // The error of the work is what is told; a connection that does not obey is closed.
                    drop(transaction.rollback().await);
                    (Err(error), failure)
                }
            };
            let lost = failure.as_ref().is_some_and(Error::is_uncommitted_loss);
            was_lost |= lost;
            let again = lost || failure.is_some_and(|failure| failure.is_retryable());
            if !again || attempt >= ATTEMPTS {
                return result;
            }
            sleep(Backoff::default().pause(attempt)).await;
        }
        unreachable!("the attempts come to an end")
    }
}
