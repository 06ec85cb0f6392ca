//! A value that knows what its row was, to be saved without a session.

use std::ops::{Deref, DerefMut};
use std::panic::Location;

use super::flush::settable;
use super::identity::{differences, free_columns};
use crate::engine::{Connection, Engine};
use crate::error::Error;
use crate::execute::{TransactionConnection, fetch};
use crate::model::key;
use crate::model::{Model, Writable};
use crate::query::ast::{BatchValues, UpdateBatch};
use crate::query::render::Rendered;
use crate::query::{Make, Plan, rendered};
use crate::schema::ColumnMeta;
use crate::types::Parameter;

/// A value read before, with what its row held then: changed as the value itself, and saved by
/// [`Engine::save`], or by [`save`](TransactionConnection::save) of a transaction, which send only the columns that differ.
///
/// It is for a program that loads one row, edits it and saves it; a [`Session`](super::Session) is for work on several.
///
/// ```no_run
/// # use orm_core::prelude::*;
/// # #[derive(Model, Clone, Debug)]
/// # #[orm(table = "users")]
/// # struct User {
/// #     #[orm(primary_key, generated)]
/// #     id: i64,
/// #     name: String,
/// #     age: Option<i32>,
/// # }
/// # async fn birthday(engine: Engine) -> Result<(), orm_core::Error> {
/// let mut user = Tracked::new(engine.one(select(User).filter(User.name.eq("Alice"))).await?);
/// user.age = Some(26);
/// engine.save(&mut user).await?; // UPDATE "users" SET "age" = $1 WHERE "id" = $2 ..
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Tracked<M> {
    now: M,
    /// The row as it was read, once the value may have been changed.
    was: Option<Box<M>>,
    /// Whether the value is of elsewhere, and nothing is known of its row but the key.
    is_unread: bool,
}

impl<M: Model<Kind: Writable>> Tracked<M> {
    /// Follows the changes of a value that was just read. A copy is made with the first of them only.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut user = Tracked::new(engine.one(select(User).filter(User.id.eq(1))).await?);
    /// user.age = Some(30);
    /// engine.save(&mut user).await?; // the age alone
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(value: M) -> Tracked<M> {
        Tracked { now: value, was: None, is_unread: false }
    }

    /// Takes a value from elsewhere for a row that was not read: all its columns are written, to the row that has its
    /// key and, if the model has one, its version.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut user = Tracked::unread(User { id: 1, name: "Ann".into(), age: Some(30) });
    /// engine.save(&mut user).await?; // all columns, without a read before
    /// # Ok(())
    /// # }
    /// ```
    pub fn unread(value: M) -> Tracked<M> {
        Tracked { now: value, was: None, is_unread: true }
    }

