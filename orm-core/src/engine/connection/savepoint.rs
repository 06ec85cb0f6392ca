//! Savepoints: set and given up with the next statement, gone back to at once.

use tokio::time::timeout;

use super::transaction::TransactionStatus;
use super::{Connection, is_lost};
use crate::error::Error;

impl Connection {
    /// Sets a savepoint. Sends nothing: it goes with the next statement. The name must be a plain SQL name.
    pub(crate) fn savepoint(&mut self, name: &str) {
        self.savepoints.push(format!("SAVEPOINT {name}"));
    }

    /// Gives a savepoint up, keeping what was done since. Sends nothing: it goes with the next statement.
    pub(crate) fn release(&mut self, name: &str) {
        match self.unsent_savepoint(name) {
            Some(at) => self.savepoints.truncate(at),
            None => self.savepoints.push(format!("RELEASE SAVEPOINT {name}")),
        }
    }

    /// Ends a savepoint whose work was dropped: where anything may have been sent since, the transaction has failed.
    pub(crate) fn abandon(&mut self, name: &str) {
        match self.unsent_savepoint(name) {
            Some(at) => self.savepoints.truncate(at),
            None => self.transaction.fail(&Error::rolled_back(
                "work behind a savepoint was dropped before its end, and the transaction would hold a part of it",
            )),
        }
    }

    /// Undoes what was done since a savepoint, which stays; a failed transaction can go on from there.
    pub(crate) async fn rollback_to(&mut self, name: &str) -> Result<(), Error> {
        if let Some(at) = self.unsent_savepoint(name) {
            self.savepoints.truncate(at + 1);
            return Ok(());
        }
        self.check_stream()?;
        self.savepoints.clear();
        self.found.clear();
        self.transaction.settle_dropped();
        if let TransactionStatus::Ending = &self.transaction {
            return Err(self.interrupted_end());
        }
        self.cancel_dropped().await;
        if let (None, Some(cause)) = (&self.object, self.failure()) {
            return Err(cause.clone());
        }
        let sql = format!("ROLLBACK TO SAVEPOINT {name}");
        let since = self.clock();
        self.link()?;
        self.in_flight = true;
        let link = self.link()?;
        let answer = timeout(link.side.patience, link.client.batch_execute(&sql)).await;
        self.arrived();
        let lost = !matches!(&answer, Ok(answer) if !answer.as_ref().is_err_and(is_lost));
        let result = self.answered(&sql, answer);
        if let Some(since) = since {
            self.observe_wait(1);
            self.observe_after(&sql, since.elapsed(), result.as_ref().map(|()| 0));
        }
        match &result {
            Ok(()) => self.transaction = TransactionStatus::Open,
            Err(error) => {
                if lost {
                    self.lose();
                }
                self.transaction.fail(error);
            }
        }
        result
    }

    fn unsent_savepoint(&self, name: &str) -> Option<usize> {
        self.savepoints.iter().rposition(|text| text.strip_prefix("SAVEPOINT ") == Some(name))
    }
}
