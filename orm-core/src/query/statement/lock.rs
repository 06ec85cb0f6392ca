//! Locks on the rows a SELECT reads.

use std::panic::Location;

use super::Select;
use super::source::source_of;
use crate::model::Table;
use crate::query::ast::{Lock, Locked, Placed, Strength};

impl<R> Select<R> {
    /// Locks the rows until the transaction ends: others that want to change or lock them wait.
    ///
    /// In a session an object whose row is locked takes the values just read, all but those of columns with changes that
    /// are not flushed.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let next = select(Post).order_by(Post.id).limit(1).for_update().skip_locked();
    /// ```
    #[track_caller]
    pub fn for_update(self) -> Self {
        self.locking(|lock| lock.strength = Some(Strength::Update))
    }

    /// As [`for_update`](Select::for_update), and others may add rows that refer to them.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let user = transaction.one(select(User).filter(User.id.eq(1)).for_no_key_update()).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn for_no_key_update(self) -> Self {
        self.locking(|lock| lock.strength = Some(Strength::NoKeyUpdate))
    }

    /// Locks the rows until the transaction ends: others may lock them in this way too, and not change them.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let user = transaction.one(select(User).filter(User.id.eq(1)).for_share()).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn for_share(self) -> Self {
        self.locking(|lock| lock.strength = Some(Strength::Share))
    }

    /// As [`for_share`](Select::for_share), and others may change the rows, except for keys, and not delete them.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let user = transaction.one(select(User).filter(User.id.eq(1)).for_key_share()).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn for_key_share(self) -> Self {
        self.locking(|lock| lock.strength = Some(Strength::KeyShare))
    }

    /// Locks the rows of this table only; several calls name several. Without it the rows of all tables are locked.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let posts = select(Post).join(User, Post.user_id.eq(User.id)).for_update().of(Post);
    /// let locked = transaction.all(posts).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn of(self, table: impl Table) -> Self {
        let at = Location::caller();
        self.locking(|lock| lock.of.push(Placed { content: source_of(&table), at }))
    }

    /// Leaves out rows that somebody else has locked, as a queue of jobs needs it.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let next = transaction.first(select(Post).order_by(Post.id).for_update().skip_locked()).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn skip_locked(self) -> Self {
        self.locking(|lock| lock.locked = Locked::Skip)
    }

    /// Fails at once where somebody else has locked a row ([`is_lock_not_available`]), instead of waiting.
    ///
    /// [`is_lock_not_available`]: crate::Error::is_lock_not_available
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// match transaction.one(select(User).filter(User.id.eq(1)).for_update().nowait()).await {
    ///     Err(error) if error.is_lock_not_available() => println!("somebody else works on it"),
    ///     user => println!("{:?}", user?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn nowait(self) -> Self {
        self.locking(|lock| lock.locked = Locked::Refuse)
    }

    #[track_caller]
    fn locking(mut self, change: impl FnOnce(&mut Lock)) -> Self {
        let at = Location::caller();
        change(&mut self.query.lock.get_or_insert_with(|| Placed { content: Lock::default(), at }).content);
        self
    }
}
