//! Requests that travel together: all are sent before the first answer is waited for.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error as DriverError, Row, RowStream, Statement};

use super::{Answer, Request};
use crate::types::Parameter;

/// One request on its way.
pub(super) type Flight<'a> = Pin<Box<dyn Future<Output = Result<Landed, DriverError>> + Send + 'a>>;

/// What a request came back with.
pub(super) enum Landed {
    Done,
    Answer(Answer),
    Prepared(Statement),
}

/// A request that came back; `None` if it was not sent because one before it could not be.
pub(super) struct Outcome {
    pub(super) result: Option<Result<Landed, DriverError>>,
    pub(super) elapsed: Duration,
}

/// Sends all requests in their order and waits for all answers.
pub(super) async fn fly(mut flights: Vec<Flight<'_>>, since: Option<Instant>) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> =
        flights.iter().map(|_| Outcome { result: None, elapsed: Duration::ZERO }).collect();
    let mut sent = 0;
    poll_fn(|cx| {
        let first = sent == 0;
        let mut pending = false;
        // The driver sends at the first poll. Every flight is polled each time: the driver stops reading when an
        // answer is not taken, even if another flight waits for what comes behind it.
        for at in 0..if first { flights.len() } else { sent } {
            let (flight, outcome) = (&mut flights[at], &mut outcomes[at]);
            sent = sent.max(at + 1);
            if outcome.result.is_some() {
                continue;
            }
            let Poll::Ready(result) = flight.as_mut().poll(cx) else {
                pending = true;
                continue;
            };
            // Where the connection is closed all of them fail, each with an error of its own.
            let unsent = first
                && result.as_ref().is_err_and(|error| error.as_db_error().is_none() && !error.is_closed());
            outcome.result = Some(result);
            outcome.elapsed = since.map_or(Duration::ZERO, |since| since.elapsed());
            if unsent {
                break;
            }
        }
        if pending { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    outcomes
}

/// Both together, the first one sent first.
pub(super) async fn in_order<A, B>(
    first: impl Future<Output = A>,
    second: impl Future<Output = B>,
) -> (A, B) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut a, mut b) = (None, None);
    poll_fn(move |cx| {
        if a.is_none()
            && let Poll::Ready(value) = first.as_mut().poll(cx)
        {
            a = Some(value);
        }
        if b.is_none()
            && let Poll::Ready(value) = second.as_mut().poll(cx)
        {
            b = Some(value);
        }
        match (a.take(), b.take()) {
            (Some(one), Some(two)) => Poll::Ready((one, two)),
            (one, two) => {
                (a, b) = (one, two);
                Poll::Pending
            }
        }
    })
    .await
}

/// A text of the simple protocol: transaction control, or several statements.
pub(super) fn control<'a>(client: &'a Client, text: &'a str) -> Flight<'a> {
    Box::pin(async move {
        client.batch_execute(text).await?;
        Ok(Landed::Done)
    })
}

/// A statement that is given a name.
pub(super) fn prepare<'a>(client: &'a Client, request: &'a Request<'a>) -> Flight<'a> {
    Box::pin(async move {
        let types: Vec<Type> = request.parameters.iter().map(|p| p.wire().clone()).collect();
        client.prepare_typed(request.sql, &types).await.map(Landed::Prepared)
    })
}

/// A statement without a name.
pub(super) fn unnamed<'a>(client: &'a Client, request: &'a Request<'a>) -> Flight<'a> {
    Box::pin(async move { collect(open_unnamed(client, request).await?).await.map(Landed::Answer) })
}

/// A statement that has a name.
pub(super) fn named<'a>(client: &'a Client, request: &'a Request<'a>, statement: Statement) -> Flight<'a> {
    Box::pin(async move { run(client, &statement, request.parameters).await.map(Landed::Answer) })
}

pub(super) async fn open_unnamed(client: &Client, request: &Request<'_>) -> Result<RowStream, DriverError> {
    client.query_typed_raw(request.sql, request.parameters.iter().map(|p| (p, p.wire().clone()))).await
}

pub(super) async fn run(
    client: &Client,
    statement: &Statement,
    parameters: &[Parameter],
) -> Result<Answer, DriverError> {
    collect(client.query_raw(statement, parameters).await?).await
}

async fn collect(rows: RowStream) -> Result<Answer, DriverError> {
    let mut stream = pin!(rows);
    let mut rows: Vec<Row> = Vec::new();
    while let Some(row) = stream.try_next().await? {
        rows.push(row);
    }
    Ok(Answer { rows, affected: stream.rows_affected().unwrap_or(0) })
}
