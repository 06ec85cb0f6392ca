//! Saves many values in one go.

use std::collections::HashMap;
use std::panic::Location;

use super::Tracked;
use super::flush::settable;
use crate::engine::{Answer, Connection, Engine};
use crate::error::Error;
use crate::execute::{TransactionConnection, request};
use crate::model::key;
use crate::model::{Model, Writable};
use crate::query::ast::{BatchValues, UpdateBatch};
use crate::query::render::{self, Rendered};
use crate::query::rendered;
use crate::row::Cells;
use crate::schema::ColumnMeta;
use crate::types::{BulkColumn, bulk_column};

/// The UPDATE of the values whose columns that differ are the same.
struct Update {
    /// Their places in the list.
    values: Vec<usize>,
    rendered: Rendered,
}

impl Engine {
    /// Writes the columns of many values that differ from their rows, as [`save`](Engine::save) does for one: one UPDATE
    /// for all values that differ in the same columns, all in one transaction.
    ///
    /// Values that were not read, [`Tracked::unread`], are written whole: an UPDATE of a list of rows by key.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # #[orm(table = "users")]
    /// # struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # async fn import(engine: Engine, users: Vec<User>) -> Result<(), orm_core::Error> {
    /// let mut users: Vec<_> = users.into_iter().map(Tracked::unread).collect();
    /// engine.save_all(&mut users).await?; // UPDATE "users" .. FROM unnest(..)
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`save`](Engine::save), naming the keys of all rows that are not there any more or have another version; if two
    /// of the values have one key. Nothing is written then, and the values stay as they are.
    #[track_caller]
    pub fn save_all<M: Model<Kind: Writable>>(
        &self,
        values: &mut [Tracked<M>],
    ) -> impl Future<Output = Result<(), Error>> {
        self.save_all_at(values, Location::caller())
    }

    async fn save_all_at<M: Model<Kind: Writable>>(
        &self,
        values: &mut [Tracked<M>],
        at: &'static Location<'static>,
    ) -> Result<(), Error> {
        let updates = updates(values, at)?;
        if updates.is_empty() {
            return Ok(());
        }
        let mut transaction = self.begin().await?;
        match written(transaction.writing(M::META), &updates).await {
            Ok(rows) => {
                transaction.commit().await?;
                take(values, rows);
                Ok(())
            }
            Err(error) => {
                // The error says more than that of a lost connection.
                let _ = transaction.rollback().await;
                Err(error)
            }
        }
    }
}

impl TransactionConnection {
    /// Writes the columns of many values that differ from their rows, as [`Engine::save_all`] does, in one round trip.
    ///
    /// # Errors
    /// As [`Engine::save_all`].
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let users = transaction.all(select(User).for_update()).await?;
    /// let mut users: Vec<_> = users.into_iter().map(Tracked::new).collect();
    /// users.iter_mut().for_each(|user| user.age = Some(30));
    /// transaction.save_all(&mut users).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn save_all<M: Model<Kind: Writable>>(
        &mut self,
        values: &mut [Tracked<M>],
    ) -> impl Future<Output = Result<(), Error>> {
        let at = Location::caller();
        async move {
            let updates = updates(values, at)?;
            if !updates.is_empty() {
                let rows = written(self.writing(M::META), &updates).await?;
                take(values, rows);
            }
            Ok(())
        }
    }
}

fn updates<M: Model<Kind: Writable>>(
    values: &[Tracked<M>],
    at: &'static Location<'static>,
) -> Result<Vec<Update>, Error> {
    let table = M::META;
    let mut keys = HashMap::with_capacity(values.len());
    let mut shapes: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
    for (number, value) in values.iter().enumerate() {
        let places = value.changes();
        if places.is_empty() {
            continue;
        }
        if keys.insert(value.stored().key(), number).is_some() {
            return Err(Error::session(format!(
                "two of the values of `{}` have the key {}: which of them the row is to be is not known",
                table.entity,
                key::name_of(&value.stored().key())
            )));
        }
        match shapes.iter_mut().find(|(other, _)| *other == places) {
            Some((_, alike)) => alike.push(number),
            None => {
                settable(table, &places, "`save_all`")?;
                shapes.push((places, vec![number]));
            }
        }
    }
    shapes.into_iter().map(|(places, alike)| update(values, &places, alike, at)).collect()
}

fn update<M: Model<Kind: Writable>>(
    values: &[Tracked<M>],
    places: &[usize],
    alike: Vec<usize>,
    at: &'static Location<'static>,
) -> Result<Update, Error> {
    let table = M::META;
    let sent = |column: &'static ColumnMeta, stored: bool| -> Result<BulkColumn, Error> {
        let cells = alike.iter().map(|&number| {
            let value = if stored { values[number].stored() } else { &*values[number] };
            value.value_at(column.place)
        });
        bulk_column(column.ty, cells).map_err(|cause| column.refused(cause))
    };
    let columns: Vec<_> = places.iter().map(|&place| &table.columns[place]).collect();
    let found_by = table.found_by().map(|column| sent(column, true));
    let cells = found_by.chain(columns.iter().map(|column| sent(column, false)));
    let cells = BatchValues::Many(cells.collect::<Result<_, _>>()?);
    let batch = UpdateBatch { table, columns, defaults: Vec::new(), by_version: true, cells, guarded: true };
    Ok(Update { rendered: Rendered { at: Some(at), ..rendered(&batch)? }, values: alike })
}

/// The rows as they are then, each with the place of its value.
async fn written<M: Model>(
    connection: &mut Connection,
    updates: &[Update],
) -> Result<Vec<(usize, M)>, Error> {
    let requests: Vec<_> = updates.iter().map(|update| request(&update.rendered)).collect();
    let answers = connection.pipeline(&requests).await.map_err(|error| {
        let error = updates.iter().fold(error, |error, update| update.rendered.explain(error));
        stale::<M>(error)
    })?;
    let mut rows = Vec::new();
    for (update, answer) in updates.iter().zip(&answers) {
        let decoded = decoded(update, answer);
        rows.extend(decoded.map_err(|error| error.in_statement(&update.rendered.text.sql))?);
    }
    Ok(rows)
}

fn decoded<M: Model>(update: &Update, answer: &Answer) -> Result<Vec<(usize, M)>, Error> {
    let row = |row| {
        let mut cells = Cells::new(row);
        let number: i64 = cells.read()?;
        let value = usize::try_from(number - 1).ok().and_then(|place| update.values.get(place));
        let value = value
            .ok_or_else(|| Error::decode(format!("the server gave back row {number}, which was not sent")))?;
        Ok((*value, M::decode(&mut cells)?))
    };
    answer.rows.iter().map(row).collect()
}

/// The server's refusal of an UPDATE that missed rows, in words.
fn stale<M: Model>(error: Error) -> Error {
    let keys = error
        .database()
        .and_then(|database| render::stale_rows(database.message()).map(|stale| stale.keys.to_owned()));
    let Some(keys) = keys else { return error };
    let changed = match M::META.version {
        None => "; read what is there",
        Some(_) => ", or were changed by somebody else since they were read; read them again",
    };
    let by_key = M::META.keys_in_words(&keys).unwrap_or_default();
    let shows_values = error.shows_values();
    let stale = Error::stale(format!(
        "rows of `{}` to be saved are not there (any more{changed}){by_key}",
        M::META.entity
    ));
    stale.with_values(format!("by key: {keys}")).showing_values(shows_values).because(error)
}

fn take<M: Model<Kind: Writable>>(values: &mut [Tracked<M>], rows: Vec<(usize, M)>) {
    for (place, row) in rows {
        values[place] = Tracked::new(row);
    }
}
