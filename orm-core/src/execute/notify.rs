//! Notifications to whoever listens.

use super::TransactionConnection;
use crate::engine::{Columns, Connection, Engine, Request, check_channel};
use crate::error::Error;
use crate::types::Parameter;

/// PostgreSQL takes fewer bytes than this.
const TOO_LONG: usize = 8000;

impl Engine {
    /// Notifies whoever listens to a channel ([`listen`](Engine::listen)), at once.
    ///
    /// # Errors
    /// If the channel is no name of 1 to 63 bytes, or the payload has 8000 bytes or more; if the connection is lost.
    pub async fn notify(&self, channel: &str, payload: &str) -> Result<(), Error> {
        check(channel, payload)?;
        let sent = send(&mut self.acquire().await?, channel, payload).await;
        sent.map_err(Error::of_autocommit)
    }
}

impl TransactionConnection {
    /// Notifies whoever listens to a channel, when the transaction is committed; nobody if it is rolled back, or goes back to
    /// a savepoint before this. The same on the same channel twice in a transaction is told once.
    ///
    /// # Errors
    /// As [`Engine::notify`].
    pub async fn notify(&mut self, channel: &str, payload: &str) -> Result<(), Error> {
        check(channel, payload)?;
        send(self.raw(), channel, payload).await
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

async fn send(connection: &mut Connection, channel: &str, payload: &str) -> Result<(), Error> {
    let parameters = [Parameter::new(channel.to_owned()), Parameter::new(payload.to_owned())];
    let request = Request::new("SELECT pg_notify($1, $2)", &parameters, Columns::Builtin);
    connection.query(request).await.map(|_| ())
}
