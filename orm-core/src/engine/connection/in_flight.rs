//! Pipelined requests: all are sent before the first answer is awaited.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures_util::{Stream, TryStreamExt};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error as DriverError, Row, RowStream, Statement};

use super::{Answer, Progress, Request};
use crate::engine::commit::Commit;
use crate::engine::pending_control::PendingControl;
use crate::types::Parameter;

/// A request that is sent, or about to be, and not answered yet.
pub(super) struct InFlight<'a> {
    stage: Stage<'a>,
    /// Whether the driver may ask about a type before it gives the answer.
    asks: bool,
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, DriverError>> + Send + 'a>>;

/// The stage of a request.
enum Stage<'a> {
    /// A statement that gives rows is being sent. It holds the driver's future alone: together with the later stages it
    /// would be too large for the fast path of the allocator.
    Sent(Boxed<'a, RowStream>),
    Rows(Pin<Box<RowStream>>, Vec<Row>),
    Answering(&'a mut PendingControl),
    Commit(&'a Client, &'a mut Commit, bool),
    Failed(Option<DriverError>),
    Other(Boxed<'a, Response>),
}

impl<'a> InFlight<'a> {
    fn new(
        answer: impl Future<Output = Result<Response, DriverError>> + Send + 'a,
        asks: bool,
    ) -> InFlight<'a> {
        InFlight { stage: Stage::Other(Box::pin(answer)), asks }
    }

    /// A request that was sent already.
    pub(super) fn answering(pending_control: &'a mut PendingControl) -> InFlight<'a> {
        InFlight { stage: Stage::Answering(pending_control), asks: false }
    }

    /// The end of a transaction; with `tidily` the statements prepared in it are closed.
    pub(super) fn commit(client: &'a Client, commit: &'a mut Commit, tidily: bool) -> InFlight<'a> {
        InFlight { stage: Stage::Commit(client, commit, tidily), asks: false }
    }

    /// A request that could not be sent.
    pub(super) fn failed(error: DriverError) -> InFlight<'a> {
        InFlight { stage: Stage::Failed(Some(error)), asks: false }
    }

    fn with_rows(
        sent: impl Future<Output = Result<RowStream, DriverError>> + Send + 'a,
        asks: bool,
    ) -> InFlight<'a> {
        InFlight { stage: Stage::Sent(Box::pin(sent)), asks }
    }

    /// How far the server is known to have come with it; for a preamble, whether BEGIN was executed.
    fn progress(&self) -> Progress {
        match &self.stage {
            Stage::Rows(stream, _) => Progress::of_rows(stream.rows_affected()),
            Stage::Answering(pending_control) if pending_control.is_begun() => Progress::Running,
            _ => Progress::NotRun,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Response, DriverError>> {
        loop {
            match &mut self.stage {
                Stage::Sent(sent) => {
                    let stream = ready!(sent.as_mut().poll(cx))?;
                    self.stage = Stage::Rows(Box::pin(stream), Vec::new());
                }
                Stage::Rows(stream, rows) => match ready!(stream.as_mut().poll_next(cx)) {
                    Some(row) => rows.push(row?),
                    None => {
                        let affected = stream.rows_affected().unwrap_or(0);
                        return Poll::Ready(Ok(Response::Answer(Answer {
                            rows: std::mem::take(rows),
                            affected,
                        })));
                    }
                },
                Stage::Answering(pending_control) => {
                    return pending_control.poll(cx).map_ok(|()| Response::Done);
                }
                Stage::Commit(client, commit, tidily) => {
                    return commit.poll(client, *tidily, cx).map_ok(|()| Response::Done);
                }
                Stage::Failed(error) => {
                    return error.take().map_or(Poll::Pending, |error| Poll::Ready(Err(error)));
                }
                Stage::Other(answer) => return answer.as_mut().poll(cx),
            }
        }
    }
}

/// The answer to a request.
pub(super) enum Response {
    Done,
    Answer(Answer),
    Prepared(Statement),
}

/// What became of a request; `result` is `None` if it was not sent because an earlier one could not be.
pub(super) struct RequestOutcome {
    pub(super) result: Option<Result<Response, DriverError>>,
    pub(super) progress: Progress,
    pub(super) elapsed: Duration,
}

/// Sends all requests in their order, and waits for all answers.
pub(super) async fn send_all(
    mut requests_in_flight: Vec<InFlight<'_>>,
    since: Option<Instant>,
) -> Vec<RequestOutcome> {
    let mut outcomes: Vec<RequestOutcome> = requests_in_flight
        .iter()
        .map(|_| RequestOutcome { result: None, progress: Progress::NotRun, elapsed: Duration::ZERO })
        .collect();
    let mut sent = 0;
    poll_fn(|cx| {
        let first = sent == 0;
        let mut pending = false;
        // The driver sends at the first poll. Later, answers come in the order of the requests, so after a request that
        // still waits there is no other answer to read. The exception is a request for which the driver asks about a
        // type: that answer comes after all others, and the driver reads on only while those are taken.
        for at in 0..if first { requests_in_flight.len() } else { sent } {
            let (request, outcome) = (&mut requests_in_flight[at], &mut outcomes[at]);
            sent = sent.max(at + 1);
            if outcome.result.is_some() {
                continue;
            }
            let Poll::Ready(result) = request.poll(cx) else {
                pending = true;
                if first || request.asks {
                    continue;
                }
                break;
            };
            // On a closed connection every request fails with an error of its own.
            let unsent = first
                && result.as_ref().is_err_and(|error| error.as_db_error().is_none() && !error.is_closed());
            outcome.result = Some(result);
            outcome.progress = request.progress();
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

/// Sends a statement right after a request, and waits for both answers. The request must not ask about types.
pub(super) async fn behind<T>(
    mut first: InFlight<'_>,
    second: impl Future<Output = T>,
    since: Option<Instant>,
) -> (RequestOutcome, T) {
    let mut second = pin!(second);
    let (mut outcome, mut answer, mut sent) = (None, None, false);
    poll_fn(move |cx| {
        if outcome.is_none()
            && let Poll::Ready(result) = first.poll(cx)
        {
            let elapsed = since.map_or(Duration::ZERO, |since| since.elapsed());
            outcome = Some(RequestOutcome { result: Some(result), progress: first.progress(), elapsed });
        }
        // The answer to the request comes first.
        if answer.is_none()
            && (outcome.is_some() || !sent)
            && let Poll::Ready(value) = second.as_mut().poll(cx)
        {
            answer = Some(value);
        }
        sent = true;
        match (outcome.take(), answer.take()) {
            (Some(outcome), Some(answer)) => Poll::Ready((outcome, answer)),
            waiting => {
                (outcome, answer) = waiting;
                Poll::Pending
            }
        }
    })
    .await
}

/// Runs both futures together; the first is polled, and so sent, first.
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

/// A request of the simple protocol: transaction control, or several statements in one text.
pub(super) fn control<'a>(client: &'a Client, text: &'a str) -> InFlight<'a> {
    InFlight::new(async move { client.batch_execute(text).await.map(|()| Response::Done) }, false)
}

/// A statement to be prepared under a name.
pub(super) fn prepare<'a>(client: &'a Client, request: &'a Request<'a>) -> InFlight<'a> {
    let answer = async move {
        let types: Vec<Type> = request.parameters.iter().map(|p| p.wire().clone()).collect();
        client.prepare_typed(request.sql, &types).await.map(Response::Prepared)
    };
    InFlight::new(answer, true)
}

/// A statement that is sent without a name.
pub(super) fn unnamed<'a>(client: &'a Client, request: &'a Request<'a>) -> InFlight<'a> {
    InFlight::with_rows(open_unnamed(client, request), true)
}

/// A statement that is prepared already.
pub(super) fn named<'a>(
    client: &'a Client,
    request: &'a Request<'a>,
    statement: &'a Statement,
) -> InFlight<'a> {
    InFlight::with_rows(client.query_raw(statement, request.parameters), false)
}

