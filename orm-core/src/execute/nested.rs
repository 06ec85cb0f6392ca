//! Work behind a savepoint of an engine's transaction.

use super::{Sealed, Transaction, WorkOnce};
use crate::error::Error;

/// The innermost is meant where several are open.
const SAVEPOINT: &str = "orm_nested";

impl Transaction {
    /// Does some work behind a savepoint: what it did is kept if it gives `Ok`, and taken back if it gives `Err`, which leaves
    /// the transaction as it was before. Nothing more is sent for it than the savepoint and its end, with other statements.
    ///
    /// Where the future is dropped before its end, the transaction can only be rolled back.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine, names: Vec<String>) -> Result<(), Error> {
    /// let mut transaction = engine.begin().await?;
    /// for name in names {
    ///     let added = transaction.nested(async |tx| tx.execute(insert(NewUser::new(name))).await).await;
    ///     match added {
    ///         Err(error) if error.is_unique_violation() => continue, // only this user is not added
    ///         result => result?,
    ///     };
    /// }
    /// transaction.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the work gives. If the transaction was aborted by an earlier error, or by one that the work did not give.
    pub async fn nested<T, F>(&mut self, work: F) -> Result<T, Error>
    where
        F: AsyncFnOnce(&mut Transaction) -> Result<T, Error> + for<'s> WorkOnce<'s, Transaction, T, Error>,
    {
        self.try_nested(work).await
    }

    /// As [`nested`](Transaction::nested), for work with errors of its own, into which [`Error`] can be turned.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// # #[derive(Debug)]
    /// # enum MyError { Budget, Database(Error) }
    /// # impl From<Error> for MyError { fn from(error: Error) -> MyError { MyError::Database(error) } }
    /// let deleted: Result<u64, MyError> = transaction
    ///     .try_nested(async |tx| {
    ///         let deleted = tx.execute(delete(User).filter(User.age.lt(18))).await?;
    ///         if deleted > 100 { Err(MyError::Budget) } else { Ok(deleted) }
    ///     })
    ///     .await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`nested`](Transaction::nested).
    pub async fn try_nested<T, E, F>(&mut self, work: F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFnOnce(&mut Transaction) -> Result<T, E> + for<'s> WorkOnce<'s, Transaction, T, E>,
    {
        if let Some(error) = aborted(self.failure()) {
            return Err(error.into());
        }
        self.raw().savepoint(SAVEPOINT);
        let inside = Inside { transaction: self, is_over: false };
        let result = work.call(&mut *inside.transaction, Sealed).await;
        let result = match aborted(inside.transaction.failure()) {
            Some(error) if result.is_ok() => Err(error.into()),
            _ => result,
        };
        inside.end(result.is_err()).await;
        result
    }
}

/// Why no work can be done in it, if that is so.
fn aborted(failure: Option<&Error>) -> Option<Error> {
    let cause = failure?;
    let message = format!("the transaction was aborted by an earlier error: {cause}");
    Some(Error::rolled_back(message).because(cause.clone()))
}

/// A transaction behind a savepoint, until that is over.
struct Inside<'t> {
    transaction: &'t mut Transaction,
    is_over: bool,
}

impl Inside<'_> {
    async fn end(mut self, takes_back: bool) {
        let connection = self.transaction.raw();
        // A failure of this, a lost connection, is told by the next use of the transaction.
        if !takes_back || connection.rollback_to(SAVEPOINT).await.is_ok() {
            connection.release(SAVEPOINT);
        }
        self.is_over = true;
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.transaction.raw().abandon(SAVEPOINT);
        }
    }
}
