//! The floor: tokio-postgres, statements prepared once, rows mapped by hand, one round trip a statement.

use futures_util::{TryStreamExt, pin_mut};
use tokio_postgres::{Client, NoTls, Statement};

use super::row::{Comment, Pair, Post, User, decode_pair, digest_pairs, nest, nest_posts};
use super::{Access, Contestant, NewRow, TpcB, renamed};
use crate::Result;
use crate::cell::{EVERYTHING, Workload};
use crate::digest::Digest;

pub(super) const USERS: &str = "SELECT id, name, hair_color FROM users";
pub(super) const USER: &str = "SELECT id, name, hair_color FROM users WHERE id = $1";
pub(super) const JOIN: &str = "SELECT u.id, u.name, u.hair_color, p.id, p.user_id, p.title, p.body \
    FROM users u LEFT JOIN posts p ON p.user_id = u.id WHERE u.hair_color = $1 ORDER BY u.name DESC";
pub(super) const POSTS_OF: &str = "SELECT id, user_id, title, body FROM posts WHERE user_id = ANY($1)";
pub(super) const COMMENTS_OF: &str = "SELECT id, post_id, text FROM comments WHERE post_id = ANY($1)";
pub(super) const BEGIN_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
pub(super) const RENAME: &str = "UPDATE users SET name = $1 WHERE id = $2";
pub(super) const RENAME_ALL: &str = "UPDATE users SET name = new.name \
    FROM unnest($1::bigint[], $2::text[]) AS new (id, name) WHERE users.id = new.id";
pub(super) const INSERT: &str =
    "INSERT INTO users (name, hair_color) SELECT * FROM unnest($1::text[], $2::text[]) RETURNING id";
pub(super) const INSERT_WITHOUT_IDS: &str =
    "INSERT INTO users (name, hair_color) SELECT * FROM unnest($1::text[], $2::text[])";
/// The statements of TPC-B, without BEGIN and COMMIT.
pub(super) const TPCB: [&str; 5] = [
    "UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2",
    "SELECT abalance FROM pgbench_accounts WHERE aid = $1",
    "UPDATE pgbench_tellers SET tbalance = tbalance + $1 WHERE tid = $2",
    "UPDATE pgbench_branches SET bbalance = bbalance + $1 WHERE bid = $2",
    "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP)",
];

/// A connection with the statements of a workload.
pub(super) struct Prepared {
    pub(super) client: Client,
    pub(super) statements: Vec<Statement>,
}

impl Prepared {
    pub(super) async fn connect(url: &str, statements: &[&str]) -> Result<Prepared> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let mut prepared = Vec::with_capacity(statements.len());
        for statement in statements {
            prepared.push(client.prepare(statement).await?);
        }
        Ok(Prepared { client, statements: prepared })
    }
}

/// The columns of rows, as `unnest` wants them.
pub(super) fn columns(rows: &[NewRow]) -> (Vec<&str>, Vec<Option<&str>>) {
    rows.iter().map(|row| (row.name.as_str(), row.hair_color.as_deref())).unzip()
}

/// The keys of users and their next names, as `unnest` wants them.
pub(super) fn rename_all(users: &mut [User], revision: u64) -> (Vec<i64>, Vec<&str>) {
    users.iter_mut().for_each(|user| user.name = renamed(user.id, revision));
    users.iter().map(|user| (user.id, user.name.as_str())).unzip()
}

pub(super) struct Raw {
    connections: Vec<Prepared>,
}

fn statements(workload: Workload) -> &'static [&'static str] {
    match workload {
        Workload::Load | Workload::Stream => &[USERS],
        Workload::Join => &[JOIN],
        Workload::Insert => &[INSERT],
        Workload::InsertWithoutIds => &[INSERT_WITHOUT_IDS],
        Workload::Posts => &[USERS, POSTS_OF],
        Workload::Related | Workload::Together => &[USERS, POSTS_OF, COMMENTS_OF],
        Workload::ByKey | Workload::ByKeyPooled => &[USER],
        Workload::Change => &[USER, RENAME],
        Workload::TpcB => &TPCB,
        Workload::Flush => &[USERS, RENAME_ALL],
    }
}

impl Contestant for Raw {
    const DOES: &'static [Workload] = EVERYTHING;

    async fn connect(access: Access) -> Result<Self> {
        let mut connections = Vec::new();
        for _ in 0..access.connections {
            connections.push(Prepared::connect(&access.url, statements(access.workload)).await?);
        }
        Ok(Raw { connections })
    }

    async fn load(&mut self) -> Result<Digest> {
        let Prepared { client, statements } = &self.connections[0];
        let users: Vec<User> = client.query(&statements[0], &[]).await?.iter().map(User::decode).collect();
        Ok(Digest::of(users.iter().map(User::digest)))
    }

