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
pub(super) struct Flight<'a> {
    answer: Pin<Box<dyn Future<Output = Result<Landed, DriverError>> + Send + 'a>>,
    /// Whether the driver may ask about a type before it gives the answer.
    asks: bool,
}

impl<'a> Flight<'a> {
    pub(super) fn new(
        answer: impl Future<Output = Result<Landed, DriverError>> + Send + 'a,
        asks: bool,
    ) -> Flight<'a> {
        Flight { answer: Box::pin(answer), asks }
    }
}

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
        // The driver sends at the first poll. Afterwards answers come in the order of requests, so that behind a flight
        // that waits for its own there is nothing to take. One that waits for a question of the driver is another
        // matter: the answer to that comes behind all others, and the driver stops reading when those are not taken.
        for at in 0..if first { flights.len() } else { sent } {
            let (flight, outcome) = (&mut flights[at], &mut outcomes[at]);
            sent = sent.max(at + 1);
            if outcome.result.is_some() {
                continue;
            }
            let Poll::Ready(result) = flight.answer.as_mut().poll(cx) else {
                pending = true;
                if first || flight.asks {
                    continue;
                }
                break;
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
    Flight::new(async move { client.batch_execute(text).await.map(|()| Landed::Done) }, false)
}

/// A statement that is given a name.
pub(super) fn prepare<'a>(client: &'a Client, request: &'a Request<'a>) -> Flight<'a> {
    let answer = async move {
        let types: Vec<Type> = request.parameters.iter().map(|p| p.wire().clone()).collect();
        client.prepare_typed(request.sql, &types).await.map(Landed::Prepared)
    };
    Flight::new(answer, true)
}

/// A statement without a name.
pub(super) fn unnamed<'a>(client: &'a Client, request: &'a Request<'a>) -> Flight<'a> {
    let answer = async move { collect(open_unnamed(client, request).await?).await.map(Landed::Answer) };
    Flight::new(answer, true)
}

/// A statement that has a name.
pub(super) fn named<'a>(client: &'a Client, request: &'a Request<'a>, statement: Statement) -> Flight<'a> {
    let answer = async move { run(client, &statement, request.parameters).await.map(Landed::Answer) };
    Flight::new(answer, false)
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

/// Takes a row as it comes.
pub(crate) type Take<'a> = dyn FnMut(Row) + Send + 'a;

/// As `run`; gives the number that the server tells.
pub(super) async fn run_into(
    client: &Client,
    statement: &Statement,
    parameters: &[Parameter],
    take: &mut Take<'_>,
) -> Result<u64, DriverError> {
    collect_into(client.query_raw(statement, parameters).await?, take).await
}

async fn collect(rows: RowStream) -> Result<Answer, DriverError> {
    let mut answer = Answer { rows: Vec::new(), affected: 0 };
    answer.affected = collect_into(rows, &mut |row| answer.rows.push(row)).await?;
    Ok(answer)
}

async fn collect_into(rows: RowStream, take: &mut Take<'_>) -> Result<u64, DriverError> {
    let mut stream = pin!(rows);
    while let Some(row) = stream.try_next().await? {
        take(row);
    }
    Ok(stream.rows_affected().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Context, Poll, Waker};

    use super::{Flight, Landed, fly, poll_fn};

    /// An answer that is there when `at` says so of the number of times it was looked for.
    fn back_at(looks: &AtomicU32, at: impl Fn(u32) -> bool + Send) -> impl Future<Output = Landed> + Send {
        poll_fn(move |_| {
            let look = looks.fetch_add(1, Ordering::Relaxed) + 1;
            if at(look) { Poll::Ready(Landed::Done) } else { Poll::Pending }
        })
    }

    fn flight<'a>(answer: impl Future<Output = Landed> + Send + 'a, asks: bool) -> Flight<'a> {
        Flight::new(async move { Ok(answer.await) }, asks)
    }

    #[test]
    fn nothing_is_looked_for_behind_an_answer_that_has_not_come() {
        let (first, second) = (AtomicU32::new(0), AtomicU32::new(0));
        let flights =
            vec![flight(back_at(&first, |look| look > 3), false), flight(back_at(&second, |_| false), false)];
        let mut journey = pin!(fly(flights, None));
        let mut seen = Vec::new();
        for _ in 0..4 {
            let state = journey.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(state.is_pending(), "the second does not come back");
            seen.push((first.load(Ordering::Relaxed), second.load(Ordering::Relaxed)));
        }
        assert_eq!(seen, [(1, 1), (2, 1), (3, 1), (4, 2)]);
    }

    #[test]
    fn an_answer_behind_a_question_of_the_driver_is_taken() {
        let (first, second) = (AtomicU32::new(0), AtomicU32::new(0));
        let flights = vec![
            flight(back_at(&first, |_| second.load(Ordering::Relaxed) > 1), true),
            flight(back_at(&second, |look| look > 1), false),
        ];
        let mut journey = pin!(fly(flights, None));
        let mut context = Context::from_waker(Waker::noop());
        let back = (0..4).any(|_| journey.as_mut().poll(&mut context).is_ready());
        assert!(back, "the first waits for ever");
    }
}
