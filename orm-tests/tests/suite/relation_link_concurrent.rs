//! Links that somebody else makes or ends meanwhile.

use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug)]
#[orm(table = "posts", many_to_many(tags = Tag, through = PostTag))]
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
#[orm(table = "post_tags")]
struct PostTag {
    #[orm(primary_key, references = Post.id, on_delete = cascade)]
    post_id: i64,
    #[orm(primary_key, references = Tag.id, on_delete = cascade)]
    tag_id: i64,
    #[orm(default = "7")]
    weight: i32,
}

/// A post with the first of two tags.
async fn posts() -> Fixture {
    let fixture = Fixture::new(schema![Post, Tag, PostTag]).await;
    fixture
        .database
        .execute(
            "INSERT INTO posts VALUES (1, 0); INSERT INTO tags VALUES (1, 0), (2, 0);
             INSERT INTO post_tags VALUES (1, 1, 3)",
        )
        .await;
    fixture
}

async fn loaded(session: &mut Session) -> (Handle<Post>, Vec<Handle<Tag>>) {
    let post = session.find::<Post>(1).await.unwrap().unwrap();
    (post, session.all(select(Tag).order_by(Tag.id)).await.unwrap())
}

/// Tag and weight of each link.
async fn links(fixture: &Fixture) -> Vec<(i64, i32)> {
    fixture.engine.all(select((PostTag.tag_id, PostTag.weight)).order_by(PostTag.tag_id)).await.unwrap()
}

#[tokio::test]
async fn a_row_between_that_is_loaded_and_gone_is_made_anew() {
    let fixture = posts().await;
    for way in
        ["in the same transaction", "in the next", "where it is expired", "where its deletion was asked for"]
    {
        let mut session = fixture.session();
        let (post, tags) = loaded(&mut session).await;
        let between = session.one(select(PostTag)).await.unwrap();
        match way {
            "in the next" => session.commit().await.unwrap(),
            "where it is expired" => session.expire(between).unwrap(),
            "where its deletion was asked for" => session.delete(between).unwrap(),
            _ => {}
        }
        fixture.database.execute("DELETE FROM post_tags").await;
        session.link(post, Post.tags, tags[0]).unwrap();
        session.commit().await.unwrap();
        assert_eq!(links(&fixture).await, [(1, 7)], "{way}");
        assert!(!session.contains(between), "{way}");
        assert_eq!(session.find::<PostTag>((1, 1)).await.unwrap().map(|new| session[new].weight), Some(7));
    }
}

#[tokio::test]
async fn a_link_that_somebody_else_ended_is_unlinked() {
    let fixture = posts().await;
    let mut session = fixture.session();
    let (post, tags) = loaded(&mut session).await;
    session.one(select(PostTag)).await.unwrap();
    fixture.database.execute("DELETE FROM post_tags").await;
    session.unlink(post, Post.tags, tags[0]).unwrap();
    session.commit().await.unwrap();
    session.set_links(post, Post.tags, tags.clone()).unwrap();
    session.commit().await.unwrap();
    assert_eq!(links(&fixture).await, [(1, 7), (2, 7)]);
}

#[tokio::test]
async fn a_change_of_a_row_between_that_is_gone_is_not_lost_in_silence() {
    let fixture = posts().await;
    let mut session = fixture.session();
    let (post, tags) = loaded(&mut session).await;
    let between = session.one(select(PostTag)).await.unwrap();
    session[between].weight = 9;
    fixture.database.execute("DELETE FROM post_tags").await;
    session.link(post, Post.tags, tags[0]).unwrap();
    let error = session.commit().await.unwrap_err();
    assert!(error.is_stale(), "{error}");
}

#[tokio::test]
async fn a_link_that_somebody_else_makes_meanwhile_is_told_with_what_to_do() {
    let fixture = posts().await;
    let mut session = fixture.session();
    session.begin_with(Isolation::RepeatableRead).unwrap();
    let (post, tags) = loaded(&mut session).await;
    // Not seen, and in the way.
    fixture.database.execute("INSERT INTO post_tags VALUES (1, 2, 7)").await;
    session.link(post, Post.tags, tags[1]).unwrap();
    let error = session.commit().await.unwrap_err();
    assert!(error.is_unique_violation());
    let text = error.to_string();
    assert!(
        text.contains("the two rows are linked by a `PostTag` already, which somebody else made meanwhile"),
        "{text}"
    );
    assert!(!text.contains("on_conflict"), "{text}");
    session.rollback().await.unwrap();
    session.link(post, Post.tags, tags[1]).unwrap();
    session.commit().await.unwrap();
    assert_eq!(links(&fixture).await, [(1, 3), (2, 7)]);
}
