//! The row with given values in unique columns, found or made.

use super::TransactionConnection;
use super::single::fetch_one_or_none;
use crate::engine::{Connection, Engine};
use crate::error::Error;
use crate::model::{Model, Writable};
use crate::query::{ColumnList, GetOrInsert, Query};

/// How often it is tried: each time another transaction has deleted the row between the two statements.
pub(crate) const ROUNDS: usize = 8;

async fn get_or_insert<M: Model<Kind: Writable>>(
    connection: &mut Connection,
    statements: &GetOrInsert<M>,
) -> Result<(M, bool), Error> {
    let (get, insert) = (statements.get.plan()?, statements.insert.plan()?);
    for _ in 0..ROUNDS {
        if let Some(row) = fetch_one_or_none(connection, &get).await? {
            return Ok((row, false));
        }
        let made = fetch_one_or_none(connection, &insert).await;
        // In a transaction nothing is committed by itself.
        let made =
            made.map_err(|error| if connection.in_transaction() { error } else { error.of_autocommit() });
        if let Some(row) = made? {
            return Ok((row, true));
        }
    }
    Err(GetOrInsert::<M>::neither())
}

impl Engine {
    /// The row that has the values of a new one in unique columns, and whether it was made: `false` where it was there, which
    /// then stays as it is. One round trip where it is there, two where it is made. Of tasks that do the same at the same
    /// moment one makes the row, and all get it. The primary is asked, whatever replicas there are.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # #[orm(table = "tags")]
    /// # pub struct Tag {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     #[orm(unique)]
    /// #     name: String,
    /// # }
    /// # async fn example(engine: Engine) -> Result<(), orm_core::Error> {
    /// let (tag, made): (Tag, bool) = engine.get_or_insert(Tag.name, NewTag::new("rust")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the columns are not those of the primary key, a unique constraint or a unique index, or the new row leaves one of
    /// them to the database; if a statement is refused by the server.
    #[track_caller]
    pub fn get_or_insert<M: Model<Kind: Writable>>(
        &self,
        columns: impl ColumnList<M>,
        new: M::New,
    ) -> impl Future<Output = Result<(M, bool), Error>> + Send {
        let statements = GetOrInsert::new(columns, new);
        async move { get_or_insert(&mut self.acquire().await?, &statements?).await }
    }
}

impl TransactionConnection {
    /// As [`Engine::get_or_insert`], inside the transaction. A row that another transaction is about to make is waited for.
    ///
    /// # Errors
    /// As [`Engine::get_or_insert`]; at REPEATABLE READ, if another transaction has made the row meanwhile
    /// ([`is_retryable`](Error::is_retryable)).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let (pet, is_new) = transaction.get_or_insert::<Pet>(Pet.name, NewPet::new("Rex", Mood::Happy)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn get_or_insert<M: Model<Kind: Writable>>(
        &mut self,
        columns: impl ColumnList<M>,
        new: M::New,
    ) -> impl Future<Output = Result<(M, bool), Error>> + Send {
        let statements = GetOrInsert::new(columns, new);
        async move { get_or_insert(self.writing(M::META), &statements?).await }
    }
}
