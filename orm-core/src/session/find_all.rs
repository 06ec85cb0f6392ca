//! Objects by several keys, the rows of those that are not there in one statement.

use std::collections::{HashMap, HashSet};
use std::panic::Location;

use super::Session;
use crate::error::Error;
use crate::execute::keys_of;
use crate::model::{Handle, IntoKey, Model, Writable};
use crate::query::{by_keys, numbered_by_keys};

impl Session {
    /// The objects with these keys, in the order of the keys; a key without a row, or given a second time, is left out. Rows
    /// of objects that the session does not have, or that are expired, are read in one statement; where there are none,
    /// nothing is sent. Otherwise as [`find`](Session::find).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let users: Vec<Handle<User>> = session.find_all::<User>([1, 2, 3]).await?;
    /// for user in users {
    ///     session[user].age = Some(30);
    /// }
    /// session.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Session::all).
    #[track_caller]
    pub fn find_all<M>(
        &mut self,
        keys: impl IntoIterator<Item = impl IntoKey<M::Key>>,
    ) -> impl Future<Output = Result<Vec<Handle<M>>, Error>>
    where
        M: Model<Kind: Writable>,
    {
        let (_, keys) = keys_of::<M>(keys);
        self.find_all_at(keys, Location::caller())
    }

    async fn find_all_at<M>(
        &mut self,
        keys: Vec<M::Key>,
        at: &'static Location<'static>,
    ) -> Result<Vec<Handle<M>>, Error>
    where
        M: Model<Kind: Writable>,
    {
        self.usable()?;
        self.note_written();
        let mut found: Vec<Option<Handle<M>>> = keys.iter().map(|key| self.fresh(key)).collect();
        let missing: Vec<usize> = (0..keys.len()).filter(|place| found[*place].is_none()).collect();
        if !missing.is_empty() {
            let asked: Vec<M::Key> = missing.iter().map(|place| keys[*place].clone()).collect();
            for (number, handle) in self.read_all::<M>(&asked, at).await? {
                found[missing[number]] = Some(handle);
            }
            for place in missing {
                if found[place].is_none() && !M::META.has_filters() {
                    self.identity.row_is_gone::<M>(&keys[place]);
                }
            }
        }
        let mut seen = HashSet::with_capacity(found.len());
        Ok(found.into_iter().flatten().filter(|handle| seen.insert(*handle)).collect())
    }

    /// The object with this key, if nothing has to be read for it. What a filter of the model leaves out is not found, though
    /// the session may have it.
    pub(super) fn fresh<M: Model>(&self, key: &M::Key) -> Option<Handle<M>> {
        if M::META.has_filters() {
            return None;
        }
        let expired = self.identity.clock().expired;
        let (slot, object) = self.identity.find::<M>(key)?;
        // The flush before a query may give the key to another object.
        let moves = self.flushes_before_queries() && object.now().key() != object.stored().key();
        (!object.is_deleted() && !object.is_expired(expired) && !moves).then(|| self.identity.handle(slot))
    }

    /// The objects of rows with these keys, each with the number of its key.
    async fn read_all<M>(
        &mut self,
        keys: &[M::Key],
        at: &'static Location<'static>,
    ) -> Result<Vec<(usize, Handle<M>)>, Error>
    where
        M: Model<Kind: Writable>,
    {
        if M::META.key().any(|column| column.canonical.is_none()) {
            let rows = self.all(numbered_by_keys::<M>(keys, at)?).await?;
            let rows = rows.into_iter().map(|(number, row)| (number, M::Kind::handle(row)));
            return Ok(rows
                .filter_map(|(number, handle)| Some((usize::try_from(number).ok()?, handle)))
                .collect());
        }
        let rows = self.all(by_keys::<M>(keys, at)).await?;
        let numbers: HashMap<&M::Key, usize> = keys.iter().zip(0..).collect();
        let mut numbered = Vec::with_capacity(rows.len());
        for handle in rows.into_iter().map(M::Kind::handle) {
            let number = numbers.get(&self.object(handle)?.stored().key()).copied();
            numbered.extend(number.map(|number| (number, handle)));
        }
        Ok(numbered)
    }
}
