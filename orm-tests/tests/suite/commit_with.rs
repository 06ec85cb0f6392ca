//! Statements that COMMIT travels with.

use orm_core::prelude::*;
use orm_core::query::Command;
use orm_tests::models::{NewPost, NewUser, Post, User};
use orm_tests::{Fixture, Recorded, poll_awake};

fn user(name: &str) -> impl Command + use<> {
    insert(User).values(NewUser::new(name))
}

async fn names(fixture: &Fixture) -> Vec<String> {
    fixture.engine.all(select(User.name).order_by(User.id)).await.unwrap()
}

/// Without users; no two may share a name.
async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![User, Post]).await;
    fixture.database.execute("ALTER TABLE users ADD UNIQUE (name)").await;
    fixture
}

#[tokio::test]
async fn a_whole_transaction_is_one_round_trip() {
    let fixture = fixture().await;
    let transaction = fixture.engine.begin().await.unwrap();
    let (one, all) = transaction.commit_with((user("Ann"), select(User.name))).await.unwrap();
    assert_eq!((one, all), (1, vec!["Ann".to_owned()]));
    let Recorded { statements, round_trips, .. } = fixture.recorder.take();
    assert_eq!(round_trips, 1);
    assert_eq!((statements[0].as_str(), statements[3].as_str()), ("BEGIN", "COMMIT"));
    assert!(statements[1].starts_with("INSERT") && statements[2].starts_with("SELECT"), "{statements:?}");
    assert_eq!(names(&fixture).await, ["Ann"]);
}

#[tokio::test]
async fn what_came_before_is_committed_too() {
    let fixture = fixture().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(user("Ann")).await.unwrap();
    fixture.recorder.take();
    assert_eq!(transaction.commit_with([user("Ben"), user("Cid")]).await.unwrap(), [1, 1]);
    assert_eq!(fixture.recorder.take().round_trips, 1);
    assert_eq!(names(&fixture).await, ["Ann", "Ben", "Cid"]);
}

#[tokio::test]
async fn commit_with_nothing_is_commit() {
    let fixture = fixture().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(user("Ann")).await.unwrap();
    transaction.commit_with(Vec::<Select<User>>::new()).await.unwrap();
    assert_eq!(names(&fixture).await, ["Ann"]);
}

#[tokio::test]
async fn if_a_statement_fails_all_is_rolled_back_and_the_error_is_its_own() {
    let fixture = fixture().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(user("Ann")).await.unwrap();
    let error = transaction.commit_with((user("Ben"), user("Ann"), user("Cid"))).await.unwrap_err();
    assert!(error.is_unique_violation() && !error.is_rolled_back(), "{error}");
    assert!(error.to_string().starts_with("statement 2 of the batch: "), "{error}");
    assert_eq!(names(&fixture).await, Vec::<String>::new());
}

#[tokio::test]
async fn if_one_of_many_fails_all_round_trips_are_rolled_back() {
    let fixture = fixture().await;
    let all: Vec<_> = (0..100).map(|number| user(&format!("{}", number % 90))).collect();
    let error = fixture.engine.begin().await.unwrap().commit_with(all).await.unwrap_err();
    assert!(error.to_string().starts_with("statement 91 of the batch: "), "{error}");
    assert_eq!(names(&fixture).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_commit_that_the_server_refuses_is_an_error_and_nothing_stays() {
    let fixture = fixture().await;
    let deferred =
        "ALTER TABLE users DROP CONSTRAINT users_name_key, ADD UNIQUE (name) DEFERRABLE INITIALLY DEFERRED";
    fixture.database.execute(deferred).await;
    let transaction = fixture.engine.begin().await.unwrap();
    let error = transaction.commit_with([user("Ann"), user("Ann")]).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(error.statement(), Some("COMMIT"));
    assert_eq!(names(&fixture).await, Vec::<String>::new());
}

#[tokio::test]
async fn after_an_earlier_error_commit_with_sends_no_statement_and_tells_of_it() {
    let fixture = fixture().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(user("Ann")).await.unwrap();
    transaction.execute(user("Ann")).await.unwrap_err();
    fixture.recorder.take();
    let error = transaction.commit_with((user("Ben"),)).await.unwrap_err();
    assert!(error.is_rolled_back() && error.is_unique_violation(), "{error}");
    assert_eq!(fixture.recorder.take().statements, ["ROLLBACK"]);
    assert_eq!(names(&fixture).await, Vec::<String>::new());
}

#[tokio::test]
async fn relations_cannot_travel_with_commit_and_nothing_is_sent() {
    let fixture = fixture().await;
    let transaction = fixture.engine.begin().await.unwrap();
    let read = select(User).with(User.posts);
    let error = transaction.commit_with((user("Ann"), read)).await.unwrap_err();
    assert!(error.is_invalid_statement(), "{error}");
    assert!(error.to_string().starts_with("statement 2 of the batch: a statement with relations"), "{error}");
    assert_eq!(fixture.recorder.take(), Recorded::default());
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_told_with_the_news_that_the_transaction_was_committed() {
    let fixture = fixture().await;
    fixture.database.execute("ALTER TABLE users ALTER age TYPE bigint").await;
    let transaction = fixture.engine.begin().await.unwrap();
    let error = transaction.commit_with((user("Ann"), select(User))).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert!(error.to_string().starts_with("statement 2 of the batch: "), "{error}");
    assert!(error.is_committed() && error.to_string().contains("committed all the same"), "{error}");
    assert_eq!(names(&fixture).await, ["Ann"]);
}

#[tokio::test]
async fn a_stale_statement_repeats_the_whole_transaction() {
    let fixture = fixture().await;
    let run = async |name: &str| {
        let transaction = fixture.engine.begin().await.unwrap();
        transaction.commit_with((user(name), select(User.name))).await
    };
    for name in ["Ann", "Ben", "Cid"] {
        run(name).await.unwrap();
    }
    fixture.database.execute("ALTER TABLE users ALTER name TYPE varchar(50)").await;
    let (one, all) = run("Dan").await.unwrap();
    assert_eq!((one, all.len(), names(&fixture).await.len()), (1, 4, 4));
}

#[tokio::test]
async fn a_transaction_dropped_on_its_way_is_there_whole_or_not_at_all() {
    let fixture = fixture().await;
    let engine = Engine::builder(fixture.database.url()).pool_size(1).connect().await.unwrap();
    for times in 1..100 {
        let post = insert(Post).values(NewPost { user_id: times.into(), title: String::new() });
        let ann = insert(User).values(NewUser::new(format!("{times}"))).returning(User.id);
        let transaction = engine.begin().await.unwrap();
        let done = poll_awake(times as usize, transaction.commit_with((ann, post))).await;
        let (users, posts) =
            engine.batch((select(func::count(User.id)), select(func::count(Post.id)))).await.unwrap();
        assert_eq!(users, posts, "after {times} polls");
        if let Some(done) = done {
            done.unwrap();
            assert!(times > 1);
            return;
        }
    }
    panic!("it was never done");
}
