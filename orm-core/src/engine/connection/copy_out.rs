//! COPY of rows to the program, as bytes.

use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use futures_util::StreamExt;
use tokio_postgres::CopyOutStream;

use super::{Columns, Connection, Progress, Request, SentRequest, one};
use crate::error::Error;

/// What a COPY gives, piece by piece.
pub(crate) struct CopyOut {
    stream: Pin<Box<CopyOutStream>>,
    sql: Box<str>,
    has_secrets: bool,
    at: Option<&'static Location<'static>>,
    since: Option<Instant>,
    written: u64,
    /// Alive while there is more to come.
    _open: Arc<()>,
}

impl Connection {
    /// Begins a COPY to the program, in a transaction that has begun.
    pub(crate) async fn copy_out(&mut self, request: Request<'_>) -> Result<CopyOut, Error> {
        let Request { sql, has_secrets, at, .. } = request;
        self.enter(one(&request))?;
        self.check_moments(one(&request)).await?;
        debug_assert!(self.in_transaction(), "what it reads depends on settings of the transaction");
        let since = self.clock();
        let written = self.link()?.written();
        self.depart();
        let link = self.link()?;
        link.stray += 1;
        let opened = link.client.copy_out(sql).await;
        link.stray -= 1;
        match opened {
            Ok(stream) => {
                let open = Arc::new(());
                self.stream = Arc::downgrade(&open);
                let (stream, sql) = (Box::pin(stream), sql.into());
                Ok(CopyOut { stream, sql, has_secrets, at, since, written, _open: open })
            }
            Err(error) => Err(self.copy_failed(&request, error, since, written)),
        }
    }

    fn copy_failed(
        &mut self,
        request: &Request<'_>,
        error: tokio_postgres::Error,
        since: Option<Instant>,
        written: u64,
    ) -> Error {
        self.arrived();
        let failure = self.failed(
            request,
            error,
            SentRequest { is_named: false, progress: Progress::Running, written },
        );
        self.observe(request, since, Err(&failure.error));
        failure.error
    }
}

impl CopyOut {
    /// The next piece; `None` behind the last. `connection` is the one that began it.
    pub(crate) async fn next(&mut self, connection: &mut Connection) -> Option<Result<Bytes, Error>> {
        match self.stream.next().await {
            Some(Ok(bytes)) => Some(Ok(bytes)),
            Some(Err(error)) => {
                Some(Err(connection.copy_failed(&self.request(), error, self.since, self.written)))
            }
            None => {
                connection.arrived();
                connection.observe(&self.request(), self.since, Ok(0));
                None
            }
        }
    }

    fn request(&self) -> Request<'_> {
        let CopyOut { has_secrets, at, .. } = *self;
        Request { has_secrets, at, ..Request::new(&self.sql, &[], Columns::Builtin) }
    }
}
