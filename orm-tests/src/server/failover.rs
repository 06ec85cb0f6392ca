//! A primary that can be killed, and a standby to take its place.

use std::fs;
use std::path::PathBuf;
use std::process::{ChildStdin, Command};
use std::time::Duration;

use tokio::time::sleep;
use tokio_postgres::Client;

use super::private::{self, Private, Servers};
use super::{ServerError, installed_programs};
use crate::client::with_client;
use crate::url::percent_encode;

/// A private primary whose commits wait for its standby; both are of one test, and gone when this value is.
pub struct Failover {
    folder: PathBuf,
    _alive: ChildStdin,
}

impl Failover {
    /// Starts both, and waits until commits are synchronous. `None` where PostgreSQL's programs are not installed.
    ///
    /// # Errors
    ///
    /// When one of them does not start.
    pub async fn start() -> Result<Option<Failover>, ServerError> {
        let Some(programs) = installed_programs() else { return Ok(None) };
        let Private { folder, alive, .. } = private::start(&programs, Servers::WithStandby)?;
        let servers = Failover { folder, _alive: alive };
        servers.run(5432, "ALTER SYSTEM SET synchronous_standby_names = '*'").await?;
        servers.run(5432, "SELECT pg_reload_conf()").await?;
        servers.wait_for(5432, "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'").await?;
        Ok(Some(servers))
    }

    /// The URL of both hosts, the standby first, for the role `app`.
    pub fn url(&self, parameters: &str) -> String {
        let host = percent_encode(self.folder.display().to_string());
        format!("postgresql://app@{host}:5433,{host}:5432/app?{parameters}")
    }

    /// Ends the primary as a crash does: it finishes nothing.
    ///
    /// # Errors
    ///
    /// When it is not there.
    pub fn kill_primary(&self) -> Result<(), ServerError> {
        let failed = |error: std::io::Error| ServerError(format!("could not kill the primary: {error}"));
        let lock = fs::read_to_string(self.folder.join("data/postmaster.pid")).map_err(failed)?;
        let pid = lock.lines().next().unwrap_or_default();
        let status = Command::new("kill").args(["-QUIT", pid]).status().map_err(failed)?;
        if status.success() { Ok(()) } else { Err(ServerError(format!("the primary {pid} is not there"))) }
    }

    /// Makes the standby a primary; returns when it takes writes.
    ///
    /// # Errors
    ///
    /// With the server's words, when it refuses.
    pub async fn promote(&self) -> Result<(), ServerError> {
        self.run(5433, "SELECT pg_promote()").await?;
        self.wait_for(5433, "SELECT 1 WHERE NOT pg_is_in_recovery()").await
    }

    async fn run(&self, port: u16, sql: &str) -> Result<usize, ServerError> {
        let host = percent_encode(self.folder.display().to_string());
        let url = format!("postgresql://postgres@{host}:{port}/postgres");
        let rows = async |client: Client| client.query(sql, &[]).await.map(|rows| rows.len());
        with_client(&url, rows).await.map_err(ServerError)
    }

    async fn wait_for(&self, port: u16, sql: &str) -> Result<(), ServerError> {
        while self.run(port, sql).await? == 0 {
            sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}
