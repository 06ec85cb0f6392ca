//! Plain connections, which know nothing of the ORM.

use std::error::Error;
use std::future::Future;

use tokio_postgres::{Client, NoTls};

/// Runs the work on a connection of its own, which is closed when the work is done; else the server's words.
pub(crate) async fn with_client<T, F>(url: &str, work: impl FnOnce(Client) -> F) -> Result<T, String>
where
    F: Future<Output = Result<T, tokio_postgres::Error>>,
{
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.map_err(|error| explain(&error))?;
    let work = work(client);
    let (result, closed) = tokio::join!(work, connection);
    let result = result.map_err(|error| explain(&error))?;
    closed.map_err(|error| explain(&error))?;
    Ok(result)
}

/// What went wrong, with its causes.
pub(crate) fn explain(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return said.to_string();
    }
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
