//! How statements are sent: by a name, or without; and what has to be prepared before.

use tokio_postgres::types::Type;

use super::flight::{Flight, Landed, fly, prepare};
use super::{Columns, Connection, Failure, Named, Request};
use crate::engine::cache::Route;
use crate::error::Error;

impl Connection {
    /// How to send each statement. What has to be prepared before is prepared here. `place` is that of the first.
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
                Columns::Builtin => link.cache.route(request),
                Columns::LookUp => match link.cache.get(request) {
                    Some(statement) => Route::Named(statement),
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
        self.look_up(requests, &unknown, &mut routes).await.map_err(|failure| failure.moved_by(place))?;
        Ok(routes)
    }

    /// Prepares statements in one round trip, and as many more as the driver needs to ask for types.
    async fn look_up(
        &mut self,
        requests: &[Request<'_>],
        unknown: &[usize],
        routes: &mut [Route],
    ) -> Result<(), Failure> {
        let prologue = self.take_prologue();
        let before = self.link()?.written();
        self.depart();
        let since = self.shared.observers.clock();
        let link = self.link()?;
        link.stray += unknown.len();
        let mut flights: Vec<Flight<'_>> = Vec::with_capacity(unknown.len() + 1);
        if let Some(prologue) = &prologue {
            flights.push(prologue.send(&link.client, &mut link.unanswered).await);
        }
        flights.extend(unknown.iter().map(|at| prepare(&link.client, &requests[*at])));
        let mut outcomes = fly(flights, since).await.into_iter();
        link.stray -= unknown.len();
        self.in_flight = false;

        let began = prologue.as_ref().and_then(|_| outcomes.next());
        self.observe_round_trip(since, &began);
        if let (Some(prologue), Some(began)) = (prologue, began) {
            self.begun(&prologue, began, since, 0)?;
        }
        let mut first: Option<Failure> = None;
        for (at, outcome) in unknown.iter().zip(outcomes) {
            let request = &requests[*at];
            match outcome.result {
                Some(Ok(Landed::Prepared(statement))) => {
                    check_count(request, &statement).map_err(|error| error.at_place(*at))?;
                    routes[*at] = Route::Named(statement.clone());
                    let link = self.link()?;
                    // Types were asked for with named statements of the driver's own, which no pooler keeps for us.
                    link.stray += usize::from(link.cache.capacity() == 0 && asked_for_types(&statement));
                    link.cache.insert(request, statement);
                }
                Some(Err(error)) => {
                    let mut failure = self.failed(request, error, Named::Other, before);
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
    let (given, wanted) = (request.parameters.len(), statement.params().len());
    if given == wanted {
        return Ok(());
    }
    Err(Error::statement_invalid(format!("the statement takes {wanted} parameters, {given} were given"))
        .in_statement(request.sql))
}

fn asked_for_types(statement: &tokio_postgres::Statement) -> bool {
    statement.columns().iter().any(|column| Type::from_oid(column.type_().oid()).is_none())
}