pub(super) fn open_unnamed<'a>(
    client: &'a Client,
    request: &'a Request<'a>,
) -> impl Future<Output = Result<RowStream, DriverError>> + Send + 'a {
    client.query_typed_raw(request.sql, request.parameters.iter().map(|p| (p, p.wire().clone())))
}

/// Called with each row as it comes.
pub(crate) type Take<'a> = dyn FnMut(Row) + Send + 'a;

/// Runs a prepared statement; gives the number of rows that the server reports, or with an error how far it came.
pub(super) async fn run_into(
    client: &Client,
    statement: &Statement,
    parameters: &[Parameter],
    take: &mut Take<'_>,
) -> Result<u64, (DriverError, Progress)> {
    let opened = client.query_raw(statement, parameters).await;
    let mut stream = pin!(opened.map_err(|error| (error, Progress::NotRun))?);
    loop {
        match stream.try_next().await {
            Ok(Some(row)) => take(row),
            Ok(None) => return Ok(stream.rows_affected().unwrap_or(0)),
            Err(error) => return Err((error, Progress::of_rows(stream.rows_affected()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Context, Poll, Waker};

    use super::{InFlight, Response, poll_fn, send_all};

    /// A future that is ready at the poll whose number satisfies `at`.
    fn back_at(looks: &AtomicU32, at: impl Fn(u32) -> bool + Send) -> impl Future<Output = Response> + Send {
        poll_fn(move |_| {
            let look = looks.fetch_add(1, Ordering::Relaxed) + 1;
            if at(look) { Poll::Ready(Response::Done) } else { Poll::Pending }
        })
    }

    fn request<'a>(answer: impl Future<Output = Response> + Send + 'a, asks: bool) -> InFlight<'a> {
        InFlight::new(async move { Ok(answer.await) }, asks)
    }

    #[test]
    fn nothing_is_looked_for_behind_an_answer_that_has_not_come() {
        let (first, second) = (AtomicU32::new(0), AtomicU32::new(0));
        let requests_in_flight = vec![
            request(back_at(&first, |look| look > 3), false),
            request(back_at(&second, |_| false), false),
        ];
        let mut journey = pin!(send_all(requests_in_flight, None));
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
        let requests_in_flight = vec![
            request(back_at(&first, |_| second.load(Ordering::Relaxed) > 1), true),
            request(back_at(&second, |look| look > 1), false),
        ];
        let mut journey = pin!(send_all(requests_in_flight, None));
        let mut context = Context::from_waker(Waker::noop());
        let back = (0..4).any(|_| journey.as_mut().poll(&mut context).is_ready());
        assert!(back, "the first waits for ever");
    }
}
