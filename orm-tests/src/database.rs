//! A database of a test's own.

use std::fmt;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio_postgres::SimpleQueryMessage;

use crate::admin::since_epoch;
use crate::client::with_client;
use crate::server::{Server, server};
use crate::url::with_database;

/// A fresh database, encoded in UTF-8 and sorted by code point, owned by the role of its URL.
///
/// Dropped, with whoever is still connected to it, when this value is; that blocks until it is gone.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let database = orm_tests::Database::create().await;
/// database.execute("CREATE TABLE users (id int); INSERT INTO users VALUES (1)").await;
/// assert_eq!(database.query_text("SELECT id, NULL FROM users").await, [[Some("1".to_owned()), None]]);
/// # }
/// ```
pub struct Database {
    server: &'static Server,
    name: String,
    url: String,
}

impl Database {
    /// An empty database on [`server`].
    ///
    /// # Panics
    ///
    /// When there is no server or it refuses.
    pub async fn create() -> Database {
        Database::create_on(server()).await
    }

    /// An empty database on a server.
    pub(crate) async fn create_on(server: &'static Server) -> Database {
        Database::copy(server, None).await
    }

    /// A copy of another database, whose connections are ended for it.
    ///
    /// # Panics
    ///
    /// When the server refuses, as it does while somebody connects to `template`.
    pub async fn create_from(template: &Database) -> Database {
        Database::copy(template.server, Some(&template.name)).await
    }

    async fn copy(server: &'static Server, template: Option<&str>) -> Database {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("orm_test_{}_{}_{next}", since_epoch().as_secs(), process::id());
        if let Err(error) = server.admin().create(&name, template).await {
            panic!("could not create database {name}: {error}");
        }
        let url = with_database(server.url(), &name);
        Database { server, name, url }
    }

    /// The name, unique on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The URL to connect to it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements without parameters, on a connection of their own.
    ///
    /// # Panics
    ///
    /// With the server's words, when it refuses.
    pub async fn execute(&self, sql: &str) {
        self.run(sql).await;
    }

    /// The rows of a statement as the server writes them, `None` for NULL, read on a connection of their own.
    ///
    /// # Panics
    ///
    /// With the server's words, when it refuses.
    pub async fn query_text(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        let messages = self.run(sql).await;
        let rows = messages.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        rows.map(|row| (0..row.len()).map(|column| row.get(column).map(str::to_owned)).collect()).collect()
    }

    /// Waits until no client has a transaction open, for what is dropped is ended without waiting.
    ///
    /// # Panics
    ///
    /// After five seconds, with what such clients did last.
    pub async fn wait_until_idle(&self) {
        let open = "SELECT state, query FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT \
                    NULL AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
        let since = Instant::now();
        loop {
            let found = self.query_text(open).await;
            if found.is_empty() {
                return;
            }
            assert!(since.elapsed() < Duration::from_secs(5), "transactions stay open: {found:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Ends the connections of all other clients at once, whatever they do.
    ///
    /// # Panics
    ///
    /// With the server's words, when it refuses.
    pub async fn end_connections(&self) {
        let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND \
                   backend_type = 'client backend' AND pid <> pg_backend_pid()";
        self.run(end).await;
    }

    async fn run(&self, sql: &str) -> Vec<SimpleQueryMessage> {
        let result = with_client(&self.url, |client| async move { client.simple_query(sql).await }).await;
        result.unwrap_or_else(|error| panic!("{error}, in: {sql}"))
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("name", &self.name).field("url", &self.url).finish_non_exhaustive()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Err(error) = self.server.admin().drop_database(&self.name) {
            // A panic here would hide the one of a failing test.
            eprintln!("could not drop database {}: {error}", self.name);
        }
    }
}
