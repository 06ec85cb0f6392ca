//! The end of a session's transaction.

use super::{Session, State};
use crate::error::Error;

impl Session {
    /// Flushes what is pending and makes everything since the transaction began permanent; the last statements and
    /// COMMIT are one round trip.
    ///
    /// # Errors
    /// As [`flush`](Session::flush), and if the server rolled back because of an earlier error, which is then the cause.
    /// After an error the session can only be rolled back.
    pub async fn commit(&mut self) -> Result<(), Error> {
        self.usable()?;
        if self.identity.is_dirty() {
            self.write_pending(true).await?;
        } else if self.connection.is_some() {
            self.end_transaction().await?;
        }
        self.connection = None;
        self.identity.committed(self.options.expire_on_commit);
        Ok(())
    }

    async fn end_transaction(&mut self) -> Result<(), Error> {
        self.state = State::Writing;
        let result = match &mut self.connection {
            Some(connection) => connection.commit().await,
            None => Ok(()),
        };
        self.state = match &result {
            Ok(()) => State::Ready,
            Err(error) => State::Failed(error.clone()),
        };
        result
    }

    /// Takes everything since the transaction began back, in the database and in the objects: those it changed have the
    /// values from before, those it added leave the session.
    ///
    /// # Errors
    /// If the connection is lost; the server then rolls back by itself, and the objects are put back all the same.
    pub async fn rollback(&mut self) -> Result<(), Error> {
        self.identity.rolled_back();
        self.state = State::Ready;
        match self.connection.take() {
            Some(mut connection) => connection.rollback().await,
            None => Ok(()),
        }
    }
}
