//! Objects by their handles: add, delete, read, change.

use std::ops::{Index, IndexMut};

use super::Session;
use super::identity::{Absence, Object, Slot};
use super::merge::own_key_is;
use crate::error::Error;
use crate::model::{Handle, IntoKey, Key, Model, NewModel, Writable};

/// What [`Session::get`] takes: the handle of an object of `M`.
#[diagnostic::on_unimplemented(
    message = "an object is read by its handle, and not by `{Self}`",
    label = "expected a `Handle<{M}>`; by its key it is found with `session.find::<{M}>(1).await?`, which gives the handle"
)]
pub trait HandleOf<M> {
    #[doc(hidden)]
    fn handle(self) -> Handle<M>;
}

impl<M> HandleOf<M> for Handle<M> {
    fn handle(self) -> Handle<M> {
        self
    }
}

impl Session {
    /// Adds a new object; its row is inserted with the next flush.
    ///
    /// The handle names the object at once, so that other new objects can refer to it. It is read with `session[handle]`
    /// after the flush, and with [`pending_mut`](Session::pending_mut) before.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let ann: Handle<User> = session.add(NewUser::new("Ann"));
    /// session.add(NewPost::new(ann, "First")); // the key follows when both are flushed
    /// session.commit().await?;
    /// println!("{}", session[ann].id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add<N: NewModel>(&mut self, mut new: N) -> Handle<N::Model> {
        new.prepare();
        let (arena, _) = self.identity.arena_mut::<N::Model>();
        let slot = arena.add(new);
        self.identity.handle(slot)
    }

    /// Adds a new object with a key that the database would make otherwise, such as that of a row copied from elsewhere.
    ///
    /// A sequence does not know of it: `setval` it before it comes to the same number.
    ///
    /// # Errors
    /// If the new object says something else of its key itself.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let ann = session.add_with_key(NewUser::new("Ann"), 1_000_i64)?;
    /// session.commit().await?;
    /// assert_eq!(session[ann].id, 1_000);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_with_key<M, N>(&mut self, new: N, key: impl IntoKey<M::Key>) -> Result<Handle<M>, Error>
    where
        M: Model<New = N, Kind: Writable>,
        N: NewModel<Model = M>,
    {
        let key = key.into_key();
        own_key_is(&key, &new)?;
        let handle = self.add(new);
        let arena = self.identity.arena_mut::<M>().0;
        for (nth, column) in M::META.key().enumerate() {
            arena.give(handle.slot(), column.place, key.part(nth).share());
        }
        Ok(handle)
    }

    /// Adds an object again that was new and left: when the transaction that was to insert it was rolled back, or by
    /// [`delete`](Session::delete). Its handle is the same, and so are its values, unless they were changed by
    /// [`pending_mut`](Session::pending_mut) meanwhile.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # async fn register(session: &mut Session, user: Handle<User>) -> Result<(), orm_core::Error> {
    /// if let Err(error) = session.commit().await {
    ///     session.rollback().await?;
    ///     if !error.is_unique_violation() {
    ///         return Err(error);
    ///     }
    ///     session.pending_mut(user)?.name.push_str(" II");
    ///     session.add_again(user)?;
    ///     session.commit().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the object is in the session, was never new in it, or was taken out of it.
    pub fn add_again<M: Model>(&mut self, handle: Handle<M>) -> Result<(), Error> {
        self.identity.slot(handle)?;
        if self.identity.arena_mut::<M>().0.add_again(handle.slot()) {
            return Ok(());
        }
        self.present(handle)?;
        Err(Error::session(format!("{handle:?} is in the session: only what left it can be added again")))
    }

    /// Adds new objects, as [`add`](Session::add) does with each.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let users = session.add_all(["Ann", "Ben"].map(NewUser::new));
    /// session.commit().await?;
    /// assert_eq!(users.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_all<N: NewModel>(&mut self, new: impl IntoIterator<Item = N>) -> Vec<Handle<N::Model>> {
        let session = self.identity.number();
        let (arena, _) = self.identity.arena_mut::<N::Model>();
        let new = new.into_iter();
        arena.expect_new(new.size_hint().0);
        let add = |mut new: N| {
            new.prepare();
            Handle::new(session, arena.add(new))
        };
        new.map(add).collect()
    }

    /// Asks for the deletion of an object's row with the next flush; a new object that is not inserted yet just leaves.
    /// Until the flush, [`undelete`](Session::undelete) takes it back.
    ///
    /// Of a model with `soft_delete` it sets that column, as a change of the object, which stays in the session.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let ann = session.one(select(User).filter(User.name.eq("Ann"))).await?;
    /// session.delete(ann)?;
    /// session.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the handle is of another session, or its object left this one.
    pub fn delete<M: Model>(&mut self, handle: Handle<M>) -> Result<(), Error> {
        self.present(handle)?;
        self.identity.arena_mut::<M>().0.delete(handle.slot());
        Ok(())
    }

    /// Keeps an object after all whose deletion was asked for and not flushed yet, with the changes it had; one that was
    /// new is new again. An object that is not deleted stays as it is.
    ///
    /// Of a model with `soft_delete` it takes the mark away, also of a row that was marked by an earlier flush or by
    /// somebody else: then it is a change of the object, which the next flush sends.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session, user: Handle<User>) -> Result<(), Error> {
    /// session.delete(user)?;
    /// session.undelete(user);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If its row is deleted already: only a rollback brings that back. If the handle is of another session, or its
    /// object left this one.
    pub fn undelete<M: Model>(&mut self, handle: Handle<M>) -> Result<(), Error> {
        self.identity.slot(handle)?;
        if self.identity.arena_mut::<M>().0.undelete(handle.slot()) {
            return Ok(());
        }
        self.present(handle).map(|_| ())
    }

    /// An object.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session, user: Handle<User>) -> Result<(), Error> {
    /// let name = &session.get(user)?.name; // `session[user].name` panics where this is an error
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If it is not inserted yet or was deleted, or the handle is of another session, or its object left this one.
    pub fn get<M: Model>(&self, handle: impl HandleOf<M>) -> Result<&M, Error> {
        Ok(self.object(handle.handle())?.now())
    }

    /// An object, to be changed; the next flush sends the columns that differ.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session, user: Handle<User>) -> Result<(), Error> {
    /// session.get_mut(user)?.name = "Ann".into();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`get`](Session::get), and if its deletion was asked for: a change would be lost.
    pub fn get_mut<M: Model>(&mut self, handle: impl HandleOf<M>) -> Result<&mut M, Error> {
        let handle = handle.handle();
        self.changeable(handle)?;
        let (arena, clock) = self.identity.arena_mut::<M>();
        let changed = arena.change(handle.slot(), clock);
        changed.ok_or_else(|| Error::session(format!("this session has no object {handle:?}")))
    }

    /// A new object that is not inserted yet, or that a rollback or [`delete`](Session::delete) has taken back, to be
    /// read.
    ///
    /// # Errors
    /// If it is inserted already, or the handle is of another session, or its object left this one.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let ann = session.add(NewUser::new("Ann"));
    /// assert_eq!(session.pending(ann)?.name, "Ann");
    /// # Ok(())
    /// # }
    /// ```
    pub fn pending<M: Model>(&self, handle: Handle<M>) -> Result<&M::New, Error> {
        match self.identity.slot(handle)? {
            Slot::New(new) | Slot::Withdrawn(new, _) => Ok(new),
            _ => Err(self.not_pending(handle)),
        }
    }

    /// A new object that is not inserted yet, or that a rollback or [`delete`](Session::delete) has taken back, to be
    /// read or changed. [`add_again`](Session::add_again) adds what was taken back.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let user = session.add(NewUser::new("Ann"));
    /// session.pending_mut(user).expect("not flushed yet").age = Some(30);
    /// session.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`pending`](Session::pending).
    pub fn pending_mut<M: Model>(&mut self, handle: Handle<M>) -> Result<&mut M::New, Error> {
        self.pending(handle)?;
        let new = self.identity.arena_mut::<M>().0.pending_mut(handle.slot());
        new.ok_or_else(|| Error::session(format!("this session has no new object {handle:?}")))
    }

    fn not_pending<M: Model>(&self, handle: Handle<M>) -> Error {
        match self.present(handle) {
            Ok(_) => Error::session(format!("{handle:?} is inserted already: use `session[handle]`")),
            Err(error) => error,
        }
    }

    /// The objects of several handles.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let users: Vec<Handle<User>> = session.all(select(User)).await?;
    /// let names: Vec<&str> = session.values(&users).map(|user| user.name.as_str()).collect();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As `session[handle]`, when the object in question is reached.
    pub fn values<M: Model>(&self, handles: &[Handle<M>]) -> impl Iterator<Item = &M> {
        handles.iter().map(|handle| &self[*handle])
    }

    /// An object whose row is in the database.
    pub(super) fn object<M: Model>(&self, handle: Handle<M>) -> Result<&Object<M>, Error> {
        match self.present(handle)? {
            Slot::Object(object) => Ok(object),
            _ => Err(Error::session(format!(
                "{handle:?} is not inserted yet: call `session.flush().await?` before reading it, or use `pending_mut`"
            ))),
        }
    }

    /// An object whose row is in the database and is to stay there.
    pub(super) fn changeable<M: Model>(&self, handle: Handle<M>) -> Result<(), Error> {
        if !self.object(handle)?.is_being_deleted() {
            return Ok(());
        }
        Err(Error::session(format!(
            "{handle:?} is marked to be deleted with the next flush, and a change would be lost: `undelete` it first"
        )))
    }

    /// An object that is in the session.
    pub(super) fn present<M: Model>(&self, handle: Handle<M>) -> Result<&Slot<M>, Error> {
        let why = match self.identity.slot(handle)? {
            Slot::Withdrawn(_, gone) | Slot::Absent(gone) => gone.words(),
            Slot::Object(object) if object.is_deleted() => Absence::Deleted.words(),
            slot => return Ok(slot),
        };
        Err(Error::session(format!("{handle:?} {why}")))
    }
}

impl<M: Model> Index<Handle<M>> for Session {
    type Output = M;

    #[track_caller]
    fn index(&self, handle: Handle<M>) -> &M {
        match self.get(handle) {
            Ok(object) => object,
            Err(error) => panic!("{error}"),
        }
    }
}

impl<M: Model> IndexMut<Handle<M>> for Session {
    #[track_caller]
    fn index_mut(&mut self, handle: Handle<M>) -> &mut M {
        match self.get_mut(handle) {
            Ok(object) => object,
            Err(error) => panic!("{error}"),
        }
    }
}
