//! Notifications to whoever listens.

use std::panic::Location;

use super::TransactionConnection;
use crate::engine::{Connection, Engine, Request, check_channel};
use crate::error::Error;
use crate::types::Parameter;

/// PostgreSQL takes fewer bytes than this.
const TOO_LONG: usize = 8000;

impl Engine {
    /// Notifies whoever listens to a channel ([`listen`](Engine::listen)), at once.
    ///
    /// # Errors
    /// If the channel is no name of 1 to 63 bytes, or the payload has 8000 bytes or more; if the connection is lost.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// engine.notify("users", "changed").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn notify(&self, channel: &str, payload: &str) -> impl Future<Output = Result<(), Error>> {
        let at = Location::caller();
        async move {
            check(channel, payload)?;
            let sent = send(&mut self.acquire().await?, channel, payload, at).await;
            sent.map_err(Error::of_autocommit)
        }
    }
}

impl TransactionConnection {
    /// Notifies whoever listens to a channel, when the transaction is committed; nobody if it is rolled back, or goes back to
    /// a savepoint before this. The same on the same channel twice in a transaction is told once.
    ///
    /// # Errors
    /// As [`Engine::notify`].
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// transaction.notify("users", "changed").await?;
    /// transaction.commit().await?; // those who listen are told now
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn notify(&mut self, channel: &str, payload: &str) -> impl Future<Output = Result<(), Error>> {
        self.notify_at(channel, payload, Location::caller())
    }

    pub(crate) async fn notify_at(
        &mut self,
        channel: &str,
        payload: &str,
        at: &'static Location<'static>,
    ) -> Result<(), Error> {
        check(channel, payload)?;
        send(self.raw(), channel, payload, at).await
    }
}

fn check(channel: &str, payload: &str) -> Result<(), Error> {
    check_channel(channel)?;
    if payload.contains('\0') {
        return Err(Error::encode(
            "the payload of a notification has the character NUL, which PostgreSQL takes in no text: remove it",
        ));
    }
    if payload.len() < TOO_LONG {
        return Ok(());
    }
    Err(Error::statement_invalid(format!(
        "the payload of a notification has {} bytes, PostgreSQL takes fewer than {TOO_LONG}: store it in a row, and notify \
         its key",
        payload.len()
    )))
}

async fn send(
    connection: &mut Connection,
    channel: &str,
    payload: &str,
    at: &'static Location<'static>,
) -> Result<(), Error> {
    let parameters = [Parameter::new(channel.to_owned()), Parameter::new(payload.to_owned())];
    let request = Request::called("SELECT pg_notify($1, $2)", &parameters, at);
    connection.query(request).await.map(|_| ())
}
