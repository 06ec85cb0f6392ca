//! tokio-postgres by hand, statements sent before the answers to earlier ones are there, where they do not need them.

use futures_util::future::{join, try_join, try_join3, try_join5};
use tokio_postgres::types::ToSql;

use super::raw::{BEGIN_SNAPSHOT, Prepared, RENAME, RENAME_ALL, TPCB, USER, USERS, rename_all};
use super::row::{Comment, Post, User, nest, nest_posts};
use super::{Access, Contestant, TpcB, renamed};
use crate::Result;
use crate::cell::Workload;
use crate::digest::Digest;

const POSTS: &str = "SELECT id, user_id, title, body FROM posts WHERE user_id IN (SELECT id FROM users)";
const COMMENTS: &str = "SELECT id, post_id, text FROM comments \
    WHERE post_id IN (SELECT id FROM posts WHERE user_id IN (SELECT id FROM users))";

pub(super) struct RawPipelined {
    connections: Vec<Prepared>,
}

fn statements(workload: Workload) -> Vec<&'static str> {
    match workload {
        Workload::Posts => vec![USERS, POSTS],
        Workload::Related => vec![USERS, POSTS, COMMENTS],
        Workload::Together => vec![USERS, POSTS, COMMENTS, BEGIN_SNAPSHOT, "COMMIT"],
        Workload::TpcB => [&["BEGIN", "COMMIT"], &TPCB[..]].concat(),
        Workload::Flush => vec!["BEGIN", "COMMIT", USERS, RENAME_ALL],
        _ => vec!["BEGIN", "COMMIT", USER, RENAME],
    }
}

impl Contestant for RawPipelined {
    const DOES: &'static [Workload] = &[
        Workload::Posts,
        Workload::Related,
        Workload::Together,
        Workload::Change,
        Workload::TpcB,
        Workload::Flush,
    ];

    async fn connect(access: Access) -> Result<Self> {
        let mut connections = Vec::new();
        for _ in 0..access.connections {
            connections.push(Prepared::connect(&access.url, &statements(access.workload)).await?);
        }
        Ok(RawPipelined { connections })
    }

    async fn posts(&mut self) -> Result<Digest> {
        let Prepared { client, statements } = &self.connections[0];
        let (users, posts) =
            try_join(client.query(&statements[0], &[]), client.query(&statements[1], &[])).await?;
        Ok(nest_posts(users.iter().map(User::decode).collect(), posts.iter().map(Post::decode).collect()))
    }

    async fn together(&mut self) -> Result<Digest> {
        let Prepared { client, statements } = &self.connections[0];
        let (_, users, posts, comments, _) = try_join5(
            client.execute(&statements[3], &[]),
            client.query(&statements[0], &[]),
            client.query(&statements[1], &[]),
            client.query(&statements[2], &[]),
            client.execute(&statements[4], &[]),
        )
        .await?;
        Ok(nest(
            users.iter().map(User::decode).collect(),
            posts.iter().map(Post::decode).collect(),
            comments.iter().map(Comment::decode).collect(),
        ))
    }

    async fn related(&mut self) -> Result<Digest> {
        let Prepared { client, statements } = &self.connections[0];
        let (users, posts, comments) = try_join3(
            client.query(&statements[0], &[]),
            client.query(&statements[1], &[]),
            client.query(&statements[2], &[]),
        )
        .await?;
        Ok(nest(
            users.iter().map(User::decode).collect(),
            posts.iter().map(Post::decode).collect(),
            comments.iter().map(Comment::decode).collect(),
        ))
    }

    async fn change(&mut self, id: i64, revision: u64) -> Result<Digest> {
        let Prepared { client, statements } = &self.connections[0];
        let (begun, row) =
            join(client.execute(&statements[0], &[]), client.query_one(&statements[2], &[&id])).await;
        begun?;
        let mut user = User::decode(&row?);
        let digest = Digest::of([user.digest()]);
        user.name = renamed(id, revision);
        let rename: [&(dyn ToSql + Sync); 2] = [&user.name, &user.id];
        try_join(client.execute(&statements[3], &rename), client.execute(&statements[1], &[])).await?;
        Ok(digest)
    }

    async fn tpcb(&self, task: usize, arguments: TpcB) -> Result<i32> {
        let TpcB { account, branch, teller, delta } = arguments;
        let Prepared { client, statements } = &self.connections[task % self.connections.len()];
        let of_account: [&(dyn ToSql + Sync); 2] = [&delta, &account];
        let key: [&(dyn ToSql + Sync); 1] = [&account];
        let of_teller: [&(dyn ToSql + Sync); 2] = [&delta, &teller];
        let of_branch: [&(dyn ToSql + Sync); 2] = [&delta, &branch];
        let of_history: [&(dyn ToSql + Sync); 4] = [&teller, &branch, &account, &delta];
        let (_, _, balance, _, _, _, _) = futures_util::try_join!(
            client.execute(&statements[0], &[]),
            client.execute(&statements[2], &of_account),
            client.query_one(&statements[3], &key),
            client.execute(&statements[4], &of_teller),
            client.execute(&statements[5], &of_branch),
            client.execute(&statements[6], &of_history),
            client.execute(&statements[1], &[]),
        )?;
        Ok(balance.get(0))
    }

    async fn flush(&mut self, revision: u64) -> Result<Digest> {
        let Prepared { client, statements } = &self.connections[0];
        let (begun, rows) =
            join(client.execute(&statements[0], &[]), client.query(&statements[2], &[])).await;
        begun?;
        let mut users: Vec<User> = rows?.iter().map(User::decode).collect();
        let digest = Digest::of(users.iter().map(User::digest));
        let (ids, names) = rename_all(&mut users, revision);
        let parameters: [&(dyn ToSql + Sync); 2] = [&ids, &names];
        try_join(client.execute(&statements[3], &parameters), client.execute(&statements[1], &[])).await?;
        Ok(digest)
    }
}
