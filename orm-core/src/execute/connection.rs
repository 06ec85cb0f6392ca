//! The verbs on one connection inside a transaction.

use std::fmt;
use std::panic::Location;

use super::copy::copy;
use super::part::{execute_parts, fetch_parts};
use super::single::{fetch_one, fetch_one_or_none};
use super::{RowStream, execute, fetch};
use crate::engine::{Answer, Connection, Request};
use crate::error::Error;
use crate::query::check::refuse_control;
use crate::query::{Command, Query, Writes, Written};
use crate::row::Cells;
use crate::schema::TableMeta;
use crate::types::Parameter;

/// The verbs inside a transaction, rows as values: of a [`Transaction`](super::Transaction), or of a session's own
/// transaction ([`Session::connection`](crate::Session::connection)).
pub struct TransactionConnection {
    connection: Connection,
    /// Tables that statements wrote to, for a session that has to know.
    written: Vec<&'static TableMeta>,
    /// SQL of the program may have written to any other.
    wrote_anything: bool,
}

impl TransactionConnection {
    pub(crate) fn new(connection: Connection) -> TransactionConnection {
        TransactionConnection { connection, written: Vec::new(), wrote_anything: false }
    }

    pub(crate) fn raw(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Why the transaction can only be rolled back, if that is so.
    pub(crate) fn failure(&self) -> Option<&Error> {
        self.connection.failure()
    }

    /// The tables written to, which are forgotten here; and whether SQL of the program may have written to any other.
    pub(crate) fn take_written(&mut self) -> (Vec<&'static TableMeta>, bool) {
        (std::mem::take(&mut self.written), std::mem::take(&mut self.wrote_anything))
    }

    /// The connection, with a note of what the statement that it is wanted for writes to.
    fn noting(&mut self, writes: &Writes<'_>) -> &mut Connection {
        self.note(writes.written());
        &mut self.connection
    }

    /// Notes what a statement writes to.
    pub(crate) fn note(&mut self, written: Written) {
        match written {
            Written::Nothing => {}
            Written::Table(table) => drop(self.writing(table)),
            Written::Anything => self.wrote_anything = true,
        }
    }

    /// The connection, with a note that the statement it is wanted for writes to this table.
    pub(crate) fn writing(&mut self, table: &'static TableMeta) -> &mut Connection {
        if !self.written.contains(&table) {
            self.written.push(table);
        }
        &mut self.connection
    }

    /// All rows, as values.
    ///
    /// # Errors
    /// If the statement is refused before or by the server, or a value does not fit its Rust type.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let users: Vec<User> = transaction.all(select(User).order_by(User.id)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn all<Q: Query>(&mut self, query: Q) -> Result<Vec<Q::Row>, Error> {
        let mut this = self.within(query.time_limit());
        let parts = query.parts()?;
        if !parts.is_empty() {
            return fetch_parts(this.noting(&query.writes()), query, &parts).await;
        }
        let plan = query.plan()?;
        fetch(this.noting(&query.writes()), &plan).await
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`all`](TransactionConnection::all).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let oldest: Option<User> = transaction.first(select(User).order_by(User.age.desc())).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn first<Q: Query>(&mut self, query: Q) -> Result<Option<Q::Row>, Error> {
        Ok(self.all(query.at_most(1)).await?.into_iter().next())
    }

