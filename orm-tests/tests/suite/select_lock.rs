//! Locks on the rows that are read.

use std::time::Duration;

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewPost, NewUser, Post, User};

fn tail(query: Select<User>) -> String {
    let text = query.to_sql().unwrap().text;
    text.split_once(r#" FROM "users""#).unwrap().1.trim().to_owned()
}

async fn three(fixture: &Fixture) {
    let users = ["Ann", "Ben", "Cid"].map(NewUser::new);
    fixture.engine.execute(insert(User).values(Vec::from(users))).await.unwrap();
}

#[test]
fn a_lock_is_the_last_clause() {
    assert_eq!(tail(select(User).for_update()), "FOR UPDATE");
    assert_eq!(tail(select(User).for_no_key_update()), "FOR NO KEY UPDATE");
    assert_eq!(tail(select(User).for_share()), "FOR SHARE");
    assert_eq!(tail(select(User).for_key_share()), "FOR KEY SHARE");
    assert_eq!(tail(select(User).skip_locked().for_update().limit(3)), "LIMIT $1 FOR UPDATE SKIP LOCKED");
    assert_eq!(tail(select(User).for_share().nowait().of(User)), r#"FOR SHARE OF "users" NOWAIT"#);
    let boss = User.alias("boss");
    let both = select(User).join(boss, boss.id.eq(User.age.cast::<i64>())).for_update().of(User).of(boss);
    assert!(tail(both).ends_with(r#"FOR UPDATE OF "users", "boss""#));
}

#[tokio::test]
async fn skip_locked_leaves_out_what_another_transaction_has_locked() {
    let fixture = Fixture::new(schema![User]).await;
    three(&fixture).await;
    let next = || select(User.name).order_by(User.id).for_update().skip_locked();
    let mut one = fixture.engine.begin().await.unwrap();
    let mut other = fixture.engine.begin().await.unwrap();
    assert_eq!(one.first(next()).await.unwrap(), Some("Ann".to_owned()));
    assert_eq!(other.first(next()).await.unwrap(), Some("Ben".to_owned()));
    one.commit().await.unwrap();
    assert_eq!(other.all(next()).await.unwrap(), ["Ann", "Ben", "Cid"]);
}

#[tokio::test]
async fn nowait_fails_at_once_on_a_locked_row() {
    let fixture = Fixture::new(schema![User]).await;
    three(&fixture).await;
    let mut one = fixture.engine.begin().await.unwrap();
    one.all(select(User).for_share()).await.unwrap();
    let mut other = fixture.engine.begin().await.unwrap();
    other.all(select(User).for_share().nowait()).await.expect("a share is shared");
    let error = other.all(select(User).for_update().nowait()).await.unwrap_err();
    assert!(error.is_lock_not_available() && !error.is_retryable(), "{error}");
}

#[tokio::test]
async fn a_locked_row_waits_for_the_end_of_the_transaction() {
    let fixture = Fixture::new(schema![User]).await;
    three(&fixture).await;
    let mut one = fixture.engine.begin().await.unwrap();
    one.one(select(User).filter(User.id.eq(1)).for_update()).await.unwrap();
    let change = fixture.engine.execute(update(User).set(User.age, 1).filter(User.id.eq(1)));
    let mut change = Box::pin(change);
    tokio::time::timeout(Duration::from_millis(50), &mut change).await.expect_err("it waits");
    one.commit().await.unwrap();
    assert_eq!(change.await.unwrap(), 1);
}

#[tokio::test]
async fn only_the_named_tables_rows_are_locked() {
    let fixture = Fixture::new(schema![User, Post]).await;
    three(&fixture).await;
    fixture.engine.execute(insert(Post).values(NewPost::new(1, "x"))).await.unwrap();
    let mut one = fixture.engine.begin().await.unwrap();
    let posts = select((Post, User.name.optional())).outer_join(User, User.id.eq(Post.user_id));
    one.all(posts.for_update().of(Post)).await.unwrap();
    let mut other = fixture.engine.begin().await.unwrap();
    other.all(select(User).for_update().nowait()).await.expect("the user is free");
    let error = other.all(select(Post).for_update().nowait()).await.unwrap_err();
    assert!(error.is_lock_not_available(), "{error}");
}

#[tokio::test]
async fn in_a_session_a_locked_row_is_read_anew() {
    let fixture = Fixture::new(schema![User]).await;
    three(&fixture).await;
    let mut session = fixture.session();
    let ann = session.find::<User>(1).await.unwrap().unwrap();
    fixture.database.execute("UPDATE users SET age = 7").await;
    session.one(select(User).filter(User.id.eq(1))).await.unwrap();
    assert_eq!(session[ann].age, None);
    session.one(select(User).filter(User.id.eq(1)).for_update()).await.unwrap();
    assert_eq!(session[ann].age, Some(7));
    session[ann].age = session[ann].age.map(|age| age + 1);
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.one(select(User.age).filter(User.id.eq(1))).await.unwrap(), Some(8));
}

#[tokio::test]
async fn in_a_session_a_locked_row_keeps_changes_that_are_not_flushed() {
    let fixture = Fixture::new(schema![User]).await;
    three(&fixture).await;
    let mut session = SessionMaker::new(fixture.engine.clone()).autoflush(false).session();
    let ann = session.find::<User>(1).await.unwrap().unwrap();
    session[ann].name = "Anna".into();
    fixture.database.execute("UPDATE users SET age = 7").await;
    session.one(select(User).filter(User.id.eq(1)).for_update()).await.unwrap();
    assert_eq!(session[ann], User { id: 1, name: "Anna".into(), age: Some(7) });
    session.commit().await.unwrap();
    let anna = fixture.engine.one(select(User).filter(User.id.eq(1))).await.unwrap();
    assert_eq!(anna, User { id: 1, name: "Anna".into(), age: Some(7) });
}

#[tokio::test]
async fn rows_of_a_stream_are_locked_and_read_anew_too() {
    let fixture = Fixture::new(schema![User]).await;
    three(&fixture).await;
    let mut session = fixture.session();
    let ann = session.find::<User>(1).await.unwrap().unwrap();
    fixture.database.execute("UPDATE users SET age = 7").await;
    {
        let mut rows = session.stream(select(User).for_update()).await.unwrap();
        while let Some(row) = rows.next().await {
            row.unwrap();
        }
    }
    assert_eq!(session[ann].age, Some(7));
    let error = fixture.engine.all(select(User).for_update().nowait()).await.unwrap_err();
    assert!(error.is_lock_not_available(), "{error}");
}
