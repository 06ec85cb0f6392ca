//! diesel on libpq: one connection, and for several tasks a pool of r2d2 with its defaults.

use std::sync::Mutex;

use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool, PooledConnection};

use super::diesel_model::{
    Comment, Post, User, digest_pairs, nest, nest_posts, new_users, pgbench_history, posts, users,
};
use super::{Access, Contestant, NewRow, TpcB, renamed};
use crate::Result;
use crate::cell::{ALL, Workload};
use crate::digest::Digest;

type Manager = ConnectionManager<PgConnection>;

/// A connection of libpq is not `Sync`, which the lock is for; nobody waits for it.
pub(super) enum Diesel {
    Only(Mutex<PgConnection>),
    Pool(Pool<Manager>),
}

impl Diesel {
    fn only(&mut self) -> &mut PgConnection {
        match self {
            Diesel::Only(connection) => connection.get_mut().expect("no thread has panicked"),
            Diesel::Pool(_) => unreachable!("workloads of several tasks take from the pool"),
        }
    }

    fn take(&self) -> Result<PooledConnection<Manager>> {
        match self {
            Diesel::Only(_) => Err("expected a pool, found one connection".into()),
            Diesel::Pool(pool) => Ok(pool.get()?),
        }
    }
}

impl Contestant for Diesel {
    const DOES: &'static [Workload] = ALL;
    const BLOCKS: bool = true;

    async fn connect(access: Access) -> Result<Self> {
        if access.connections == 1 {
            return Ok(Diesel::Only(Mutex::new(PgConnection::establish(&access.url)?)));
        }
        let size = u32::try_from(access.connections)?;
        Ok(Diesel::Pool(Pool::builder().max_size(size).build(Manager::new(access.url))?))
    }

    async fn load(&mut self) -> Result<Digest> {
        let users: Vec<User> = users::table.select(User::as_select()).load(self.only())?;
        Ok(Digest::of(users.iter().map(User::digest)))
    }

    async fn join(&mut self, hair_color: &str) -> Result<Digest> {
        let pairs: Vec<(User, Option<Post>)> = users::table
            .left_outer_join(posts::table)
            .filter(users::hair_color.eq(hair_color))
            .order(users::name.desc())
            .select((User::as_select(), Option::<Post>::as_select()))
            .load(self.only())?;
        Ok(digest_pairs(&pairs))
    }

    async fn insert(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let ids: Vec<i64> = diesel::insert_into(users::table)
            .values(&new_users(rows))
            .returning(users::id)
            .get_results(self.only())?;
        Ok(Digest::of_keys(ids))
    }

    async fn insert_without_ids(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let count = diesel::insert_into(users::table).values(&new_users(rows)).execute(self.only())?;
        Ok(Digest::of_count(count as u64))
    }

    async fn posts(&mut self) -> Result<Digest> {
        let connection = self.only();
        let users: Vec<User> = users::table.select(User::as_select()).load(connection)?;
        let posts: Vec<Post> = Post::belonging_to(&users).select(Post::as_select()).load(connection)?;
        Ok(nest_posts(users, posts))
    }

    async fn related(&mut self) -> Result<Digest> {
        let connection = self.only();
        let users: Vec<User> = users::table.select(User::as_select()).load(connection)?;
        let posts: Vec<Post> = Post::belonging_to(&users).select(Post::as_select()).load(connection)?;
        let comments: Vec<Comment> =
            Comment::belonging_to(&posts).select(Comment::as_select()).load(connection)?;
        Ok(nest(users, posts, comments))
    }

    async fn by_key(&mut self, id: i64) -> Result<Digest> {
        let user: User = users::table.find(id).select(User::as_select()).first(self.only())?;
        Ok(Digest::of([user.digest()]))
    }

    async fn by_key_pooled(&self, _: usize, id: i64) -> Result<Digest> {
        let mut connection = self.take()?;
        let user: User = users::table.find(id).select(User::as_select()).first(&mut connection)?;
        Ok(Digest::of([user.digest()]))
    }

    async fn change(&mut self, id: i64, revision: u64) -> Result<Digest> {
        let digest = self.only().transaction(|connection| {
            let mut user: User = users::table.find(id).select(User::as_select()).first(connection)?;
            let digest = Digest::of([user.digest()]);
            user.name = renamed(id, revision);
            diesel::update(&user).set(users::name.eq(&user.name)).execute(connection)?;
            QueryResult::Ok(digest)
        })?;
        Ok(digest)
    }

    async fn tpcb(&self, _: usize, arguments: TpcB) -> Result<i32> {
        use super::diesel_model::pgbench_accounts::dsl::{abalance, pgbench_accounts};
        use super::diesel_model::pgbench_branches::dsl::{bbalance, pgbench_branches};
        use super::diesel_model::pgbench_tellers::dsl::{pgbench_tellers, tbalance};
        let TpcB { account, branch, teller, delta } = arguments;
        let mut connection = self.take()?;
        let balance = connection.transaction(|connection| {
            let of_account = diesel::update(pgbench_accounts.find(account));
            of_account.set(abalance.eq(abalance + delta)).execute(connection)?;
            let balance = pgbench_accounts.find(account).select(abalance).first(connection)?;
            let of_teller = diesel::update(pgbench_tellers.find(teller));
            of_teller.set(tbalance.eq(tbalance + delta)).execute(connection)?;
            let of_branch = diesel::update(pgbench_branches.find(branch));
            of_branch.set(bbalance.eq(bbalance + delta)).execute(connection)?;
            let history = (
                pgbench_history::tid.eq(teller),
                pgbench_history::bid.eq(branch),
                pgbench_history::aid.eq(account),
                pgbench_history::delta.eq(delta),
            );
            diesel::insert_into(pgbench_history::table).values(history).execute(connection)?;
            QueryResult::Ok(balance)
        })?;
        Ok(balance)
    }

    async fn flush(&mut self, revision: u64) -> Result<Digest> {
        let digest = self.only().transaction(|connection| {
            let users: Vec<User> = users::table.select(User::as_select()).load(connection)?;
            let digest = Digest::of(users.iter().map(User::digest));
            for mut user in users {
                user.name = renamed(user.id, revision);
                diesel::update(&user).set(users::name.eq(&user.name)).execute(connection)?;
            }
            QueryResult::Ok(digest)
        })?;
        Ok(digest)
    }

    async fn stream(&mut self) -> Result<Digest> {
        let rows = users::table.select(User::as_select());
        let mut digest = Digest::default();
        for user in rows.load_iter::<User, PgRowByRowLoadingMode>(self.only())? {
            digest.add(user?.digest());
        }
        Ok(digest)
    }
}
