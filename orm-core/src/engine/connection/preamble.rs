//! What is sent before the first statement of a call: BEGIN, settings of the transaction, and savepoints.

use std::borrow::Cow;
use std::time::Instant;

use tokio_postgres::{Client, Error as DriverError};

use super::in_flight::{InFlight, RequestOutcome, control};
use super::transaction::TransactionStatus;
use super::{Columns, Connection, Failure, Progress, Request, SentRequest, is_lost};
use crate::engine::pending_control::PendingControl;
use crate::error::Error;

/// What is sent before the statements of a call.
pub(super) struct Preamble {
    pub(super) text: Cow<'static, str>,
    /// The length of BEGIN at the start of the text.
    begin: usize,
    /// Whether a statement that a dropped future left running has to be cancelled before the savepoints are set.
    waits: bool,
}

/// Stands between BEGIN and the rest.
const NEXT: &str = "; ";

impl Preamble {
    /// Sends it; the answer is awaited together with that to the request.
    ///
    /// BEGIN is sent as a statement of its own. If the server cannot parse another part, the transaction has begun all the
    /// same, and so no later statement runs outside of one.
    pub(super) async fn send<'a>(
        &'a self,
        client: &'a Client,
        pending_control: &'a mut PendingControl,
    ) -> InFlight<'a> {
        if self.waits {
            return control(client, &self.text);
        }
        match self.send_parts(client, pending_control).await {
            Ok(()) => InFlight::answering(pending_control),
            Err(error) => InFlight::failed(error),
        }
    }

    async fn send_parts(
        &self,
        client: &Client,
        pending_control: &mut PendingControl,
    ) -> Result<(), DriverError> {
        let (begin, rest) = self.text.split_at(self.begin);
        if begin.is_empty() {
            return pending_control.send(client, rest).await;
        }
        pending_control.send(client, begin).await?;
        match rest.strip_prefix(NEXT) {
            Some(rest) => pending_control.send_behind(client, rest).await,
            None => Ok(()),
        }
    }

    fn begins(&self) -> bool {
        self.begin > 0
    }
}

impl Connection {
    /// The preamble of the next statement. From here on the transaction counts as beginning.
    pub(super) fn take_preamble(&mut self) -> Option<Preamble> {
        let begin = match &self.transaction {
            TransactionStatus::Pending(mode) => {
                let local = self.object.as_ref().and_then(|link| link.local.as_deref());
                Some(local.map_or_else(|| mode.begin(), |local| format!("{mode}; {local}").into()))
            }
            _ => None,
        };
        if begin.is_some() {
            self.transaction = TransactionStatus::Beginning;
        }
        let waits = self.in_flight && begin.is_none();
        let context = begin.as_ref().and(self.scope.as_ref()).and_then(|scope| scope.sql());
        if self.savepoints.is_empty() && context.is_none() {
            return begin.map(|text| Preamble { begin: text.len(), text, waits });
        }
        let length = begin.as_ref().map_or(0, |begin| begin.len());
        let context = context.map(Cow::Borrowed);
        let savepoints = self.savepoints.drain(..).map(Cow::Owned);
        let parts: Vec<Cow<'_, str>> = begin.into_iter().chain(context).chain(savepoints).collect();
        Some(Preamble { text: parts.join(NEXT).into(), begin: length, waits })
    }

    /// Handles the outcome of BEGIN, the context and savepoints.
    pub(super) fn begun(
        &mut self,
        preamble: &Preamble,
        outcome: RequestOutcome,
        since: Option<Instant>,
        sent: usize,
    ) -> Result<(), Failure> {
        let result = match outcome.result {
            Some(Err(error)) if !is_lost(&error) => {
                Err(if preamble.begins() && outcome.progress == Progress::NotRun {
                    self.lose();
                    Error::begin_refused(error, sent)
                } else if preamble.begins() && self.scope.is_some() {
                    Error::context_refused(error)
                } else {
                    self.told(error)
                }
                .in_statement(&preamble.text))
            }
            Some(Err(error)) if error.as_db_error().is_some() => {
                // No statement after it has run.
                let sent = SentRequest { is_named: false, progress: Progress::NotRun, written: u64::MAX };
                let failure = self.failed(&Request::new(&preamble.text, &[], Columns::Builtin), error, sent);
                self.observe_control(&preamble.text, since, outcome.elapsed, &Err(failure.error.clone()));
                return Err(failure);
            }
            // The statement itself reports any other loss of the connection.
            _ => Ok(()),
        };
        self.observe_control(&preamble.text, since, outcome.elapsed, &result);
        match result {
            Ok(()) => {
                self.transaction.has_begun();
                Ok(())
            }
            Err(cause) => {
                self.transaction.fail(&cause);
                Err(cause.into())
            }
        }
    }
}
