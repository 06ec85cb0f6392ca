//! Statements of the user that write, with the objects kept in step.

use super::synchronize::{Follow, follow};
use super::{Session, State};
use crate::engine::Answer;
use crate::error::Error;
use crate::execute::request;
use crate::query::render::Rendered;
use crate::query::{Command, Target};

impl Session {
    /// Executes an insert, update or delete; gives the number of rows it touched. Objects are kept in step as the
    /// statement's [`Synchronize`](crate::query::Synchronize) says, with an insert that updates rows in conflict as with
    /// `Auto`.
    ///
    /// # Errors
    /// If the flush before it fails, or the statement is refused before or by the server; with `Synchronize::Evaluate`
    /// also, before anything is sent, if only the server can tell what it changes.
    pub async fn execute(&mut self, command: impl Command) -> Result<u64, Error> {
        let rendered = command.rendered()?;
        if rendered.is_nothing() {
            return self.usable().map(|()| 0);
        }
        self.prepare().await?;
        Ok(self.write(&rendered, &command.target()).await?.affected)
    }

    /// Sends a statement that writes, and what is needed to keep the objects in step, in one round trip.
    pub(super) async fn write(&mut self, rendered: &Rendered, target: &Target<'_>) -> Result<Answer, Error> {
        let follow = follow(&self.identity, target)?;
        self.state = State::Writing;
        let result = self.write_and_follow(rendered, target, follow).await;
        // After an error of the server the connection itself refuses everything but a rollback.
        self.state = State::Ready;
        result
    }

    async fn write_and_follow(
        &mut self,
        rendered: &Rendered,
        target: &Target<'_>,
        follow: Follow,
    ) -> Result<Answer, Error> {
        let statements = follow.statements(rendered);
        let requests: Vec<_> = statements.iter().map(|statement| request(statement)).collect();
        let answers = self.connect().await?.pipeline(&requests).await;
        let explain = |error| statements.iter().fold(error, |error, statement| statement.explain(error));
        let answers = answers.map_err(explain)?.into_iter();
        self.identity.note_write(target.table());
        self.take_over(target, follow, answers)
    }
}
