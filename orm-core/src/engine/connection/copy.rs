//! Many rows by COPY, inside a transaction.

use std::pin::Pin;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use futures_util::SinkExt;
use tokio_postgres::{Client, CopyInSink, Error as DriverError, Statement};

use super::in_flight::{InFlight, RequestOutcome, Response, in_order, named, prepare, send_all, unnamed};
use super::transaction::{End, TransactionStatus};
use super::{Columns, Connection, Failure, Progress, Request, SentRequest};
use crate::error::Error;
use crate::types::{COPY_END, COPY_START, CopyRows};

/// How many bytes of rows go out at a time; two such pieces wait for the socket at most.
const PIECE: usize = 64 * 1024;

/// Rows to copy into a table.
#[derive(Clone, Copy)]
pub(crate) struct CopyIn<'a> {
    pub(crate) sql: &'a str,
    /// A statement that locks the table when it is parsed.
    pub(crate) lock: &'a str,
    /// Gives whether the table takes the rows so, and the numbers of the element types that `rows` needs.
    pub(crate) question: Request<'a>,
    pub(crate) rows: &'a dyn CopyRows,
}

impl<'a> CopyIn<'a> {
    fn request(&self) -> Request<'a> {
        let Request { has_secrets, at, .. } = self.question;
        Request { has_secrets, at, ..Request::new(self.sql, &[], Columns::Builtin) }
    }
}

/// What the server said before a COPY.
struct Ready {
    statement: Statement,
    elements: Vec<u32>,
}

/// Why not all rows could be sent.
enum Broken {
    /// A value, before the server could refuse anything.
    Value(Error),
    /// The server would not begin.
    Start(DriverError),
    Connection(DriverError),
}

impl Connection {
    /// Whether COPY is possible: the driver runs it by a name only, and a transaction pooler keeps no names.
    pub(crate) fn can_copy(&self) -> bool {
        self.object.as_ref().is_some_and(|link| link.has_names())
    }

    /// Copies rows in two round trips; gives their number, or `None` if the table does not take them so and nothing was
    /// done. There must be a transaction.
    pub(crate) async fn copy(&mut self, copy: CopyIn<'_>) -> Result<Option<u64>, Error> {
        self.copy_and(copy, End::Open).await
    }

    /// Copies rows as [`copy`](Connection::copy) and commits; where it gives `None`, the transaction is still open.
    pub(crate) async fn commit_with_copy(&mut self, copy: CopyIn<'_>) -> Result<Option<u64>, Error> {
        self.copy_and(copy, End::Commit).await
    }

    async fn copy_and(&mut self, copy: CopyIn<'_>, end: End) -> Result<Option<u64>, Error> {
        debug_assert!(self.in_transaction(), "a table is locked for COPY, and would not stay so");
        self.enter(&[copy.request(), copy.question])?;
        let before = self.mark();
        let ready = match self.ask(&copy).await {
            Ok(ready) => ready,
            Err(failure) => {
                self.start_over(failure, before).await?;
                self.ask(&copy).await.map_err(|failure| failure.error)?
            }
        };
        match ready {
            None => Ok(None),
            Some(ready) => {
                self.send_rows(&copy, &ready, end).await.map(Some).map_err(|failure| failure.error)
            }
        }
    }

    /// Locks the table, asks what it is, and prepares the COPY, in one round trip.
    async fn ask(&mut self, copy: &CopyIn<'_>) -> Result<Option<Ready>, Failure> {
        let (request, question) = (copy.request(), copy.question);
        let lock = Request::new(copy.lock, &[], Columns::Builtin);
        let preamble = self.take_preamble();
        let written = self.link()?.written();
        self.depart();
        let since = self.clock();
        let link = self.link()?;
        let (asking, copying) = (link.cache.get(&question), link.cache.get(&request));
        let is_named = asking.is_some();
        let strays = 1 + usize::from(asking.is_none()) + usize::from(copying.is_none());
        link.stray += strays;
        let mut requests_in_flight = Vec::with_capacity(5);
        if let Some(preamble) = &preamble {
            requests_in_flight.push(preamble.send(&link.client, &mut link.pending_control).await);
        }
        requests_in_flight.push(prepare(&link.client, &lock));
        requests_in_flight.push(match &asking {
            Some(statement) => named(&link.client, &question, statement),
            None => unnamed(&link.client, &question),
        });
        requests_in_flight.extend(copying.is_none().then(|| prepare(&link.client, &request)));
        requests_in_flight.extend((!is_named).then(|| prepare(&link.client, &question)));
        let mut outcomes = send_all(requests_in_flight, since).await.into_iter();
        link.stray -= strays;
        self.arrived();
        let began = preamble.as_ref().and_then(|_| outcomes.next());
        self.observe_round_trip(since, &began);
        if let (Some(preamble), Some(began)) = (preamble, began) {
            self.begun(&preamble, began, since, 0)?;
        }
        let (locked, answer) = (outcomes.next(), outcomes.next());
        let prepared = if copying.is_none() { outcomes.next() } else { None };
        self.landed(copy, locked, false, written, since)?;
        let answer = self.landed(copy, answer, is_named, written, since)?;
        let statement = match (copying, self.landed(copy, prepared, false, written, since)?) {
            (Some(statement), _) => statement,
            (None, Some(Response::Prepared(statement))) => {
                self.link()?.cache.insert(&request, statement.clone());
                statement
            }
            _ => return Ok(None),
        };
        if let Some(Response::Prepared(asking)) = self.landed(copy, outcomes.next(), false, written, since)? {
            self.link()?.cache.insert(&question, asking);
        }
        let Some(Response::Answer(answer)) = answer else { return Ok(None) };
        Ok(elements(&answer.rows, &question)?.map(|elements| Ready { statement, elements }))
    }

