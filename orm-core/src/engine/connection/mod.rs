//! One connection, lent by the pool: what state it is in, and what that allows.
//!
//! Verbs: `query`, `pipeline`, `batch`, `copy`, `stream`, `transaction`, `savepoint`, `cancel`, `drop`; `route` decides how statements
//! go, `chunk` how many at once, `preamble` what goes before them, `moment` what must not be shifted, `in_flight` sends requests together, `failure` says what
//! went wrong, `unexpected` ends what would wait for ever.

mod batch;
mod cancel;
mod chunk;
mod copy;
mod copy_out;
mod drop;
mod failure;
mod in_flight;
mod mode;
mod moment;
mod pipeline;
mod preamble;
mod query;
mod route;
mod savepoint;
mod stream;
mod transaction;
mod unexpected;

use std::slice;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::commit::CommitOutcome;
use super::connect::Link;
use super::fact::Fact;
use super::limit::{Limit, Limits};
use super::observe::StatementEvent;
use super::pool::{self, Object};
use super::recorder::OwnRecordings;
use super::request::{Answer, Columns, Request};
use super::scope::Scope;
use super::{Engine, Position, Shared};
use crate::error::Error;
pub(crate) use copy::CopyIn;
pub(crate) use copy_out::CopyOut;
use failure::{Again, Failure, Progress, SentRequest, is_aborted, is_lost};
pub use mode::{Isolation, TransactionMode};
pub(crate) use stream::StatementRows;
use transaction::TransactionStatus;

/// A connection of the pool. Dropping it at any time is fine: the next user gets a clean one.
pub(crate) struct Connection {
    /// `None` once it is lost.
    object: Option<Object>,
    pub(super) shared: Arc<Shared>,
    /// What each transaction sets at first.
    scope: Option<Arc<Scope>>,
    transaction: TransactionStatus,
    /// The transaction that was begun last is not to write.
    is_read_only: bool,
    /// What is known of the COMMIT sent last, unless it was refused.
    commit_outcome: Option<CommitOutcome>,
    /// That of the last commit.
    position: Position,
    /// Control statements to send with the next statement: savepoints, most of all.
    savepoints: Vec<String>,
    /// Something was sent and its answer has not come.
    in_flight: bool,
    /// Something was sent since the pool gave this.
    used: bool,
    /// A statement of the transaction named a table of which no value is shown.
    has_secrets: bool,
    /// What was found out in the transaction, and is known if that commits.
    found: Vec<Fact>,
    /// Alive while a stream of this connection is.
    stream: Weak<()>,
    limits: Limits,
    pub(super) recordings: OwnRecordings,
}

impl Connection {
    pub(super) fn new(
        object: Object,
        shared: Arc<Shared>,
        scope: Option<Arc<Scope>>,
        limits: Limits,
        recordings: OwnRecordings,
    ) -> Connection {
        Connection {
            object: Some(object),
            shared,
            scope,
            transaction: TransactionStatus::None,
            is_read_only: false,
            commit_outcome: None,
            position: Position::START,
            savepoints: Vec::new(),
            in_flight: false,
            used: false,
            has_secrets: false,
            found: Vec::new(),
            stream: Weak::new(),
            limits,
            recordings,
        }
    }

    /// Whether errors show the values they are about.
    pub(crate) fn shows_values(&self) -> bool {
        self.shared.shows_values
    }

    /// Runs with the context of an engine from here on, and is recorded as it is, though another's pool lent it.
    pub(super) fn enter_scope(&mut self, engine: &Engine) -> Result<(), Error> {
        self.scope = engine.scope()?;
        self.record_as(engine);
        Ok(())
    }

    /// Whether a transaction was begun that has not come to its end, a failed one included.
    pub(crate) fn in_transaction(&self) -> bool {
        !matches!(self.transaction, TransactionStatus::None)
    }

    pub(super) fn link(&mut self) -> Result<&mut Link, Error> {
        match &mut self.object {
            Some(object) => Ok(object),
            None => Err(Error::connection_lost("an earlier error closed it")),
        }
    }

