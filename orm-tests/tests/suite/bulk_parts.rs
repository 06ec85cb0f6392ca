//! An INSERT of very many rows that is cut into several statements of one transaction.

use orm_core::prelude::*;
use orm_tests::models::{Employee, NewEmployee, NewUser, User};
use orm_tests::{Fixture, poll_awake};

const INSERT: &str = r#"INSERT INTO "users" ("name", "age") SELECT * FROM unnest($1, $2) RETURNING "users"."id", "users"."name""#;

/// Rows of two kilobytes each.
fn users(count: i32) -> Vec<NewUser> {
    (0..count).map(|age| NewUser { name: format!("{age:02000}"), age: Some(age) }).collect()
}

async fn count(fixture: &Fixture) -> i64 {
    fixture.engine.one(select(func::count(User.id))).await.unwrap()
}

#[tokio::test]
async fn rows_come_back_in_order_from_two_statements_at_a_time() {
    let fixture = Fixture::new(schema![User]).await;
    let statement = insert(User).values(users(5_000)).returning((User.id, User.name));
    let rows: Vec<(i64, String)> = fixture.engine.all(statement.clone()).await.unwrap();
    assert!(
        rows.iter().zip(users(5_000)).zip(1..).all(|((row, sent), id)| row.0 == id && row.1 == sent.name)
    );
    assert_eq!(rows.len(), 5_000);
    let sent = fixture.recorder.take();
    assert_eq!(
        sent.statements.iter().filter(|sql| sql.starts_with(INSERT)).count(),
        5,
        "{:?}",
        sent.statements
    );
    assert_eq!((sent.statements.len(), sent.round_trips), (7, 3), "BEGIN and COMMIT ride along");

    let mut transaction = fixture.engine.begin().await.unwrap();
    assert_eq!(transaction.all(statement).await.unwrap().len(), 5_000);
    let sent = fixture.recorder.take();
    assert_eq!((sent.statements.len(), sent.round_trips), (6, 3));
    transaction.rollback().await.unwrap();
    assert_eq!(count(&fixture).await, 5_000);
}

#[tokio::test]
async fn an_error_in_a_later_part_stores_nothing() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.database.execute("CREATE UNIQUE INDEX users_age ON users (age)").await;
    let mut rows = users(5_000);
    rows[4_999].age = Some(3);
    let error = fixture.engine.all(insert(User).values(rows).returning(User.id)).await.unwrap_err();
    assert!(error.is_unique_violation() && error.constraint() == Some("users_age"), "{error}");
    assert_eq!(count(&fixture).await, 0);
    let mut rows = users(5_000);
    rows[4_999].name.push('\0');
    let mut transaction = fixture.engine.begin().await.unwrap();
    let error = transaction.all(insert(User).values(rows).returning(User.id)).await.unwrap_err();
    assert!(error.is_encode() && error.column() == Some("name"), "{error}");
    transaction.execute(insert(User).values(NewUser::new("Ann"))).await.expect("the server never saw it");
    transaction.commit().await.unwrap();
    assert_eq!(count(&fixture).await, 1);
}

#[tokio::test]
async fn dropped_between_parts_nothing_is_stored() {
    let fixture = Fixture::new(schema![User]).await;
    let engine = Engine::builder(fixture.database.url()).pool_size(1).connect().await.unwrap();
    for polls in 1.. {
        let statement = insert(User).values(users(4_000)).returning(User.id);
        let done = poll_awake(polls, engine.all(statement)).await.is_some();
        let count = engine.one(select(func::count(User.id))).await.unwrap();
        assert!(count % 4_000 == 0, "{count} rows after {polls} polls");
        if done {
            break;
        }
    }
}

#[tokio::test]
async fn what_copy_does_not_take_is_cut_as_well() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.database.execute("ALTER TABLE users ALTER age TYPE bigint").await;
    assert_eq!(fixture.engine.execute(insert(User).values(users(3_000))).await.unwrap(), 3_000);
    let sent = fixture.recorder.take();
    assert_eq!((sent.statements.len(), sent.round_trips), (5, 3), "{:?}", sent.statements);
    let mut transaction = fixture.engine.begin().await.unwrap();
    assert_eq!(transaction.execute(insert(User).values(users(3_000))).await.unwrap(), 3_000);
    transaction.commit().await.unwrap();
    assert_eq!(count(&fixture).await, 6_000);
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "orders")]
struct Order {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(default = "'open'")]
    state: String,
    rank: i32,
}

#[tokio::test]
async fn uneven_rows_with_more_parameters_than_a_statement_has_are_cut() {
    let fixture = Fixture::new(schema![Order]).await;
    let order =
        |rank: i32| NewOrder { state: (rank % 2 == 0).then(|| "sent".to_owned()), ..NewOrder::new(rank) };
    let rows: Vec<_> = (0..70_000).map(order).collect();
    assert_eq!(fixture.engine.execute(insert(Order).values(rows)).await.unwrap(), 70_000);
    let open = select(func::count(Order.id)).filter(Order.state.eq("open"));
    assert_eq!(fixture.engine.one(open).await.unwrap(), 35_000);
}

#[tokio::test]
async fn rows_that_refer_to_each_other_or_may_be_in_conflict_stay_together() {
    let fixture = Fixture::new(schema![User, Employee]).await;
    let employee = |manager: i64| NewEmployee { name: "x".repeat(2_000), manager_id: Some(manager.into()) };
    // Each refers to a row behind it.
    let rows: Vec<_> = (1..=3_000).map(|id| employee(if id == 3_000 { 1 } else { id + 1 })).collect();
    fixture.engine.all(insert(Employee).values(rows).returning(Employee.id)).await.unwrap();
    let upsert = insert(User).values(users(3_000)).on_conflict(User.id).do_nothing();
    fixture.recorder.take();
    fixture.engine.execute(upsert).await.unwrap();
    assert_eq!(fixture.recorder.take().statements.len(), 1);
}