    /// Takes in one answer to what went before the COPY.
    fn landed(
        &mut self,
        copy: &CopyIn<'_>,
        outcome: Option<RequestOutcome>,
        is_named: bool,
        written: u64,
        since: Option<Instant>,
    ) -> Result<Option<Response>, Failure> {
        let Some(RequestOutcome { result: Some(result), progress, elapsed }) = outcome else {
            return Ok(None);
        };
        result.map(Some).map_err(|error| {
            let asked = if is_named { copy.question } else { copy.request() };
            let failure = self.failed(&asked, error, SentRequest { is_named, progress, written });
            self.observe_elapsed(&asked, since, elapsed, Err(&failure.error));
            failure
        })
    }

    async fn send_rows(&mut self, copy: &CopyIn<'_>, ready: &Ready, end: End) -> Result<u64, Failure> {
        let request = copy.request();
        let written = self.link()?.written();
        self.depart();
        self.transaction = TransactionStatus::Copying;
        let since = self.clock();
        let mut sink = match feed(&self.link()?.client, ready, copy.rows).await {
            Ok(sink) => sink,
            Err(broken) => return Err(self.broke(&request, broken, written, since)),
        };
        let (copied, committed) = if end == End::Commit {
            self.transaction = TransactionStatus::Ending;
            let link = self.link()?;
            let commit = vec![InFlight::commit(&link.client, &mut link.commit, false)];
            let (copied, outcomes) = in_order(sink.as_mut().finish(), send_all(commit, since)).await;
            (copied, outcomes.into_iter().next())
        } else {
            (sink.as_mut().finish().await, None)
        };
        self.arrived();
        let sent = SentRequest { is_named: false, progress: Progress::Running, written };
        let copied = copied.map_err(|error| self.failed(&request, error, sent));
        if since.is_some() {
            self.observe_wait(1 + usize::from(committed.is_some()));
            self.observe(&request, since, copied.as_ref().copied().map_err(|failure| &failure.error));
        }
        let (count, failure) = match copied {
            Ok(count) => (count, None),
            Err(failure) => (0, Some(failure)),
        };
        if end == End::Commit {
            return self.ended(failure, committed, false, since).await.map(|()| count);
        }
        match failure {
            Some(failure) => {
                self.transaction.fail(&failure.error);
                Err(failure)
            }
            None => {
                self.transaction = TransactionStatus::Open;
                Ok(count)
            }
        }
    }

    /// Takes in that not all rows could be sent. The driver ends the COPY by itself.
    fn broke(
        &mut self,
        request: &Request<'_>,
        broken: Broken,
        written: u64,
        since: Option<Instant>,
    ) -> Failure {
        let failure = match broken {
            // In flight still: what was sent is for the server to undo, and is waited for before anything else.
            Broken::Value(error) => error.into(),
            Broken::Start(error) | Broken::Connection(error) => {
                self.arrived();
                let sent = SentRequest { is_named: false, progress: Progress::Running, written };
                let failure = self.failed(request, error, sent);
                // The driver ends what has not begun, and takes the server's answer for that of another statement.
                self.lose();
                failure
            }
        };
        self.transaction.fail(&failure.error);
        self.observe(request, since, Err(&failure.error));
        failure
    }
}

/// The numbers of element types, if the table takes rows by COPY.
fn elements(rows: &[tokio_postgres::Row], question: &Request<'_>) -> Result<Option<Vec<u32>>, Error> {
    let unread =
        |error: DriverError| Error::decode("the answer of the catalog cannot be read").because(error);
    let read = |row: &tokio_postgres::Row| Ok((row.try_get::<_, bool>(0)?, row.try_get::<_, Vec<i64>>(1)?));
    let Some(row) = rows.first() else { return Ok(None) };
    let (suits, numbers) = read(row).map_err(|error| unread(error).in_statement(question.sql))?;
    Ok(suits.then(|| numbers.into_iter().filter_map(|number| u32::try_from(number).ok()).collect()))
}

/// Sends rows, as fast as the socket takes them; they are written out piece by piece.
async fn feed(
    client: &Client,
    ready: &Ready,
    rows: &dyn CopyRows,
) -> Result<Pin<Box<CopyInSink<Bytes>>>, Broken> {
    let sink = client.copy_in(&ready.statement).await;
    let mut sink = Box::pin(sink.map_err(Broken::Start)?);
    let mut piece = BytesMut::with_capacity(PIECE + PIECE / 8);
    piece.extend_from_slice(COPY_START);
    for row in 0..rows.count() {
        rows.write(row, &ready.elements, &mut piece).map_err(Broken::Value)?;
        if piece.len() >= PIECE {
            sink.feed(piece.split().freeze()).await.map_err(Broken::Connection)?;
            piece.reserve(PIECE + PIECE / 8);
        }
    }
    piece.extend_from_slice(COPY_END);
    sink.feed(piece.freeze()).await.map_err(Broken::Connection)?;
    Ok(sink)
}
