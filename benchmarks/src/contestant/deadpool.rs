//! deadpool-postgres by hand: a connection taken for each operation, statements from its cache, rows mapped by hand.

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use futures_util::{TryStreamExt, pin_mut};
use tokio_postgres::NoTls;

use super::raw::{
    COMMENTS_OF, INSERT, INSERT_WITHOUT_IDS, JOIN, POSTS_OF, RENAME, RENAME_ALL, TPCB, USER, USERS, columns,
    rename_all,
};
use super::row::{Comment, Pair, Post, User, decode_pair, digest_pairs, nest, nest_posts};
use super::{Access, Contestant, NewRow, TpcB, renamed};
use crate::Result;
use crate::cell::{ALL, Workload};
use crate::digest::Digest;

pub(super) struct Deadpool(Pool);

impl Contestant for Deadpool {
    const DOES: &'static [Workload] = ALL;

    async fn connect(access: Access) -> Result<Self> {
        let recycling_method = RecyclingMethod::Fast;
        let manager = Manager::from_config(access.url.parse()?, NoTls, ManagerConfig { recycling_method });
        Ok(Deadpool(Pool::builder(manager).max_size(access.connections).build()?))
    }

    async fn load(&mut self) -> Result<Digest> {
        let client = self.0.get().await?;
        let statement = client.prepare_cached(USERS).await?;
        let users: Vec<User> = client.query(&statement, &[]).await?.iter().map(User::decode).collect();
        Ok(Digest::of(users.iter().map(User::digest)))
    }

    async fn join(&mut self, hair_color: &str) -> Result<Digest> {
        let client = self.0.get().await?;
        let statement = client.prepare_cached(JOIN).await?;
        let rows = client.query(&statement, &[&hair_color]).await?;
        let pairs: Vec<Pair> = rows.iter().map(decode_pair).collect();
        Ok(digest_pairs(&pairs))
    }

    async fn insert(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let client = self.0.get().await?;
        let statement = client.prepare_cached(INSERT).await?;
        let (names, colors) = columns(rows);
        let rows = client.query(&statement, &[&names, &colors]).await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        Ok(Digest::of_keys(ids))
    }

    async fn insert_without_ids(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let client = self.0.get().await?;
        let statement = client.prepare_cached(INSERT_WITHOUT_IDS).await?;
        let (names, colors) = columns(rows);
        Ok(Digest::of_count(client.execute(&statement, &[&names, &colors]).await?))
    }

    async fn posts(&mut self) -> Result<Digest> {
        let client = self.0.get().await?;
        let statement = client.prepare_cached(USERS).await?;
        let users: Vec<User> = client.query(&statement, &[]).await?.iter().map(User::decode).collect();
        let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
        let statement = client.prepare_cached(POSTS_OF).await?;
        let posts = client.query(&statement, &[&ids]).await?.iter().map(Post::decode).collect();
        Ok(nest_posts(users, posts))
    }

    async fn related(&mut self) -> Result<Digest> {
        let client = self.0.get().await?;
        let statement = client.prepare_cached(USERS).await?;
        let users: Vec<User> = client.query(&statement, &[]).await?.iter().map(User::decode).collect();
        let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
        let statement = client.prepare_cached(POSTS_OF).await?;
        let posts: Vec<Post> = client.query(&statement, &[&ids]).await?.iter().map(Post::decode).collect();
        let ids: Vec<i64> = posts.iter().map(|post| post.id).collect();
        let statement = client.prepare_cached(COMMENTS_OF).await?;
        let comments: Vec<Comment> =
            client.query(&statement, &[&ids]).await?.iter().map(Comment::decode).collect();
        Ok(nest(users, posts, comments))
    }

    async fn by_key(&mut self, id: i64) -> Result<Digest> {
        self.by_key_pooled(0, id).await
    }

    async fn by_key_pooled(&self, _: usize, id: i64) -> Result<Digest> {
        let client = self.0.get().await?;
        let statement = client.prepare_cached(USER).await?;
        let user = User::decode(&client.query_one(&statement, &[&id]).await?);
        Ok(Digest::of([user.digest()]))
    }

    async fn change(&mut self, id: i64, revision: u64) -> Result<Digest> {
        let mut client = self.0.get().await?;
        let transaction = client.transaction().await?;
        let statement = transaction.prepare_cached(USER).await?;
        let mut user = User::decode(&transaction.query_one(&statement, &[&id]).await?);
        let digest = Digest::of([user.digest()]);
        user.name = renamed(id, revision);
        let statement = transaction.prepare_cached(RENAME).await?;
        transaction.execute(&statement, &[&user.name, &user.id]).await?;
        transaction.commit().await?;
        Ok(digest)
    }

    async fn tpcb(&self, _: usize, arguments: TpcB) -> Result<i32> {
        let TpcB { account, branch, teller, delta } = arguments;
        let mut client = self.0.get().await?;
        let transaction = client.transaction().await?;
        let statement = transaction.prepare_cached(TPCB[0]).await?;
        transaction.execute(&statement, &[&delta, &account]).await?;
        let statement = transaction.prepare_cached(TPCB[1]).await?;
        let balance = transaction.query_one(&statement, &[&account]).await?.get(0);
        let statement = transaction.prepare_cached(TPCB[2]).await?;
        transaction.execute(&statement, &[&delta, &teller]).await?;
        let statement = transaction.prepare_cached(TPCB[3]).await?;
        transaction.execute(&statement, &[&delta, &branch]).await?;
        let statement = transaction.prepare_cached(TPCB[4]).await?;
        transaction.execute(&statement, &[&teller, &branch, &account, &delta]).await?;
        transaction.commit().await?;
        Ok(balance)
    }

    async fn flush(&mut self, revision: u64) -> Result<Digest> {
        let mut client = self.0.get().await?;
        let transaction = client.transaction().await?;
        let statement = transaction.prepare_cached(USERS).await?;
        let rows = transaction.query(&statement, &[]).await?;
        let mut users: Vec<User> = rows.iter().map(User::decode).collect();
        let digest = Digest::of(users.iter().map(User::digest));
        let (ids, names) = rename_all(&mut users, revision);
        let statement = transaction.prepare_cached(RENAME_ALL).await?;
        transaction.execute(&statement, &[&ids, &names]).await?;
        transaction.commit().await?;
        Ok(digest)
    }

    async fn stream(&mut self) -> Result<Digest> {
        let client = self.0.get().await?;
        let statement = client.prepare_cached(USERS).await?;
        let rows = client.query_raw(&statement, [0_i64; 0]).await?;
        pin_mut!(rows);
        let mut digest = Digest::default();
        while let Some(row) = rows.try_next().await? {
            digest.add(User::decode(&row).digest());
        }
        Ok(digest)
    }
}
