//! The models of the engine and of the session.

use orm_core::prelude::*;

use crate::digest;

#[derive(Model, Clone, Debug)]
#[orm(table = "users", has_many(posts = Post.user_id))]
pub(crate) struct User {
    #[orm(primary_key, generated)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) hair_color: Option<String>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "posts", has_many(comments = Comment.post_id))]
pub(crate) struct Post {
    #[orm(primary_key, generated)]
    pub(crate) id: i64,
    #[orm(references = User.id)]
    pub(crate) user_id: i64,
    pub(crate) title: String,
    pub(crate) body: Option<String>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "comments")]
pub(crate) struct Comment {
    #[orm(primary_key, generated)]
    pub(crate) id: i64,
    #[orm(references = Post.id)]
    pub(crate) post_id: i64,
    pub(crate) text: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "pgbench_accounts")]
pub(crate) struct Account {
    #[orm(primary_key)]
    pub(crate) aid: i32,
    pub(crate) abalance: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "pgbench_tellers")]
pub(crate) struct Teller {
    #[orm(primary_key)]
    pub(crate) tid: i32,
    pub(crate) tbalance: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "pgbench_branches")]
pub(crate) struct Branch {
    #[orm(primary_key)]
    pub(crate) bid: i32,
    pub(crate) bbalance: i32,
}

/// The table has no key; rows are only inserted.
#[derive(Model, Clone, Debug)]
#[orm(table = "pgbench_history")]
pub(crate) struct History {
    #[orm(primary_key)]
    pub(crate) tid: i32,
    #[orm(primary_key)]
    pub(crate) bid: i32,
    #[orm(primary_key)]
    pub(crate) aid: i32,
    #[orm(primary_key)]
    pub(crate) delta: i32,
}

impl User {
    pub(super) fn digest(&self) -> u64 {
        digest::user(self.id, &self.name, self.hair_color.as_deref())
    }
}

impl Post {
    pub(super) fn digest(&self) -> u64 {
        digest::post(self.id, self.user_id, &self.title, self.body.as_deref())
    }
}

impl Comment {
    pub(super) fn digest(&self) -> u64 {
        digest::comment(self.id, self.post_id, &self.text)
    }
}
