//! Reads what values in hand are related to.

use super::{Reading, RelationOf};
use crate::engine::Engine;
use crate::error::Error;
use crate::execute::{TransactionConnection, finish};
use crate::model::Model;
use crate::query::{KeyPlaces, Keys, Step};

/// What is to be read of a relation of these objects.
pub(crate) fn step<'a, M: Model, F>(
    objects: impl Iterator<Item = &'a M>,
    reading: Reading<F>,
) -> Result<Step<F>, Error> {
    let Reading { path, related, .. } = reading;
    let mut keys = Keys::new(KeyPlaces(path.start.columns().map(|column| (column, column.place)).collect()));
    for object in objects {
        keys.take_object(|place| object.value_at(place))?;
    }
    related.read(keys, 0)
}

impl Engine {
    /// What each of these objects is related to, in their order; read as by [`with`](crate::query::Select::with), in one
    /// statement for all of them, and one for each relation below. Of no objects nothing is sent.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # #[orm(has_many(posts = Post.user_id))]
    /// # pub struct User {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// # }
    /// # #[derive(Model, Clone, Debug)]
    /// # pub struct Post {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// #     #[orm(references = User.id)]
    /// #     user_id: i64,
    /// # }
    /// # async fn example(engine: Engine, users: Vec<User>) -> Result<(), orm_core::Error> {
    /// let posts: Vec<Vec<Post>> = engine.load(&users, User.posts).await?;
    /// for (user, posts) in users.iter().zip(&posts) {
    ///     println!("{} {}", user.id, posts.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If a statement is refused before or by the server, or a value does not fit its Rust type.
    #[track_caller]
    pub fn load<M: Model, L: RelationOf<M>>(
        &self,
        objects: &[M],
        relation: L,
    ) -> impl Future<Output = Result<Vec<L::Found>, Error>> {
        let reading = relation.reading();
        async move {
            match step(objects.iter(), reading)? {
                Step::Done(found) => Ok(found),
                step => finish(&mut self.acquire().await?, step).await,
            }
        }
    }
}

impl TransactionConnection {
    /// What each of these objects is related to, in their order; as [`Engine::load`].
    ///
    /// # Errors
    /// As [`Engine::load`].
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut transaction: orm_core::Transaction) -> Result<(), Error> {
    /// let users = transaction.all(select(User)).await?;
    /// let posts: Vec<Vec<Post>> = transaction.load(&users, User.posts).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn load<M: Model, L: RelationOf<M>>(
        &mut self,
        objects: &[M],
        relation: L,
    ) -> impl Future<Output = Result<Vec<L::Found>, Error>> {
        let reading = relation.reading();
        async move { finish(self.raw(), step(objects.iter(), reading)?).await }
    }
}
