//! Several statements as one text, without parameters and rows: what schema definitions need.

use super::in_flight::{control, send_all};
use super::{Columns, Connection, Failure, Progress, Request, SentRequest, TransactionMode, one};
use crate::error::Error;

impl Connection {
    /// Runs a text of one or more statements in one round trip.
    ///
    /// Outside a transaction the server runs the whole text as one, unless the text says otherwise.
    pub(crate) async fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.run_script(Request::new(sql, &[], Columns::Builtin)).await
    }

    /// As [`batch`](Connection::batch), of a request without parameters.
    pub(crate) async fn run_script(&mut self, request: Request<'_>) -> Result<(), Error> {
        self.enter(one(&request))?;
        if self.is_alone_in_context() {
            self.begin(TransactionMode::default());
            let sent = Box::pin(self.run_script(request)).await;
            let ended = self.commit().await;
            return sent.and(ended);
        }
        let before = self.mark();
        match self.send_batch(request).await {
            Ok(()) => return Ok(()),
            Err(failure) => self.start_over(failure, before).await?,
        }
        self.send_batch(request).await.map_err(|failure| failure.error)
    }

    async fn send_batch(&mut self, request: Request<'_>) -> Result<(), Failure> {
        let preamble = self.take_preamble();
        let written = self.link()?.written();
        self.depart();
        let since = self.clock();
        let link = self.link()?;
        let mut requests_in_flight = Vec::with_capacity(2);
        if let Some(preamble) = &preamble {
            requests_in_flight.push(preamble.send(&link.client, &mut link.pending_control).await);
        }
        requests_in_flight.push(control(&link.client, request.sql));
        let mut outcomes = send_all(requests_in_flight, since).await.into_iter();
        self.arrived();
        let began = preamble.as_ref().and_then(|_| outcomes.next());
        let ran = outcomes.next();
        self.observe_round_trip(since, began.iter().chain(&ran));
        if let (Some(preamble), Some(began)) = (preamble, began) {
            self.begun(&preamble, began, since, 1)?;
        }
        let Some(ran) = ran else { return Ok(()) };
        let result = match ran.result {
            Some(Err(error)) => Err(self.failed(
                &request,
                error,
                SentRequest { is_named: false, progress: Progress::Running, written },
            )),
            _ => Ok(()),
        };
        self.observe_elapsed(&request, since, ran.elapsed, result.as_ref().map(|()| 0).map_err(|f| &f.error));
        result
    }
}
