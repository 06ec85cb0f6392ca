//! COPY of the rows of a select to the program, as bytes.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};

use super::request;
use crate::engine::{Connection, CopyOut, Engine, Request, TransactionMode};
use crate::error::Error;
use crate::query::Query;
use crate::query::render::{CopyFormat, copy_out};

/// The bytes of a COPY, piece by piece; mostly a piece is a row. Dropped half way, it cancels the statement.
pub struct CopyStream(Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>);

/// What is left to be read.
struct Rest {
    connection: Connection,
    copy: CopyOut,
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
    pub async fn copy_out<Q: Query>(&self, query: Q, format: CopyFormat) -> Result<CopyStream, Error> {
        let plan = query.plan()?;
        if plan.make.is_load() {
            return Err(Error::statement_invalid(
                "a select with relations is several statements, and COPY is one: select columns, or join the tables",
            ));
        }
        let (settings, copy) = copy_out(&plan.rendered, format);
        let mut connection = self.within(query.time_limit()).acquire().await?;
        connection.begin(TransactionMode::default());
        let of_caller = |setting| Request { at: copy.at, ..request(setting) };
        let requests: Vec<_> = settings.iter().map(of_caller).collect();
        connection.pipeline(&requests).await.map_err(|error| plan.rendered.explain(error))?;
        let copy = connection.copy_out(request(&copy)).await;
        let copy = copy.map_err(|error| plan.rendered.explain(error))?;
        let rest = Rest { connection, copy };
        Ok(CopyStream(Box::pin(stream::unfold(Some(rest), |rest| async move {
            let mut rest = rest?;
            match rest.copy.next(&mut rest.connection).await {
                Some(Ok(bytes)) => Some((Ok(bytes), Some(rest))),
                Some(Err(error)) => Some((Err(error), None)),
                None => {
                    drop(rest.copy);
                    rest.connection.commit().await.err().map(|error| (Err(error), None))
                }
            }
        }))))
    }
}

impl CopyStream {
    /// The next piece; `None` after the last.
    ///
    /// # Errors
    /// If the server or the connection fails.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        self.0.next().await
    }
}

impl Stream for CopyStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl fmt::Debug for CopyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CopyStream")
    }
}
