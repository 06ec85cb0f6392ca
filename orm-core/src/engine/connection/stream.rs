//! Rows as they come, without keeping them all.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use futures_util::Stream;
use tokio_postgres::{Error as DriverError, Row, RowStream};

use super::flight::{behind, open_unnamed};
use super::unexpected::unless_asked;
use super::{Columns, Connection, Failure, Named, Request, one};
use crate::engine::cache::Route;
use crate::error::Error;
use crate::types::Parameter;

/// The rows of one statement; read with the connection they come from.
///
/// Until the last row is read or this is dropped, the connection refuses other statements. Drop it before the
/// connection: rows that nobody takes hold up the end of the statement.
pub(crate) struct Rows {
    stream: Pin<Box<RowStream>>,
    sql: Box<str>,
    parameters: Box<[Parameter]>,
    since: Option<Instant>,
    done: bool,
    open: Option<Arc<()>>,
}

impl Connection {
    /// Runs a statement; its rows come one by one, as fast as they are read.
    pub(crate) async fn stream(&mut self, request: Request<'_>) -> Result<Rows, Error> {
        self.enter(one(&request))?;
        let before = self.mark();
        match self.open_stream(&request).await {
            Ok(rows) => return Ok(rows),
            Err(failure) => self.start_over(failure, before).await?,
        }
        self.open_stream(&request).await.map_err(|failure| failure.error)
    }

    async fn open_stream(&mut self, request: &Request<'_>) -> Result<Rows, Failure> {
        let route = self.stream_route(request).await?;
        let named = Named::of(matches!(route, Route::Named(_)));
        let prologue = self.take_prologue();
        let written = self.link()?.written();
        self.depart();
        let since = self.shared.observers.clock();
        let asked = self.asked()?;
        let link = self.link()?;
        let client = &link.client;
        let opening = async {
            match &route {
                Route::Named(statement) => client.query_raw(statement, request.parameters).await,
                _ => open_unnamed(client, request).await,
            }
        };
        let answer = async {
            match &prologue {
                None => (None, opening.await),
                Some(prologue) => {
                    let begin = prologue.send(client, &mut link.unanswered).await;
                    let (began, opened) = behind(begin, opening, since).await;
                    (Some(began), opened)
                }
            }
        };
        let (began, opened) = match unless_asked(&asked, answer).await {
            Some(answer) => answer,
            None => return Err(self.unexpected_type(request).await),
        };
        if since.is_some() {
            self.shared.observers.round_trip(1 + usize::from(began.is_some()));
        }
        if let (Some(prologue), Some(began)) = (prologue, began) {
            self.begun(&prologue, began, since, 1)?;
        }
        match opened {
            Err(error) => Err(self.stream_failed(request, error, named, written, since)),
            Ok(stream) => {
                let open = Arc::new(());
                self.stream = Arc::downgrade(&open);
                Ok(Rows {
                    stream: Box::pin(stream),
                    sql: request.sql.into(),
                    parameters: if since.is_some() { request.parameters.into() } else { Box::default() },
                    since,
                    done: false,
                    open: Some(open),
                })
            }
        }
    }

    /// A stream is not worth a name: its rows cost more than its text.
    async fn stream_route(&mut self, request: &Request<'_>) -> Result<Route, Failure> {
        if let Some(route) = self.link()?.cache.looked_up(request) {
            return Ok(route);
        }
        match request.columns {
            Columns::Builtin => Ok(Route::Unnamed),
            Columns::LookUp => self.routes(one(request), 0).await.map(|mut routes| routes.remove(0)),
        }
    }

    fn stream_failed(
        &mut self,
        request: &Request<'_>,
        error: DriverError,
        named: Named,
        written: u64,
        since: Option<Instant>,
    ) -> Failure {
        self.in_flight = false;
        let failure = self.failed(request, error, named, written);
        self.observe(request, since, Err(&failure.error));
        failure
    }
}

impl Rows {
    /// The next row. `connection` is the one that made these rows.
    pub(crate) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        connection: &mut Connection,
    ) -> Poll<Option<Result<Row, Error>>> {
        if self.done {
            return Poll::Ready(None);
        }
        let Poll::Ready(next) = self.stream.as_mut().poll_next(cx) else { return Poll::Pending };
        Poll::Ready(match next {
            Some(Ok(row)) => Some(Ok(row)),
            Some(Err(error)) => {
                self.close();
                let request = self.request();
                let failure = connection.stream_failed(&request, error, Named::Other, u64::MAX, self.since);
                Some(Err(failure.error))
            }
            None => {
                self.close();
                connection.in_flight = false;
                let rows = self.stream.rows_affected().unwrap_or(0);
                connection.observe(&self.request(), self.since, Ok(rows));
                None
            }
        })
    }

    fn close(&mut self) {
        self.done = true;
        self.open = None;
    }

    fn request(&self) -> Request<'_> {
        Request::new(&self.sql, &self.parameters, Columns::Builtin)
    }
}
