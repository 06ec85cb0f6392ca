//! A blog: users, posts, comments and tags as JSON over HTTP.

mod error;
pub mod model;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use orm_core::prelude::*;
use serde::{Deserialize, Serialize};

use error::Failed;
use model::*;

/// How many rows a page has.
const PAGE: i64 = 20;

/// Everything the blog answers, from a database that has its tables.
pub fn router(engine: Engine) -> Router {
    Router::new()
        .route("/users", get(users).post(add_user))
        .route("/posts", get(posts).post(add_post))
        .route("/posts/{id}", get(post).put(change_post).delete(delete_post))
        .route("/posts/{id}/comments", axum::routing::post(add_comment))
        .with_state(engine)
}

/// Its tables.
pub async fn create_tables(engine: &Engine) -> Result<(), orm_core::Error> {
    engine.create_all(schema![User, Post, Comment, Tag, PostTag]).await
}

#[derive(Deserialize)]
struct Cursor {
    cursor: Option<String>,
    tag: Option<String>,
}

/// A page of a list, and the cursor of the one behind it.
#[derive(Serialize)]
struct Listed<T> {
    rows: Vec<T>,
    next: Option<String>,
}

#[derive(Serialize)]
struct Id {
    id: i64,
}

async fn users(
    State(engine): State<Engine>,
    Query(at): Query<Cursor>,
) -> Result<Json<Listed<UserLine>>, Failed> {
    let page = engine.page_after(select(UserLine).order_by(User.name), at.cursor.as_deref(), PAGE).await?;
    Ok(Json(Listed { rows: page.rows, next: page.next }))
}

#[derive(Deserialize)]
struct UserBody {
    name: String,
}

async fn add_user(
    State(engine): State<Engine>,
    Json(body): Json<UserBody>,
) -> Result<(StatusCode, Json<Id>), Failed> {
    let id = engine.one(insert(User).values(NewUser::new(body.name)).returning(User.id)).await?;
    Ok((StatusCode::CREATED, Json(Id { id })))
}

async fn posts(
    State(engine): State<Engine>,
    Query(at): Query<Cursor>,
) -> Result<Json<Listed<PostLine>>, Failed> {
    let mut posts = select(PostLine).order_by(Post.id.desc());
    if let Some(tag) = &at.tag {
        posts = posts.filter(Post.tags.any(Tag.name.eq(tag.as_str())));
    }
    let page = engine.page_after(posts, at.cursor.as_deref(), PAGE).await?;
    Ok(Json(Listed { rows: page.rows, next: page.next }))
}

async fn post(State(engine): State<Engine>, Path(id): Path<i64>) -> Result<Json<PostPage>, Failed> {
    Ok(Json(engine.one(select(PostPage).filter(Post.id.eq(id))).await?))
}

#[derive(Deserialize)]
struct PostBody {
    user_id: i64,
    title: String,
    text: String,
    tags: Vec<String>,
}

async fn add_post(
    State(engine): State<Engine>,
    Json(body): Json<PostBody>,
) -> Result<(StatusCode, Json<Id>), Failed> {
    let mut session = SessionMaker::new(engine).session();
    let tags = tags(&mut session, body.tags).await?;
    let post = session.add(NewPost::new(body.user_id, body.title, body.text));
    session.set_links(post, Post.tags, tags)?;
    session.commit().await?;
    Ok((StatusCode::CREATED, Json(Id { id: session[post].id })))
}

async fn change_post(
    State(engine): State<Engine>,
    Path(id): Path<i64>,
    Json(body): Json<PostBody>,
) -> Result<StatusCode, Failed> {
    let mut session = SessionMaker::new(engine).session();
    let post = session.one(select(Post).filter(Post.id.eq(id))).await?;
    let tags = tags(&mut session, body.tags).await?;
    let row = &mut session[post];
    (row.user_id, row.title, row.text) = (body.user_id, body.title, body.text);
    session.set_links(post, Post.tags, tags)?;
    session.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete_post(State(engine): State<Engine>, Path(id): Path<i64>) -> Result<StatusCode, Failed> {
    let deleted = engine.execute(delete(Post).filter(Post.id.eq(id))).await?;
    Ok(if deleted == 0 { StatusCode::NOT_FOUND } else { StatusCode::NO_CONTENT })
}

#[derive(Deserialize)]
struct CommentBody {
    user_id: i64,
    text: String,
}

async fn add_comment(
    State(engine): State<Engine>,
    Path(id): Path<i64>,
    Json(body): Json<CommentBody>,
) -> Result<(StatusCode, Json<Id>), Failed> {
    let new = NewComment::new(id, body.user_id, body.text);
    let id = engine.one(insert(Comment).values(new).returning(Comment.id)).await?;
    Ok((StatusCode::CREATED, Json(Id { id })))
}

/// The tags with these names; those that are missing are new objects, inserted with what refers to them.
async fn tags(session: &mut Session, mut names: Vec<String>) -> Result<Vec<Handle<Tag>>, orm_core::Error> {
    names.sort();
    names.dedup();
    let mut tags = session.all(select(Tag).filter(Tag.name.in_(&names))).await?;
    names.retain(|name| tags.iter().all(|tag| session[*tag].name != *name));
    tags.extend(session.add_all(names.into_iter().map(NewTag::new)));
    Ok(tags)
}
