//! Objects that a session lets go of, or reads again: detach, expunge, expire.

use super::Session;
use super::identity::Absence;
use crate::error::Error;
use crate::model::{Handle, Model};

impl Session {
    /// Takes an object out of the session, as a value.
    ///
    /// # Errors
    /// As [`get`](Session::get).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let user = session.one(select(User).filter(User.id.eq(1))).await?;
    /// let value: User = session.detach(user)?; // changes of it are no longer written
    /// # Ok(())
    /// # }
    /// ```
    pub fn detach<M: Model>(&mut self, handle: Handle<M>) -> Result<M, Error> {
        let object = self.object(handle)?.now().clone();
        self.identity.arena_mut::<M>().0.leave(handle.slot(), Absence::Expunged);
        Ok(object)
    }

    /// Takes an object out of the session; what is pending for it is forgotten.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session, user: Handle<User>) -> Result<(), Error> {
    /// session.expunge(user);
    /// assert!(!session.contains(user));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the handle is of another session, or its object left this one.
    pub fn expunge<M: Model>(&mut self, handle: Handle<M>) -> Result<(), Error> {
        self.present(handle)?;
        self.identity.arena_mut::<M>().0.leave(handle.slot(), Absence::Expunged);
        Ok(())
    }

    /// Takes all objects out of the session; what is pending is forgotten. The transaction goes on.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// session.expunge_all(); // between two batches of an import, to free memory
    /// # Ok(())
    /// # }
    /// ```
    pub fn expunge_all(&mut self) {
        self.identity.expunge_all();
    }

    /// Forgets the changes of an object, and lets the next row that is read replace its values; until then it keeps
    /// those it has.
    ///
    /// An object that is changed by `session[handle]` before its row is read again sends the columns that differ from
    /// those values; if none does, all but its key, for what was assigned may be what they are. [`set`](Session::set)
    /// sends the one column that it is told.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session, user: Handle<User>) -> Result<(), Error> {
    /// // A trigger or another program has changed the row.
    /// session.expire(user);
    /// session.refresh(user).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`get`](Session::get).
    pub fn expire<M: Model>(&mut self, handle: Handle<M>) -> Result<(), Error> {
        self.object(handle)?;
        self.identity.arena_mut::<M>().0.expire(handle.slot());
        Ok(())
    }

    /// Forgets the changes of all objects, and lets the next rows that are read replace their values, as
    /// [`expire`](Session::expire) does for one. New objects and deletions stay pending.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// session.expire_all();
    /// let users = session.all(select(User)).await?; // with the values of the rows
    /// # Ok(())
    /// # }
    /// ```
    pub fn expire_all(&mut self) {
        self.identity.expire_all();
    }
}
