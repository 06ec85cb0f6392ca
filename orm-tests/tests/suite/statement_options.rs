//! Options of how a statement is run: its time limit, and planning each time.

use std::time::Duration;

use orm_core::Transaction;
use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{NewUser, User};

const SHORT: Duration = Duration::from_millis(60);
const LONG: Duration = Duration::from_secs(60);

/// Two users, and a transaction that holds Ann's row until it ends: who waits for it waits for as long as it may.
async fn held() -> (Fixture, Transaction) {
    let fixture = Fixture::new(schema![User]).await;
    fixture.engine.execute(insert([NewUser::new("Ann"), NewUser::new("Ben")])).await.unwrap();
    let mut holder = fixture.engine.begin().await.unwrap();
    holder.one(select(User).filter(User.name.eq("Ann")).for_update()).await.unwrap();
    (fixture, holder)
}

fn is_over(error: &Error) {
    assert!(error.is_timeout() && error.code() == Some("57014"), "{error:?}");
    assert!(error.to_string().contains("the 60ms of `timeout` were over"), "{error}");
}

#[tokio::test]
async fn every_statement_can_have_a_time_limit() {
    let (fixture, _holder) = held().await;
    let engine = &fixture.engine;
    let ann = || User.name.eq("Ann");
    is_over(&engine.all(select(User).for_update().timeout(SHORT)).await.unwrap_err());
    is_over(&engine.one(&select(User).filter(ann()).for_update().timeout(SHORT)).await.unwrap_err());
    is_over(&engine.one_or_none(select(User).filter(ann()).for_share().timeout(SHORT)).await.unwrap_err());
    is_over(&engine.first(select(User).order_by(User.id).for_update().timeout(SHORT)).await.unwrap_err());
    let change = update(User).set(User.age, 1).filter(ann());
    is_over(&engine.execute(change.clone().timeout(SHORT)).await.unwrap_err());
    is_over(&engine.all(change.clone().returning(User.id).timeout(SHORT)).await.unwrap_err());
    is_over(&engine.execute(delete(User).filter(ann()).timeout(SHORT)).await.unwrap_err());
    let again = insert(User).columns((User.id, User.name)).values([(1, "Ann")]);
    let again = again.on_conflict(User.id).do_update().set(User.age, 2);
    is_over(&engine.execute(again.timeout(SHORT)).await.unwrap_err());
    is_over(&engine.execute(sql!("UPDATE {User} SET age = {}", 3).timeout(SHORT)).await.unwrap_err());
    let raw = sql!("SELECT id FROM {User} FOR UPDATE").rows::<i64>();
    is_over(&engine.all(raw.timeout(SHORT)).await.unwrap_err());
    is_over(&engine.batch((select(User), change.clone().timeout(SHORT))).await.unwrap_err());
    is_over(&engine.explain_analyze(change.timeout(SHORT)).await.unwrap_err());
    let sleeping = sql!("SELECT 1 FROM pg_sleep(60)").rows::<i32>();
    is_over(&engine.count(sleeping.timeout(SHORT)).await.unwrap_err());
    // The limit is that of the statement: the next has none, and one that is done in time is done.
    assert_eq!(engine.count(select(User).timeout(LONG)).await.unwrap(), 2);
    let ben = update(User).set(User.age, 3).filter(User.name.eq("Ben"));
    assert_eq!(engine.execute(ben.timeout(LONG)).await.unwrap(), 1);
    assert_eq!(engine.one(sql!("SELECT 1 FROM pg_sleep(0.1)").rows::<i32>()).await.unwrap(), 1);
}

#[tokio::test]
async fn the_shorter_of_two_limits_holds() {
    let (fixture, _holder) = held().await;
    let locked = || select(User).for_update();
    is_over(&fixture.engine.timeout(LONG).all(locked().timeout(SHORT)).await.unwrap_err());
    is_over(&fixture.engine.timeout(SHORT).all(locked().timeout(LONG)).await.unwrap_err());
    is_over(&fixture.engine.all(locked().timeout(LONG).timeout(SHORT)).await.unwrap_err());
    is_over(&fixture.engine.all(locked().timeout(SHORT).timeout(LONG)).await.unwrap_err());
}

#[tokio::test]
async fn in_a_transaction_and_a_session_the_limit_is_of_the_statement_too() {
    let (fixture, holder) = held().await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.savepoint("before");
    let change = update(User).set(User.age, 1).filter(User.name.eq("Ann"));
    is_over(&transaction.execute((&change).timeout(SHORT)).await.unwrap_err());
    transaction.rollback_to("before").await.unwrap();
    assert_eq!(transaction.one(sql!("SELECT 1 FROM pg_sleep(0.1)").rows::<i32>()).await.unwrap(), 1);
    let error = transaction.stream(select(User).timeout(SHORT)).await.unwrap_err();
    assert!(error.to_string().contains("`transaction.timeout(..)`"), "{error}");
    transaction.rollback().await.unwrap();
    let mut session = fixture.session();
    is_over(&session.execute((&change).timeout(SHORT)).await.unwrap_err());
    session.rollback().await.unwrap();
    is_over(&session.one(select(User).filter(User.id.eq(1)).for_update().timeout(SHORT)).await.unwrap_err());
    session.rollback().await.unwrap();
    assert_eq!(session.one(sql!("SELECT 1 FROM pg_sleep(0.1)").rows::<i32>()).await.unwrap(), 1);
    holder.rollback().await.unwrap();
    assert_eq!(session.execute(change.timeout(LONG)).await.unwrap(), 1);
}

/// How many statements with this text are prepared on the connection.
async fn prepared(transaction: &mut Transaction, text: &str) -> i64 {
    let statements = sql!("SELECT count(*) FROM pg_prepared_statements WHERE strpos(statement, {text}) > 0");
    transaction.one(statements.rows::<(i64,)>()).await.unwrap().0
}

#[tokio::test]
async fn every_statement_can_be_planned_each_time() {
    let fixture = Fixture::new(schema![User]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    for age in 0..4 {
        let change = update(User).set(User.age, age).filter(User.name.eq("planned"));
        transaction.execute((&change).plan_each_time()).await.unwrap();
        transaction.all(change.returning(User.id).plan_each_time()).await.unwrap();
        transaction.execute(delete(User).filter(User.name.eq("planned")).plan_each_time()).await.unwrap();
        let rows = sql!("SELECT id FROM users WHERE age = {} -- planned", age).rows::<i64>();
        transaction.all(rows.clone().plan_each_time()).await.unwrap();
        transaction.all(rows.timeout(LONG).plan_each_time()).await.unwrap();
    }
    assert_eq!(prepared(&mut transaction, "UPDATE \"users\"").await, 0);
    assert_eq!(prepared(&mut transaction, "DELETE FROM \"users\"").await, 0);
    // Prepared once to learn its types, and never run so.
    let runs = "SELECT sum(generic_plans + custom_plans)::bigint FROM pg_prepared_statements WHERE statement LIKE '%-- planned'";
    assert_eq!(transaction.one(sql_text(runs).rows::<(Option<i64>,)>()).await.unwrap(), (Some(0),));
    for _ in 0..3 {
        transaction.execute(delete(User).filter(User.name.eq("planned"))).await.unwrap();
    }
    assert_eq!(prepared(&mut transaction, "DELETE FROM \"users\"").await, 1);
}
