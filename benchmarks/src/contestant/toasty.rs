//! toasty on its driver for PostgreSQL.

use toasty::stmt;

use super::{Access, Contestant, NewRow, TpcB, renamed};
use crate::Result;
use crate::cell::Workload;
use crate::digest::{self, Digest};

#[derive(Debug, toasty::Model)]
#[table = "users"]
struct User {
    #[key]
    #[auto]
    id: i64,
    name: String,
    hair_color: Option<String>,
    #[has_many]
    posts: toasty::Deferred<Vec<Post>>,
}

#[derive(Debug, toasty::Model)]
#[table = "posts"]
struct Post {
    #[key]
    #[auto]
    id: i64,
    #[index]
    user_id: i64,
    #[belongs_to(key = user_id, references = id)]
    user: toasty::Deferred<User>,
    title: String,
    body: Option<String>,
    #[has_many]
    comments: toasty::Deferred<Vec<Comment>>,
}

#[derive(Debug, toasty::Model)]
#[table = "comments"]
struct Comment {
    #[key]
    #[auto]
    id: i64,
    #[index]
    post_id: i64,
    #[belongs_to(key = post_id, references = id)]
    post: toasty::Deferred<Post>,
    text: String,
}

#[derive(Debug, toasty::Model)]
#[table = "pgbench_accounts"]
struct Account {
    #[key]
    aid: i32,
    abalance: i32,
}

#[derive(Debug, toasty::Model)]
#[table = "pgbench_tellers"]
struct Teller {
    #[key]
    tid: i32,
    tbalance: i32,
}

#[derive(Debug, toasty::Model)]
#[table = "pgbench_branches"]
struct Branch {
    #[key]
    bid: i32,
    bbalance: i32,
}

#[derive(Debug, toasty::Model)]
#[table = "pgbench_history"]
#[key(tid, bid, aid, delta)]
struct History {
    tid: i32,
    bid: i32,
    aid: i32,
    delta: i32,
}

fn digest_user(user: &User) -> u64 {
    digest::user(user.id, &user.name, user.hair_color.as_deref())
}

fn digest_post(post: &Post) -> u64 {
    digest::post(post.id, post.user_id, &post.title, post.body.as_deref())
}

fn digest_comment(comment: &Comment) -> u64 {
    digest::comment(comment.id, comment.post_id, &comment.text)
}

/// It takes the folder of a socket from a parameter alone.
fn with_socket(url: String) -> String {
    let authority = url.split_once("://").and_then(|(_, rest)| rest.split('/').next());
    let host = authority.and_then(|authority| authority.rsplit('@').next());
    match host.filter(|host| host.to_ascii_uppercase().starts_with("%2F")) {
        Some(host) => format!("{url}{}host={host}", if url.contains('?') { '&' } else { '?' }),
        None => url,
    }
}

pub(super) struct Toasty(toasty::Db);

