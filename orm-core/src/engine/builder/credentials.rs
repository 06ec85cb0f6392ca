//! Who logs in.

use std::sync::Arc;

use super::EngineBuilder;
use crate::engine::credentials::{Credentials, Source};
use crate::error::Cause;

impl EngineBuilder {
    /// What new connections log in with, instead of user and password of the URL: for passwords that change, such as the
    /// tokens of RDS, Entra ID, Cloud SQL and Vault.
    ///
    /// It is asked for when a connection is opened, kept for as long as it says, and shared by all connections. One call
    /// runs at a time, for as long as [`connect_timeout`](EngineBuilder::connect_timeout) at most. What the server does
    /// not take as a login (28P01, 28000) is asked for once more. An error of it is the cause of the connection's.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use orm_core::engine::{Credentials, Engine};
    /// # async fn fetch_token(region: &str) -> std::io::Result<String> { Ok(region.to_owned()) }
    /// # async fn example() -> Result<(), orm_core::Error> {
    /// let url = "postgresql://db.example.com/shop?sslmode=verify-full";
    /// let engine = Engine::builder(url)
    ///     .credentials(async || {
    ///         let password = fetch_token("eu-central-1").await?;
    ///         Ok(Credentials { user: "app".into(), password, valid_for: Duration::from_secs(600) })
    ///     })
    ///     .connect()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A closure that owns what it uses gives it to each future: `move || { let client = client.clone(); async move {
    /// .. } }`.
    pub fn credentials<F, R>(mut self, ask: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<Credentials, Cause>> + Send + 'static,
    {
        self.credentials = Some(Arc::new(Source::new(ask)));
        self
    }
}
