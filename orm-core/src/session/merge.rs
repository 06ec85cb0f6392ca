//! Takes values from elsewhere over into objects.

use std::panic::Location;

use super::Session;
use super::identity::free_columns;
use crate::error::Error;
use crate::model::key;
use crate::model::{Handle, IntoKey, Key, Model, NewModel, NewValue, Writable};
use crate::query::ast::filter_names;
use crate::query::by_key;
use crate::types::Value;

impl Session {
    /// Takes values from elsewhere, such as a detached object or a form, over into the object with their key: what differs
    /// from its row is a change, which the next flush sends. The row is read if the session does not have it.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// // Made of a form or of JSON, with the key and the new values.
    /// let user = session.merge(User { id: 1, name: "Ann".into(), age: Some(31) }).await?;
    /// session.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`find`](Session::find), and if there is no row with this key ([`add`](Session::add) a new one), or a filter
    /// of the model leaves it out. If the model
    /// has a version and the row another one than the values ([`is_stale`](Error::is_stale)): they are of a row that
    /// was changed since.
    #[track_caller]
    pub fn merge<M>(&mut self, values: M) -> impl Future<Output = Result<Handle<M>, Error>>
    where
        M: Model<Kind: Writable>,
    {
        self.merge_at(values, Location::caller())
    }

    async fn merge_at<M>(&mut self, values: M, at: &'static Location<'static>) -> Result<Handle<M>, Error>
    where
        M: Model<Kind: Writable>,
    {
        let key = values.key();
        let Some(handle) = self.find_at::<M>(key.clone(), at).await? else {
            self.is_not_left_out::<M>(&key, at).await?;
            return Err(self.nothing_to_merge_into::<M>(&key));
        };
        self.is_current(handle, &values, at).await?;
        *self.get_mut(handle)? = values;
        Ok(handle)
    }

    fn nothing_to_merge_into<M: Model>(&self, key: &M::Key) -> Error {
        let error = Error::row_not_made(format!(
            "there is no row of `{}` with the key {} to merge into: `merge_or_add(key, new)` adds it",
            M::META.entity,
            key::name_of(key)
        ));
        error.with_values(format!("{key:?}")).showing_values(self.engine.shows_values())
    }

    /// Refuses a key that was not found and whose row is there: a filter of the model leaves it out.
    async fn is_not_left_out<M: Model>(
        &mut self,
        key: &M::Key,
        at: &'static Location<'static>,
    ) -> Result<(), Error> {
        if !M::META.has_filters()
            || !self.connection().await?.exists(by_key::<M>(key, at).without_filters()).await?
        {
            return Ok(());
        }
        let names: Vec<_> = filter_names(M::META).collect();
        let without: String = names.iter().map(|name| format!(".without(\"{name}\")")).collect();
        let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        let error = Error::row_not_made(format!(
            "the row of `{0}` with the key {1} is there, and a filter of the model leaves it out ({2}): read it by \
             `select({0}){without}` and change its object{3}",
            M::META.entity,
            key::name_of(key),
            names.join(", "),
            if M::META.soft_delete.is_some() {
                "; `undelete` takes the mark of a deleted one away"
            } else {
                ""
            }
        ));
        Err(error.with_values(format!("{key:?}")).showing_values(self.engine.shows_values()))
    }

    /// Refuses values of another version than the row has.
    async fn is_current<M: Model>(
        &mut self,
        handle: Handle<M>,
        values: &M,
        at: &'static Location<'static>,
    ) -> Result<(), Error> {
        let Some(version) = M::META.version_column().map(|column| column.place) else { return Ok(()) };
        let is_current = |session: &Session| {
            Ok::<_, Error>(session.object(handle)?.stored().value_at(version).same(values.value_at(version)))
        };
        if !is_current(self)? && !self.is_modified(handle) {
            // It may be the object that is behind.
            self.refresh_at(handle, at).await?;
        }
        if is_current(self)? {
            return Ok(());
        }
        let key = values.key();
        let error = Error::stale(format!(
            "the values of `{}` with the key {} are of another version than its row, which was changed by somebody else \
             since they were read: read it again",
            M::META.entity,
            key::name_of(&key)
        ));
        Err(error.with_values(format!("{key:?}")).showing_values(self.engine.shows_values()))
    }

