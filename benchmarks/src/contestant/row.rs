//! Rows as a program without a library for them declares, decodes and nests them.

use std::collections::HashMap;

use tokio_postgres::Row;

use crate::digest::{self, Digest};

#[derive(Debug)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) hair_color: Option<String>,
}

#[derive(Debug)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub(super) struct Post {
    pub(super) id: i64,
    pub(super) user_id: i64,
    pub(super) title: String,
    pub(super) body: Option<String>,
}

#[derive(Debug)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub(super) struct Comment {
    pub(super) id: i64,
    pub(super) post_id: i64,
    pub(super) text: String,
}

pub(super) type Pair = (User, Option<Post>);

/// Posts with their comments.
type Posts = Vec<(Post, Vec<Comment>)>;

impl User {
    #[inline]
    pub(super) fn decode(row: &Row) -> User {
        User { id: row.get(0), name: row.get(1), hair_color: row.get(2) }
    }

    pub(super) fn digest(&self) -> u64 {
        digest::user(self.id, &self.name, self.hair_color.as_deref())
    }
}

impl Post {
    #[inline]
    pub(super) fn decode(row: &Row) -> Post {
        Post { id: row.get(0), user_id: row.get(1), title: row.get(2), body: row.get(3) }
    }

    pub(super) fn digest(&self) -> u64 {
        digest::post(self.id, self.user_id, &self.title, self.body.as_deref())
    }
}

impl Comment {
    #[inline]
    pub(super) fn decode(row: &Row) -> Comment {
        Comment { id: row.get(0), post_id: row.get(1), text: row.get(2) }
    }

    pub(super) fn digest(&self) -> u64 {
        digest::comment(self.id, self.post_id, &self.text)
    }
}

/// A row of [`JOIN`](super::raw::JOIN).
#[inline]
pub(super) fn decode_pair(row: &Row) -> Pair {
    let post = row.get::<_, Option<i64>>(3).map(|id| Post {
        id,
        user_id: row.get(4),
        title: row.get(5),
        body: row.get(6),
    });
    (User::decode(row), post)
}

pub(super) fn digest_pairs(pairs: &[Pair]) -> Digest {
    let value = |(user, post): &Pair| user.digest().wrapping_add(post.as_ref().map_or(0, Post::digest));
    Digest::of(pairs.iter().map(value))
}

/// The digest of two lists of rows, put together to users with posts.
pub(super) fn nest_posts(users: Vec<User>, posts: Vec<Post>) -> Digest {
    let mut by_user: HashMap<i64, Vec<Post>> = HashMap::with_capacity(users.len());
    for post in posts {
        by_user.entry(post.user_id).or_default().push(post);
    }
    let with_posts = |user: User| {
        let posts = by_user.remove(&user.id).unwrap_or_default();
        (user, posts)
    };
    let users: Vec<(User, Vec<Post>)> = users.into_iter().map(with_posts).collect();
    let mut digest = Digest::default();
    for (user, posts) in &users {
        digest.add_branch(user.id, user.digest(), posts.iter().map(Post::digest));
    }
    digest
}

/// The digest of three lists of rows, put together to users with posts with comments.
pub(super) fn nest(users: Vec<User>, posts: Vec<Post>, comments: Vec<Comment>) -> Digest {
    let mut by_post: HashMap<i64, Vec<Comment>> = HashMap::with_capacity(posts.len());
    for comment in comments {
        by_post.entry(comment.post_id).or_default().push(comment);
    }
    let mut by_user: HashMap<i64, Posts> = HashMap::with_capacity(users.len());
    for post in posts {
        let comments = by_post.remove(&post.id).unwrap_or_default();
        by_user.entry(post.user_id).or_default().push((post, comments));
    }
    let tree: Vec<(User, Posts)> = users
        .into_iter()
        .map(|user| {
            let posts = by_user.remove(&user.id).unwrap_or_default();
            (user, posts)
        })
        .collect();
    let mut digest = Digest::default();
    for (user, posts) in &tree {
        let posts =
            posts.iter().map(|(post, comments)| (post.digest(), comments.iter().map(Comment::digest)));
        digest.add_tree(user.id, user.digest(), posts);
    }
    digest
}
