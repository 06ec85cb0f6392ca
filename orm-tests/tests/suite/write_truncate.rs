//! TRUNCATE.

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewPost, NewUser, Post, User};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "events", schema = "log")]
struct Event {
    #[orm(primary_key, generated)]
    id: i64,
}

async fn people() -> Fixture {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture.engine.execute(insert(User).values([NewUser::new("a"), NewUser::new("b")])).await.unwrap();
    let post = NewPost { user_id: 1.into(), title: "p".into() };
    fixture.engine.execute(insert(Post).values(post)).await.unwrap();
    fixture
}

#[test]
fn a_truncate_has_its_text() {
    let all = truncate(User).and(Event).restart_identity().cascade();
    assert_eq!(all.to_sql().unwrap().text, r#"TRUNCATE "users", "log"."events" RESTART IDENTITY CASCADE"#);
}

#[tokio::test]
async fn tables_are_emptied_with_those_that_point_at_them() {
    let fixture = people().await;
    let engine = &fixture.engine;
    assert_eq!(engine.execute(truncate(User)).await.unwrap_err().code(), Some("0A000"));
    let mut transaction = engine.begin().await.unwrap();
    assert_eq!(transaction.execute(truncate(User).and(Post)).await.unwrap(), 0);
    assert_eq!(transaction.count(select(User)).await.unwrap(), 0);
    transaction.rollback().await.unwrap();
    assert_eq!(engine.count(select(User)).await.unwrap(), 2);
    engine.execute(truncate(User).cascade()).await.unwrap();
    assert_eq!(engine.one(insert(User).values(NewUser::new("c")).returning(User.id)).await.unwrap(), 3);
    assert_eq!(engine.count(select(Post)).await.unwrap(), 0);
    assert_eq!(engine.batch((truncate(User).cascade().restart_identity(),)).await.unwrap(), (0,));
    assert_eq!(engine.one(insert(User).values(NewUser::new("d")).returning(User.id)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_session_knows_that_its_rows_may_be_gone() {
    let fixture = people().await;
    let mut session = fixture.session();
    let user = session.find::<User>(1).await.unwrap().unwrap();
    session.execute(&truncate(User).cascade()).await.unwrap();
    assert!(session.find::<User>(1).await.unwrap().is_none());
    assert!(session.is_deleted(user));
    session.rollback().await.unwrap();
    assert!(session.find::<User>(1).await.unwrap().is_some());
}
