//! The tables, and what pages show of them.

use orm_core::prelude::*;
use serde::Serialize;

#[derive(Model, Clone, Debug)]
#[orm(has_many(posts = Post.user_id))]
pub struct User {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(unique)]
    pub name: String,
}

#[derive(Model, Clone, Debug)]
#[orm(has_many(comments = Comment.post_id), many_to_many(tags = Tag, through = PostTag))]
pub struct Post {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = User.id, relation = author, on_delete = cascade)]
    pub user_id: i64,
    pub title: String,
    pub text: String,
}

#[derive(Model, Clone, Debug)]
pub struct Comment {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Post.id, relation = post, on_delete = cascade)]
    pub post_id: i64,
    #[orm(references = User.id, relation = author, on_delete = cascade)]
    pub user_id: i64,
    pub text: String,
}

#[derive(Model, Clone, Debug)]
#[orm(many_to_many(posts = Post, through = PostTag))]
pub struct Tag {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(unique)]
    pub name: String,
}

#[derive(Model, Clone, Debug)]
pub struct PostTag {
    #[orm(primary_key, references = Post.id, on_delete = cascade)]
    pub post_id: i64,
    #[orm(primary_key, references = Tag.id, on_delete = cascade)]
    pub tag_id: i64,
}

/// A user in a list.
#[derive(Row, Serialize)]
#[orm(of = User)]
pub struct UserLine {
    pub id: i64,
    pub name: String,
    #[orm(count = posts)]
    pub posts: i64,
}

/// A user beside what is theirs.
#[derive(Row, Serialize, Clone)]
#[orm(of = User)]
pub struct Author {
    pub id: i64,
    pub name: String,
}

#[derive(Row, Serialize, Clone)]
#[orm(of = Tag)]
pub struct TagName {
    pub name: String,
}

/// A post in a list.
#[derive(Row, Serialize)]
#[orm(of = Post)]
pub struct PostLine {
    pub id: i64,
    pub title: String,
    #[orm(relation)]
    pub author: Author,
    #[orm(relation)]
    pub tags: Vec<TagName>,
    #[orm(count = comments)]
    pub comments: i64,
}

/// A post by itself, with its comments and who wrote them.
#[derive(Row, Serialize)]
#[orm(of = Post)]
pub struct PostPage {
    pub id: i64,
    pub title: String,
    pub text: String,
    #[orm(relation)]
    pub author: Author,
    #[orm(relation)]
    pub tags: Vec<TagName>,
    #[orm(relation)]
    pub comments: Vec<CommentLine>,
}

#[derive(Row, Serialize, Clone)]
#[orm(of = Comment)]
pub struct CommentLine {
    pub id: i64,
    pub text: String,
    #[orm(relation)]
    pub author: Author,
}