    /// What every verb does first: refuses what cannot work, and settles what a dropped future left behind.
    fn enter(&mut self, requests: &[Request<'_>]) -> Result<(), Error> {
        self.check_stream()?;
        self.transaction.settle_dropped();
        if let TransactionStatus::Ending = &self.transaction {
            return Err(self.interrupted_end());
        }
        if let TransactionStatus::Failed(cause) = &self.transaction {
            return Err(Error::rolled_back(format!(
                "the transaction was aborted by an earlier error, roll it back first: {cause}"
            ))
            .because(cause.clone()));
        }
        if let Some(limit) = self.limits.first() {
            limit.check()?;
        }
        self.forget_pending_control();
        self.has_secrets |= requests.iter().any(|request| request.has_secrets);
        for (place, request) in requests.iter().enumerate() {
            check(request).map_err(|error| error.at_place(place))?;
        }
        // Without what stands before it a statement would run alone, and commit.
        self.savepoints.iter().try_for_each(|savepoint| check_text(savepoint))
    }

    /// Leaves the answer to BEGIN or a savepoint that a dropped future waited for.
    fn forget_pending_control(&mut self) {
        if self.in_flight
            && let Some(object) = &mut self.object
        {
            object.pending_control.forget();
        }
    }

    fn check_stream(&self) -> Result<(), Error> {
        if self.stream.strong_count() == 0 {
            return Ok(());
        }
        Err(Error::statement_invalid(
            "a stream of this connection is open: read it to its end or drop it before the next statement",
        ))
    }

    /// Until when a part of the work has to be done.
    pub(crate) fn part(&self) -> Option<Limit> {
        self.limits.part()
    }

    /// Has a part of the work end until then, or as early as the whole.
    pub(crate) fn limit_part(&mut self, part: Option<Limit>) {
        self.limits = self.limits.with_part(part);
    }

    /// Notes that something is about to be sent.
    fn depart(&mut self) {
        self.in_flight = true;
        self.used = true;
        if let Some(object) = &self.object {
            object.wire.depart(self.limits.first().map(|limit| limit.deadline));
        }
    }

    /// Notes that all answers were taken.
    fn arrived(&mut self) {
        self.in_flight = false;
        if let Some(object) = &self.object {
            object.wire.arrived();
        }
    }

    /// Closes it, whatever state it is in.
    pub(crate) fn close(mut self) {
        self.lose();
    }

    /// Whether another server is wanted than one that does not write; then the other connections are asked what they are.
    fn wants_writes(&self) -> bool {
        if self.in_transaction() && self.is_read_only {
            return false;
        }
        let Some(pool) = self.shared.pool.upgrade() else { return false };
        let wants_writes = pool.manager().wants_writes();
        if wants_writes {
            pool.manager().doubt();
        }
        wants_writes
    }

    /// Closes a connection that cannot be used any more.
    pub(super) fn lose(&mut self) {
        self.in_flight = false;
        if let Some(object) = self.object.take() {
            pool::discard(object);
        }
    }

    /// Another connection in the place of one that was found closed before anything was sent.
    async fn reconnect(&mut self) -> Result<(), Error> {
        let pool = self.shared.pool.upgrade().ok_or_else(Error::closed)?;
        self.object = Some(pool::acquire(&pool, &self.limits).await?);
        self.used = false;
        Ok(())
    }

    fn observe(&self, request: &Request<'_>, since: Option<Instant>, outcome: Result<u64, &Error>) {
        if let Some(since) = since {
            self.observe_request(request, since.elapsed(), outcome);
        }
    }

    /// What was sent beside statements of the program.
    #[cold]
    fn observe_after(&self, sql: &str, elapsed: Duration, outcome: Result<u64, &Error>) {
        self.observe_request(&Request::new(sql, &[], Columns::Builtin), elapsed, outcome);
    }

    #[cold]
    fn observe_request(&self, request: &Request<'_>, elapsed: Duration, outcome: Result<u64, &Error>) {
        let Request { sql, parameters, at, .. } = *request;
        let (rows, error) = match outcome {
            Ok(rows) => (rows, None),
            Err(error) => (0, Some(error)),
        };
        self.observe_statement(&StatementEvent { sql, parameters, elapsed, rows, error, at });
    }
}

/// Refuses what the driver or the server would answer in a misleading way.
fn check(request: &Request<'_>) -> Result<(), Error> {
    check_text(request.sql)?;
    // They are counted in 16 bits.
    let count = request.parameters.len();
    if count <= usize::from(u16::MAX) {
        return Ok(());
    }
    Err(Error::statement_invalid(format!(
        "the statement has {count} parameters, PostgreSQL takes 65535: send arrays (`= ANY($1)`, unnest) or fewer rows \
         at a time"
    ))
    .in_statement(request.sql))
}

fn check_text(sql: &str) -> Result<(), Error> {
    if !sql.as_bytes().contains(&0) {
        return Ok(());
    }
    Err(Error::statement_invalid("the text of a statement cannot hold the character NUL").in_statement(sql))
}

fn one<'a, 'b>(request: &'a Request<'b>) -> &'a [Request<'b>] {
    slice::from_ref(request)
}
