//! Statements of the user that write, with the objects kept in step.

use super::synchronize::{Follow, follow, needs_reach};
use super::{Session, State};
use crate::engine::Answer;
use crate::error::Error;
use crate::execute::request;
use crate::query::render::Rendered;
use crate::query::{Command, WriteTarget, Writes};

/// What the server says of a form of statement that the table does not allow.
const NOT_SUPPORTED: &str = "0A000";

impl Session {
    /// Executes an insert, update or delete; gives the number of rows it touched. Objects are kept in step as the
    /// statement's [`Synchronize`](crate::query::Synchronize) says, with an insert as with `Auto`: a trigger may keep a
    /// count where its rows point.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let older = update(User).set(User.age, User.age + 1).filter(User.age.is_not_null());
    /// let count: u64 = session.execute(older).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the flush before it fails, or the statement is refused before or by the server; with `Synchronize::Evaluate`
    /// also, before anything is sent, if only the server can tell what it changes.
    pub async fn execute(&mut self, command: impl Command) -> Result<u64, Error> {
        let mut this = self.within(command.time_limit());
        let rendered = command.rendered()?;
        if rendered.is_nothing() {
            return this.usable().map(|()| 0);
        }
        this.prepare().await?;
        Ok(this.write(&rendered, &command.writes()).await?.affected)
    }

    /// Sends a statement that writes, and what is needed to keep the objects in step, in one round trip. There is one more
    /// if the catalogue has to be asked first, and one if what came back shows that more has changed than it tells.
    pub(super) async fn write(&mut self, rendered: &Rendered, writes: &Writes<'_>) -> Result<Answer, Error> {
        self.state = State::Writing;
        let result = match writes {
            Writes::Rows(target) => self.write_and_follow(rendered, target).await,
            Writes::Nothing | Writes::Anything => self.write_anything(rendered).await.map(Ok),
        };
        // After an error of the server the connection itself refuses everything but a rollback.
        self.state = State::Ready;
        result?.map_err(|error| self.written_and_not_told(error))
    }

    /// A statement has written, and what came back of it cannot be taken in: to commit that would make the error untrue.
    pub(super) fn written_and_not_told(&mut self, error: Error) -> Error {
        self.state = State::Failed(error.clone());
        error
    }

    /// Sends SQL of the program: what it wrote, nobody knows.
    async fn write_anything(&mut self, rendered: &Rendered) -> Result<Answer, Error> {
        let answer = self.connect().await?.query(request(rendered)).await;
        let answer = answer.map_err(|error| rendered.explain(error))?;
        self.identity.note_write_anywhere();
        Ok(answer)
    }

    /// Sends the statement; the inner error is one of what came back, when it was written.
    async fn write_and_follow(
        &mut self,
        rendered: &Rendered,
        target: &WriteTarget<'_>,
    ) -> Result<Result<Answer, Error>, Error> {
        let reach = match needs_reach(&self.identity, target) {
            true => Some(self.reach(target.table()).await?),
            false => None,
        };
        let follow = follow(&self.identity, target, rendered, reach.as_deref())?;
        let answers = self.send_all(&follow.statements(rendered)).await;
        if let (Follow::Touched(_), Err(error)) = (&follow, &answers)
            && error.code() == Some(NOT_SUPPORTED)
        {
            // A rule was made since the catalogue was asked, most likely; the next time it will say so.
            self.engine.catalogue().forget();
        }
        let answers = answers?;
        self.identity.note_write(target.table());
        let (answer, more) = match self.take_over(target, follow, answers.into_iter()) {
            Ok(taken) => taken,
            Err(error) => return Ok(Err(error)),
        };
        if !more.is_empty() {
            let statements: Vec<_> = more.iter().map(|reread| &reread.rendered).collect();
            let answers = self.send_all(&statements).await?;
            if let Err(error) = self.take_reread(&more, answers.into_iter()) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(answer))
    }

    async fn send_all(&mut self, statements: &[&Rendered]) -> Result<Vec<Answer>, Error> {
        let requests: Vec<_> = statements.iter().map(|statement| request(statement)).collect();
        let answers = self.connect().await?.pipeline(&requests).await;
        answers.map_err(|error| statements.iter().fold(error, |error, statement| statement.explain(error)))
    }
}
