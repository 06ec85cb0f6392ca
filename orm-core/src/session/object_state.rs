//! What state an object is in: new, changed, deleted, expired.

use super::Session;
use super::identity::{Absence, Slot};
use crate::model::{Handle, Model};

impl Session {
    /// Whether the object is in this session: new, or read and neither deleted nor taken out.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let ann = session.add(NewUser::new("Ann"));
    /// assert!(session.contains(ann));
    /// # Ok(())
    /// # }
    /// ```
    pub fn contains<M: Model>(&self, handle: Handle<M>) -> bool {
        match self.identity.slot(handle) {
            Ok(Slot::New(_)) => true,
            Ok(Slot::Object(object)) => !object.is_deleted(),
            Ok(Slot::Withdrawn(..) | Slot::Absent(_)) | Err(_) => false,
        }
    }

    /// Whether the object waits to be inserted.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let ann = session.add(NewUser::new("Ann"));
    /// assert!(session.is_new(ann));
    /// session.flush().await?;
    /// assert!(!session.is_new(ann));
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_new<M: Model>(&self, handle: Handle<M>) -> bool {
        matches!(self.identity.slot(handle), Ok(Slot::New(_)))
    }

    /// Whether the object has changes that are not flushed.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session, user: Handle<User>) -> Result<(), Error> {
    /// session[user].name = "Ann".into();
    /// assert!(session.is_modified(user));
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_modified<M: Model>(&self, handle: Handle<M>) -> bool {
        matches!(self.identity.slot(handle), Ok(Slot::Object(object)) if object.is_modified())
    }

    /// Whether the object's deletion was asked for, or done.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let user = session.one(select(User).filter(User.id.eq(1))).await?;
    /// session.delete(user)?;
    /// assert!(session.is_deleted(user));
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_deleted<M: Model>(&self, handle: Handle<M>) -> bool {
        match self.identity.slot(handle) {
            Ok(Slot::Object(object)) => object.is_being_deleted(),
            Ok(Slot::Withdrawn(_, gone) | Slot::Absent(gone)) => *gone == Absence::Deleted,
            _ => false,
        }
    }

    /// Whether the object's values wait to be read again: because of [`expire`](Session::expire), of a commit with
    /// `expire_on_commit`, or of a transaction that was rolled back, or of which nobody knows the outcome, if it read or
    /// touched the object. `session[handle]` gives what was read last until then.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let user = session.one(select(User).filter(User.id.eq(1))).await?;
    /// session.expire(user)?;
    /// assert!(session.is_expired(user));
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_expired<M: Model>(&self, handle: Handle<M>) -> bool {
        let expired = self.identity.clock().expired;
        matches!(self.identity.slot(handle), Ok(Slot::Object(object)) if object.is_expired(expired))
    }

    /// Whether anything is pending for the next flush.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session, user: Handle<User>) -> Result<(), Error> {
    /// assert!(!session.is_dirty());
    /// session[user].name = "Ann".into();
    /// assert!(session.is_dirty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_dirty(&self) -> bool {
        self.identity.is_dirty()
    }
}
