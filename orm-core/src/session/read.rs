//! The verbs that read: rows come back with their models as tracked handles.

use std::collections::HashMap;
use std::panic::Location;

use super::identity::Populate;
use super::synchronize::reread;
use super::{Session, TrackedStream};
use crate::engine::Request;
use crate::error::Error;
use crate::execute::{TransactionConnection, decode, exactly_one, fetch, one_at_most, request};
use crate::model::key;
use crate::model::{Handle, IntoKey, Model, Row, Tracker, Writable};
use crate::query::{Plan, Query, Select, Writes, by_key};
use crate::row::Cells;

impl Session {
    /// All rows; models among them as handles, anything else as its value. What a delete gives back are values: its rows
    /// are gone.
    ///
    /// Objects that an insert, update or delete touched have what the database has afterwards, as its
    /// [`Synchronize`](crate::query::Synchronize) says. A row that becomes an object here is as RETURNING gives it, before
    /// AFTER triggers.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let adults: Vec<Handle<User>> = session.all(select(User).filter(User.age.ge(18))).await?;
    /// let names: Vec<String> = session.all(select(User.name)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the flush before it fails, the statement is refused before or by the server, or a value does not fit its Rust
    /// type.
    pub async fn all<Q: Query>(&mut self, query: Q) -> Result<Vec<Q::Tracked>, Error> {
        let plan = query.plan()?;
        self.read(&query, &plan).await
    }

    /// The first row, if there is one.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let oldest: Option<Handle<User>> = session.first(select(User).order_by(User.age.desc())).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Session::all).
    pub async fn first<Q: Query>(&mut self, query: Q) -> Result<Option<Q::Tracked>, Error> {
        Ok(self.all(query.at_most(1)).await?.into_iter().next())
    }

    /// The only row. Of an insert, update or delete the rows are written before they are counted.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let ann: Handle<User> = session.one(select(User).filter(User.name.eq("Ann"))).await?;
    /// println!("{:?}", session[ann].age);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Session::all), and if there is no row, or more than one.
    pub async fn one<Q: Query>(&mut self, query: Q) -> Result<Q::Tracked, Error> {
        let query = query.at_most(2);
        let plan = query.plan()?;
        let only = exactly_one(self.read(&query, &plan).await?, &plan);
        only.map_err(|error| error.showing_values(self.engine.shows_values()))
    }

    /// The only row, or `None`.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let ann: Option<Handle<User>> = session.one_or_none(select(User).filter(User.name.eq("Ann"))).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Session::all), and if there is more than one row.
    pub async fn one_or_none<Q: Query>(&mut self, query: Q) -> Result<Option<Q::Tracked>, Error> {
        let query = query.at_most(2);
        let plan = query.plan()?;
        let only = one_at_most(self.read(&query, &plan).await?, &plan);
        only.map_err(|error| error.showing_values(self.engine.shows_values()))
    }

