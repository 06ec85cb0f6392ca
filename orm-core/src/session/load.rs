//! Reads what objects of a session are related to.

use super::Session;
use super::identity::Populate;
use crate::error::Error;
use crate::execute::finish;
use crate::loading::{Reading, RelationOf, load};
use crate::model::{Handle, Model, Row};

/// Objects, each with what it is related to.
type WithRelated<M, F> = Vec<(Handle<M>, <F as Row>::Tracked)>;

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
    #[track_caller]
    pub fn load<M: Model, L: RelationOf<M>>(
        &mut self,
        handle: Handle<M>,
        relation: L,
    ) -> impl Future<Output = Result<<L::Found as Row>::Tracked, Error>> {
        let reading = relation.reading();
        async move {
            let found = self.load_each(&[handle], reading).await?.into_iter().next();
            found.ok_or_else(|| Error::session("nothing came for the object"))
        }
    }

    /// What each of these objects is related to, in their order: one statement for all of them, and one for each relation
    /// below; otherwise as [`load`](Session::load).
    ///
    /// # Errors
    /// As [`load`](Session::load).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let users = session.all(select(User)).await?;
    /// let posts: Vec<Vec<Handle<Post>>> = session.load_all(&users, User.posts).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn load_all<M: Model, L: RelationOf<M>>(
        &mut self,
        handles: &[Handle<M>],
        relation: L,
    ) -> impl Future<Output = Result<Vec<<L::Found as Row>::Tracked>, Error>> {
        let reading = relation.reading();
        async move { self.load_each(handles, reading).await }
    }

    /// What an object is related to and what its peers are: the objects of its model that came with it from one query, the
    /// last that gave it, those still there; in their order. One statement for all of them, and one for each relation below.
    ///
    /// Of an object that came from no query, such as one that was added, it is that alone.
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
    /// # async fn example(session: &mut Session) -> Result<(), orm_core::Error> {
    /// let users = session.all(select(User)).await?;
    /// let posts: Vec<(Handle<User>, Vec<Handle<Post>>)> = session.load_peers(users[0], User.posts).await?; // of all users
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`load`](Session::load).
    #[track_caller]
    pub fn load_peers<M: Model, L: RelationOf<M>>(
        &mut self,
        handle: Handle<M>,
        relation: L,
    ) -> impl Future<Output = Result<WithRelated<M, L::Found>, Error>> {
        let reading = relation.reading();
        async move {
            self.prepare().await?;
            self.get(handle)?;
            let peers = self.identity.arena::<M>().map(|arena| arena.peers(handle.slot()));
            let peers = peers.into_iter().flatten().map(|slot| self.identity.handle(slot));
            let peers: Vec<Handle<M>> = peers.collect();
            let found = self.load_each(&peers, reading).await?;
            Ok(peers.into_iter().zip(found).collect())
        }
    }

    async fn load_each<M: Model, F: Row>(
        &mut self,
        handles: &[Handle<M>],
        reading: Reading<F>,
    ) -> Result<Vec<F::Tracked>, Error> {
        self.prepare().await?;
        let objects = handles.iter().map(|handle| self.get(*handle)).collect::<Result<Vec<_>, _>>()?;
        let step = load(objects.into_iter(), reading)?;
        let found = finish(self.connect().await?, step).await?;
        let mut tracker = self.identity.tracker(Populate::Older, found.len());
        Ok(found.into_iter().map(|found| found.track(&mut tracker)).collect())
    }
}
