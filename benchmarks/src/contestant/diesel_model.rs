//! The tables and models of diesel, which diesel-async shares.

use diesel::prelude::*;

use super::NewRow;
use crate::digest::{self, Digest};

diesel::table! { users (id) { id -> Int8, name -> Text, hair_color -> Nullable<Text>, } }
diesel::table! { posts (id) { id -> Int8, user_id -> Int8, title -> Text, body -> Nullable<Text>, } }
diesel::table! { comments (id) { id -> Int8, post_id -> Int8, text -> Text, } }
diesel::joinable!(posts -> users (user_id));
diesel::joinable!(comments -> posts (post_id));
diesel::allow_tables_to_appear_in_same_query!(users, posts, comments);
diesel::table! { pgbench_accounts (aid) { aid -> Int4, abalance -> Int4, } }
diesel::table! { pgbench_tellers (tid) { tid -> Int4, tbalance -> Int4, } }
diesel::table! { pgbench_branches (bid) { bid -> Int4, bbalance -> Int4, } }
diesel::table! {
    pgbench_history (tid, bid, aid, delta) { tid -> Int4, bid -> Int4, aid -> Int4, delta -> Int4, }
}

#[derive(Queryable, Selectable, Identifiable)]
#[diesel(table_name = users, check_for_backend(diesel::pg::Pg))]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) hair_color: Option<String>,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = posts, belongs_to(User), check_for_backend(diesel::pg::Pg))]
pub(crate) struct Post {
    pub(crate) id: i64,
    pub(crate) user_id: i64,
    pub(crate) title: String,
    pub(crate) body: Option<String>,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = comments, belongs_to(Post), check_for_backend(diesel::pg::Pg))]
pub(crate) struct Comment {
    pub(crate) id: i64,
    pub(crate) post_id: i64,
    pub(crate) text: String,
}

#[derive(Insertable)]
#[diesel(table_name = users)]
pub(crate) struct NewUser<'row> {
    name: &'row str,
    hair_color: Option<&'row str>,
}

pub(crate) fn new_users(rows: &[NewRow]) -> Vec<NewUser<'_>> {
    rows.iter().map(|row| NewUser { name: &row.name, hair_color: row.hair_color.as_deref() }).collect()
}

impl User {
    pub(crate) fn digest(&self) -> u64 {
        digest::user(self.id, &self.name, self.hair_color.as_deref())
    }
}

impl Post {
    pub(crate) fn digest(&self) -> u64 {
        digest::post(self.id, self.user_id, &self.title, self.body.as_deref())
    }
}

impl Comment {
    pub(crate) fn digest(&self) -> u64 {
        digest::comment(self.id, self.post_id, &self.text)
    }
}

pub(crate) fn digest_pairs(pairs: &[(User, Option<Post>)]) -> Digest {
    let value = |(user, post): &(User, Option<Post>)| {
        user.digest().wrapping_add(post.as_ref().map_or(0, Post::digest))
    };
    Digest::of(pairs.iter().map(value))
}

/// Posts with their comments.
type Posts = Vec<(Post, Vec<Comment>)>;

/// The digest of two lists of rows, put together by diesel's own `grouped_by`.
pub(crate) fn nest_posts(users: Vec<User>, posts: Vec<Post>) -> Digest {
    let posts: Vec<Vec<Post>> = posts.grouped_by(&users);
    let users: Vec<(User, Vec<Post>)> = users.into_iter().zip(posts).collect();
    let mut digest = Digest::default();
    for (user, posts) in &users {
        digest.add_branch(user.id, user.digest(), posts.iter().map(Post::digest));
    }
    digest
}

/// The digest of three lists of rows, put together by diesel's own `grouped_by`.
pub(crate) fn nest(users: Vec<User>, posts: Vec<Post>, comments: Vec<Comment>) -> Digest {
    let comments: Vec<Vec<Comment>> = comments.grouped_by(&posts);
    let posts: Vec<Posts> = posts.into_iter().zip(comments).grouped_by(&users);
    let tree: Vec<(User, Posts)> = users.into_iter().zip(posts).collect();
    let mut digest = Digest::default();
    for (user, posts) in &tree {
        let posts =
            posts.iter().map(|(post, comments)| (post.digest(), comments.iter().map(Comment::digest)));
        digest.add_tree(user.id, user.digest(), posts);
    }
    digest
}
