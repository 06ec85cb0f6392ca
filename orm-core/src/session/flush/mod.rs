//! Pending changes into the database: collect, plan, perform, finalize.

mod affect;
mod ahead;
mod alone;
mod changed_key;
mod collect;
mod component;
mod current_key;
mod describe;
mod divide;
mod edge;
mod finalize;
mod held_key;
mod key_change;
mod keys;
mod link;
mod lock;
mod lock_order;
mod ordering;
mod parent;
mod perform;
mod plan;
mod reference;
mod referenced;
mod refused_order;
mod row_batch;
mod schedule;
mod sequence;
mod statement;
mod step;
mod target;
mod together;
mod trial;
mod uncertain;
mod value;

use super::{Session, State};
use crate::error::Error;
#[cfg(test)]
mod tests;

use collect::collect;
pub(super) use collect::settable;
use held_key::HeldKeys;
use plan::{Planned, plan};
use referenced::Referenced;
pub(super) use value::{Claim, claim_of, inserted, inserted_value, now, stored};

impl Session {
    /// Sends what is pending: new rows, changed columns, deletions, in an order in which foreign keys hold.
    ///
    /// Rows of one table and one shape go out in one statement, and statements that do not wait for each other in one
    /// round trip.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let user = session.add(NewUser::new("Ann"));
    /// session.flush().await?;
    /// println!("{} in a transaction that is still open", session[user].id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the server refuses a row, or a row to be changed or deleted is no longer there
    /// ([`is_stale`](Error::is_stale)). After an error the session can only be rolled back.
    pub async fn flush(&mut self) -> Result<(), Error> {
        self.usable()?;
        if !self.identity.is_dirty() {
            return Ok(());
        }
        self.flush_with_hooks().await
    }

    /// Flushes; with `commit`, COMMIT is sent in the last round trip.
    pub(super) async fn write_pending(&mut self, commit: bool) -> Result<(), Error> {
        self.state = State::Writing;
        let result = self.write_all(commit).await;
        self.state = match &result {
            Ok(()) => State::Ready,
            Err(error) => State::Failed(error.clone()),
        };
        result
    }

    async fn write_all(&mut self, commit: bool) -> Result<(), Error> {
        let begins = !self.in_transaction();
        self.settle_links().await?;
        self.settle_uncertain().await?;
        self.make_keys().await?;
        let has_written = self.insert_targets(begins).await?;
        let begins = begins && !has_written;
        let (mut referenced, mut held) = (Referenced::default(), HeldKeys::default());
        let mut plan = loop {
            let groups = collect(&self.identity)?;
            match plan(&mut self.identity, groups, &referenced, &held)? {
                Planned::Ready(plan) => {
                    if !self.make_keys_of_circles(&plan).await? {
                        break plan;
                    }
                }
                Planned::Asks(rows) => self.ask_who_references(&rows, &mut referenced).await?,
                Planned::AsksKeys(rows) => self.ask_who_holds(&rows, &mut held).await?,
            }
        };
        self.settle_checks(&mut plan).await?;
        self.perform_any_order(plan, (referenced, held), commit, begins).await?;
        self.identity.settle();
        Ok(())
    }
}
