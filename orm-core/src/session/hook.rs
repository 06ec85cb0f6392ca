//! What a program has done before and after each flush: validation, audit.

use std::fmt;
use std::sync::Arc;

use super::{Change, Session, State};
use crate::error::Error;
use crate::types::Cause;

type BeforeFlush = dyn Fn(&mut Session) -> Result<(), Cause> + Send + Sync;
type AfterFlush = dyn Fn(&mut Session, &[Change]) -> Result<(), Cause> + Send + Sync;

/// What is called around a flush, in the order it was given.
#[derive(Clone, Default)]
pub(super) struct Hooks {
    pub(super) before: Vec<Arc<BeforeFlush>>,
    pub(super) after: Vec<Arc<AfterFlush>>,
}

/// How often a commit flushes what its own hooks leave pending.
const ROUNDS: usize = 100;

impl Hooks {
    fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} before and {} after a flush", self.before.len(), self.after.len())
    }
}

impl Session {
    /// Calls this before each flush that has something to send, be it a part of a commit or before a query. It sees
    /// [`changes`](Session::changes), and can change, add and delete objects: the same flush sends that too.
    ///
    /// If it gives an error, the flush gives that error and sends nothing: the session stays usable, and what is pending
    /// stays pending. What a hook has done to objects before it gave an error stays done.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # fn validate(session: &mut Session) {
    /// session.before_flush(|session| {
    ///     let changes = session.changes_of::<User>();
    ///     if changes.modified.iter().any(|&user| session[user].name.is_empty()) {
    ///         return Err("a user has a name".into());
    ///     }
    ///     Ok(())
    /// });
    /// # }
    /// ```
    pub fn before_flush(&mut self, hook: impl Fn(&mut Session) -> Result<(), Cause> + Send + Sync + 'static) {
        self.hooks.before.push(Arc::new(hook));
    }

    /// Calls this after each flush, inside its transaction, with what it has done: keys that the database made are in the
    /// [`Change`]s. What it adds, changes and deletes goes out with the next flush; a commit flushes until nothing is
    /// left, so that an audit row is of the same transaction as what it tells of. COMMIT is then a round trip of its own.
    ///
    /// If it gives an error, so does the flush, and the session can only be rolled back; so it is after a panic that
    /// somebody catches.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// session.after_flush(|_, changes| {
    ///     changes.iter().for_each(|change| println!("{change:?}"));
    ///     Ok(())
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn after_flush(
        &mut self,
        hook: impl Fn(&mut Session, &[Change]) -> Result<(), Cause> + Send + Sync + 'static,
    ) {
        self.hooks.after.push(Arc::new(hook));
    }

    /// Flushes what is pending, and calls what was given for before and after.
    pub(super) async fn flush_with_hooks(&mut self) -> Result<(), Error> {
        if self.hooks.is_empty() {
            return self.write_pending(false).await;
        }
        self.call_before()?;
        self.settle_links().await?;
        if !self.identity.is_dirty() {
            return Ok(());
        }
        let changes = if self.hooks.after.is_empty() { Vec::new() } else { self.changes() };
        self.write_pending(false).await?;
        self.call_after(changes)
    }

    /// The same with COMMIT, which is sent with it if nothing is to be called in between.
    pub(super) async fn commit_with_hooks(&mut self) -> Result<(), Error> {
        if self.hooks.after.is_empty() {
            self.call_before()?;
            return match self.identity.is_dirty() {
                true => self.write_pending(true).await,
                false => self.end_transaction().await,
            };
        }
        for _ in 0..ROUNDS {
            if !self.identity.is_dirty() {
                return self.end_transaction().await;
            }
            self.flush_with_hooks().await?;
        }
        Err(self.failed(Error::session(format!(
            "a commit has flushed {ROUNDS} times and something is still pending: an `after_flush` hook changes objects \
             each time it is called"
        ))))
    }

    fn call_before(&mut self) -> Result<(), Error> {
        for hook in self.hooks.before.clone() {
            hook(self).map_err(|cause| refused("before_flush", cause))?;
        }
        Ok(())
    }

    fn call_after(&mut self, changes: Vec<Change>) -> Result<(), Error> {
        if self.hooks.after.is_empty() {
            return Ok(());
        }
        let changes: Vec<_> = changes.into_iter().map(|change| change.flushed(&self.identity)).collect();
        // A hook that panics leaves its work half done, in a transaction that somebody who catches that may commit.
        self.state =
            State::Failed(Error::session("an `after_flush` hook did not come to its end: it panicked"));
        for hook in self.hooks.after.clone() {
            if let Err(cause) = hook(self, &changes) {
                return Err(self.failed(refused("after_flush", cause)));
            }
        }
        self.state = State::Ready;
        Ok(())
    }

    fn failed(&mut self, error: Error) -> Error {
        self.state = State::Failed(error.clone());
        error
    }
}

fn refused(hook: &str, cause: Cause) -> Error {
    Error::session(format!("refused by a `{hook}` hook: {cause}")).because(cause)
}
