//! Columns and relations of objects that are given values and other objects.

use super::Session;
use super::flush::settable;
use crate::error::Error;
use crate::model::relation::{Maybe, One, Relation};
use crate::model::{Handle, Model, Pending, Writable};
use crate::query::ast::Node;
use crate::query::{Assign, Column};
use crate::types::SqlType;

/// What of an object of `M` can be set to a `V`: a column to a value, a relation to one to an object.
#[diagnostic::on_unimplemented(
    message = "`{Self}` of an object of `{M}` cannot be set",
    label = "expected a column of `{M}`, or a relation to one and the handle of a related object",
    note = "a relation that may be missing takes an `Option` too; rows of a relation to many are given their parent one by one, \
            or by `session.link(..)` if it is a `many_to_many`"
)]
pub trait Attribute<M: Model, V> {
    #[doc(hidden)]
    fn set(self, session: &mut Session, handle: Handle<M>, value: V) -> Result<(), Error>;
}

impl Session {
    /// Gives a column of an object a value, or a relation to one another object; the next flush sends it, also if it is what
    /// the object held, which may be expired.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # #[orm(has_one(profile = Profile.user_id))]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # #[derive(Model, Clone, Debug)]
    /// # struct Profile {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     #[orm(unique, references = User.id, relation = user)]
    /// #     user_id: i64,
    /// # }
    /// # fn example(session: &mut Session, user: Handle<User>, profile: Handle<Profile>) -> Result<(), orm_core::Error> {
    /// session.set(user, User.name, "Ann")?;
    /// let new_user = session.add(NewUser::new("Bob"));
    /// session.set(profile, Profile.user, new_user) // whose key is not known yet
    /// # }
    /// ```
    ///
    /// An object means the row that it has when all is flushed. Until its key is known `session[handle]` shows the key that
    /// was there; what is assigned to the column later takes the place of the object. A relation that may be missing takes an
    /// `Option`.
    ///
    /// A `has_one` gives the other row its foreign key. The one that had it before, loaded or not, becomes what the foreign key
    /// says of the deletion of its parent: with `on_delete = cascade` it is deleted; else its foreign key becomes NULL. Of several
    /// calls for one parent the last counts. Of a model with `soft_delete` it is marked as deleted and keeps its key, unless that
    /// may be NULL and is unique among all rows: one that is marked and in the way otherwise is an error of the flush.
    ///
    /// # Errors
    /// As [`get_mut`](Session::get_mut), and if the column is a version or computed by the database, or what is given is an
    /// expression that only the server can compute, or an object of another session. Of a relation the object may be new.
    pub fn set<M: Model, A: Attribute<M, V>, V>(
        &mut self,
        handle: Handle<M>,
        attribute: A,
        value: V,
    ) -> Result<(), Error> {
        attribute.set(self, handle, value)
    }

    /// The name of an object that is in the session, or new in it, and is to stay there.
    pub(super) fn named<M: Model>(&self, handle: Handle<M>) -> Result<Pending, Error> {
        if !self.is_new(handle) {
            self.changeable(handle)?;
        }
        Ok(Pending { table: M::META, session: handle.session(), slot: handle.slot() })
    }
}

impl<M: Model, T: SqlType, V: Assign<T>> Attribute<M, V> for Column<M, T> {
    fn set(self, session: &mut Session, handle: Handle<M>, value: V) -> Result<(), Error> {
        session.changeable(handle)?;
        let meta = self.meta();
        settable(M::META, &[meta.place], "the flush")?;
        let node = value.assigned().into_node();
        let value = match &node {
            Node::Parameter(parameter) => parameter.value(),
            _ => None,
        };
        let Some(value) = value else {
            return Err(Error::session(format!(
                "`{meta:?}` of an object is set to a value: for what only the server can compute use `update(..)`"
            )));
        };
        if session.identity.arena_mut::<M>().0.set(handle.slot(), meta.place, &**value) {
            return Ok(());
        }
        Err(Error::session(format!("`{meta:?}` cannot hold a value of {}", value.pg_type().name)))
    }
}

impl<M: Model, C: Model<Kind: Writable>> Attribute<M, Handle<C>> for Relation<M, C, One> {
    fn set(self, session: &mut Session, handle: Handle<M>, value: Handle<C>) -> Result<(), Error> {
        refer(session, handle, self, Some(value))
    }
}

impl<M: Model, C: Model<Kind: Writable>> Attribute<M, Handle<C>> for Relation<M, C, Maybe> {
    fn set(self, session: &mut Session, handle: Handle<M>, value: Handle<C>) -> Result<(), Error> {
        refer(session, handle, self, Some(value))
    }
}

impl<M: Model, C: Model<Kind: Writable>> Attribute<M, Option<Handle<C>>> for Relation<M, C, Maybe> {
    fn set(self, session: &mut Session, handle: Handle<M>, value: Option<Handle<C>>) -> Result<(), Error> {
        refer(session, handle, self, value)
    }
}

/// Gives an object another one that a relation leads to.
fn refer<M: Model, C: Model<Kind: Writable>, A>(
    session: &mut Session,
    handle: Handle<M>,
    relation: Relation<M, C, A>,
    to: Option<Handle<C>>,
) -> Result<(), Error> {
    let own = session.named(handle)?;
    let path = relation.path();
    if path.leads_to_children {
        if let Some(child) = to {
            session.named(child)?;
        }
        return session.replace_child(own, path, to);
    }
    let to = to.map(|to| session.named(to)).transpose()?;
    for (column, target) in path.start.columns().zip(path.end.columns()) {
        // With one column NULL the whole points at nothing; the others may belong to more than this key.
        if to.is_some() || column.nullable {
            session.identity.refer(own.slot, column, to.map(|to| (to, target)))?;
        }
    }
    Ok(())
}
