//! One statement.

use tokio_postgres::Statement;

use super::flight::run;
use super::pipeline::End;
use super::transaction::{Transaction, TransactionMode};
use super::{Answer, Columns, Connection, Failure, Request, one};
use crate::error::Error;

impl Connection {
    /// Runs a statement: one round trip, and one more where its types have to be looked up first.
    pub(crate) async fn query(&mut self, request: Request<'_>) -> Result<Answer, Error> {
        self.enter(one(&request))?;
        if let Some(statement) = self.at_hand(&request)? {
            let before = self.mark();
            match self.run_named(&request, &statement).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => self.start_over(failure, before).await?,
            }
        }
        if self.needs_transaction(&request)? {
            self.begin(TransactionMode::default());
            // Another client of the pooler may have left a statement of the same name there.
            self.savepoints.push("DEALLOCATE ALL".to_owned());
            return only(self.commit_with(one(&request)).await?);
        }
        only(self.exchange(one(&request), End::Open).await?)
    }

    /// The prepared statement, where nothing but it has to be sent.
    fn at_hand(&mut self, request: &Request<'_>) -> Result<Option<Statement>, Error> {
        let nothing_else = matches!(self.transaction, Transaction::None | Transaction::Open);
        if !nothing_else || !self.savepoints.is_empty() {
            return Ok(None);
        }
        Ok(self.link()?.cache.get(request))
    }

    /// Behind a transaction pooler, two messages reach the same server only inside a transaction.
    pub(super) fn needs_transaction(&mut self, request: &Request<'_>) -> Result<bool, Error> {
        let alone = matches!(self.transaction, Transaction::None);
        Ok(alone && request.columns == Columns::LookUp && self.link()?.cache.capacity() == 0)
    }

    async fn run_named(&mut self, request: &Request<'_>, statement: &Statement) -> Result<Answer, Failure> {
        let written = self.link()?.written();
        let since = self.shared.observers.clock();
        self.depart();
        let result = run(&self.link()?.client, statement, request.parameters).await;
        self.in_flight = false;
        let result = match result {
            Ok(answer) => Ok(answer),
            Err(error) => Err(self.failed(request, error, true, written)),
        };
        if since.is_some() {
            self.shared.observers.round_trip(1);
            self.observe(request, since, result.as_ref().map(|a| a.affected).map_err(|f| &f.error));
        }
        result
    }
}

fn only(answers: Vec<Answer>) -> Result<Answer, Error> {
    answers.into_iter().next().ok_or_else(|| Error::connection_lost("no answer came"))
}