    /// Takes what a new object says over into the object with this key, or adds it with this key if there is no such row:
    /// what it says nothing of stays as it is there, or is made as for any new row. A new object with this key that is not
    /// inserted yet takes it over too.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct Setting {
    /// #     #[orm(primary_key)]
    /// #     name: String,
    /// #     value: String,
    /// # }
    /// # async fn store(session: &mut Session) -> Result<(), orm_core::Error> {
    /// session.merge_or_add("color", NewSetting::new("color", "red")).await?;
    /// session.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Another session may add the row between the read and the flush, which is then refused as a unique violation;
    /// `insert(..).on_conflict(..)` is the statement for that.
    ///
    /// # Errors
    /// As [`find`](Session::find); if the new object gives another key itself; if it refers to an object that is not
    /// inserted yet while its own row is there; if the object with this key is marked deleted, or a filter of the model leaves
    /// its row out, as `soft_delete` does.
    #[track_caller]
    pub fn merge_or_add<M, N>(
        &mut self,
        key: impl IntoKey<M::Key> + Send,
        new: N,
    ) -> impl Future<Output = Result<Handle<M>, Error>>
    where
        M: Model<New = N, Kind: Writable>,
        N: NewModel<Model = M>,
    {
        self.merge_or_add_at(key.into_key(), new, Location::caller())
    }

    async fn merge_or_add_at<M, N>(
        &mut self,
        key: M::Key,
        new: N,
        at: &'static Location<'static>,
    ) -> Result<Handle<M>, Error>
    where
        M: Model<New = N, Kind: Writable>,
        N: NewModel<Model = M>,
    {
        let Some(handle) = self.find_at::<M>(key.clone(), at).await? else {
            own_key_is(&key, &new)?;
            self.is_not_left_out::<M>(&key, at).await?;
            let arena = self.identity.arena_mut::<M>().0;
            return match arena.pending_with(&key) {
                Some(slot) => arena.merge_new(slot, new).map(|()| self.identity.handle(slot)),
                None => self.add_with_key(new, key),
            };
        };
        self.changeable(handle)?;
        own_key_is(&key, &new)?;
        for column in free_columns(M::META) {
            let value = match new.value(column.place) {
                NewValue::Default => continue,
                NewValue::Null => (&None::<bool> as &dyn Value).share(),
                NewValue::Value(value) => value.share(),
                NewValue::Pending(pending) => match self.identity.referenced(pending, column)? {
                    Some(value) => value.share(),
                    None => {
                        return Err(Error::session(format!(
                            "`{column:?}` is to refer to an object that is not inserted yet: flush before it is merged"
                        )));
                    }
                },
            };
            self.get_mut(handle)?.value_at_mut(column.place).assign(&*value);
        }
        Ok(handle)
    }
}

/// Refuses a new object that says something else of its key.
pub(super) fn own_key_is<M, N>(key: &M::Key, new: &N) -> Result<(), Error>
where
    M: Model,
    N: NewModel<Model = M>,
{
    for (nth, column) in M::META.key().enumerate() {
        let is_other = match new.value(column.place) {
            NewValue::Default => false,
            NewValue::Value(value) => !value.same(key.part(nth)) && value.equals(key.part(nth)) != Some(true),
            NewValue::Null | NewValue::Pending(_) => true,
        };
        if is_other {
            return Err(Error::session(format!(
                "the new `{}` gives `{column:?}` itself, and not as the key it is to have: give the same, or the key alone",
                M::META.entity
            )));
        }
    }
    Ok(())
}
