//! The verbs of an engine: one statement each, by itself.

use std::panic::Location;

use std::borrow::Cow;
use std::time::Duration;

use super::copy::{copy_alone, insert_instead};
use super::part::{execute_parts_alone, fetch_parts_alone};
use super::single::{fetch_one, fetch_one_or_none};
use super::{RowStream, Transaction, execute, fetch};
use crate::engine::{Engine, Request, Route, TransactionMode};
use crate::error::Error;
use crate::query::check::refuse_copy;
use crate::query::{Command, Query, Written};

/// An error of a statement by itself: it may have written what it was to write.
fn alone(error: Error, writes: bool) -> Error {
    if writes { error.of_autocommit() } else { error }
}

impl Engine {
    /// The engine with the time limit of a statement.
    pub(super) fn within(&self, time_limit: Option<Duration>) -> Cow<'_, Engine> {
        match time_limit {
            None => Cow::Borrowed(self),
            Some(timeout) => Cow::Owned(self.timeout(timeout)),
        }
    }

    /// The servers for a statement by itself. SQL of the program is sent once: a procedure that it calls may have committed a
    /// part of what it does.
    /// The way of a query, and whether it writes.
    fn way_of<Q: Query>(&self, query: &Q) -> (Route<'_>, bool) {
        // Each is a walk through the statement: once is enough for what only reads.
        let only_reads = query.only_reads();
        let written = if only_reads { Written::Nothing } else { query.writes().written() };
        (self.way(written, only_reads), written.is_something())
    }

    fn way(&self, writes: Written, only_reads: bool) -> Route<'_> {
        let route = self.route(only_reads);
        if writes == Written::Anything { route.once() } else { route }
    }

    /// All rows, as values.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let adults: Vec<User> = engine.all(select(User).filter(User.age.ge(18))).await?;
    /// let ids: Vec<i64> = engine.all(insert(User).values([NewUser::new("Ann")]).returning(User.id)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the statement is refused before or by the server, or a value does not fit its Rust type. Of an insert, update or
    /// delete the latter is found when its rows are written ([`is_committed`](Error::is_committed)); and if the connection
    /// is lost before the answer comes, nobody knows ([`is_outcome_unknown`](Error::is_outcome_unknown)).
    pub async fn all<Q: Query>(&self, query: Q) -> Result<Vec<Q::Row>, Error> {
        let engine = self.within(query.time_limit());
        let parts = query.parts()?;
        if !parts.is_empty() {
            return fetch_parts_alone(&mut engine.acquire().await?, query, &parts).await;
        }
        let plan = query.plan()?;
        let (mut route, writes) = engine.way_of(&query);
        loop {
            match fetch(&mut route.acquire().await?, &plan).await {
                Err(error) if route.goes_on(&error) => {}
                rows => return rows.map_err(|error| alone(error, writes)),
            }
        }
    }

    /// The first row, if there is one.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let oldest: Option<User> = engine.first(select(User).order_by(User.age.desc())).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Engine::all).
    pub async fn first<Q: Query>(&self, query: Q) -> Result<Option<Q::Row>, Error> {
        Ok(self.all(query.at_most(1)).await?.into_iter().next())
    }

    /// The only row. Of an insert, update or delete the rows are written before they are counted.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let count: i64 = engine.one(select(func::count(User.id))).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Engine::all), and if there is no row, or more than one.
    pub async fn one<Q: Query>(&self, query: Q) -> Result<Q::Row, Error> {
        let engine = self.within(query.time_limit());
        let query = query.at_most(2);
        let plan = query.plan()?;
        let (mut route, writes) = engine.way_of(&query);
        loop {
            match fetch_one(&mut route.acquire().await?, &plan).await {
                Err(error) if route.goes_on(&error) => {}
                row => return row.map_err(|error| alone(error, writes)),
            }
        }
    }

    /// The only row, or `None`.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let ann: Option<User> = engine.one_or_none(select(User).filter(User.name.eq("Ann"))).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Engine::all), and if there is more than one row.
    pub async fn one_or_none<Q: Query>(&self, query: Q) -> Result<Option<Q::Row>, Error> {
        let engine = self.within(query.time_limit());
        let query = query.at_most(2);
        let plan = query.plan()?;
        let (mut route, writes) = engine.way_of(&query);
        loop {
            match fetch_one_or_none(&mut route.acquire().await?, &plan).await {
                Err(error) if route.goes_on(&error) => {}
                row => return row.map_err(|error| alone(error, writes)),
            }
        }
    }

    /// The rows one by one, as they come; the stream holds a connection until it is dropped.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut users = engine.stream(select(User)).await?;
    /// while let Some(user) = users.next().await {
    ///     println!("{}", user?.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Engine::all); errors that come later are items of the stream. A statement with relations cannot be
    /// streamed.
    pub async fn stream<Q: Query>(&self, query: Q) -> Result<RowStream<'static, Q::Row>, Error> {
        let engine = self.within(query.time_limit());
        let (mut route, writes) = engine.way_of(&query);
        loop {
            let plan = query.plan()?;
            match RowStream::open_owned(route.acquire().await?, plan, writes).await {
                Err(error) if route.goes_on(&error) => {}
                stream => return stream,
            }
        }
    }

    /// Executes an insert, update or delete; gives the number of rows it touched.
    ///
    /// Two thousand rows or more to be inserted go by COPY, in a transaction of its own, where that does what the INSERT
    /// would; else, above some megabytes, in several INSERTs of one transaction.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let changed: u64 = engine.execute(update(User).set(User.age, 18).filter(User.age.is_null())).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the statement is refused before or by the server. If the connection is lost before the answer comes, nobody knows
    /// whether it was done ([`is_outcome_unknown`](Error::is_outcome_unknown)).
    pub async fn execute(&self, command: impl Command) -> Result<u64, Error> {
        let engine = self.within(command.time_limit());
        let Some(copying) = command.copying() else {
            let parts = command.parts()?;
            if !parts.is_empty() {
                return execute_parts_alone(&mut engine.acquire().await?, command, &parts).await;
            }
            let rendered = command.rendered()?;
            let mut route = engine.way(command.writes().written(), false);
            loop {
                match execute(&mut route.acquire().await?, &rendered).await {
                    Err(error) if route.goes_on(&error) => {}
                    executed => return executed.map_err(Error::of_autocommit),
                }
            }
        };
        let mut connection = engine.acquire().await?;
        if let Some(count) = copy_alone(&mut connection, &copying).await? {
            return Ok(count);
        }
        drop(copying);
        insert_instead(&mut connection, command).await
    }

    /// Runs a script: SQL of one or more statements, without parameters and rows, as the server's own clients do.
    ///
    /// The statements are one transaction unless the script itself begins and ends some. The connection is closed
    /// afterwards, so that nothing a script sets or leaves open meets another user. **Nothing in the text is checked or
    /// escaped.** One statement with values is for [`sql!`](crate::sql!).
    ///
    /// ```no_run
    /// # async fn example(engine: orm_core::Engine) -> Result<(), Box<dyn std::error::Error>> {
    /// engine.run_script(&std::fs::read_to_string("schema.sql")?).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the server refuses a statement; if one is a COPY from or to the program, which is said before anything is sent
    /// (see [`copy_out`](Engine::copy_out)). If the connection is lost before the answer comes, nobody knows what was done
    /// ([`is_outcome_unknown`](Error::is_outcome_unknown)).
    #[track_caller]
    pub fn run_script(&self, text: &str) -> impl Future<Output = Result<(), Error>> {
        let request = Request::called(text, &[], Location::caller());
        async move {
            refuse_copy(text)?;
            let mut connection = self.acquire().await?;
            let run = connection.run_script(request).await;
            connection.close();
            run.map_err(Error::of_autocommit)
        }
    }

    /// A transaction of its own connection, with the engine's mode
    /// ([`transaction_mode`](crate::engine::EngineBuilder::transaction_mode)). BEGIN goes out with its first statement.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut transaction = engine.begin().await?;
    /// transaction.execute(insert(User).values(NewUser::new("Ann"))).await?;
    /// transaction.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If no connection becomes free in time, or none can be made.
    pub async fn begin(&self) -> Result<Transaction, Error> {
        self.begin_with(self.transaction_mode()).await
    }

    /// As [`begin`](Engine::begin), with this mode in place of the engine's: an isolation level, or read only.
    ///
    /// # Errors
    /// As [`begin`](Engine::begin).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut transaction = engine.begin_with(Isolation::Serializable).await?;
    /// let users = transaction.all(select(User)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn begin_with(&self, mode: impl Into<TransactionMode>) -> Result<Transaction, Error> {
        let mode = mode.into();
        let mut connection = self.route(mode.only_reads()).acquire().await?;
        connection.begin(mode);
        Ok(Transaction::new(connection))
    }
}