    async fn join(&mut self, hair_color: &str) -> Result<Digest> {
        let Prepared { client, statements } = &self.connections[0];
        let rows = client.query(&statements[0], &[&hair_color]).await?;
        let pairs: Vec<Pair> = rows.iter().map(decode_pair).collect();
        Ok(digest_pairs(&pairs))
    }

    async fn insert(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let Prepared { client, statements } = &self.connections[0];
        let (names, colors) = columns(rows);
        let ids: Vec<i64> =
            client.query(&statements[0], &[&names, &colors]).await?.iter().map(|row| row.get(0)).collect();
        Ok(Digest::of_keys(ids))
    }

    async fn insert_without_ids(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let Prepared { client, statements } = &self.connections[0];
        let (names, colors) = columns(rows);
        Ok(Digest::of_count(client.execute(&statements[0], &[&names, &colors]).await?))
    }

    async fn posts(&mut self) -> Result<Digest> {
        let Prepared { client, statements } = &self.connections[0];
        let users: Vec<User> = client.query(&statements[0], &[]).await?.iter().map(User::decode).collect();
        let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
        let posts = client.query(&statements[1], &[&ids]).await?.iter().map(Post::decode).collect();
        Ok(nest_posts(users, posts))
    }

    async fn related(&mut self) -> Result<Digest> {
        let Prepared { client, statements } = &self.connections[0];
        let users: Vec<User> = client.query(&statements[0], &[]).await?.iter().map(User::decode).collect();
        let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
        let posts: Vec<Post> =
            client.query(&statements[1], &[&ids]).await?.iter().map(Post::decode).collect();
        let ids: Vec<i64> = posts.iter().map(|post| post.id).collect();
        let comments: Vec<Comment> =
            client.query(&statements[2], &[&ids]).await?.iter().map(Comment::decode).collect();
        Ok(nest(users, posts, comments))
    }

    async fn together(&mut self) -> Result<Digest> {
        self.connections[0].client.batch_execute(BEGIN_SNAPSHOT).await?;
        let digest = self.related().await?;
        self.connections[0].client.batch_execute("COMMIT").await?;
        Ok(digest)
    }

    async fn by_key(&mut self, id: i64) -> Result<Digest> {
        self.by_key_pooled(0, id).await
    }

    async fn by_key_pooled(&self, task: usize, id: i64) -> Result<Digest> {
        let Prepared { client, statements } = &self.connections[task % self.connections.len()];
        let user = User::decode(&client.query_one(&statements[0], &[&id]).await?);
        Ok(Digest::of([user.digest()]))
    }

    async fn change(&mut self, id: i64, revision: u64) -> Result<Digest> {
        let Prepared { client, statements } = &mut self.connections[0];
        let transaction = client.transaction().await?;
        let mut user = User::decode(&transaction.query_one(&statements[0], &[&id]).await?);
        let digest = Digest::of([user.digest()]);
        user.name = renamed(id, revision);
        transaction.execute(&statements[1], &[&user.name, &user.id]).await?;
        transaction.commit().await?;
        Ok(digest)
    }

    async fn tpcb(&self, task: usize, arguments: TpcB) -> Result<i32> {
        let TpcB { account, branch, teller, delta } = arguments;
        let Prepared { client, statements } = &self.connections[task % self.connections.len()];
        client.batch_execute("BEGIN").await?;
        client.execute(&statements[0], &[&delta, &account]).await?;
        let balance = client.query_one(&statements[1], &[&account]).await?.get(0);
        client.execute(&statements[2], &[&delta, &teller]).await?;
        client.execute(&statements[3], &[&delta, &branch]).await?;
        client.execute(&statements[4], &[&teller, &branch, &account, &delta]).await?;
        client.batch_execute("COMMIT").await?;
        Ok(balance)
    }

    async fn flush(&mut self, revision: u64) -> Result<Digest> {
        let Prepared { client, statements } = &mut self.connections[0];
        let transaction = client.transaction().await?;
        let rows = transaction.query(&statements[0], &[]).await?;
        let mut users: Vec<User> = rows.iter().map(User::decode).collect();
        let digest = Digest::of(users.iter().map(User::digest));
        let (ids, names) = rename_all(&mut users, revision);
        transaction.execute(&statements[1], &[&ids, &names]).await?;
        transaction.commit().await?;
        Ok(digest)
    }

    async fn stream(&mut self) -> Result<Digest> {
        let Prepared { client, statements } = &self.connections[0];
        let rows = client.query_raw(&statements[0], [0_i64; 0]).await?;
        pin_mut!(rows);
        let mut digest = Digest::default();
        while let Some(row) = rows.try_next().await? {
            digest.add(User::decode(&row).digest());
        }
        Ok(digest)
    }
}
