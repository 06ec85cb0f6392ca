//! sqlx: `query_as` on its pool with the defaults, so that a connection is tested each time it is taken.

use futures_util::TryStreamExt;
use sqlx::postgres::{PgPool, PgPoolOptions};

use super::raw::{
    COMMENTS_OF, INSERT, INSERT_WITHOUT_IDS, POSTS_OF, RENAME, RENAME_ALL, TPCB, USER, USERS, columns,
    rename_all,
};
use super::row::{Comment, Pair, Post, User, digest_pairs, nest, nest_posts};
use super::{Access, Contestant, NewRow, TpcB, renamed};
use crate::Result;
use crate::cell::{ALL, Workload};
use crate::digest::Digest;

/// Columns are matched by name, so that none may be there twice.
const JOIN: &str = "SELECT u.id, u.name, u.hair_color, p.id AS post_id, p.user_id, p.title, p.body \
    FROM users u LEFT JOIN posts p ON p.user_id = u.id WHERE u.hair_color = $1 ORDER BY u.name DESC";

#[derive(sqlx::FromRow)]
struct Joined {
    #[sqlx(flatten)]
    user: User,
    post_id: Option<i64>,
    user_id: Option<i64>,
    title: Option<String>,
    body: Option<String>,
}

impl Joined {
    fn into_pair(self) -> Pair {
        let post = match (self.post_id, self.user_id, self.title) {
            (Some(id), Some(user_id), Some(title)) => Some(Post { id, user_id, title, body: self.body }),
            _ => None,
        };
        (self.user, post)
    }
}

pub(super) struct Sqlx(PgPool);

impl Contestant for Sqlx {
    const DOES: &'static [Workload] = ALL;

    async fn connect(access: Access) -> Result<Self> {
        let size = u32::try_from(access.connections)?;
        Ok(Sqlx(PgPoolOptions::new().max_connections(size).connect(&access.url).await?))
    }

    async fn load(&mut self) -> Result<Digest> {
        let users: Vec<User> = sqlx::query_as(USERS).fetch_all(&self.0).await?;
        Ok(Digest::of(users.iter().map(User::digest)))
    }

    async fn join(&mut self, hair_color: &str) -> Result<Digest> {
        let rows: Vec<Joined> = sqlx::query_as(JOIN).bind(hair_color).fetch_all(&self.0).await?;
        let pairs: Vec<Pair> = rows.into_iter().map(Joined::into_pair).collect();
        Ok(digest_pairs(&pairs))
    }

    async fn insert(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let (names, colors) = columns(rows);
        let ids: Vec<i64> = sqlx::query_scalar(INSERT).bind(&names).bind(&colors).fetch_all(&self.0).await?;
        Ok(Digest::of_keys(ids))
    }

    async fn insert_without_ids(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let (names, colors) = columns(rows);
        let done = sqlx::query(INSERT_WITHOUT_IDS).bind(&names).bind(&colors).execute(&self.0).await?;
        Ok(Digest::of_count(done.rows_affected()))
    }

    async fn posts(&mut self) -> Result<Digest> {
        let users: Vec<User> = sqlx::query_as(USERS).fetch_all(&self.0).await?;
        let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
        let posts: Vec<Post> = sqlx::query_as(POSTS_OF).bind(&ids).fetch_all(&self.0).await?;
        Ok(nest_posts(users, posts))
    }

    async fn related(&mut self) -> Result<Digest> {
        let users: Vec<User> = sqlx::query_as(USERS).fetch_all(&self.0).await?;
        let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
        let posts: Vec<Post> = sqlx::query_as(POSTS_OF).bind(&ids).fetch_all(&self.0).await?;
        let ids: Vec<i64> = posts.iter().map(|post| post.id).collect();
        let comments: Vec<Comment> = sqlx::query_as(COMMENTS_OF).bind(&ids).fetch_all(&self.0).await?;
        Ok(nest(users, posts, comments))
    }

    async fn by_key(&mut self, id: i64) -> Result<Digest> {
        self.by_key_pooled(0, id).await
    }

    async fn by_key_pooled(&self, _: usize, id: i64) -> Result<Digest> {
        let user: User = sqlx::query_as(USER).bind(id).fetch_one(&self.0).await?;
        Ok(Digest::of([user.digest()]))
    }

    async fn change(&mut self, id: i64, revision: u64) -> Result<Digest> {
        let mut transaction = self.0.begin().await?;
        let mut user: User = sqlx::query_as(USER).bind(id).fetch_one(&mut *transaction).await?;
        let digest = Digest::of([user.digest()]);
        user.name = renamed(id, revision);
        sqlx::query(RENAME).bind(&user.name).bind(user.id).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(digest)
    }

    async fn tpcb(&self, _: usize, arguments: TpcB) -> Result<i32> {
        let TpcB { account, branch, teller, delta } = arguments;
        let mut transaction = self.0.begin().await?;
        sqlx::query(TPCB[0]).bind(delta).bind(account).execute(&mut *transaction).await?;
        let balance: i32 = sqlx::query_scalar(TPCB[1]).bind(account).fetch_one(&mut *transaction).await?;
        sqlx::query(TPCB[2]).bind(delta).bind(teller).execute(&mut *transaction).await?;
        sqlx::query(TPCB[3]).bind(delta).bind(branch).execute(&mut *transaction).await?;
        let history = sqlx::query(TPCB[4]).bind(teller).bind(branch).bind(account).bind(delta);
        history.execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(balance)
    }

    async fn flush(&mut self, revision: u64) -> Result<Digest> {
        let mut transaction = self.0.begin().await?;
        let mut users: Vec<User> = sqlx::query_as(USERS).fetch_all(&mut *transaction).await?;
        let digest = Digest::of(users.iter().map(User::digest));
        let (ids, names) = rename_all(&mut users, revision);
        sqlx::query(RENAME_ALL).bind(&ids).bind(&names).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(digest)
    }

    async fn stream(&mut self) -> Result<Digest> {
        let mut rows = sqlx::query_as::<_, User>(USERS).fetch(&self.0);
        let mut digest = Digest::default();
        while let Some(user) = rows.try_next().await? {
            digest.add(user.digest());
        }
        Ok(digest)
    }
}