    /// The rows one by one, as they come. The session is taken up until the stream is dropped.
    ///
    /// # Errors
    /// As [`all`](Session::all); errors that come later are items of the stream. A statement with relations cannot be
    /// streamed.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let mut users = session.stream(select(User)).await?;
    /// while let Some(user) = users.next().await {
    ///     let user: Handle<User> = user?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stream<R: Row>(&mut self, query: Select<R>) -> Result<TrackedStream<'_, R>, Error> {
        let plan = query.plan()?;
        self.prepare().await?;
        self.connect().await?;
        let populate = populate(&query);
        let Session { connection, identity, .. } = self;
        let connection = connection.as_deref_mut().map(TransactionConnection::raw);
        let connection = connection.ok_or_else(|| Error::session("the session has no connection"))?;
        TrackedStream::open(connection, plan, identity.tracker(populate, 0)).await
    }

    /// The object with this key, if its row exists. Nothing is sent if the session has the object and it is not expired;
    /// an expired object whose row is gone counts as deleted from then on. Of a model with filters (`soft_delete` is one) the
    /// database is always asked: a row that they leave out is not found, though the session may have its object.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// if let Some(user) = session.find::<User>(7).await? {
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
    pub fn find<M>(
        &mut self,
        key: impl IntoKey<M::Key>,
    ) -> impl Future<Output = Result<Option<Handle<M>>, Error>>
    where
        M: Model<Kind: Writable>,
    {
        self.find_at(key.into_key(), Location::caller())
    }

    pub(super) async fn find_at<M>(
        &mut self,
        key: M::Key,
        at: &'static Location<'static>,
    ) -> Result<Option<Handle<M>>, Error>
    where
        M: Model<Kind: Writable>,
    {
        self.usable()?;
        self.note_written();
        if let Some(handle) = self.fresh(&key) {
            return Ok(Some(handle));
        }
        let found = self.all(by_key::<M>(&key, at)).await?;
        if found.is_empty() && !M::META.has_filters() {
            self.identity.row_is_gone::<M>(&key);
        }
        Ok(found.into_iter().next().map(M::Kind::handle))
    }

    /// Reads an object's row again, whatever filters its model has; changes that are not flushed are flushed first, or lost without autoflush.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let ann = session.one(select(User).filter(User.name.eq("Ann"))).await?;
    /// session.refresh(ann).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Session::all), and if the object is not inserted yet, or its row is gone.
    #[track_caller]
    pub fn refresh<M: Model>(&mut self, handle: Handle<M>) -> impl Future<Output = Result<(), Error>> {
        self.refresh_at(handle, Location::caller())
    }

    pub(super) async fn refresh_at<M: Model>(
        &mut self,
        handle: Handle<M>,
        at: &'static Location<'static>,
    ) -> Result<(), Error> {
        self.prepare().await?;
        let key = self.object(handle)?.stored().key();
        let found = self.all(by_key::<M>(&key, at).without_filters().populate_existing()).await?;
        if found.is_empty() {
            return Err(self.no_row::<M>(&key));
        }
        Ok(())
    }

    /// Reads the rows of several objects again, in one statement; otherwise as [`refresh`](Session::refresh).
    ///
    /// # Errors
    /// As [`refresh`](Session::refresh), naming the keys whose rows are gone; the other objects are refreshed.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let users = session.all(select(User)).await?;
    /// session.refresh_all(&users).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn refresh_all<M: Model>(
        &mut self,
        handles: &[Handle<M>],
    ) -> impl Future<Output = Result<(), Error>> {
        self.refresh_all_at(handles, Location::caller())
    }

    async fn refresh_all_at<M: Model>(
        &mut self,
        handles: &[Handle<M>],
        at: &'static Location<'static>,
    ) -> Result<(), Error> {
        self.prepare().await?;
        let mut keys = HashMap::with_capacity(handles.len());
        for handle in handles {
            keys.insert(*handle, self.object(*handle)?.stored().key());
        }
        let Some(arena) = self.identity.any(M::META).filter(|_| !keys.is_empty()) else { return Ok(()) };
        let reread = reread(arena, keys.keys().map(|handle| handle.slot()).collect(), &[])?;
        let answer = self.connect().await?.query(Request { at: Some(at), ..request(&reread.rendered) }).await;
        let answer = answer.map_err(|error| reread.rendered.explain(error))?;
        let mut tracker = self.identity.tracker(Populate::All, 0);
        for row in &answer.rows {
            let mut cells = Cells::new(row);
            cells.skip(1); // the number of the object
            if cells.all_null(M::META.columns.len()) {
                continue;
            }
            let row = M::decode(&mut cells);
            keys.remove(
                &tracker.take_in(row.map_err(|error| error.in_statement(&reread.rendered.text.sql))?),
            );
        }
        if keys.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = keys.values().map(key::name_of).collect();
        let values: Vec<_> = keys.values().map(|key| format!("{key:?}")).collect();
        let error =
            Error::no_row(format_args!("`{}` for each of the keys {}", M::META.entity, names.join(", ")));
        Err(error.with_values(values.join(", ")).showing_values(self.engine.shows_values()))
    }

    /// There is no row with this key.
    pub(super) fn no_row<M: Model>(&self, key: &M::Key) -> Error {
        let error = Error::no_row(format_args!("`{}` with the key {}", M::META.entity, key::name_of(key)));
        error.with_values(format!("{key:?}")).showing_values(self.engine.shows_values())
    }

    async fn read<Q: Query>(&mut self, query: &Q, plan: &Plan<Q::Row>) -> Result<Vec<Q::Tracked>, Error> {
        let mut this = self.within(query.time_limit());
        if plan.rendered.is_nothing() {
            return this.usable().map(|()| Vec::new());
        }
        this.prepare().await?;
        let rows = match query.writes() {
            Writes::Nothing => fetch(this.connect().await?, plan).await?,
            writes => {
                let answer = this.write(&plan.rendered, &writes).await?;
                let rows = decode(this.connect().await?, plan, &answer.rows).await;
                rows.map_err(|error| this.written_and_not_told(error))?
            }
        };
        let mut tracker = this.identity.tracker(populate(query), rows.len());
        Ok(rows.into_iter().map(|row| Q::track(row, &mut tracker)).collect())
    }
}

pub(super) fn populate(query: &impl Query) -> Populate {
    match (query.populates_existing(), query.locks_rows()) {
        (true, _) => Populate::All,
        (false, true) => Populate::Unchanged,
        (false, false) => Populate::Older,
    }
}
