//! Several statements, begin and commit included, in one round trip.

use std::time::{Duration, Instant};
use std::vec;

use super::TransactionMode;
use super::chunk::fitting;
use super::in_flight::{InFlight, RequestOutcome, Response, named, prepare, send_all, unnamed};
use super::transaction::{End, Mark, TransactionStatus};
use super::unexpected::{Asked, unless_asked};
use super::{Again, Answer, Columns, Connection, Failure, Request, SentRequest, is_aborted, is_lost};
use crate::engine::cache::Route;
use crate::engine::commit::{Commit, CommitOutcome};
use crate::engine::position::AFTER_COMMIT;
use crate::engine::{Position, Positions};
use crate::error::Error;

impl Connection {
    /// Runs statements in their order: one round trip for every 64 of them, or 8 MiB.
    ///
    /// The error is that of the first statement that fails. Inside a transaction the statements after it have no effect;
    /// outside, each statement commits by itself, and those sent with the failed one still run.
    pub(crate) async fn pipeline(&mut self, requests: &[Request<'_>]) -> Result<Vec<Answer>, Error> {
        self.enter(requests)?;
        if requests.is_empty() {
            return Ok(Vec::new());
        }
        self.check_moments(requests).await?;
        if self.is_alone_in_context() {
            return self.one_by_one(requests).await;
        }
        self.exchange(requests, End::Open).await
    }

    /// As [`pipeline`](Connection::pipeline), for statements that only read: one transaction with the context is around all of them, not one
    /// around each.
    pub(crate) async fn pipeline_reads(&mut self, requests: &[Request<'_>]) -> Result<Vec<Answer>, Error> {
        if !self.is_alone_in_context() || requests.is_empty() {
            return self.pipeline(requests).await;
        }
        self.check_moments(requests).await?;
        self.begin(TransactionMode::default());
        let answers = self.commit_with(requests).await;
        answers.map_err(|error| error.of_statement_alone(requests[0].sql))
    }

    /// Sends the statements one after another, each in a transaction of its own with the context.
    async fn one_by_one(&mut self, requests: &[Request<'_>]) -> Result<Vec<Answer>, Error> {
        let mut answers = Vec::with_capacity(requests.len());
        let mut first = None;
        for (place, request) in requests.iter().enumerate() {
            match self.query(*request).await {
                Ok(answer) => answers.push(answer),
                Err(error) => {
                    first.get_or_insert_with(|| error.at_place(place));
                }
            }
        }
        first.map_or(Ok(answers), Err)
    }

    pub(super) async fn exchange(
        &mut self,
        requests: &[Request<'_>],
        end: End,
    ) -> Result<Vec<Answer>, Error> {
        let before = self.mark();
        let keeps_answers = before.is_autocommit();
        let mut answers = Vec::with_capacity(requests.len());
        match self.attempt(requests, end, &mut answers).await {
            Ok(()) => return Ok(answers),
            Err(failure) => self.start_over(failure, before).await?,
        }
        if !keeps_answers {
            answers.clear();
        }
        let rest = &requests[answers.len()..];
        self.attempt(rest, end, &mut answers).await.map_err(|failure| failure.error)?;
        Ok(answers)
    }

    /// Restores the state from before a call, if the call may be repeated; otherwise gives its error.
    pub(super) async fn start_over(&mut self, failure: Failure, before: Mark) -> Result<(), Error> {
        match failure.again {
            Again::Elsewhere if before.is_unused() => self.reconnect().await?,
            Again::NotWritable if before.is_unused() => {
                self.lose();
                self.reconnect().await?;
            }
            Again::Stale if before.began_here() => self.rollback().await?,
            Again::Stale if before.is_autocommit() => {}
            _ => return Err(failure.error),
        }
        self.restore(before);
        Ok(())
    }

    async fn attempt(
        &mut self,
        requests: &[Request<'_>],
        end: End,
        answers: &mut Vec<Answer>,
    ) -> Result<(), Failure> {
        let mut rest = requests;
        loop {
            let (chunk, more) = rest.split_at(fitting(rest));
            let last = more.is_empty();
            self.send(chunk, if last { end } else { End::Open }, answers).await?;
            if last {
                return Ok(());
            }
            rest = more;
        }
    }

    async fn send(
        &mut self,
        requests: &[Request<'_>],
        end: End,
        answers: &mut Vec<Answer>,
    ) -> Result<(), Failure> {
        let routes = self.routes(requests, answers.len()).await?;
        let preamble = self.take_preamble();
        let naming = routes.iter().filter(|route| matches!(route, Route::Naming)).count();
        let before = self.link()?.written();
        let asked = self.asked()?;
        self.depart();
        if end == End::Commit {
            self.transaction = TransactionStatus::Ending;
        }
        let asks = end == End::Commit && self.shared.positions == Positions::Asked;
        let question = asks.then(|| Request::new(AFTER_COMMIT, &[], Columns::Builtin));
        let since = self.clock();
        let link = self.link()?;
        link.stray += naming;
        let tidily = link.ends_tidily();
        let mut requests_in_flight: Vec<InFlight<'_>> = Vec::with_capacity(requests.len() + 2);
        if let Some(preamble) = &preamble {
            requests_in_flight.push(preamble.send(&link.client, &mut link.pending_control).await);
        }
        for (request, route) in requests.iter().zip(&routes) {
            requests_in_flight.push(match route {
                Route::Named(statement) => named(&link.client, request, statement),
                Route::Unnamed | Route::Naming => unnamed(&link.client, request),
            });
        }
        if end == End::Commit {
            requests_in_flight.push(InFlight::commit(&link.client, &mut link.commit, tidily));
        }
        requests_in_flight.extend(question.iter().map(|question| unnamed(&link.client, question)));
        // Behind COMMIT, so that it cannot spoil the transaction.
        let to_name = requests.iter().zip(&routes).filter(|(_, route)| matches!(route, Route::Naming));
        requests_in_flight.extend(to_name.map(|(request, _)| prepare(&link.client, request)));
        let first_use = requests.iter().zip(&routes).find(|(_, route)| !matches!(route, Route::Named(_)));
        let mut outcomes = match first_use {
            None => send_all(requests_in_flight, since).await,
            Some((request, _)) => match unless_asked(&asked, send_all(requests_in_flight, since)).await {
                Some(outcomes) => outcomes,
                None => return Err(self.unexpected_type(request).await),
            },
        };
        self.arrived();

        let named = outcomes.split_off(outcomes.len() - naming);
        self.name(requests, &routes, named);
        let told = question.as_ref().and_then(|question| Some((question, outcomes.pop()?)));
        self.observe_round_trip(since, &outcomes);
        let mut ran = outcomes.into_iter();
        let began = preamble.as_ref().and_then(|_| ran.next());
        let committed = if end == End::Commit { ran.next_back() } else { None };
        let arrival = Arrival { requests, routes: &routes, since, before, asked: &asked };
        if let (Some(preamble), Some(began)) = (preamble, began) {
            self.begun(&preamble, began, since, requests.len())?;
        }
        let nothing_left = self.link()?.written() == before;
        let failure = self.take_in(&arrival, ran, answers);
        match end {
            End::Open => failure.map_or(Ok(()), Err),
            End::Commit => {
                let ended = self.ended(failure, committed, nothing_left, since).await;
                self.tell(told, since);
                ended
            }
        }
    }

    /// Stores the position of the log after COMMIT; it is unknown if the server does not tell.
    fn tell(&mut self, told: Option<(&Request<'_>, RequestOutcome)>, since: Option<Instant>) {
        self.position = match self.shared.positions {
            Positions::Nothing => Position::START,
            Positions::Asked | Positions::Unknown => Position::UNKNOWN,
        };
        if let Some((question, outcome)) = told
            && let Some(Ok(Response::Answer(answer))) = outcome.result
        {
            self.observe_elapsed(question, since, outcome.elapsed, Ok(answer.affected));
            self.position = Position::of(&answer).unwrap_or(Position::UNKNOWN);
        }
    }

    /// Puts the statements that were prepared into the cache. The caller did not ask for that, so a failure is no error.
    fn name(&mut self, requests: &[Request<'_>], routes: &[Route], outcomes: Vec<RequestOutcome>) {
        let Some(link) = &mut self.object else { return };
        let named = requests.iter().zip(routes).filter(|(_, route)| matches!(route, Route::Naming));
        for ((request, _), outcome) in named.zip(outcomes) {
            link.stray -= 1;
            if let Some(Ok(Response::Prepared(statement))) = outcome.result {
                link.cache.insert(request, statement);
            }
        }
        link.cache.naming_is_over();
    }

    /// Collects the answers; gives the first error that is not a mere consequence of another one.
    fn take_in(
        &mut self,
        arrival: &Arrival<'_>,
        ran: vec::IntoIter<RequestOutcome>,
        answers: &mut Vec<Answer>,
    ) -> Option<Failure> {
        let mut first: Option<(Failure, bool)> = None;
        let partly = ran.len() > 1;
        let start = answers.len();
        // Outside a transaction, a call can be repeated from its first failure only if no later statement has run.
        let mut nothing_ran = true;
        for (at, outcome) in ran.enumerate() {
            let request = &arrival.requests[at];
            match outcome.result {
                Some(Ok(Response::Answer(answer))) => {
                    self.observe_elapsed(request, arrival.since, outcome.elapsed, Ok(answer.affected));
                    nothing_ran &= first.is_none();
                    answers.push(answer);
                }
                Some(Err(error)) => {
                    let consequence = is_aborted(&error);
                    let sent = SentRequest {
                        is_named: matches!(arrival.routes[at], Route::Named(_)),
                        progress: arrival.asked.progress(outcome.progress),
                        written: arrival.before,
                    };
                    let mut failure = self.failed(request, error, sent);
                    failure.error = failure.error.at_place(start + at);
                    // If the connection ended before this statement, nothing after it ran either.
                    let is_behind = first.as_ref().is_some_and(|(first, _)| first.again == Again::Elsewhere);
                    nothing_ran &= is_behind || failure.again != Again::No;
                    self.observe_elapsed(request, arrival.since, outcome.elapsed, Err(&failure.error));
                    // "The transaction is aborted" is only the consequence of an earlier error.
                    if first.as_ref().is_none_or(|(_, old)| *old && !consequence) {
                        first = Some((failure, consequence));
                    }
                }
                _ => {}
            }
        }
        let (mut failure, _) = first?;
        if !nothing_ran && !self.in_transaction() {
            failure.again = Again::No;
        }
        if partly && self.in_transaction() {
            // Also where the server reported no error: some of the statements were not sent.
            self.transaction.fail(&failure.error);
        }
        Some(failure)
    }

    /// Handles the outcome of COMMIT.
    pub(super) async fn ended(
        &mut self,
        failure: Option<Failure>,
        outcome: Option<RequestOutcome>,
        nothing_left: bool,
        since: Option<Instant>,
    ) -> Result<(), Failure> {
        let elapsed = outcome.as_ref().map_or(Duration::ZERO, |outcome| outcome.elapsed);
        let commit = self.object.as_mut().map(|link| std::mem::take(&mut link.commit));
        let is_refused = matches!(commit, Some(Commit::Answered(CommitOutcome::Refused)));
        let refusal = match outcome.and_then(|outcome| outcome.result) {
            Some(Ok(_)) => {
                self.transaction = TransactionStatus::None;
                self.commit_outcome = Some(CommitOutcome::Committed);
                self.keep_found();
                self.observe_control("COMMIT", since, elapsed, &Ok(()));
                return failure.map_or(Ok(()), |failure| Err(failure.error.although_committed().into()));
            }
            Some(Err(error)) => Some(error),
            None => None,
        };
        let known = failure.as_ref().is_some_and(|failure| failure.error.database().is_some());
        if refusal.as_ref().is_some_and(is_lost) && !known {
            let failure = match (failure, refusal) {
                (Some(failure), _) if nothing_left => failure,
                (None, Some(error)) if nothing_left || is_refused => {
                    self.told(error).with_rollback().in_statement("COMMIT").into()
                }
                (failure, refusal) => {
                    self.commit_outcome = Some(CommitOutcome::Unknown);
                    // The answer that was awaited first has the reason.
                    let why = failure.map(|failure| failure.error);
                    let why = why.or_else(|| refusal.map(|refusal| self.told(refusal)));
                    unknown_end(why).into()
                }
            };
            self.lose();
            self.transaction = TransactionStatus::None;
            self.observe_control("COMMIT", since, elapsed, &Err(failure.error.clone()));
            return Err(failure);
        }
        if let Some(since) = since
            && let Some(failure) = &failure
        {
            self.observe_control("COMMIT", Some(since), elapsed, &Err(failure.error.clone()));
        }
        self.end_by_rollback().await;
        match (failure, refusal) {
            (Some(failure), _) => Err(failure),
            (None, Some(error)) if is_aborted(&error) => Err(Error::rolled_back(
                "the transaction was rolled back: a statement in it had failed whose error was not seen",
            )
            .because(error)
            .into()),
            (None, Some(error)) => Err(self.told_of_commit(error).in_statement("COMMIT").into()),
            (None, None) => Ok(()),
        }
    }

    pub(super) fn observe_control(
        &self,
        text: &str,
        since: Option<Instant>,
        elapsed: Duration,
        result: &Result<(), Error>,
    ) {
        if since.is_some() {
            self.observe_after(text, elapsed, result.as_ref().map(|()| 0));
        }
    }

    pub(super) fn observe_round_trip<'a>(
        &self,
        since: Option<Instant>,
        sent: impl IntoIterator<Item = &'a RequestOutcome>,
    ) {
        if since.is_some() {
            self.observe_wait(sent.into_iter().filter(|o| o.result.is_some()).count());
        }
    }

    pub(super) fn observe_elapsed(
        &self,
        request: &Request<'_>,
        since: Option<Instant>,
        elapsed: Duration,
        outcome: Result<u64, &Error>,
    ) {
        if since.is_some() {
            self.observe_request(request, elapsed, outcome);
        }
    }
}

/// What was sent: the answers of a pipeline are matched with it.
struct Arrival<'a> {
    requests: &'a [Request<'a>],
    routes: &'a [Route],
    since: Option<Instant>,
    before: u64,
    asked: &'a Asked,
}

/// COMMIT was sent, and the connection ended before its answer came.
fn unknown_end(why: Option<Error>) -> Error {
    let error = Error::outcome_unknown().in_statement("COMMIT");
    match why {
        Some(why) => error.after(why),
        None => error,
    }
}