    /// Whether a column differs from what the row held when it was read or saved last.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut user = Tracked::new(engine.one(select(User).filter(User.id.eq(1))).await?);
    /// assert!(!user.is_modified());
    /// user.age = Some(30);
    /// assert!(user.is_modified());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_modified(&self) -> bool {
        !self.changes().is_empty()
    }

    /// The value as it is now, saved or not.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let user = Tracked::new(engine.one(select(User).filter(User.id.eq(1))).await?);
    /// let value: User = user.into_inner();
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_inner(self) -> M {
        self.now
    }

    /// What the row held when it was read or saved last.
    pub(super) fn stored(&self) -> &M {
        self.was.as_deref().unwrap_or(&self.now)
    }

    pub(super) fn changes(&self) -> Vec<usize> {
        if self.is_unread {
            return free_columns(M::META).map(|column| column.place).collect();
        }
        self.was.iter().flat_map(|was| differences(&self.now, was)).collect()
    }

    /// The UPDATE of the columns that differ, if there are any.
    fn update(&self, at: &'static Location<'static>) -> Result<Option<Plan<M>>, Error> {
        let places = self.changes();
        if places.is_empty() {
            return Ok(None);
        }
        let table = M::META;
        settable(table, &places, "`save`")?;
        let columns: Vec<_> = places.iter().map(|&place| &table.columns[place]).collect();
        let cell = |value: &M, column: &ColumnMeta| Parameter::shared(value.value_at(column.place).share());
        let found_by = table.found_by().map(|column| cell(self.stored(), column));
        let cells = found_by.chain(columns.iter().map(|column| cell(&self.now, column))).collect();
        let batch = UpdateBatch {
            table,
            columns,
            defaults: Vec::new(),
            by_version: true,
            cells: BatchValues::One(cells),
            guarded: false,
        };
        let rendered = Rendered { at: Some(at), ..rendered(&batch)? };
        Ok(Some(Plan { rendered, make: Make::Decode(M::decode), what: table.entity }))
    }

    async fn save(&mut self, connection: &mut Connection, update: &Plan<M>) -> Result<(), Error> {
        match fetch(connection, update).await?.into_iter().next() {
            Some(row) => {
                *self = Tracked::new(row);
                Ok(())
            }
            None => {
                let stale = self.stale().in_statement(&update.rendered.text.sql);
                Err(stale.showing_values(connection.shows_values()))
            }
        }
    }

    fn stale(&self) -> Error {
        let changed = match M::META.version {
            None => "",
            Some(_) => ", or was changed by somebody else since it was read",
        };
        let key = self.stored().key();
        let stale = Error::stale(format!(
            "the row of `{}` with the key {} is not there any more{changed}: read it again",
            M::META.entity,
            key::name_of(&key)
        ));
        stale.with_values(format!("{key:?}"))
    }
}

impl<M> Deref for Tracked<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.now
    }
}

impl<M: Clone> DerefMut for Tracked<M> {
    fn deref_mut(&mut self) -> &mut M {
        if self.was.is_none() && !self.is_unread {
            self.was = Some(Box::new(self.now.clone()));
        }
        &mut self.now
    }
}

impl Engine {
    /// Writes the columns of a value that differ from its row, found by its key and, if the model has one, its version;
    /// in one round trip, or in none if nothing differs. The value then is the row as the UPDATE left it: with a version
    /// counted up, columns that the database computes, and what a BEFORE trigger made of it.
    ///
    /// Dropped half way, it leaves the value modified, and the row as it was or as it would be.
    ///
    /// # Errors
    /// If the row is not there any more, or has another version ([`is_stale`](Error::is_stale)); if a column was changed
    /// that the database computes; if the server refuses. The value stays as it is then, and modified. If the row that comes
    /// back does not fit the model, it is written all the same ([`is_committed`](Error::is_committed)); if the connection
    /// is lost meanwhile, nobody knows ([`is_outcome_unknown`](Error::is_outcome_unknown)).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut user = Tracked::new(engine.one(select(User).filter(User.id.eq(1))).await?);
    /// user.age = Some(30);
    /// engine.save(&mut user).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn save<M: Model<Kind: Writable>>(
        &self,
        value: &mut Tracked<M>,
    ) -> impl Future<Output = Result<(), Error>> {
        let at = Location::caller();
        async move {
            let Some(update) = value.update(at)? else { return Ok(()) };
            let mut route = self.route(false);
            loop {
                match value.save(&mut route.acquire().await?, &update).await {
                    Err(error) if route.goes_on(&error) => {}
                    saved => return saved.map_err(Error::of_autocommit),
                }
            }
        }
    }
}

impl TransactionConnection {
    /// Writes the columns of a value that differ from its row, as [`Engine::save`] does. After a rollback the value
    /// still is what it was saved as: read it again.
    ///
    /// # Errors
    /// As [`Engine::save`].
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let mut user = Tracked::new(transaction.one(select(User).filter(User.id.eq(1)).for_update()).await?);
    /// user.age = Some(30);
    /// transaction.save(&mut user).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn save<M: Model<Kind: Writable>>(
        &mut self,
        value: &mut Tracked<M>,
    ) -> impl Future<Output = Result<(), Error>> {
        let at = Location::caller();
        async move {
            match value.update(at)? {
                Some(update) => value.save(self.writing(M::META), &update).await,
                None => Ok(()),
            }
        }
    }
}
