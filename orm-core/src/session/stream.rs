//! Rows one by one, their models taken in as they come.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;

use super::identity::IdentityTracker;
use crate::engine::Connection;
use crate::error::Error;
use crate::execute::RowStream;
use crate::model::Row;
use crate::query::Plan;

/// The rows of a statement of a session, as they come; models among them as handles.
pub struct TrackedStream<'s, R> {
    rows: RowStream<'s, R>,
    tracker: IdentityTracker<'s>,
}

impl<'s, R: Row> TrackedStream<'s, R> {
    pub(super) async fn open(
        connection: &'s mut Connection,
        plan: Plan<R>,
        tracker: IdentityTracker<'s>,
    ) -> Result<TrackedStream<'s, R>, Error> {
        Ok(TrackedStream { rows: RowStream::open_borrowed(connection, plan).await?, tracker })
    }

    /// The next row; `None` after the last.
    ///
    /// # Errors
    /// If the server or the connection fails, or a value does not fit its Rust type.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let mut names = session.stream(select(User.name)).await?;
    /// while let Some(name) = names.next().await {
    ///     println!("{}", name?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<R::Tracked, Error>> {
        let row = self.rows.next().await?;
        Some(row.map(|row| row.track(&mut self.tracker)))
    }
}

impl<R: Row> Stream for TrackedStream<'_, R> {
    type Item = Result<R::Tracked, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let row = Pin::new(&mut this.rows).poll_next(context);
        row.map(|row| row.map(|row| row.map(|row| row.track(&mut this.tracker))))
    }
}

impl<R> fmt::Debug for TrackedStream<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.fmt(f)
    }
}
