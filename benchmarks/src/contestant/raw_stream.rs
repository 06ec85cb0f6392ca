//! tokio-postgres by hand, each row decoded as it arrives, no list of undecoded rows between.

use futures_util::{TryStreamExt, pin_mut};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::raw::{COMMENTS_OF, JOIN, POSTS_OF, Prepared, USER, USERS};
use super::row::{Comment, Post, User, decode_pair, digest_pairs, nest, nest_posts};
use super::{Access, Contestant};
use crate::Result;
use crate::cell::Workload;
use crate::digest::Digest;

const STATEMENTS: [&str; 5] = [USERS, JOIN, POSTS_OF, COMMENTS_OF, USER];

pub(super) struct RawStream(Prepared);

impl RawStream {
    async fn all<T>(
        &self,
        statement: usize,
        parameters: &[&(dyn ToSql + Sync)],
        decode: impl Fn(&Row) -> T,
    ) -> Result<Vec<T>> {
        let Prepared { client, statements } = &self.0;
        let rows = client.query_raw(&statements[statement], parameters.iter().copied()).await?;
        pin_mut!(rows);
        let mut decoded = Vec::new();
        while let Some(row) = rows.try_next().await? {
            decoded.push(decode(&row));
        }
        Ok(decoded)
    }
}

impl Contestant for RawStream {
    const DOES: &'static [Workload] =
        &[Workload::Load, Workload::Join, Workload::Posts, Workload::Related, Workload::ByKey];

    async fn connect(access: Access) -> Result<Self> {
        Ok(RawStream(Prepared::connect(&access.url, &STATEMENTS).await?))
    }

    async fn load(&mut self) -> Result<Digest> {
        Ok(Digest::of(self.all(0, &[], User::decode).await?.iter().map(User::digest)))
    }

    async fn join(&mut self, hair_color: &str) -> Result<Digest> {
        Ok(digest_pairs(&self.all(1, &[&hair_color], decode_pair).await?))
    }

    async fn posts(&mut self) -> Result<Digest> {
        let users = self.all(0, &[], User::decode).await?;
        let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
        Ok(nest_posts(users, self.all(2, &[&ids], Post::decode).await?))
    }

    async fn related(&mut self) -> Result<Digest> {
        let users = self.all(0, &[], User::decode).await?;
        let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
        let posts = self.all(2, &[&ids], Post::decode).await?;
        let ids: Vec<i64> = posts.iter().map(|post| post.id).collect();
        let comments = self.all(3, &[&ids], Comment::decode).await?;
        Ok(nest(users, posts, comments))
    }

    async fn by_key(&mut self, id: i64) -> Result<Digest> {
        Ok(Digest::of(self.all(4, &[&id], User::decode).await?.iter().map(User::digest)))
    }
}
