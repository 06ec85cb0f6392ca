//! COPY of the rows of a select to the program, as bytes.

use std::borrow::BorrowMut;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};

use super::{TransactionConnection, request};
use crate::engine::{Connection, CopyOut, Engine, Request, TransactionMode};
use crate::error::Error;
use crate::query::Query;
use crate::query::render::{CopyFormat, Rendered, copy_out};

/// The bytes of a COPY, piece by piece; mostly a piece is a row. Dropped half way, it cancels the statement; in a
/// transaction, which goes on, the rest is read and thrown away.
pub struct CopyStream<'c>(Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send + 'c>>);

/// What is left to be read.
struct Rest<C> {
    connection: C,
    copy: CopyOut,
}

/// What is done when all has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AtTheEnd {
    Nothing,
    Commit,
}

/// The rows of a select that has no relations.
fn of_one_statement<Q: Query>(query: &Q) -> Result<Rendered, Error> {
    let plan = query.plan()?;
    if plan.make.is_load() {
        return Err(Error::statement_invalid(
            "a select with relations is several statements, and COPY is one: select columns, or join the tables",
        ));
    }
    Ok(plan.rendered)
}

impl<'c> CopyStream<'c> {
    /// Begins a COPY in the transaction of a connection.
    async fn open<C: BorrowMut<Connection> + Send + 'c>(
        mut connection: C,
        rendered: &Rendered,
        format: CopyFormat,
        at_the_end: AtTheEnd,
    ) -> Result<CopyStream<'c>, Error> {
        let (settings, copy) = copy_out(rendered, format);
        let of_caller = |setting| Request { at: copy.at, ..request(setting) };
        let requests: Vec<_> = settings.iter().map(of_caller).collect();
        let raw: &mut Connection = connection.borrow_mut();
        raw.pipeline(&requests).await.map_err(|error| rendered.explain(error))?;
        let copy = raw.copy_out(request(&copy)).await.map_err(|error| rendered.explain(error))?;
        let rest = Rest { connection, copy };
        Ok(CopyStream(Box::pin(stream::unfold(Some(rest), move |rest| async move {
            let mut rest = rest?;
            match rest.copy.next(rest.connection.borrow_mut()).await {
                Some(Ok(bytes)) => Some((Ok(bytes), Some(rest))),
                Some(Err(error)) => Some((Err(error), None)),
                None if at_the_end == AtTheEnd::Nothing => None,
                None => {
                    drop(rest.copy);
                    rest.connection.borrow_mut().commit().await.err().map(|error| (Err(error), None))
                }
            }
        }))))
    }
}

impl Engine {
    /// What a select gives as bytes of COPY, to be written to a file or sent on: the server makes CSV, tab-separated text or
    /// PostgreSQL's binary form of it, and no value is decoded. The stream holds a connection until it is dropped.
    ///
    /// It is a transaction of three round trips: COPY takes no parameters, so that the values of the select are set
    /// before, as settings of the transaction.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_core::query::CopyFormat;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine, mut file: impl std::io::Write) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut rows = engine.copy_out(select(User).filter(User.age.ge(18)), CopyFormat::CsvWithHeader).await?;
    /// while let Some(bytes) = rows.next().await {
    ///     file.write_all(&bytes?)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the statement cannot be what was meant or has relations, or the server or the connection fails.
    pub async fn copy_out<Q: Query>(
        &self,
        query: Q,
        format: CopyFormat,
    ) -> Result<CopyStream<'static>, Error> {
        let rendered = of_one_statement(&query)?;
        let mut connection = self.within(query.time_limit()).acquire().await?;
        connection.begin(TransactionMode::default());
        CopyStream::open(connection, &rendered, format, AtTheEnd::Commit).await
    }
}

impl TransactionConnection {
    /// As [`Engine::copy_out`], inside the transaction: several exports as of one moment are those of a transaction with
    /// [`Isolation::RepeatableRead`](crate::engine::Isolation::RepeatableRead).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_core::query::CopyFormat;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine, mut file: impl std::io::Write) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut transaction = engine.begin_with(Isolation::RepeatableRead).await?;
    /// let mut rows = transaction.copy_out(select(User), CopyFormat::CsvWithHeader).await?;
    /// while let Some(bytes) = rows.next().await {
    ///     file.write_all(&bytes?)?;
    /// }
    /// drop(rows);
    /// let total: i64 = transaction.count(select(User)).await?; // of the same rows
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Engine::copy_out`].
    pub async fn copy_out<Q: Query>(
        &mut self,
        query: Q,
        format: CopyFormat,
    ) -> Result<CopyStream<'_>, Error> {
        let rendered = of_one_statement(&query)?;
        self.note(query.writes().written());
        CopyStream::open(self.raw(), &rendered, format, AtTheEnd::Nothing).await
    }
}

impl CopyStream<'_> {
    /// The next piece; `None` after the last.
    ///
    /// # Errors
    /// If the server or the connection fails.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// use orm_core::query::CopyFormat;
    /// let mut pieces = engine.copy_out(select(User), CopyFormat::CsvWithHeader).await?;
    /// while let Some(bytes) = pieces.next().await {
    ///     println!("{} bytes", bytes?.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        self.0.next().await
    }
}

impl Stream for CopyStream<'_> {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl fmt::Debug for CopyStream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CopyStream")
    }
}
