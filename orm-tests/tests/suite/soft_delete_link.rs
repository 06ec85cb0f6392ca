//! Links, and only children, of models whose rows count as deleted by a column.

use chrono::{DateTime, Utc};
use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug)]
#[orm(
    table = "posts",
    many_to_many(tags = Tag, through = PostTag),
    has_one(cover = Cover.post_id, seal = Seal.post_id, note = Note.post_id)
)]
struct Post {
    #[orm(primary_key)]
    id: i64,
    #[orm(default = "0")]
    rank: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "tags")]
struct Tag {
    #[orm(primary_key)]
    id: i64,
    #[orm(default = "0")]
    rank: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "post_tags", soft_delete = off)]
struct PostTag {
    #[orm(primary_key, references = Post.id)]
    post_id: i64,
    #[orm(primary_key, references = Tag.id)]
    tag_id: i64,
    #[orm(default = false)]
    off: bool,
}

/// Unique among those that are there.
#[derive(Model, Clone, Debug)]
#[orm(table = "covers", soft_delete = gone, index(post_id, unique, where = "gone IS NULL"))]
struct Cover {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Post.id, on_delete = cascade)]
    post_id: i64,
    gone: Option<DateTime<Utc>>,
}

/// Unique among all rows.
#[derive(Model, Clone, Debug)]
#[orm(table = "seals", soft_delete = gone)]
struct Seal {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(unique, references = Post.id, on_delete = cascade)]
    post_id: i64,
    #[orm(default = false)]
    gone: bool,
}

/// Unique among all rows, and it may be of no post.
#[derive(Model, Clone, Debug)]
#[orm(table = "notes", soft_delete = gone)]
struct Note {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(unique, references = Post.id, on_delete = cascade)]
    post_id: Option<i64>,
    #[orm(default = false)]
    gone: bool,
}

/// A post with the first tag, and a link to the second that is marked.
async fn posts() -> Fixture {
    let fixture = Fixture::new(schema![Post, Tag, PostTag, Cover, Seal, Note]).await;
    fixture
        .database
        .execute(
            "INSERT INTO posts VALUES (1, 0); INSERT INTO tags VALUES (1, 0), (2, 0), (3, 0);
             INSERT INTO post_tags VALUES (1, 1, false), (1, 2, true)",
        )
        .await;
    fixture
}

async fn loaded(session: &mut Session) -> (Handle<Post>, Vec<Handle<Tag>>) {
    let post = session.find::<Post>(1).await.unwrap().unwrap();
    (post, session.all(select(Tag).order_by(Tag.id)).await.unwrap())
}

/// The tags of all rows between, with their marks.
async fn links(fixture: &Fixture) -> Vec<(i64, bool)> {
    let all = select((PostTag.tag_id, PostTag.off)).without("off").order_by(PostTag.tag_id);
    fixture.engine.all(all).await.unwrap()
}

#[tokio::test]
async fn a_pair_that_is_marked_is_linked_again() {
    for is_loaded in [false, true] {
        let fixture = posts().await;
        let mut session = fixture.session();
        let (post, tags) = loaded(&mut session).await;
        if is_loaded {
            session.all(select(PostTag).without("off")).await.unwrap();
        }
        session.link(post, Post.tags, tags[1]).unwrap();
        session.commit().await.unwrap();
        assert_eq!(links(&fixture).await, [(1, false), (2, false)]);
        assert_eq!(session.load(post, Post.tags).await.unwrap(), tags[..2]);
    }
}

#[tokio::test]
async fn the_last_of_a_deletion_and_a_link_counts() {
    let fixture = posts().await;
    let mut session = fixture.session();
    let (post, tags) = loaded(&mut session).await;
    let between = session.find::<PostTag>((1, 1)).await.unwrap().unwrap();
    session.delete(between).unwrap();
    session.link(post, Post.tags, tags[0]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(links(&fixture).await, [(1, false), (2, true)]);
}

#[tokio::test]
async fn rows_between_are_marked_by_unlink_and_set_links() {
    let fixture = posts().await;
    let mut session = fixture.session();
    let (post, tags) = loaded(&mut session).await;
    session.all(select(PostTag).without("off")).await.unwrap();
    session.unlink(post, Post.tags, tags[0]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(links(&fixture).await, [(1, true), (2, true)]);
    session.set_links(post, Post.tags, [tags[1], tags[2]]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(links(&fixture).await, [(1, true), (2, false), (3, false)]);
    session.set_links(post, Post.tags, [tags[0]]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(links(&fixture).await, [(1, false), (2, true), (3, true)]);
}

#[tokio::test]
async fn a_former_only_child_is_marked() {
    let fixture = posts().await;
    let mut session = fixture.session();
    let (post, _) = loaded(&mut session).await;
    let covers = async || {
        let all = select((Cover.id, Cover.gone)).without("gone").order_by(Cover.id);
        let all = fixture.engine.all(all).await.unwrap();
        all.into_iter().map(|(id, gone)| (id, gone.is_none())).collect::<Vec<_>>()
    };
    let first = session.add(NewCover { post_id: post.into(), gone: None });
    session.commit().await.unwrap();
    let second = session.add(NewCover { post_id: post.into(), gone: None });
    session.set(post, Post.cover, second).unwrap();
    session.commit().await.unwrap();
    let (first, second) = (session[first].id, session[second].id);
    assert_eq!(covers().await, [(first, false), (second, true)]);
    session.set(post, Post.cover, None).unwrap();
    session.commit().await.unwrap();
    assert_eq!(covers().await, [(first, false), (second, false)]);
    // Those that are marked and not loaded stay as they are.
    let mut session = fixture.session();
    let (post, _) = loaded(&mut session).await;
    let third = session.add(NewCover { post_id: post.into(), gone: None });
    session.set(post, Post.cover, third).unwrap();
    session.commit().await.unwrap();
    assert_eq!(covers().await, [(first, false), (second, false), (session[third].id, true)]);
    assert_eq!(session.load(post, Post.cover).await.unwrap(), Some(third));
}

#[tokio::test]
async fn a_marked_child_that_is_in_the_way_lets_go_or_is_told() {
    let fixture = posts().await;
    fixture.database.execute("INSERT INTO seals VALUES (DEFAULT, 1, true)").await;
    fixture.database.execute("INSERT INTO notes VALUES (DEFAULT, 1, true)").await;
    let mut session = fixture.session();
    let (post, _) = loaded(&mut session).await;
    let note = session.add(NewNote { post_id: None, gone: None });
    session.set(post, Post.note, note).unwrap();
    session.commit().await.unwrap();
    let notes = select((Note.post_id, Note.gone)).without("gone").order_by(Note.id);
    assert_eq!(fixture.engine.all(notes).await.unwrap(), [(None, true), (Some(1), false)]);
    let seal = session.add(NewSeal::new(post));
    session.set(post, Post.seal, seal).unwrap();
    let error = session.commit().await.unwrap_err();
    let expected = "a row of `Seal` that is marked as deleted keeps `Seal.post_id`, unique among all rows, in the way of the one";
    assert!(error.to_string().contains(expected), "{error}");
    session.rollback().await.unwrap();
    session.set(post, Post.seal, None).unwrap();
    session.commit().await.unwrap();
    let seals = select((Seal.post_id, Seal.gone)).without("gone");
    assert_eq!(fixture.engine.all(seals).await.unwrap(), [(1, true)]);
}
