//! The verbs of an engine that make and drop tables.

use super::{constraints, drops, tables};
use crate::engine::{Engine, TransactionMode};
use crate::error::Error;
use crate::schema::Schema;

/// `IF NOT EXISTS` does not wait for another transaction that makes the same: both would try, and one fail. Programs
/// that start at the same moment take turns; the number is as good as any other.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7710162562058289263)";

impl Engine {
    /// Makes the tables of a schema that are not there yet, with their enum types and foreign keys, in one transaction.
    ///
    /// What is there stays as it is.
    ///
    /// # Errors
    /// If a foreign key's target is not in the schema, or the server refuses a statement.
    pub async fn create_all(&self, schema: Schema) -> Result<(), Error> {
        self.create_all_with(schema, &[]).await
    }

    /// As [`create_all`](Engine::create_all), with statements of your own after the tables and before the foreign keys,
    /// such as those that distribute or partition a table.
    ///
    /// # Errors
    /// As [`create_all`](Engine::create_all).
    pub async fn create_all_with(&self, schema: Schema, own: &[&str]) -> Result<(), Error> {
        let mut statements = tables(&schema)?;
        statements.extend(own.iter().map(|&sql| sql.to_owned()));
        statements.extend(constraints(&schema));
        self.run_all(&statements).await
    }

    /// Drops the tables of a schema that are there, and their enum types, in one transaction. All their rows are lost.
    ///
    /// # Errors
    /// If the server refuses a statement, as it does while a view or a table outside of the schema depends on a table.
    pub async fn drop_all(&self, schema: Schema) -> Result<(), Error> {
        self.run_all(&drops(&schema)).await
    }

    async fn run_all(&self, statements: &[String]) -> Result<(), Error> {
        let mut connection = self.acquire().await?;
        connection.begin(TransactionMode::default());
        connection.batch(LOCK).await?;
        for statement in statements {
            connection.batch(statement).await?;
        }
        connection.commit().await
    }
}
