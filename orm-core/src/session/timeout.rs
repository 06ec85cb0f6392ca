//! What a session does has to be done within a time.

use std::time::Duration;

use super::Session;
#[cfg(doc)]
use crate::error::Error;
use crate::execute::{Timeout, TransactionConnection};

impl Session {
    /// The session with a time limit from now on, for a statement, a flush, a commit, or until what is given is dropped.
    ///
    /// It includes waiting for a connection. A statement that runs when the time is over is cancelled
    /// ([`is_timeout`](Error::is_timeout)), which fails the transaction as every error of the server does; one that comes
    /// later is not sent. A COMMIT is cancelled too: its error says whether it is known what became of it. Where the server
    /// does not answer the request to cancel within
    /// [`cancel_timeout`](crate::engine::EngineBuilder::cancel_timeout), the connection is given up.
    /// [`rollback`](Session::rollback) has that time of its own.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use std::time::Duration;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// # }
    /// # async fn count(session: &mut Session) -> Result<(), orm_core::Error> {
    /// let n: i64 = session.timeout(Duration::from_secs(2)).one(select(func::count(User.id))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(&mut self, timeout: Duration) -> Timeout<'_, Session> {
        self.within(Some(timeout))
    }

    /// The session with the time limit of a statement.
    pub(super) fn within(&mut self, timeout: Option<Duration>) -> Timeout<'_, Session> {
        let before = self.limit;
        Timeout::begin(self, timeout, before, |session, limit| {
            session.limit = limit;
            if let Some(connection) = session.connection.as_deref_mut().map(TransactionConnection::raw) {
                connection.limit_part(limit);
            }
        })
    }
}