    /// The only row. Of an insert, update or delete the rows are written before they are counted.
    ///
    /// # Errors
    /// As [`all`](TransactionConnection::all), and if there is no row, or more than one.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let user: User = transaction.one(select(User).filter(User.id.eq(1))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn one<Q: Query>(&mut self, query: Q) -> Result<Q::Row, Error> {
        let mut this = self.within(query.time_limit());
        let query = query.at_most(2);
        let plan = query.plan()?;
        fetch_one(this.noting(&query.writes()), &plan).await
    }

    /// The only row, or `None`.
    ///
    /// # Errors
    /// As [`all`](TransactionConnection::all), and if there is more than one row.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let user: Option<User> = transaction.one_or_none(select(User).filter(User.id.eq(1))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn one_or_none<Q: Query>(&mut self, query: Q) -> Result<Option<Q::Row>, Error> {
        let mut this = self.within(query.time_limit());
        let query = query.at_most(2);
        let plan = query.plan()?;
        fetch_one_or_none(this.noting(&query.writes()), &plan).await
    }

    /// The rows one by one, as they come.
    ///
    /// # Errors
    /// As [`all`](TransactionConnection::all); errors that come later are items of the stream. A statement with relations cannot
    /// be streamed.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let mut users = transaction.stream(select(User)).await?;
    /// while let Some(user) = users.next().await {
    ///     println!("{}", user?.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stream<Q: Query>(&mut self, query: Q) -> Result<RowStream<'_, Q::Row>, Error> {
        if query.time_limit().is_some() {
            return Err(Error::statement_invalid(
                "rows of a transaction come one by one for as long as the program takes them: the time limit is \
                 `transaction.timeout(..)`, not one of the statement",
            ));
        }
        let plan = query.plan()?;
        RowStream::open_borrowed(self.noting(&query.writes()), plan).await
    }

    /// Executes an insert, update or delete; gives the number of rows it touched.
    ///
    /// Two thousand rows or more to be inserted go by COPY where that does what the INSERT would, which it does not with an
    /// isolation above READ COMMITTED; else, above some megabytes, in several INSERTs.
    ///
    /// # Errors
    /// If the statement is refused before or by the server.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let rows: u64 = transaction.execute(delete(Post).filter(Post.user_id.eq(1))).await?;
    /// transaction.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn execute(&mut self, command: impl Command) -> Result<u64, Error> {
        let mut this = self.within(command.time_limit());
        if let Some(copying) = command.copying()
            && let Some(count) = copy(this.noting(&command.writes()), &copying).await?
        {
            return Ok(count);
        }
        let parts = command.parts()?;
        if !parts.is_empty() {
            return execute_parts(this.noting(&command.writes()), command, &parts).await;
        }
        let rendered = command.rendered()?;
        execute(this.noting(&command.writes()), &rendered).await
    }

    /// Runs a script beside the other work of the transaction: SQL of one or more statements, without parameters and rows, as
    /// [`Engine::run_script`](crate::Engine::run_script). What it sets stays set for the connection unless it says `SET LOCAL`.
    /// **Nothing in the text is checked or escaped**, but that it neither begins nor ends the transaction.
    ///
    /// ```no_run
    /// # async fn example(engine: orm_core::Engine) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut transaction = engine.begin().await?;
    /// transaction.run_script(&std::fs::read_to_string("fixtures.sql")?).await?;
    /// transaction.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the server refuses a statement, or one begins or ends a transaction, which is said before anything is sent.
    pub async fn run_script(&mut self, text: &str) -> Result<(), Error> {
        refuse_control(text)?;
        self.wrote_anything = true;
        self.connection.batch(text).await
    }

    /// Waits for an advisory lock, which is held until the transaction ends or is rolled back to a savepoint before it.
    ///
    /// A key means what the programs that use it agree on; PostgreSQL connects it with no row. Taken again in the same
    /// transaction, it is held once.
    ///
    /// # Errors
    /// If waiting ends in a deadlock ([`is_retryable`](Error::is_retryable)) or a timeout, or the connection is lost.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// transaction.advisory_lock(42).await?; // until the end of the transaction
    /// transaction.execute(insert(User).values(NewUser::new("Ann"))).await?;
    /// transaction.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn advisory_lock(&mut self, key: i64) -> impl Future<Output = Result<(), Error>> {
        self.advisory_lock_at(key, Location::caller())
    }

    pub(crate) async fn advisory_lock_at(
        &mut self,
        key: i64,
        at: &'static Location<'static>,
    ) -> Result<(), Error> {
        self.lock_function("SELECT pg_advisory_xact_lock($1)", key, at).await.map(|_| ())
    }

    /// Takes an advisory lock if nobody else holds it, and says whether it did; otherwise as
    /// [`advisory_lock`](TransactionConnection::advisory_lock).
    ///
    /// # Errors
    /// If the connection is lost.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// if transaction.try_advisory_lock(42).await? {
    ///     transaction.execute(insert(User).values(NewUser::new("Ann"))).await?;
    ///     transaction.commit().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn try_advisory_lock(&mut self, key: i64) -> impl Future<Output = Result<bool, Error>> {
        self.try_advisory_lock_at(key, Location::caller())
    }

    pub(crate) async fn try_advisory_lock_at(
        &mut self,
        key: i64,
        at: &'static Location<'static>,
    ) -> Result<bool, Error> {
        let sql = "SELECT pg_try_advisory_xact_lock($1)";
        let answer = self.lock_function(sql, key, at).await?;
        let row = answer.rows.first().ok_or_else(|| Error::decode("no row came").in_statement(sql))?;
        Cells::new(row).read().map_err(|error| error.in_statement(sql))
    }

    async fn lock_function(
        &mut self,
        sql: &str,
        key: i64,
        at: &'static Location<'static>,
    ) -> Result<Answer, Error> {
        let parameters = [Parameter::new(key)];
        self.connection.query(Request::called(sql, &parameters, at)).await
    }
}

impl fmt::Debug for TransactionConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransactionConnection").finish_non_exhaustive()
    }
}
