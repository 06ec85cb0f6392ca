//! What a session's transaction begins with, and what else can be done in it.

use std::time::Duration;

use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewUser, User};

const READ_ONLY: TransactionMode = TransactionMode::READ_ONLY.isolation(Isolation::RepeatableRead);

/// The level of the session's transaction, and whether it only reads.
async fn mode(session: &mut Session) -> (String, String) {
    let setting = |name: &'static str| func::call::<String>("current_setting", name).never_null();
    let settings = select((setting("transaction_isolation"), setting("transaction_read_only")));
    session.one(settings).await.unwrap()
}

fn pair(isolation: &str, read_only: &str) -> (String, String) {
    (isolation.to_owned(), read_only.to_owned())
}

#[tokio::test]
async fn a_transaction_begins_as_it_says_else_as_the_session_the_maker_or_the_engine_say() {
    let fixture = Fixture::new(schema![User]).await;
    let engine = Engine::builder(fixture.database.url()).transaction_mode(READ_ONLY).connect().await.unwrap();
    let maker = SessionMaker::new(engine.clone());
    let mut session = maker.session();
    assert_eq!(mode(&mut session).await, pair("repeatable read", "on"));

    let maker = maker.transaction_mode(Isolation::Serializable);
    let mut session = maker.session();
    assert_eq!(mode(&mut session).await, pair("serializable", "off"));
    session.transaction_mode(Isolation::RepeatableRead);
    assert_eq!(mode(&mut session).await, pair("serializable", "off"), "it has begun already");
    session.commit().await.unwrap();
    assert_eq!(mode(&mut session).await, pair("repeatable read", "off"));

    session.rollback().await.unwrap();
    session.begin_with(READ_ONLY.deferrable()).unwrap();
    assert_eq!(mode(&mut session).await, pair("repeatable read", "on"));
    let error = session.begin_with(Isolation::Serializable).unwrap_err();
    assert!(error.is_session() && error.to_string().contains("has begun already"), "{error}");
    session.commit().await.unwrap();
    assert_eq!(mode(&mut session).await, pair("repeatable read", "off"), "for one transaction only");
}

#[tokio::test]
async fn transactions_of_an_engine_begin_with_its_mode_or_their_own() {
    let fixture = Fixture::new(schema![User]).await;
    let engine = Engine::builder(fixture.database.url()).transaction_mode(READ_ONLY).connect().await.unwrap();
    let mut transaction = engine.begin().await.unwrap();
    let error = transaction.execute(insert(User).values(NewUser::new("Ann"))).await.unwrap_err();
    assert_eq!(error.code(), Some("25006"), "{error}");
    let mut transaction = engine.begin_with(Isolation::ReadCommitted).await.unwrap();
    transaction.execute(insert(User).values(NewUser::new("Ann"))).await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn the_mode_goes_out_with_the_first_statement() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    session.begin_with(TransactionMode::from(Isolation::Serializable).read_only().deferrable()).unwrap();
    assert!(!session.in_transaction());
    session.all(select(User)).await.unwrap();
    let recorded = fixture.recorder.take();
    assert_eq!(
        (&*recorded.statements[0], recorded.round_trips),
        ("BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE", 1)
    );
}

