//! Rows by their keys.

use std::collections::{HashMap, HashSet};
use std::panic::Location;

use super::TransactionConnection;
use crate::engine::Engine;
use crate::error::Error;
use crate::model::{IntoKey, Model, Writable};
use crate::query::{by_key, by_keys, numbered_by_keys};

/// The keys as given, and the same without those that are given twice.
pub(crate) fn keys_of<M: Model>(
    keys: impl IntoIterator<Item = impl IntoKey<M::Key>>,
) -> (Vec<M::Key>, Vec<M::Key>) {
    let requested: Vec<M::Key> = keys.into_iter().map(IntoKey::into_key).collect();
    let mut seen = HashSet::with_capacity(requested.len());
    let once = requested.iter().filter(|key| seen.insert((*key).clone())).cloned().collect();
    (requested, once)
}

/// The rows in the order of the keys.
fn in_order<M: Model>(requested: &[M::Key], rows: Vec<M>) -> Vec<M> {
    let mut found: HashMap<M::Key, M> = rows.into_iter().map(|row| (row.key(), row)).collect();
    let mut ordered = Vec::with_capacity(found.len());
    for key in requested {
        ordered.extend(found.remove(key));
    }
    ordered
}

/// The rows in the order of the keys, each where it comes first.
fn in_order_of_numbers<M: Model>(mut rows: Vec<(i64, M)>) -> Vec<M> {
    rows.sort_by_key(|(number, _)| *number);
    let mut seen = HashSet::with_capacity(rows.len());
    rows.into_iter().map(|(_, row)| row).filter(|row| seen.insert(row.key())).collect()
}

/// Writes the verbs for an engine and a transaction.
macro_rules! verbs {
    ($on:ty, [$($borrow:tt)+]) => {
        impl $on {
            /// The row with this key, if there is one.
            ///
            /// ```no_run
            /// # use orm_core::prelude::*;
            /// # #[derive(Model, Clone, Debug)]
            /// # pub struct User {
            /// #     #[orm(primary_key, generated)]
            /// #     id: i64,
            /// # }
            /// # async fn example(engine: Engine) -> Result<(), orm_core::Error> {
            /// let ann: Option<User> = engine.find::<User>(1).await?;
            /// let some: Vec<User> = engine.find_all::<User>([1, 2, 3]).await?;
            /// # Ok(())
            /// # }
            /// ```
            ///
            /// # Errors
            /// If the server refuses, or a value does not fit its Rust type.
            #[track_caller]
            pub fn find<M>(
                self: $($borrow)+ Self,
                key: impl IntoKey<M::Key>,
            ) -> impl Future<Output = Result<Option<M>, Error>>
            where
                M: Model<Kind: Writable>,
            {
                self.one_or_none(by_key::<M>(&key.into_key(), Location::caller()))
            }

            /// The rows with these keys, in the order of the keys; a key without a row, or given a second time, is left
            /// out. One statement; of no keys nothing is sent.
            ///
            /// # Errors
            /// As [`find`](Self::find).
            ///
            /// ```no_run
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// # async fn example(engine: Engine) -> Result<(), Error> {
            /// let users: Vec<User> = engine.find_all([3, 1, 2]).await?; // in this order
            /// # Ok(())
            /// # }
            /// ```
            #[track_caller]
            pub fn find_all<M>(
                self: $($borrow)+ Self,
                keys: impl IntoIterator<Item = impl IntoKey<M::Key>>,
            ) -> impl Future<Output = Result<Vec<M>, Error>>
            where
                M: Model<Kind: Writable>,
            {
                let at = Location::caller();
                let (requested, once) = keys_of::<M>(keys);
                async move {
                    if once.is_empty() {
                        return Ok(Vec::new());
                    }
                    if M::META.key().any(|column| column.canonical.is_none()) {
                        return Ok(in_order_of_numbers(self.all(numbered_by_keys::<M>(&once, at)?).await?));
                    }
                    let rows = self.all(by_keys::<M>(&once, at)).await?;
                    Ok(in_order(&requested, rows))
                }
            }
        }
    };
}
verbs!(Engine, [&]);
verbs!(TransactionConnection, [&mut]);
