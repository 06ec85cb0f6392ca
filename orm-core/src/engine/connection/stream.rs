//! Rows as they come, without keeping them all.

use std::future::poll_fn;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures_util::Stream;
use tokio_postgres::{Error as DriverError, Row, RowStream};

use super::in_flight::{behind, open_unnamed};
use super::transaction::TransactionStatus;
use super::unexpected::unless_asked;
use super::{
    Columns, Connection, Failure, Link, Progress, Request, SentRequest, TransactionMode, is_lost, one,
};
use crate::engine::cache::Route;
use crate::engine::commit::{COMMIT, Commit, CommitOutcome};
use crate::error::Error;
use crate::types::Parameter;

/// The rows of one statement; read with the connection they come from.
///
/// Until the last row is read or this is dropped, the connection refuses other statements. Drop it before the
/// connection: rows that nobody takes hold up the end of the statement.
pub(crate) struct StatementRows {
    stream: Pin<Box<RowStream>>,
    sql: Box<str>,
    parameters: Box<[Parameter]>,
    has_secrets: bool,
    at: Option<&'static Location<'static>>,
    since: Option<Instant>,
    done: bool,
    /// Whether COMMIT is on its way behind it.
    commits: bool,
    /// Whether all rows have come.
    ended: bool,
    open: Option<Arc<()>>,
}

impl Connection {
    /// Runs a statement; its rows come one by one, as fast as they are read.
    pub(crate) async fn stream(&mut self, request: Request<'_>) -> Result<StatementRows, Error> {
        self.enter(one(&request))?;
        self.check_moments(one(&request)).await?;
        let commits = self.is_alone_in_context();
        if commits {
            self.begin(TransactionMode::default());
        }
        let before = self.mark();
        let mut rows = match self.open_stream(&request).await {
            Ok(rows) => rows,
            Err(failure) => {
                self.start_over(failure, before).await?;
                self.open_stream(&request).await.map_err(|failure| failure.error)?
            }
        };
        if commits {
            rows.commits = true;
            let link = self.link()?;
            let tidily = link.ends_tidily();
            let Link { client, commit, .. } = link;
            // It goes out now; the answer is behind the rows.
            poll_fn(|cx| {
                let _ = commit.poll(client, tidily, cx);
                Poll::Ready(())
            })
            .await;
        }
        Ok(rows)
    }

    /// What became of the COMMIT behind the rows.
    fn poll_committed(&mut self, since: Option<Instant>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let link = self.link()?;
        let tidily = link.ends_tidily();
        let Link { client, commit, .. } = link;
        let result = ready!(commit.poll(client, tidily, cx));
        let is_refused = matches!(std::mem::take(commit), Commit::Answered(CommitOutcome::Refused));
        self.arrived();
        let result = match result {
            Ok(()) => {
                self.transaction = TransactionStatus::None;
                self.keep_found();
                Ok(())
            }
            Err(error) => {
                let lost = is_lost(&error);
                let error = self.told_of_commit(error);
                self.transaction.fail(&error);
                if lost {
                    self.lose();
                }
                Err(if lost && !is_refused { error.unanswered() } else { error.in_statement(COMMIT) })
            }
        };
        self.observe_control("COMMIT", since, since.map_or(Duration::ZERO, |since| since.elapsed()), &result);
        Poll::Ready(result)
    }

    async fn open_stream(&mut self, request: &Request<'_>) -> Result<StatementRows, Failure> {
        let route = self.stream_route(request).await?;
        let is_named = matches!(route, Route::Named(_));
        let preamble = self.take_preamble();
        let written = self.link()?.written();
        self.depart();
        let since = self.clock();
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
            match &preamble {
                None => (None, opening.await),
                Some(preamble) => {
                    let begin = preamble.send(client, &mut link.pending_control).await;
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
            self.observe_wait(1 + usize::from(began.is_some()));
        }
        if let (Some(preamble), Some(began)) = (preamble, began) {
            self.begun(&preamble, began, since, 1)?;
        }
        match opened {
            Err(error) => {
                let progress = asked.progress(Progress::NotRun);
                let sent = SentRequest { is_named, progress, written };
                Err(self.stream_failed(request, error, sent, since))
            }
            Ok(stream) => {
                let open = Arc::new(());
                self.stream = Arc::downgrade(&open);
                Ok(StatementRows {
                    stream: Box::pin(stream),
                    sql: request.sql.into(),
                    parameters: if since.is_some() { request.parameters.into() } else { Box::default() },
                    has_secrets: request.has_secrets,
                    at: request.at,
                    since,
                    done: false,
                    commits: false,
                    ended: false,
                    open: Some(open),
                })
            }
        }
    }

    /// A stream is not worth a name: its rows cost more than its text.
    async fn stream_route(&mut self, request: &Request<'_>) -> Result<Route, Failure> {
        if let Some(route) = self.link()?.cache.looked_up(request) {
            return Ok(if request.plan_each_time { Route::Unnamed } else { route });
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
        sent: SentRequest,
        since: Option<Instant>,
    ) -> Failure {
        self.arrived();
        let failure = self.failed(request, error, sent);
        self.observe(request, since, Err(&failure.error));
        failure
    }
}

impl StatementRows {
    /// The next row. `connection` is the one that made these rows.
    pub(crate) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        connection: &mut Connection,
    ) -> Poll<Option<Result<Row, Error>>> {
        if self.done {
            return Poll::Ready(None);
        }
        let next = if self.ended { None } else { ready!(self.stream.as_mut().poll_next(cx)) };
        if next.is_none() && !self.ended {
            self.ended = true;
            let rows = self.stream.rows_affected().unwrap_or(0);
            connection.observe(&self.request(), self.since, Ok(rows));
        }
        if self.ended && self.commits {
            let committed = ready!(connection.poll_committed(self.since, cx));
            self.commits = false;
            if let Err(error) = committed {
                self.close();
                return Poll::Ready(Some(Err(error.in_statement(&self.sql))));
            }
        }
        Poll::Ready(match next {
            Some(Ok(row)) => Some(Ok(row)),
            Some(Err(error)) => {
                self.close();
                if self.commits
                    && let Some(link) = &mut connection.object
                {
                    // The server refuses it, for the statement has failed.
                    link.commit = Commit::NotSent;
                }
                let request = self.request();
                let progress = Progress::of_rows(self.stream.rows_affected());
                let sent = SentRequest { is_named: false, progress, written: u64::MAX };
                let failure = connection.stream_failed(&request, error, sent, self.since);
                Some(Err(failure.error))
            }
            None => {
                self.close();
                connection.arrived();
                None
            }
        })
    }

    fn close(&mut self) {
        self.done = true;
        self.open = None;
    }

    fn request(&self) -> Request<'_> {
        let request = Request::new(&self.sql, &self.parameters, Columns::Builtin);
        Request { has_secrets: self.has_secrets, at: self.at, ..request }
    }
}
