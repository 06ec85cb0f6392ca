//! Ours, without a session: statements that give plain values.

use orm_core::prelude::*;
use orm_core::query::Insert;

use super::model::{Account, Branch, Comment, History, NewHistory, NewUser, Post, Teller, User};
use super::{Access, Contestant, NewRow, TpcB, renamed};
use crate::Result;
use crate::cell::Workload;
use crate::digest::Digest;

/// Posts with their comments.
type Posts = Vec<(Post, Vec<Comment>)>;

pub(super) struct OfEngine(Engine);

/// The pool of a contestant of ours.
pub(super) async fn connect(access: Access) -> Result<Engine> {
    Ok(Engine::builder(access.url).pool_size(access.connections).connect().await?)
}

pub(super) fn new_users(rows: &[NewRow]) -> Vec<NewUser> {
    rows.iter().map(|row| NewUser { name: row.name.clone(), hair_color: row.hair_color.clone() }).collect()
}

/// One row as a struct, many by their columns.
fn insert_users(rows: &[NewRow]) -> Insert<User> {
    if rows.len() == 1 {
        return insert(User).values(new_users(rows));
    }
    let people = rows.iter().map(|row| (&row.name, &row.hair_color));
    insert(User).columns((User.name, User.hair_color)).values(people)
}

/// Users of a hair color with the post of each, if there is one.
pub(super) fn pairs(hair_color: &str) -> Select<(User, Option<Post>)> {
    select((User, Post.optional()))
        .outer_join(Post, Post.user_id.eq(User.id))
        .filter(User.hair_color.eq(hair_color))
        .order_by(User.name.desc())
}

fn digest_tree(users: &[(User, Posts)]) -> Digest {
    let mut digest = Digest::default();
    for (user, posts) in users {
        let posts =
            posts.iter().map(|(post, comments)| (post.digest(), comments.iter().map(Comment::digest)));
        digest.add_tree(user.id, user.digest(), posts);
    }
    digest
}

impl Contestant for OfEngine {
    // Writing back objects that have changed is what a session is for.
    const DOES: &'static [Workload] = &[
        Workload::Load,
        Workload::Join,
        Workload::Insert,
        Workload::InsertWithoutIds,
        Workload::Posts,
        Workload::Related,
        Workload::Together,
        Workload::ByKey,
        Workload::ByKeyPooled,
        Workload::Change,
        Workload::TpcB,
        Workload::Stream,
    ];

    async fn connect(access: Access) -> Result<Self> {
        Ok(OfEngine(connect(access).await?))
    }

    async fn load(&mut self) -> Result<Digest> {
        let users: Vec<User> = self.0.all(select(User)).await?;
        Ok(Digest::of(users.iter().map(User::digest)))
    }

    async fn join(&mut self, hair_color: &str) -> Result<Digest> {
        let pairs: Vec<(User, Option<Post>)> = self.0.all(pairs(hair_color)).await?;
        let value = |(user, post): &(User, Option<Post>)| {
            user.digest().wrapping_add(post.as_ref().map_or(0, Post::digest))
        };
        Ok(Digest::of(pairs.iter().map(value)))
    }

    async fn insert(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let ids = self.0.all(insert_users(rows).returning(User.id)).await?;
        Ok(Digest::of_keys(ids))
    }

    async fn insert_without_ids(&mut self, rows: &[NewRow]) -> Result<Digest> {
        Ok(Digest::of_count(self.0.execute(insert_users(rows)).await?))
    }

    async fn posts(&mut self) -> Result<Digest> {
        let users: Vec<(User, Vec<Post>)> = self.0.all(select(User).with(User.posts)).await?;
        let mut digest = Digest::default();
        for (user, posts) in &users {
            digest.add_branch(user.id, user.digest(), posts.iter().map(Post::digest));
        }
        Ok(digest)
    }

    async fn related(&mut self) -> Result<Digest> {
        Ok(digest_tree(&self.0.all(select(User).with(User.posts.with(Post.comments))).await?))
    }

    async fn together(&mut self) -> Result<Digest> {
        let statement = select(User).with(User.posts.with(Post.comments)).together();
        Ok(digest_tree(&self.0.all(statement).await?))
    }

    async fn by_key(&mut self, id: i64) -> Result<Digest> {
        self.by_key_pooled(0, id).await
    }

    async fn by_key_pooled(&self, _: usize, id: i64) -> Result<Digest> {
        let user: User = self.0.one(select(User).filter(User.id.eq(id))).await?;
        Ok(Digest::of([user.digest()]))
    }

    async fn change(&mut self, id: i64, revision: u64) -> Result<Digest> {
        let mut transaction = self.0.begin().await?;
        let user = transaction.one(select(User).filter(User.id.eq(id))).await?;
        let digest = Digest::of([user.digest()]);
        let mut user = Tracked::new(user);
        user.name = renamed(id, revision);
        transaction.save(&mut user).await?;
        transaction.commit().await?;
        Ok(digest)
    }

    async fn tpcb(&self, _: usize, arguments: TpcB) -> Result<i32> {
        let TpcB { account, branch, teller, delta } = arguments;
        let history = NewHistory { tid: teller, bid: branch, aid: account, delta };
        let statements = (
            update(Account).set(Account.abalance, Account.abalance + delta).filter(Account.aid.eq(account)),
            select(Account.abalance).filter(Account.aid.eq(account)),
            update(Teller).set(Teller.tbalance, Teller.tbalance + delta).filter(Teller.tid.eq(teller)),
            update(Branch).set(Branch.bbalance, Branch.bbalance + delta).filter(Branch.bid.eq(branch)),
            insert(History).values(history),
        );
        let (_, balances, ..) = self.0.begin().await?.commit_with(statements).await?;
        balances.into_iter().next().ok_or_else(|| "there is no such account".into())
    }

    async fn stream(&mut self) -> Result<Digest> {
        let mut rows = self.0.stream(select(User)).await?;
        let mut digest = Digest::default();
        while let Some(user) = rows.next().await {
            digest.add(user?.digest());
        }
        Ok(digest)
    }
}
