//! Work that does not flush what is pending before its queries.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Weak};

use super::Session;

/// A session that does not flush before queries; made by [`Session::no_autoflush`].
///
/// It is the session itself for as long as it lives. A session that is swapped out of it (`mem::swap(&mut *session, ..)`) takes
/// that along, and flushes again when this is dropped; the one that is swapped in flushes as it did.
#[must_use = "the session flushes before queries again when this is dropped"]
pub struct NoAutoflush<'s> {
    session: &'s mut Session,
    /// While it lives, the session that knows it does not flush.
    _alive: Arc<()>,
}

/// Whether a session is one that does not flush before queries; wherever it is moved to.
#[derive(Default)]
pub(super) struct Pause(Weak<()>);

impl Pause {
    pub(super) fn is_on(&self) -> bool {
        self.0.strong_count() > 0
    }

    /// Is on for as long as what this gives is alive, and what it gave before.
    fn begin(&mut self) -> Arc<()> {
        let alive = self.0.upgrade().unwrap_or_default();
        self.0 = Arc::downgrade(&alive);
        alive
    }
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
        let alive = self.autoflush_pause.begin();
        NoAutoflush { session: self, _alive: alive }
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
