//! COPY of rows to the program, as bytes.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use futures_util::StreamExt;
use tokio_postgres::CopyOutStream;

use super::{Columns, Connection, Progress, Request, Sent};
use crate::error::Error;

/// What a COPY gives, piece by piece.
pub(crate) struct CopyOut {
    stream: Pin<Box<CopyOutStream>>,
    sql: Box<str>,
    since: Option<Instant>,
    written: u64,
    /// Alive while there is more to come.
    _open: Arc<()>,
}

impl Connection {
    /// Begins a COPY to the program, in a transaction that has begun.
    pub(crate) async fn copy_out(&mut self, sql: &str) -> Result<CopyOut, Error> {
        self.enter(&[])?;
        debug_assert!(self.in_transaction(), "what it reads depends on settings of the transaction");
        let since = self.shared.observers.clock();
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
                Ok(CopyOut { stream: Box::pin(stream), sql: sql.into(), since, written, _open: open })
            }
            Err(error) => Err(self.copy_failed(sql, error, since, written)),
        }
    }

    fn copy_failed(
        &mut self,
        sql: &str,
        error: tokio_postgres::Error,
        since: Option<Instant>,
        written: u64,
    ) -> Error {
        self.arrived();
        let request = Request::new(sql, &[], Columns::Builtin);
        let failure =
            self.failed(&request, error, Sent { is_named: false, progress: Progress::Running, written });
        self.observe(&request, since, Err(&failure.error));
        failure.error
    }
}

impl CopyOut {
    /// The next piece; `None` behind the last. `connection` is the one that began it.
    pub(crate) async fn next(&mut self, connection: &mut Connection) -> Option<Result<Bytes, Error>> {
        match self.stream.next().await {
            Some(Ok(bytes)) => Some(Ok(bytes)),
            Some(Err(error)) => Some(Err(connection.copy_failed(&self.sql, error, self.since, self.written))),
            None => {
                connection.arrived();
                let request = Request::new(&self.sql, &[], Columns::Builtin);
                connection.observe(&request, self.since, Ok(0));
                None
            }
        }
    }
}
