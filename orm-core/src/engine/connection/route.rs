//! How statements are sent: named or unnamed; and which of them are prepared first.

use super::TransactionMode;
use super::in_flight::{InFlight, Response, prepare, send_all};
use super::transaction::TransactionStatus;
use super::{Columns, Connection, Failure, Progress, Request, SentRequest};
use crate::engine::cache::Route;
use crate::error::Error;

impl Connection {
    /// The route of each statement; those that must be prepared first are prepared here. `place` is the place of the first
    /// one in the call.
    pub(super) async fn routes(
        &mut self,
        requests: &[Request<'_>],
        place: usize,
    ) -> Result<Vec<Route>, Failure> {
        let link = self.link()?;
        link.cache.naming_is_over();
        let mut routes = Vec::with_capacity(requests.len());
        let mut unknown: Vec<usize> = Vec::new();
        for (at, request) in requests.iter().enumerate() {
            routes.push(match request.columns {
                Columns::Builtin if request.plan_each_time => Route::Unnamed,
                Columns::Builtin => link.cache.route(request),
                Columns::LookUp => match link.cache.looked_up(request) {
                    // Its types are known.
                    Some(_) if request.plan_each_time => Route::Unnamed,
                    Some(route) => route,
                    None => {
                        unknown.push(at);
                        Route::Unnamed
                    }
                },
            });
        }
        if unknown.is_empty() {
            return Ok(routes);
        }
        let looked_up = if self.link()?.has_names() {
            self.look_up(requests, &unknown, &mut routes).await
        } else {
            self.look_up_without_names(requests, &unknown, &mut routes).await
        };
        looked_up.map_err(|failure| failure.offset_by(place))?;
        Ok(routes)
    }

    /// As `look_up`, behind a pooler where names are valid inside a transaction only: afterwards the driver knows the types,
    /// and the prepared statements are closed before the transaction ends.
    async fn look_up_without_names(
        &mut self,
        requests: &[Request<'_>],
        unknown: &[usize],
        routes: &mut [Route],
    ) -> Result<(), Failure> {
        let has_begun = !matches!(self.transaction, TransactionStatus::None | TransactionStatus::Pending(_));
        if !has_begun && self.link()?.has_asked() {
            // The driver would use names that were prepared in an earlier transaction.
            self.lose();
            self.reconnect().await?;
        }
        if self.in_transaction() {
            return self.look_up(requests, unknown, routes).await;
        }
        self.begin(TransactionMode::default());
        let looked_up = self.look_up(requests, unknown, routes).await;
        self.end_by_rollback().await;
        looked_up
    }

    /// Prepares statements in one round trip, plus those in which the driver asks about types.
    async fn look_up(
        &mut self,
        requests: &[Request<'_>],
        unknown: &[usize],
        routes: &mut [Route],
    ) -> Result<(), Failure> {
        let preamble = self.take_preamble();
        let written = self.link()?.written();
        self.depart();
        let since = self.clock();
        let link = self.link()?;
        link.stray += unknown.len();
        let mut requests_in_flight: Vec<InFlight<'_>> = Vec::with_capacity(unknown.len() + 1);
        if let Some(preamble) = &preamble {
            requests_in_flight.push(preamble.send(&link.client, &mut link.pending_control).await);
        }
        requests_in_flight.extend(unknown.iter().map(|at| prepare(&link.client, &requests[*at])));
        let mut outcomes = send_all(requests_in_flight, since).await.into_iter();
        link.stray -= unknown.len();
        self.arrived();

        let began = preamble.as_ref().and_then(|_| outcomes.next());
        self.observe_round_trip(since, &began);
        if let (Some(preamble), Some(began)) = (preamble, began) {
            self.begun(&preamble, began, since, 0)?;
        }
        let mut first: Option<Failure> = None;
        for (at, outcome) in unknown.iter().zip(outcomes) {
            let request = &requests[*at];
            match outcome.result {
                Some(Ok(Response::Prepared(statement))) => {
                    check_count(request, &statement).map_err(|error| error.at_place(*at))?;
                    let link = self.link()?;
                    if link.has_names() && !request.plan_each_time {
                        routes[*at] = Route::Named(statement.clone());
                    }
                    link.cache.insert(request, statement);
                }
                Some(Err(error)) => {
                    let sent = SentRequest { is_named: false, progress: Progress::NotRun, written };
                    let mut failure = self.failed(request, error, sent);
                    failure.error = failure.error.at_place(*at);
                    self.observe_elapsed(request, since, outcome.elapsed, Err(&failure.error));
                    first.get_or_insert(failure);
                }
                _ => {}
            }
        }
        first.map_or(Ok(()), Err)
    }
}

fn check_count(request: &Request<'_>, statement: &tokio_postgres::Statement) -> Result<(), Error> {
    let (found, wanted) = (request.parameters.len(), statement.params().len());
    if found == wanted {
        return Ok(());
    }
    Err(Error::statement_invalid(format!("the statement takes {wanted} parameters, {found} were given"))
        .in_statement(request.sql))
}
