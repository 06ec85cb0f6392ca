//! A primary and a standby that replays what it writes.

use std::sync::OnceLock;
use std::time::Duration;

use tokio::time::sleep;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::private::{self, Servers};
use super::{Server, ServerError, installed_programs};
use crate::Database;
use crate::admin::Admin;
use crate::client::with_client;
use crate::url::with_database;

/// A private primary with a hot standby that streams from it, apart from the server of other tests.
pub struct Replication {
    primary: Server,
    standby_url: String,
    /// Of a superuser, who may hold replay up, on a database of its own.
    standby_admin_url: String,
}

impl Replication {
    /// A fresh database on the primary, and on the standby.
    ///
    /// # Panics
    /// When the primary refuses.
    pub async fn database(&'static self) -> Database {
        let database = Database::create_on(&self.primary).await;
        let has = format!("SELECT count(*) FROM pg_database WHERE datname = '{}'", database.name());
        while self.run(&has).await != "1" {
            sleep(Duration::from_millis(5)).await;
        }
        database
    }

    /// The URL of a primary's database on the standby.
    pub fn standby_url(&self, database: &Database) -> String {
        with_database(&self.standby_url, database.name())
    }

    /// Keeps the standby as it is from now on: it goes on to receive, and replays nothing.
    ///
    /// # Panics
    /// With the server's words, when it refuses.
    pub async fn pause_replay(&self) {
        // The function asks for it; it happens with the next record.
        self.run("SELECT pg_wal_replay_pause()").await;
        while self.run("SELECT pg_get_wal_replay_pause_state() = 'paused'").await != "t" {
            sleep(Duration::from_millis(2)).await;
        }
    }

    /// Lets the standby replay again.
    ///
    /// # Panics
    /// With the server's words, when it refuses.
    pub async fn resume_replay(&self) {
        self.run("SELECT pg_wal_replay_resume()").await;
    }

    /// Waits until a statement with this text in it runs on the standby, and ends its connection.
    ///
    /// # Panics
    /// With the server's words, when it refuses.
    pub async fn end_on_standby(&self, database: &Database, text: &str) {
        let end = format!(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{}' AND state = 'active' \
             AND query LIKE '%{text}%'",
            database.name()
        );
        while self.run(&end).await == "0" {
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// How many clients are connected to a database on the standby.
    ///
    /// # Panics
    /// With the server's words, when it refuses.
    pub async fn standby_clients(&self, database: &Database) -> usize {
        let count = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{}'", database.name());
        self.run(&count).await.parse().expect("a number")
    }

    /// Runs a statement on the standby; its only value as text.
    async fn run(&self, sql: &str) -> String {
        let run = async |client: Client| {
            let messages = client.simple_query(sql).await?;
            Ok(messages.into_iter().find_map(|message| match message {
                SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            }))
        };
        let result = with_client(&self.standby_admin_url, run).await;
        result.unwrap_or_else(|error| panic!("{error}, in: {sql}")).unwrap_or_default()
    }
}

/// The pair of servers of this process, started on first use; blocks until it is ready. `None` where the PostgreSQL
/// programs are not installed.
///
/// # Panics
/// When it could not be started.
pub fn replication() -> Option<&'static Replication> {
    static REPLICATION: OnceLock<Option<Replication>> = OnceLock::new();
    let start = || start().unwrap_or_else(|error| panic!("{error}"));
    REPLICATION.get_or_init(start).as_ref()
}

fn start() -> Result<Option<Replication>, ServerError> {
    let Some(programs) = installed_programs() else { return Ok(None) };
    let private = private::start(&programs, Servers::WithStandby)?;
    let admin = Admin::start(&private.url)?;
    let primary =
        Server { url: private.url, guarded_url: private.guarded_url, admin, _alive: Some(private.alive) };
    let (standby_url, standby_admin_url) = (private.standby_url, private.standby_admin_url);
    Ok(Some(Replication { primary, standby_url, standby_admin_url }))
}