#[tokio::test]
async fn the_connection_of_a_session_gives_values_in_its_transaction() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let ann = session.add(NewUser::new("Ann"));
    let connection = session.connection().await.unwrap();
    let users: Vec<User> = connection.all(select(User)).await.unwrap();
    assert_eq!(users, [User { id: 1, name: "Ann".into(), age: None }], "what was pending is flushed");
    assert_eq!(connection.first(select(User.name)).await.unwrap(), Some("Ann".to_owned()));
    assert_eq!(connection.one_or_none(select(User.id).filter(User.id.eq(9))).await.unwrap(), None);
    assert_eq!(connection.execute(update(User).set(User.age, 5).all_rows()).await.unwrap(), 1);
    let age: Option<i32> =
        connection.one(update(User).set(User.age, 6).all_rows().returning(User.age)).await.unwrap();
    assert_eq!(age, Some(6));
    let mut rows = connection.stream(select(User)).await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap().age, Some(6));
    drop(rows);
    assert_eq!(session[ann].age, None, "objects do not know of it");
    session.refresh(ann).await.unwrap();
    assert_eq!(session[ann].age, Some(6));
    assert_eq!(fixture.engine.all(select(User)).await.unwrap(), [], "it is the session's transaction");
    session.commit().await.unwrap();
    assert_eq!(fixture.engine.all(select(User.age)).await.unwrap(), [Some(6)]);
}

#[tokio::test]
async fn what_the_connection_wrote_leaves_with_the_transaction() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.engine.execute(insert(User).values(NewUser::new("Ann"))).await.unwrap();
    let mut session = fixture.session();
    session.connection().await.unwrap().execute(update(User).set(User.age, 5).all_rows()).await.unwrap();
    let ann = session.one(select(User)).await.unwrap();
    session.rollback().await.unwrap();
    assert!(
        session.get(ann).unwrap_err().to_string().contains("rolled back"),
        "its values were never committed"
    );
}

#[tokio::test]
async fn the_connection_is_refused_where_the_session_can_only_be_rolled_back() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.database.execute("ALTER TABLE users ADD UNIQUE (name)").await;
    let mut session = fixture.session();
    session.add_all(["Ann", "Ann"].map(NewUser::new));
    assert!(session.connection().await.unwrap_err().is_unique_violation());
    let error = session.connection().await.unwrap_err();
    assert!(error.is_session() && error.is_unique_violation(), "{error}");
}

#[tokio::test]
async fn an_advisory_lock_is_held_until_the_transaction_ends() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    let mut transaction = fixture.engine.begin().await.unwrap();
    session.advisory_lock(7).await.unwrap();
    session.advisory_lock(7).await.expect("it is held once, and never in its own way");
    assert!(session.try_advisory_lock(7).await.unwrap());
    assert!(!transaction.try_advisory_lock(7).await.unwrap());
    assert!(transaction.try_advisory_lock(-8).await.unwrap(), "another key is another lock");
    {
        let mut waiting = Box::pin(transaction.advisory_lock(7));
        tokio::time::timeout(Duration::from_millis(50), &mut waiting).await.expect_err("it waits");
        session.commit().await.unwrap();
        waiting.await.unwrap();
    }
    assert!(!session.try_advisory_lock(7).await.unwrap());
    transaction.rollback().await.unwrap();
    assert!(session.try_advisory_lock(7).await.unwrap());
}

#[tokio::test]
async fn an_advisory_lock_taken_behind_a_savepoint_is_given_up_with_it() {
    let fixture = Fixture::new(schema![User]).await;
    let mut session = fixture.session();
    session.all(select(User)).await.unwrap();
    let mut nested = session.begin_nested().await.unwrap();
    nested.advisory_lock(7).await.unwrap();
    nested.rollback().await.unwrap();
    let mut transaction = fixture.engine.begin().await.unwrap();
    assert!(transaction.try_advisory_lock(7).await.unwrap());
}

#[tokio::test]
async fn a_maker_says_the_level_of_its_sessions_beside_what_else_it_says() {
    let fixture = Fixture::new(schema![User]).await;
    let maker = SessionMaker::new(fixture.engine.clone());
    let maker = maker.transaction_mode(TransactionMode::READ_ONLY).isolation(Isolation::Serializable);
    let mut session = maker.session();
    let setting = |name: &str| select(func::call::<String>("current_setting", (lit(name),)).never_null());
    assert_eq!(session.one(setting("transaction_isolation")).await.unwrap(), "serializable");
    assert_eq!(session.one(setting("transaction_read_only")).await.unwrap(), "on");
}
