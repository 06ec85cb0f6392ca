//! Conditions that a model says of all its rows, of tables that are joined.

use chrono::{DateTime, NaiveDate, Utc};
use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug)]
#[orm(table = "posts", filter(listed = "NOT hidden"), many_to_many(tags = Tag, through = PostTag))]
struct Post {
    #[orm(primary_key)]
    id: i64,
    #[orm(default = false)]
    hidden: bool,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "tags", filter(open = "NOT closed"))]
struct Tag {
    #[orm(primary_key)]
    id: i64,
    #[orm(default = false)]
    closed: bool,
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

/// The first post has an open tag, a closed one and one whose link is deleted; the second a closed one alone.
async fn posts() -> Fixture {
    let fixture = Fixture::new(schema![Post, Tag, PostTag]).await;
    fixture
        .database
        .execute(
            "INSERT INTO posts VALUES (1, false), (2, false), (3, true);
             INSERT INTO tags VALUES (1, false), (2, false), (3, true);
             INSERT INTO post_tags VALUES (1, 1, false), (1, 2, true), (1, 3, false), (2, 3, false), (3, 1, false)",
        )
        .await;
    fixture
}

#[tokio::test]
async fn an_outer_join_by_way_of_a_third_table_finds_both_rows_or_neither() {
    let fixture = posts().await;
    let joined =
        || select((Post.id, Tag.id.optional())).outer_join_relation(Post.tags).order_by((Post.id, Tag.id));
    let rows = fixture.engine.all(joined()).await.unwrap();
    assert_eq!(rows, [(1, Some(1)), (2, None)]);
    let text = joined().to_sql().unwrap().text.replace('"', "");
    let from = "FROM posts LEFT JOIN (post_tags JOIN tags ON tags.id = post_tags.tag_id AND (NOT tags.closed)) \
                ON post_tags.post_id = posts.id AND (NOT post_tags.off) WHERE NOT posts.hidden";
    assert!(text.contains(from), "{text}");
    let counts = select((Post.id, func::count(Tag.id))).outer_join_relation(Post.tags).group_by(Post.id);
    assert_eq!(fixture.engine.all(counts.order_by(Post.id)).await.unwrap(), [(1, 1), (2, 0)]);
    let without = joined().without("open").without("off");
    let rows = fixture.engine.all(without).await.unwrap();
    assert_eq!(rows, [(1, Some(1)), (1, Some(2)), (1, Some(3)), (2, Some(3))]);
}

#[tokio::test]
async fn such_a_join_stands_before_one_that_adds_rows() {
    let fixture = posts().await;
    let other = Post.alias("other");
    let rows = select((Post.id.optional(), Tag.id.optional(), other.id))
        .select_from(Post)
        .outer_join_relation(Post.tags)
        .right_join(other, other.id.eq(Post.id + 1))
        .order_by(other.id);
    assert_eq!(fixture.engine.all(rows).await.unwrap(), [(None, None, 1), (Some(1), Some(1), 2)]);
}

#[tokio::test]
async fn a_right_join_leaves_the_key_that_rows_are_grouped_by() {
    let fixture = posts().await;
    let counts = select((Post.id, Post.hidden, func::count(PostTag.tag_id)))
        .select_from(Tag)
        .join(PostTag, PostTag.tag_id.eq(Tag.id))
        .right_join(Post, PostTag.post_id.eq(Post.id))
        .group_by(Post.id)
        .order_by(Post.id);
    assert_eq!(fixture.engine.all(counts.clone()).await.unwrap(), [(1, false, 1), (2, false, 0)]);
    let text = counts.to_sql().unwrap().text.replace('"', "");
    let from = "FROM tags JOIN post_tags ON post_tags.tag_id = tags.id RIGHT JOIN posts ON post_tags.post_id = posts.id \
                AND (NOT tags.closed) AND (NOT post_tags.off) WHERE NOT posts.hidden GROUP BY";
    assert!(text.contains(from), "{text}");
    // A full join is one of subqueries, which have no keys.
    let full = select((Post.hidden.optional(), func::count(PostTag.tag_id)))
        .select_from(PostTag)
        .full_join(Post, PostTag.post_id.eq(Post.id))
        .group_by(Post.id);
    let error = fixture.engine.all(full.clone()).await.unwrap_err();
    assert!(error.to_string().contains("add `.group_by(Post.hidden)`"), "{error}");
    assert_eq!(fixture.engine.all(full.group_by(Post.hidden)).await.unwrap().len(), 3);
}

#[derive(Model, Clone, Debug)]
#[orm(
    table = "visits",
    filter(
        recent = "at AT TIME ZONE 'UTC' > timestamp '2000-01-01'",
        in_year = "extract(year FROM at) = year",
        named = "CAST(year AS text) = text AND text::text = text",
        dated = "date >= date '2000-01-01'"
    )
)]
struct Visit {
    #[orm(primary_key)]
    id: i64,
    at: DateTime<Utc>,
    year: i32,
    text: String,
    date: NaiveDate,
}

#[tokio::test]
async fn words_of_a_condition_are_no_columns_of_that_name() {
    let fixture = Fixture::new(schema![Visit]).await;
    fixture
        .database
        .execute(
            "INSERT INTO visits VALUES (1, '2020-06-01 12:00Z', 2020, '2020', '2020-06-01'),
             (2, '1999-06-01 12:00Z', 1999, '1999', '2020-06-01'), (3, '2020-06-01 12:00Z', 2021, '2021', '2020-06-01'),
             (4, '2020-06-01 12:00Z', 2020, '20', '2020-06-01'), (5, '2020-06-01 12:00Z', 2020, '2020', '1999-06-01')",
        )
        .await;
    assert_eq!(fixture.engine.all(select(Visit.id)).await.unwrap(), [1]);
    let other = Visit.alias("other");
    let pairs = select((Visit.id, other.id)).join(other, Visit.at.eq(other.at));
    assert_eq!(fixture.engine.all(pairs).await.unwrap(), [(1, 1)]);
}
