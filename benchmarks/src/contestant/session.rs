//! Ours, with a session for each operation, as for a request of a web server.

use orm_core::prelude::*;

use super::engine::{connect, new_users, pairs};
use super::model::{Account, Branch, Comment, NewHistory, Post, Teller, User};
use super::{Access, Contestant, NewRow, TpcB, renamed};
use crate::Result;
use crate::cell::Workload;
use crate::digest::Digest;

type Posts = Vec<(Handle<Post>, Vec<Handle<Comment>>)>;

pub(super) struct OfSession(SessionMaker);

fn digest_tree(session: &Session, users: &[(Handle<User>, Posts)]) -> Digest {
    let mut digest = Digest::default();
    for (user, posts) in users {
        let posts = posts
            .iter()
            .map(|(post, comments)| (session[*post].digest(), session.values(comments).map(Comment::digest)));
        digest.add_tree(session[*user].id, session[*user].digest(), posts);
    }
    digest
}

impl Contestant for OfSession {
    const DOES: &'static [Workload] = &[
        Workload::Load,
        Workload::Join,
        Workload::Insert,
        Workload::Posts,
        Workload::Related,
        Workload::Together,
        Workload::ByKey,
        Workload::ByKeyPooled,
        Workload::Change,
        Workload::TpcB,
        Workload::Flush,
        Workload::Stream,
    ];

    async fn connect(access: Access) -> Result<Self> {
        Ok(OfSession(SessionMaker::new(connect(access).await?).expire_on_commit(false)))
    }

    async fn load(&mut self) -> Result<Digest> {
        let mut session = self.0.session();
        let users = session.all(select(User)).await?;
        Ok(Digest::of(session.values(&users).map(User::digest)))
    }

    async fn join(&mut self, hair_color: &str) -> Result<Digest> {
        let mut session = self.0.session();
        let rows = session.all(pairs(hair_color)).await?;
        let value = |(user, post): &(Handle<User>, Option<Handle<Post>>)| {
            session[*user].digest().wrapping_add(post.map_or(0, |post| session[post].digest()))
        };
        Ok(Digest::of(rows.iter().map(value)))
    }

    async fn insert(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let mut session = self.0.session();
        let users = session.add_all(new_users(rows));
        session.commit().await?;
        Ok(Digest::of_keys(session.values(&users).map(|user| user.id)))
    }

    async fn posts(&mut self) -> Result<Digest> {
        let mut session = self.0.session();
        let users: Vec<(Handle<User>, Vec<Handle<Post>>)> =
            session.all(select(User).with(User.posts)).await?;
        let mut digest = Digest::default();
        for (user, posts) in users {
            let posts = session.values(&posts).map(Post::digest);
            digest.add_branch(session[user].id, session[user].digest(), posts);
        }
        Ok(digest)
    }

    async fn related(&mut self) -> Result<Digest> {
        let mut session = self.0.session();
        let users = session.all(select(User).with(User.posts.with(Post.comments))).await?;
        Ok(digest_tree(&session, &users))
    }

    async fn together(&mut self) -> Result<Digest> {
        let mut session = self.0.session();
        let users = session.all(select(User).with(User.posts.with(Post.comments)).together()).await?;
        Ok(digest_tree(&session, &users))
    }

    async fn by_key(&mut self, id: i64) -> Result<Digest> {
        self.by_key_pooled(0, id).await
    }

    async fn by_key_pooled(&self, _: usize, id: i64) -> Result<Digest> {
        let mut session = self.0.session();
        let user = session.find::<User>(id).await?.ok_or("expected a user of this key, found none")?;
        Ok(Digest::of([session[user].digest()]))
    }

    async fn change(&mut self, id: i64, revision: u64) -> Result<Digest> {
        let mut session = self.0.session();
        let user = session.find::<User>(id).await?.ok_or("expected a user of this key, found none")?;
        let digest = Digest::of([session[user].digest()]);
        session[user].name = renamed(id, revision);
        session.commit().await?;
        Ok(digest)
    }

    async fn tpcb(&self, _: usize, arguments: TpcB) -> Result<i32> {
        let TpcB { account, branch, teller, delta } = arguments;
        let mut session = self.0.session();
        let of_account =
            update(Account).set(Account.abalance, Account.abalance + delta).filter(Account.aid.eq(account));
        session.execute(of_account).await?;
        let balance = session.one(select(Account.abalance).filter(Account.aid.eq(account))).await?;
        let of_teller =
            update(Teller).set(Teller.tbalance, Teller.tbalance + delta).filter(Teller.tid.eq(teller));
        session.execute(of_teller).await?;
        let of_branch =
            update(Branch).set(Branch.bbalance, Branch.bbalance + delta).filter(Branch.bid.eq(branch));
        session.execute(of_branch).await?;
        session.add(NewHistory { tid: teller, bid: branch, aid: account, delta });
        session.commit().await?;
        Ok(balance)
    }

    async fn flush(&mut self, revision: u64) -> Result<Digest> {
        let mut session = self.0.session();
        let users = session.all(select(User)).await?;
        let digest = Digest::of(session.values(&users).map(User::digest));
        for user in users {
            session[user].name = renamed(session[user].id, revision);
        }
        session.commit().await?;
        Ok(digest)
    }

    async fn stream(&mut self) -> Result<Digest> {
        let mut session = self.0.session();
        let mut digest = Digest::default();
        // The values of the session's own transaction: its objects would all be kept.
        let mut rows = session.connection().await?.stream(select(User)).await?;
        while let Some(user) = rows.next().await {
            digest.add(user?.digest());
        }
        Ok(digest)
    }
}
