//! Rows one by one, as they come from the server.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::Stream;

use super::request;
use crate::engine::{Connection, Rows};
use crate::error::Error;
use crate::query::render::Text;
use crate::query::{Make, Plan};
use crate::row::Cells;

/// The rows of a statement, decoded as they come. Dropped half way, it cancels the statement.
///
/// Use [`next`](RowStream::next), or the [`Stream`] it is.
pub struct RowStream<'c, R> {
    rows: Rows,
    connection: Holder<'c>,
    decode: fn(&mut Cells<'_>) -> Result<R, Error>,
    text: Arc<Text>,
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
    pub(super) async fn open_owned(connection: Connection, plan: Plan<R>) -> Result<Self, Error> {
        RowStream::open(Holder::Owned(Box::new(connection)), plan).await
    }
}

impl<'c, R> RowStream<'c, R> {
    pub(crate) async fn open_borrowed(connection: &'c mut Connection, plan: Plan<R>) -> Result<Self, Error> {
        RowStream::open(Holder::Borrowed(connection), plan).await
    }

    async fn open(mut connection: Holder<'c>, plan: Plan<R>) -> Result<Self, Error> {
        let Make::Decode(decode) = plan.make else {
            return Err(Error::statement_invalid(
                "a statement with relations needs all its rows at once: use `all`, with `limit` for a part of them",
            ));
        };
        let rows = connection.get().stream(request(&plan.rendered)).await;
        let rows = rows.map_err(|error| plan.rendered.explain(error))?;
        Ok(RowStream { rows, connection, decode, text: plan.rendered.text })
    }

    /// The next row; `None` after the last.
    ///
    /// # Errors
    /// If the server or the connection fails, or a value does not fit its Rust type.
    pub async fn next(&mut self) -> Option<Result<R, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R, Error>>> {
        let row = ready!(self.rows.poll_next(context, self.connection.get()));
        Poll::Ready(row.map(|row| {
            let row = row?;
            (self.decode)(&mut Cells::new(&row)).map_err(|error| error.in_statement(&self.text.sql))
        }))
    }
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
