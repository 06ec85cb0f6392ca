//! What is sent before the first statement of a call: BEGIN and savepoints.

use std::borrow::Cow;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, ready};
use std::time::Instant;

use futures_util::Stream;
use tokio::time::timeout;
use tokio_postgres::{Client, Error as DriverError, SimpleQueryStream};

use super::cancel::PATIENCE;
use super::flight::{Flight, Landed, Outcome, control};
use super::transaction::Transaction;
use super::{Connection, Failure, is_lost};
use crate::error::Error;

/// What is sent before the statements of a call.
pub(super) struct Prologue {
    pub(super) text: Cow<'static, str>,
    begins: bool,
    savepoints: Option<Arc<Savepoints>>,
}

/// Savepoints on their way. A dropped future leaves their answer to who goes back to one of them.
pub(super) struct Savepoints {
    texts: Vec<String>,
    answer: Mutex<Option<Pin<Box<SimpleQueryStream>>>>,
}

impl Prologue {
    pub(super) fn send<'a>(&'a self, client: &'a Client) -> Flight<'a> {
        let Some(savepoints) = &self.savepoints else { return control(client, &self.text) };
        let answer = async move {
            let answer = client.simple_query_raw(&self.text).await?;
            *savepoints.lock() = Some(Box::pin(answer));
            savepoints.answered().await.map(|()| Landed::Done)
        };
        Flight::new(answer, false)
    }
}

impl Savepoints {
    fn new(texts: Vec<String>) -> Savepoints {
        Savepoints { texts, answer: Mutex::default() }
    }

    fn set(&self, name: &str) -> bool {
        self.texts.iter().any(|text| is_savepoint(text, name))
    }

    fn answered(&self) -> impl Future<Output = Result<(), DriverError>> {
        poll_fn(|cx| {
            let mut answer = self.lock();
            let Some(stream) = answer.as_mut() else { return Poll::Ready(Ok(())) };
            let result = loop {
                match ready!(stream.as_mut().poll_next(cx)) {
                    Some(Ok(_)) => {}
                    Some(Err(error)) => break Err(error),
                    None => break Ok(()),
                }
            };
            *answer = None;
            Poll::Ready(result)
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Pin<Box<SimpleQueryStream>>>> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    /// What goes before the next statement; the transaction is beginning from here on.
    pub(super) fn take_prologue(&mut self) -> Option<Prologue> {
        let begin = match &self.transaction {
            Transaction::Pending(mode) => Some(mode.begin()),
            _ => None,
        };
        let begins = begin.is_some();
        if begins {
            self.transaction = Transaction::Beginning;
        }
        if self.savepoints.is_empty() {
            return begin.map(|text| Prologue { text, begins, savepoints: None });
        }
        let savepoints = std::mem::take(&mut self.savepoints);
        let parts: Vec<&str> =
            begin.as_deref().into_iter().chain(savepoints.iter().map(String::as_str)).collect();
        let text = parts.join("; ").into();
        let savepoints = Arc::new(Savepoints::new(savepoints));
        self.sent = Some(Arc::clone(&savepoints));
        Some(Prologue { text, begins, savepoints: Some(savepoints) })
    }

    /// Waits until a savepoint is set that a dropped future has left on its way: a cancel that hits it would leave
    /// nothing to go back to.
    pub(super) async fn answer_to_savepoint(&mut self, name: &str) {
        let sent = self.sent.as_ref().filter(|sent| self.in_flight && sent.set(name));
        if let Some(sent) = sent {
            // What became of it is told by going back to it.
            let _ = timeout(PATIENCE, sent.answered()).await;
        }
        self.sent = None;
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

pub(super) fn savepoint(name: &str) -> String {
    format!("SAVEPOINT {name}")
}

pub(super) fn is_savepoint(text: &str, name: &str) -> bool {
    text.strip_prefix("SAVEPOINT ") == Some(name)
}
