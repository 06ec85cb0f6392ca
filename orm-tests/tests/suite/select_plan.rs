//! Statements that the server plans for their values each time.

use futures_util::TryStreamExt;
use orm_core::Transaction;
use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::{Mood, NewPet, NewUser, Pet, User};

/// How many statements about a table are prepared on the connection.
async fn prepared(transaction: &mut Transaction, table: &str) -> i64 {
    let text = format!("FROM \"{table}\"");
    let statements = sql!("SELECT count(*) FROM pg_prepared_statements WHERE strpos(statement, {text}) > 0");
    transaction.one(statements.rows::<(i64,)>()).await.unwrap().0
}

#[tokio::test]
async fn a_statement_that_is_planned_each_time_is_never_prepared() {
    let fixture = Fixture::new(schema![User, Pet]).await;
    fixture.engine.execute(insert(User).values(NewUser::new("a"))).await.unwrap();
    fixture.engine.execute(insert(Pet).values(NewPet::new("p", Mood::Happy))).await.unwrap();
    let mut transaction = fixture.engine.begin().await.unwrap();
    let anew = |name: &str| select(User).filter(User.name.eq(name)).plan_each_time();
    for name in ["a", "b", "a", "b", "a"] {
        let found = transaction.all(anew(name)).await.unwrap();
        assert_eq!(found.len(), usize::from(name == "a"));
        assert_eq!(transaction.count(anew(name)).await.unwrap(), found.len() as i64);
        let (found, more) = transaction.batch((anew(name), anew(name))).await.unwrap();
        assert_eq!(found, more);
    }
    assert_eq!(prepared(&mut transaction, "users").await, 0);
    // Prepared for others, it is still planned for its values.
    for _ in 0..3 {
        transaction.all(select(User).filter(User.name.eq("a"))).await.unwrap();
    }
    assert_eq!(prepared(&mut transaction, "users").await, 1);
    let runs = "SELECT (generic_plans + custom_plans)::bigint FROM pg_prepared_statements \
                WHERE statement LIKE 'SELECT \"users\"%'";
    let before: (i64,) = transaction.one(sql_text(runs).rows()).await.unwrap();
    assert_eq!(transaction.all(anew("a")).await.unwrap().len(), 1);
    let streamed: Vec<User> = transaction.stream(anew("a")).await.unwrap().try_collect().await.unwrap();
    assert_eq!(streamed.len(), 1);
    assert_eq!(transaction.one(sql_text(runs).rows::<(i64,)>()).await.unwrap(), before);
    // A type that the driver has to look up, once.
    let moods = || select(Pet.mood).distinct().plan_each_time();
    for _ in 0..3 {
        assert_eq!(transaction.all(moods()).await.unwrap(), [Mood::Happy]);
    }
}
