//! What is sent before the first statement of a call: BEGIN, settings of the transaction, and savepoints.

use std::borrow::Cow;
use std::time::Instant;

use tokio_postgres::Client;

use super::flight::{Flight, Outcome, control};
use super::transaction::Transaction;
use super::{Connection, Failure, is_lost};
use crate::engine::unanswered::Unanswered;
use crate::error::Error;

/// What is sent before the statements of a call.
pub(super) struct Prologue {
    pub(super) text: Cow<'static, str>,
    begins: bool,
    /// Savepoints behind a statement that a dropped future left running: that has to be cancelled before they are set.
    waits: bool,
}

impl Prologue {
    /// Sends it, and leaves its answer in the flight.
    pub(super) async fn send<'a>(&'a self, client: &'a Client, unanswered: &'a mut Unanswered) -> Flight<'a> {
        if self.waits {
            return control(client, &self.text);
        }
        match unanswered.send(client, &self.text).await {
            Ok(()) => Flight::answering(unanswered),
            Err(error) => Flight::failed(error),
        }
    }
}

impl Connection {
    /// What goes before the next statement; the transaction is beginning from here on.
    pub(super) fn take_prologue(&mut self) -> Option<Prologue> {
        let begin = match &self.transaction {
            Transaction::Pending(mode) => {
                let local = self.object.as_ref().and_then(|link| link.local.as_deref());
                Some(local.map_or_else(|| mode.begin(), |local| format!("{mode}; {local}").into()))
            }
            _ => None,
        };
        let begins = begin.is_some();
        if begins {
            self.transaction = Transaction::Beginning;
        }
        let waits = self.in_flight && !begins;
        if self.savepoints.is_empty() {
            return begin.map(|text| Prologue { text, begins, waits });
        }
        let parts: Vec<Cow<'_, str>> =
            begin.into_iter().chain(self.savepoints.drain(..).map(Cow::Owned)).collect();
        Some(Prologue { text: parts.join("; ").into(), begins, waits })
    }

    /// Takes in what became of BEGIN and of savepoints.
    pub(super) fn begun(
        &mut self,
        prologue: &Prologue,
        outcome: Outcome,
        since: Option<Instant>,
        sent: usize,
    ) -> Result<(), Failure> {
        let result = match outcome.result {
            Some(Err(error)) if prologue.begins && !is_lost(&error) => {
                self.lose();
                Err(Error::begin_refused(error, sent).in_statement(&prologue.text))
            }
            Some(Err(error)) if !is_lost(&error) => Err(Error::driver(error).in_statement(&prologue.text)),
            // A lost connection is told of by the statement behind.
            _ => Ok(()),
        };
        self.observe_control(&prologue.text, since, outcome.elapsed, &result);
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
