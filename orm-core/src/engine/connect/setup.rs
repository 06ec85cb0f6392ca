//! Sets a new connection up, in one round trip that also tells what is at its other end.

use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use tokio::io::{AsyncReadExt, duplex};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error as DriverError, Row};

use super::socket::{PassThrough, Socket};
use crate::engine::pooler::Pooler;

/// What the server said of itself when the connection was opened.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Server {
    /// The process id given at the login is not the server's: a pooler is between, and may give each transaction another
    /// connection of the server.
    pub(in crate::engine) is_pooled: bool,
    pub(in crate::engine) is_in_recovery: bool,
    /// Whether transactions are read-only unless they say otherwise; so it is in recovery too.
    pub(in crate::engine) is_read_only: bool,
    /// `server_version_num`, such as 150004.
    pub(in crate::engine) version: i32,
}

/// Settings of the connection itself, which a pooler would hand on to its other clients.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::engine) struct Settings {
    pub(in crate::engine) statement_timeout: Option<Duration>,
}

impl Settings {
    /// Each by its name.
    fn list(self) -> Vec<(&'static str, String)> {
        let timeout =
            self.statement_timeout.map(|limit| ("statement_timeout", limit.as_millis().to_string()));
        timeout.into_iter().collect()
    }

    /// What goes behind each BEGIN where the connection cannot have the settings.
    pub(super) fn local(self) -> Option<Arc<str>> {
        let set = |(name, value)| format!("SET LOCAL {name} = {value}");
        let all: Vec<_> = self.list().into_iter().map(set).collect();
        (!all.is_empty()).then(|| all.join("; ").into())
    }
}

/// Asks what the server is, and gives the connection its settings where it keeps them.
pub(super) async fn set_up(
    client: &Client,
    settings: Settings,
    pooler: Pooler,
) -> Result<Server, DriverError> {
    let own_id = process_id(client).await?;
    let always = pooler.keeps_settings(true);
    let settings = if pooler.keeps_settings(false) { settings.list() } else { Vec::new() };
    let mut sql = "SELECT pg_catalog.pg_backend_pid() = $1, pg_catalog.pg_is_in_recovery(), \
                   pg_catalog.current_setting('transaction_read_only') = 'on', \
                   pg_catalog.current_setting('server_version_num')::integer"
        .to_owned();
    let mut parameters: Vec<(&(dyn ToSql + Sync), Type)> = vec![(&own_id, Type::INT4)];
    if !settings.is_empty() {
        parameters.push((&always, Type::BOOL));
    }
    for (name, value) in &settings {
        parameters.push((value, Type::TEXT));
        let nth = parameters.len();
        sql.push_str(&format!(
            ", CASE WHEN $2 OR pg_catalog.pg_backend_pid() = $1 THEN pg_catalog.set_config('{name}', ${nth}, false) END"
        ));
    }
    // Without a name, which is in order behind every pooler.
    let rows: Vec<Row> = client.query_typed_raw(&sql, parameters).await?.try_collect().await?;
    // A SELECT without FROM gives one row.
    let row = &rows[0];
    Ok(Server {
        is_pooled: !row.try_get::<_, bool>(0)?,
        is_in_recovery: row.try_get(1)?,
        is_read_only: row.try_get(2)?,
        version: row.try_get(3)?,
    })
}

/// The process id that was given at the login; the driver tells it only to a server, in a request to cancel.
async fn process_id(client: &Client) -> Result<i32, DriverError> {
    // Its length, what it asks for, the process id, and a secret; four bytes each.
    let mut request = [0; 16];
    let (mut ours, theirs) = duplex(request.len());
    client.cancel_token().cancel_query_raw(Socket::new(theirs), PassThrough).await?;
    // All of it is there.
    let id = ours.read_exact(&mut request).await.map(|_| [request[8], request[9], request[10], request[11]]);
    Ok(id.map_or(0, i32::from_be_bytes))
}
