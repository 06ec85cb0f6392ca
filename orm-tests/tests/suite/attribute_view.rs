//! Views: rows without a key, read only.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewUser, User};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(view = "SELECT age, count(*) AS people FROM users GROUP BY age")]
struct AgeGroup {
    age: Option<i32>,
    people: i64,
}

async fn filled() -> Fixture {
    let fixture = Fixture::new(schema![User, AgeGroup]).await;
    let rows = [Some(30), Some(30), None].map(|age| NewUser { name: "x".into(), age });
    fixture.engine.execute(insert(User).values(rows)).await.unwrap();
    fixture
}

#[tokio::test]
async fn an_engine_reads_a_view_like_a_table() {
    let fixture = filled().await;
    let groups: Vec<AgeGroup> =
        fixture.engine.all(select(AgeGroup).order_by(AgeGroup.people.desc())).await.unwrap();
    assert_eq!(groups, [AgeGroup { age: Some(30), people: 2 }, AgeGroup { age: None, people: 1 }]);
    let joined: Vec<(String, i64)> = fixture
        .engine
        .all(select((User.name, AgeGroup.people)).join(AgeGroup, AgeGroup.age.eq(User.age)))
        .await
        .unwrap();
    assert_eq!(joined, [("x".to_owned(), 2), ("x".to_owned(), 2)]);
}

#[tokio::test]
async fn a_session_gives_the_rows_of_a_view_as_values() {
    let fixture = filled().await;
    let mut session = fixture.session();
    let group: AgeGroup = session.one(select(AgeGroup).filter(AgeGroup.age.eq(30))).await.unwrap();
    assert_eq!(group.people, 2);
    let pairs: Vec<(Handle<User>, AgeGroup)> =
        session.all(select((User, AgeGroup)).join(AgeGroup, AgeGroup.age.eq(User.age))).await.unwrap();
    assert_eq!(pairs.len(), 2);
    session[pairs[0].0].age = Some(31);
    let groups: Vec<Option<AgeGroup>> = session
        .all(select(AgeGroup.optional()).select_from(User).outer_join(AgeGroup, AgeGroup.age.eq(User.age)))
        .await
        .unwrap();
    assert_eq!(groups.iter().flatten().map(|group| group.people).sum::<i64>(), 2, "flushed before");
}
