//! Work that does not flush what is pending before its queries.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::Session;

/// A session that does not flush before queries; made by [`Session::no_autoflush`].
///
/// It is the session itself for as long as it lives.
#[must_use = "the session flushes before queries again when this is dropped"]
pub struct NoAutoflush<'s> {
    session: &'s mut Session,
    before: bool,
}

impl Session {
    /// The session without autoflush, for a statement or until what is given is dropped: queries do not see what is
    /// pending, and do not send it.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # async fn count(session: &mut Session) -> Result<(), orm_core::Error> {
    /// let n: i64 = session.no_autoflush().one(select(func::count(User.id))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn no_autoflush(&mut self) -> NoAutoflush<'_> {
        let before = std::mem::replace(&mut self.options.autoflush, false);
        NoAutoflush { session: self, before }
    }
}

impl Drop for NoAutoflush<'_> {
    fn drop(&mut self) {
        self.session.options.autoflush = self.before;
    }
}

impl Deref for NoAutoflush<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session
    }
}

impl DerefMut for NoAutoflush<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.session
    }
}

impl fmt::Debug for NoAutoflush<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.session.fmt(f)
    }
}
