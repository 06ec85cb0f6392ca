//! Groups, windows and distinct rows, read by the verbs of an engine.

use chrono::{DateTime, TimeDelta, Utc};
use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Mood, NewPet, Pet, Post, User};
use rust_decimal::Decimal;

use crate::select_rows::{all, on, one, people};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "samples")]
struct Sample {
    #[orm(primary_key)]
    id: i16,
    big: i64,
    single: f32,
    double: f64,
    exact: Decimal,
    at: DateTime<Utc>,
}

#[tokio::test]
async fn aggregates_have_the_types_of_postgresql() {
    let fixture = Fixture::new(schema![Sample]).await;
    let start = DateTime::UNIX_EPOCH;
    let rows = [1_i16, 2].map(|n| NewSample {
        id: n,
        big: i64::MAX,
        single: 1.5,
        double: f64::from(n),
        exact: Decimal::new(i64::from(n), 1),
        at: start + TimeDelta::days(i64::from(n)),
    });
    fixture.engine.execute(insert(Sample).values(rows)).await.expect("inserted");
    let sums = select((
        func::sum(Sample.id),
        func::sum(Sample.big),
        func::sum(Sample.single),
        func::sum(Sample.double),
        func::sum(Sample.exact),
    ));
    let twice = Decimal::from(i64::MAX) * Decimal::TWO;
    assert_eq!(
        one(&fixture, sums).await,
        (Some(3_i64), Some(twice), Some(3.0_f32), Some(3.0_f64), Some(Decimal::new(3, 1)))
    );
    let averages = select((
        func::avg(Sample.id),
        func::avg(Sample.big),
        func::avg(Sample.single),
        func::avg(Sample.double),
    ));
    let half = Decimal::new(15, 1);
    assert_eq!(
        one(&fixture, averages).await,
        (Some(half), Some(Decimal::from(i64::MAX)), Some(1.5_f64), Some(1.5_f64))
    );
    let ends =
        select((func::min(Sample.at), func::max(Sample.at), func::max(Sample.id), func::min(Sample.exact)));
    assert_eq!(
        one(&fixture, ends).await,
        (
            Some(start + TimeDelta::days(1)),
            Some(start + TimeDelta::days(2)),
            Some(2),
            Some(Decimal::new(1, 1))
        )
    );
}

#[tokio::test]
async fn aggregates_of_no_rows_are_none_and_zero() {
    let fixture = people().await;
    let statement =
        select((func::count(User.id), func::count_star(), func::sum(User.age), func::max(User.name)))
            .filter(User.id.lt(0));
    assert_eq!(one(&fixture, statement).await, (0, 0, None, None));
    let row = one(&fixture, select((func::avg(User.age), func::sum(User.age), func::min(User.name)))).await;
    assert_eq!(row, (Some(Decimal::from(35)), Some(70_i64), Some("Ann".to_owned())));
}

#[tokio::test]
async fn groups_are_counted_and_filtered() {
    let fixture = people().await;
    let statement = select((User.name, func::count(Post.id).label("posts")))
        .outer_join(Post, on())
        .group_by(User.name)
        .having(func::count(Post.id).ne(1))
        .order_by((func::count(Post.id).desc(), User.name));
    let rows = all(&fixture, statement).await;
    assert_eq!(rows, [("Ann".to_owned(), 2), ("Bob".to_owned(), 0), ("Cid".to_owned(), 0)]);
}

#[tokio::test]
async fn rows_are_grouped_by_an_expression_that_holds_a_parameter() {
    let fixture = people().await;
    let decade = || User.age / 10;
    let statement = select((decade(), func::count_star(), decade() * 10))
        .filter(User.age.ne(None))
        .group_by(decade())
        .having((decade()).lt(9))
        .order_by(decade().desc());
    assert_eq!(all(&fixture, statement).await, [(Some(4), 1, Some(40)), (Some(3), 1, Some(30))]);
}

#[tokio::test]
async fn windows_rank_rows() {
    let fixture = people().await;
    let statement = select((
        Post.title,
        func::row_number().over(partition_by(Post.user_id).order_by(Post.id.desc())),
        func::rank().over(order_by(Post.user_id)).label("place"),
        func::count_star().over(partition_by(Post.user_id)),
        func::sum(Post.id).over(order_by(Post.id)),
    ))
    .order_by(Post.id);
    let rows = all(&fixture, statement).await;
    assert_eq!(
        rows,
        [
            ("a".to_owned(), 2, 1, 2, Some(Decimal::from(1))),
            ("b".to_owned(), 1, 1, 2, Some(Decimal::from(3)))
        ]
    );
}

#[tokio::test]
async fn distinct_gives_each_row_once() {
    let fixture = people().await;
    assert_eq!(all(&fixture, select(Post.user_id).distinct()).await, [1]);
    let tens = select(User.age / 10 * 10).distinct().order_by(User.age / 10 * 10).filter(User.age.ne(None));
    assert_eq!(all(&fixture, tens).await, [Some(30), Some(40)]);
}

#[tokio::test]
async fn distinct_enums_are_sorted_as_they_are_declared() {
    let fixture = Fixture::new(schema![Pet]).await;
    let pet = |name: &str, mood| NewPet { name: name.to_owned(), mood, wish: None };
    let pets = [pet("a", Mood::VerySad), pet("b", Mood::Happy), pet("c", Mood::VerySad)];
    fixture.engine.execute(insert(Pet).values(pets)).await.expect("inserted");
    fixture.recorder.take();
    for _ in 0..2 {
        let moods = all(&fixture, select((Pet.mood, Pet.wish)).distinct().order_by(Pet.mood.desc())).await;
        assert_eq!(moods, [(Mood::VerySad, None), (Mood::Happy, None)]);
    }
    let best = one(&fixture, select((func::min(Pet.mood), func::max(Pet.wish)))).await;
    assert_eq!(best, (Some(Mood::Happy), None));
    assert_eq!(fixture.recorder.take().statements.len(), 3);
}
