//! What a session does when its transaction is committed for certain.

use std::fmt;

use super::Session;

type Callback = Box<dyn FnOnce() + Send + Sync>;

/// What is to be called, each with how many savepoints were open when it was given.
#[derive(Default)]
pub(super) struct OnCommit(Vec<(usize, Callback)>);

impl OnCommit {
    /// A savepoint is given up: what was given since belongs to what is around it.
    pub(super) fn released(&mut self, depth: usize) {
        for (set_at, _) in &mut self.0 {
            *set_at = (*set_at).min(depth - 1);
        }
    }

    /// What was given since a savepoint was taken back.
    pub(super) fn rolled_back_to(&mut self, depth: usize) {
        self.0.retain(|(set_at, _)| *set_at < depth);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl fmt::Debug for OnCommit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on commit", self.0.len())
    }
}

impl Session {
    /// Calls this once, after the next commit: when the server has said that all is committed, and never before. It is for
    /// what must not happen for rows that are not there: a message to a queue, a mail, a cache to be emptied.
    ///
    /// It is forgotten if the transaction is rolled back or nobody knows what became of it
    /// ([`is_outcome_unknown`](crate::Error::is_outcome_unknown)), with the savepoint inside which it was given if that is
    /// taken back, and with the session. If the program ends between the commit and the call, it is not called: what has
    /// to happen in any case belongs into a row of the transaction, and what PostgreSQL itself can tell to
    /// [`notify`](Session::notify).
    ///
    /// Several are called in their order. To await something, spawn a task or send to a channel of the program. If one
    /// panics, those behind it are not called; the transaction is committed all the same.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # fn greet(_name: &str) {}
    /// # async fn register(mut session: Session) -> Result<(), orm_core::Error> {
    /// session.add(NewUser::new("Alice"));
    /// session.on_commit(|| greet("Alice"));
    /// session.commit().await
    /// # }
    /// ```
    pub fn on_commit(&mut self, callback: impl FnOnce() + Send + Sync + 'static) {
        let depth = self.identity.clock().depth();
        self.on_commit.0.push((depth, Box::new(callback)));
    }

    /// All is committed.
    pub(super) fn call_on_commit(&mut self) {
        for (_, callback) in std::mem::take(&mut self.on_commit.0) {
            callback();
        }
    }
}
