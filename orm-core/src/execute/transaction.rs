//! A transaction: the verbs on one connection between BEGIN and COMMIT.

use std::fmt;

use super::{RowStream, exactly_one, execute, fetch, one_at_most};
use crate::engine::Connection;
use crate::error::Error;
use crate::query::{Command, Query};
use crate::schema::quoted;

/// A transaction of an engine. Dropped without [`commit`](Transaction::commit), it is rolled back.
///
/// After an error of the server inside it, PostgreSQL takes no further statement: every later verb, `commit` too, says
/// so with the first error as its cause.
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Transaction {
    connection: Connection,
}

impl Transaction {
    pub(super) fn new(connection: Connection) -> Transaction {
        Transaction { connection }
    }

    pub(crate) fn raw(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// All rows, as values.
    ///
    /// # Errors
    /// If the statement is refused before or by the server, or a value does not fit its Rust type.
    pub async fn all<Q: Query>(&mut self, query: Q) -> Result<Vec<Q::Row>, Error> {
        fetch(&mut self.connection, &query.plan()?).await
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`all`](Transaction::all).
    pub async fn first<Q: Query>(&mut self, query: Q) -> Result<Option<Q::Row>, Error> {
        Ok(self.all(query.at_most(1)).await?.into_iter().next())
    }

    /// The only row. Of an insert, update or delete the rows are written before they are counted.
    ///
    /// # Errors
    /// As [`all`](Transaction::all), and if there is no row, or more than one.
    pub async fn one<Q: Query>(&mut self, query: Q) -> Result<Q::Row, Error> {
        let plan = query.at_most(2).plan()?;
        exactly_one(fetch(&mut self.connection, &plan).await?, &plan)
    }

    /// The only row, or `None`.
    ///
    /// # Errors
    /// As [`all`](Transaction::all), and if there is more than one row.
    pub async fn one_or_none<Q: Query>(&mut self, query: Q) -> Result<Option<Q::Row>, Error> {
        let plan = query.at_most(2).plan()?;
        one_at_most(fetch(&mut self.connection, &plan).await?, &plan)
    }

    /// The rows one by one, as they come.
    ///
    /// # Errors
    /// As [`all`](Transaction::all); errors that come later are items of the stream. A statement with relations cannot
    /// be streamed.
    pub async fn stream<Q: Query>(&mut self, query: Q) -> Result<RowStream<'_, Q::Row>, Error> {
        RowStream::open_borrowed(&mut self.connection, query.plan()?).await
    }

    /// Executes an insert, update or delete; gives the number of rows it touched.
    ///
    /// # Errors
    /// If the statement is refused before or by the server.
    pub async fn execute(&mut self, command: impl Command) -> Result<u64, Error> {
        execute(&mut self.connection, &command.rendered()?).await
    }

    /// Sets a savepoint to go back to. Nothing is sent: it goes out with the next statement.
    ///
    /// A name set again hides the earlier savepoint of that name.
    pub fn savepoint(&mut self, name: &str) {
        self.connection.savepoint(&quoted(name));
    }

    /// Gives a savepoint up and keeps what was done since. Nothing is sent: it goes out with the next statement, which
    /// fails if there is no such savepoint.
    pub fn release(&mut self, name: &str) {
        self.connection.release(&quoted(name));
    }

    /// Takes everything since a savepoint back; the savepoint stays. After an error the transaction goes on from there.
    ///
    /// # Errors
    /// If there is no such savepoint, or the connection is lost.
    pub async fn rollback_to(&mut self, name: &str) -> Result<(), Error> {
        self.connection.rollback_to(&quoted(name)).await
    }

    /// Makes everything since the beginning permanent.
    ///
    /// # Errors
    /// If the server refuses, or rolled back because of an earlier error, which is then the cause.
    pub async fn commit(mut self) -> Result<(), Error> {
        self.connection.commit().await
    }

    /// Takes everything since the beginning back.
    ///
    /// # Errors
    /// If the connection is lost; the server then rolls back by itself.
    pub async fn rollback(mut self) -> Result<(), Error> {
        self.connection.rollback().await
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}