impl Contestant for Toasty {
    // It has no rows one by one, and an insert gives back whole rows always.
    const DOES: &'static [Workload] = &[
        Workload::Load,
        Workload::Join,
        Workload::Insert,
        Workload::Posts,
        Workload::Related,
        Workload::ByKey,
        Workload::ByKeyPooled,
        Workload::Change,
        Workload::TpcB,
        Workload::Flush,
    ];

    async fn connect(access: Access) -> Result<Self> {
        let db = toasty::Db::builder()
            .models(toasty::models!(User, Post, Comment, Account, Teller, Branch, History))
            .max_pool_size(access.connections)
            .connect(&with_socket(access.url))
            .await?;
        Ok(Toasty(db))
    }

    async fn load(&mut self) -> Result<Digest> {
        let users: Vec<User> = User::all().exec(&mut self.0).await?;
        Ok(Digest::of(users.iter().map(digest_user)))
    }

    async fn join(&mut self, hair_color: &str) -> Result<Digest> {
        let users: Vec<User> = User::filter(User::fields().hair_color().eq(hair_color))
            .include(User::fields().posts())
            .order_by(User::fields().name().desc())
            .exec(&mut self.0)
            .await?;
        let value =
            |user: &User| digest_user(user).wrapping_add(user.posts.get().first().map_or(0, digest_post));
        Ok(Digest::of(users.iter().map(value)))
    }

    async fn insert(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let mut new = User::create_many();
        for row in rows {
            new = new.item(User::create().name(row.name.clone()).hair_color(row.hair_color.clone()));
        }
        let users: Vec<User> = new.exec(&mut self.0).await?;
        Ok(Digest::of_keys(users.iter().map(|user| user.id)))
    }

    async fn posts(&mut self) -> Result<Digest> {
        let users: Vec<User> = User::all().include(User::fields().posts()).exec(&mut self.0).await?;
        let mut digest = Digest::default();
        for user in &users {
            digest.add_branch(user.id, digest_user(user), user.posts.get().iter().map(digest_post));
        }
        Ok(digest)
    }

    async fn related(&mut self) -> Result<Digest> {
        let tree: Vec<User> =
            User::all().include(User::fields().posts().comments()).exec(&mut self.0).await?;
        let mut digest = Digest::default();
        for user in &tree {
            let posts = user.posts.get().iter();
            let posts = posts.map(|post| (digest_post(post), post.comments.get().iter().map(digest_comment)));
            digest.add_tree(user.id, digest_user(user), posts);
        }
        Ok(digest)
    }

    async fn by_key(&mut self, id: i64) -> Result<Digest> {
        Ok(Digest::of([digest_user(&User::get_by_id(&mut self.0, &id).await?)]))
    }

    async fn by_key_pooled(&self, _: usize, id: i64) -> Result<Digest> {
        let mut db = self.0.clone();
        Ok(Digest::of([digest_user(&User::get_by_id(&mut db, &id).await?)]))
    }

    async fn change(&mut self, id: i64, revision: u64) -> Result<Digest> {
        let mut transaction = self.0.transaction().await?;
        let mut user = User::get_by_id(&mut transaction, &id).await?;
        let digest = Digest::of([digest_user(&user)]);
        user.update().name(renamed(id, revision)).exec(&mut transaction).await?;
        transaction.commit().await?;
        Ok(digest)
    }

    async fn tpcb(&self, _: usize, arguments: TpcB) -> Result<i32> {
        let TpcB { account, branch, teller, delta } = arguments;
        let mut db = self.0.clone();
        let mut transaction = db.transaction().await?;
        let of_account = Account::filter_by_aid(account).update().abalance(stmt::add(delta));
        of_account.exec(&mut transaction).await?;
        let balance = Account::get_by_aid(&mut transaction, &account).await?.abalance;
        let of_teller = Teller::filter_by_tid(teller).update().tbalance(stmt::add(delta));
        of_teller.exec(&mut transaction).await?;
        let of_branch = Branch::filter_by_bid(branch).update().bbalance(stmt::add(delta));
        of_branch.exec(&mut transaction).await?;
        let history = History::create().tid(teller).bid(branch).aid(account).delta(delta);
        history.exec(&mut transaction).await?;
        transaction.commit().await?;
        Ok(balance)
    }

    async fn flush(&mut self, revision: u64) -> Result<Digest> {
        let mut transaction = self.0.transaction().await?;
        let users: Vec<User> = User::all().exec(&mut transaction).await?;
        let digest = Digest::of(users.iter().map(digest_user));
        for mut user in users {
            let name = renamed(user.id, revision);
            user.update().name(name).exec(&mut transaction).await?;
        }
        transaction.commit().await?;
        Ok(digest)
    }
}

#[cfg(test)]
mod tests {
    use super::with_socket;

    #[test]
    fn only_a_socket_becomes_a_parameter() {
        let socket = with_socket("postgresql://app@%2Ftmp%2Fx/app".to_owned());
        assert_eq!(socket, "postgresql://app@%2Ftmp%2Fx/app?host=%2Ftmp%2Fx");
        let port = "postgresql://app@127.0.0.1:5432/app";
        assert_eq!(with_socket(port.to_owned()), port);
    }
}
