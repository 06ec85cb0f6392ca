//! Rows one by one, as they come from the server.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::Stream;

use super::request;
use crate::engine::{Connection, StatementRows};
use crate::error::Error;
use crate::query::render::Text;
use crate::query::{EachRow, Plan};

/// The rows of a statement, decoded as they come. Dropped half way, it cancels the statement.
///
/// Use [`next`](RowStream::next), or the [`Stream`] it is.
pub struct RowStream<'c, R> {
    /// None of a statement that is not sent, for it does nothing.
    rows: Option<StatementRows>,
    connection: Holder<'c>,
    each: EachRow<R>,
    text: Arc<Text>,
    /// Whether it writes, and commits by itself when it has come to its end.
    commits: bool,
}

enum Holder<'c> {
    Owned(Box<Connection>),
    Borrowed(&'c mut Connection),
}

impl Holder<'_> {
    fn get(&mut self) -> &mut Connection {
        match self {
            Holder::Owned(connection) => connection,
            Holder::Borrowed(connection) => connection,
        }
    }
}

impl<R> RowStream<'static, R> {
    /// The rows of a statement by itself, which may be one that writes.
    pub(super) async fn open_owned(
        connection: Connection,
        plan: Plan<R>,
        writes: bool,
    ) -> Result<Self, Error> {
        RowStream::open(Holder::Owned(Box::new(connection)), plan, writes).await
    }
}

impl<'c, R> RowStream<'c, R> {
    pub(crate) async fn open_borrowed(connection: &'c mut Connection, plan: Plan<R>) -> Result<Self, Error> {
        RowStream::open(Holder::Borrowed(connection), plan, false).await
    }

    async fn open(mut connection: Holder<'c>, plan: Plan<R>, commits: bool) -> Result<Self, Error> {
        let Some(each) = plan.make.each_row() else {
            return Err(Error::statement_invalid(
                "a statement with relations needs all its rows at once: use `all`, with `limit` for a part of them",
            ));
        };
        let rows = if plan.rendered.is_nothing() {
            None
        } else {
            let rows = connection.get().stream(request(&plan.rendered)).await;
            Some(rows.map_err(|error| of_stream(plan.rendered.explain(error), commits))?)
        };
        Ok(RowStream { rows, connection, each, text: plan.rendered.text, commits })
    }

    /// The next row; `None` after the last.
    ///
    /// # Errors
    /// If the server or the connection fails, or a value does not fit its Rust type.
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
    pub async fn next(&mut self) -> Option<Result<R, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R, Error>>> {
        let Some(rows) = &mut self.rows else { return Poll::Ready(None) };
        let row = ready!(rows.poll_next(context, self.connection.get()));
        let commits = self.commits;
        Poll::Ready(row.map(|row| {
            let row = row.map_err(|error| of_stream(error, commits))?;
            let value = self.each.decode(&row);
            // Whether the statement comes to its end depends on whether the rest is read.
            value.map_err(|error| {
                let error = if self.text.has_secrets { error.without_values() } else { error };
                let error = error.showing_values(self.connection.get().shows_values());
                of_stream(error.in_statement(&self.text.sql).unanswered(), commits)
            })
        }))
    }
}

fn of_stream(error: Error, commits: bool) -> Error {
    if commits { error.of_autocommit() } else { error }
}

impl<R> Stream for RowStream<'_, R> {
    type Item = Result<R, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(context)
    }
}

impl<R> fmt::Debug for RowStream<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RowStream({})", self.text.sql)
    }
}
