//! The object with given values in unique columns, found or made.

use super::Session;
use crate::error::Error;
use crate::execute::ROUNDS;
use crate::model::{Handle, Model, Writable};
use crate::query::{ColumnList, GetOrInsert};

impl Session {
    /// The object whose row has the values of a new one in unique columns, and whether the row was made just now:
    /// [`Engine::get_or_insert`](crate::Engine::get_or_insert) in the session's transaction. The row is inserted at once, not
    /// with the next flush. A key that the new row refers to has to be given as a key.
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
    /// # async fn example(session: &mut Session) -> Result<(), orm_core::Error> {
    /// let (tag, made): (Handle<Tag>, bool) = session.get_or_insert(Tag.name, NewTag::new("rust")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Engine::get_or_insert`](crate::Engine::get_or_insert), and if the flush before it fails.
    #[track_caller]
    pub fn get_or_insert<M: Model<Kind: Writable>>(
        &mut self,
        columns: impl ColumnList<M>,
        new: M::New,
    ) -> impl Future<Output = Result<(Handle<M>, bool), Error>> + Send {
        let statements = GetOrInsert::new(columns, new);
        async move { self.find_or_insert(statements?).await }
    }

    async fn find_or_insert<M: Model<Kind: Writable>>(
        &mut self,
        statements: GetOrInsert<M>,
    ) -> Result<(Handle<M>, bool), Error> {
        for _ in 0..ROUNDS {
            if let Some(found) = self.one_or_none(&statements.get).await? {
                return Ok((M::Kind::handle(found), false));
            }
            if let Some(made) = self.one_or_none(&statements.insert).await? {
                return Ok((M::Kind::handle(made), true));
            }
        }
        Err(GetOrInsert::<M>::neither())
    }
}
