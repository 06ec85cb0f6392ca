//! Reads what objects of a session are related to.

use super::Session;
use super::identity::Populate;
use crate::error::Error;
use crate::execute::finish;
use crate::loading::{RelationOf, load};
use crate::model::{Handle, Model, Row};

impl Session {
    /// What an object is related to, read anew; models in it come back as handles.
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
    /// # async fn example(session: &mut Session, ann: Handle<User>) -> Result<(), orm_core::Error> {
    /// let posts: Vec<Handle<Post>> = session.load(ann, User.posts).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Session::all), and if the object is not inserted yet.
    pub async fn load<M: Model, L: RelationOf<M>>(
        &mut self,
        handle: Handle<M>,
        relation: L,
    ) -> Result<<L::Found as Row>::Tracked, Error> {
        let found = self.load_all(&[handle], relation).await?.into_iter().next();
        found.ok_or_else(|| Error::session("nothing came for the object"))
    }

    /// What each of these objects is related to, in their order: one statement for all of them, and one for each relation
    /// below; otherwise as [`load`](Session::load).
    ///
    /// # Errors
    /// As [`load`](Session::load).
    pub async fn load_all<M: Model, L: RelationOf<M>>(
        &mut self,
        handles: &[Handle<M>],
        relation: L,
    ) -> Result<Vec<<L::Found as Row>::Tracked>, Error> {
        self.prepare().await?;
        let objects = handles.iter().map(|handle| self.get(*handle)).collect::<Result<Vec<_>, _>>()?;
        let step = load(objects.into_iter(), relation)?;
        let found = finish(self.connect().await?, step).await?;
        let mut intake = self.identity.intake(Populate::Older, found.len());
        Ok(found.into_iter().map(|found| found.track(&mut intake)).collect())
    }
}
