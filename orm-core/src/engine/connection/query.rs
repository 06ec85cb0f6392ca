//! One statement.

use tokio_postgres::Statement;

use super::TransactionMode;
use super::in_flight::{Take, behind, run_into};
use super::transaction::{End, Rest};
use super::{Answer, Connection, Failure, Request, SentRequest, one};
use crate::error::Error;

impl Connection {
    /// Runs a statement: one round trip, and one more where its types have to be looked up first.
    pub(crate) async fn query(&mut self, request: Request<'_>) -> Result<Answer, Error> {
        let mut rows = Vec::new();
        let affected = self.query_into(request, &mut |row| rows.push(row)).await?;
        Ok(Answer { rows, affected })
    }

    /// As `query`; the rows are given to `take` as they come. Gives the number that the server tells.
    pub(crate) async fn query_into(
        &mut self,
        request: Request<'_>,
        take: &mut Take<'_>,
    ) -> Result<u64, Error> {
        self.enter(&[])?;
        // What is prepared was looked at then.
        if let Some((statement, rest)) = self.at_hand(&request)? {
            match self.run_named(&request, &statement, take).await {
                Ok(affected) => return Ok(affected),
                Err(failure) => self.start_over(failure, rest.into()).await?,
            }
        }
        self.enter(one(&request))?;
        self.check_moments(one(&request)).await?;
        // In a box, so that the way that is taken most moves less about.
        let answer = Box::pin(self.query_first(request)).await?;
        answer.rows.into_iter().for_each(take);
        Ok(answer.affected)
    }

    /// A statement with no prepared one at hand, or with savepoints that go before it.
    async fn query_first(&mut self, request: Request<'_>) -> Result<Answer, Error> {
        if self.is_alone_in_context() {
            self.begin(TransactionMode::default());
            let answers = self.commit_with(one(&request)).await;
            return only(answers.map_err(|error| error.of_statement_alone(request.sql))?);
        }
        only(self.exchange(one(&request), End::Open).await?)
    }

    /// The prepared statement, where nothing but BEGIN and the context go before it.
    fn at_hand(&mut self, request: &Request<'_>) -> Result<Option<(Statement, Rest)>, Error> {
        let Some(rest) = self.rest() else { return Ok(None) };
        if request.plan_each_time {
            return Ok(None);
        }
        Ok(self.link()?.cache.get(request).map(|statement| (statement, rest)))
    }

    /// Whether a statement needs a transaction of its own, to set the context in.
    pub(super) fn is_alone_in_context(&self) -> bool {
        self.scope.is_some() && !self.in_transaction()
    }

    async fn run_named(
        &mut self,
        request: &Request<'_>,
        statement: &Statement,
        take: &mut Take<'_>,
    ) -> Result<u64, Failure> {
        let preamble = self.take_preamble();
        let written = self.link()?.written();
        self.depart();
        let since = self.clock();
        let link = self.link()?;
        let parameters = request.parameters;
        let (began, result) = match &preamble {
            None => (None, run_into(&link.client, statement, parameters, take).await),
            Some(preamble) => {
                let begin = preamble.send(&link.client, &mut link.pending_control).await;
                let run = run_into(&link.client, statement, parameters, take);
                let (began, result) = behind(begin, run, since).await;
                (Some(began), result)
            }
        };
        self.arrived();
        if since.is_some() {
            self.observe_wait(1 + usize::from(began.is_some()));
        }
        if let (Some(preamble), Some(began)) = (preamble, began) {
            self.begun(&preamble, began, since, 1)?;
        }
        let result = result.map_err(|(error, progress)| {
            self.failed(request, error, SentRequest { is_named: true, progress, written })
        });
        if since.is_some() {
            self.observe(request, since, result.as_ref().copied().map_err(|failure| &failure.error));
        }
        result
    }
}

fn only(answers: Vec<Answer>) -> Result<Answer, Error> {
    answers.into_iter().next().ok_or_else(|| Error::connection_lost("no answer came"))
}
