//! An INSERT of very many rows by COPY: nothing but its speed tells it from an INSERT.

mod left_to_insert;

use std::time::Duration;

use orm_core::prelude::*;
use orm_tests::models::{Mood, NewPet, NewUser, Pet, User};
use orm_tests::{Fixture, Proxy, Recorded, poll_awake};

const COPY: &str = r#"COPY "users" ("name", "age") FROM STDIN (FORMAT binary)"#;
const INSERT: &str = r#"INSERT INTO "users" ("name", "age") SELECT * FROM unnest($1, $2)"#;
const MANY: usize = 2_000;

fn user(number: usize) -> NewUser {
    NewUser { name: format!("user {number}"), age: i32::try_from(number).ok().filter(|age| age % 3 > 0) }
}

fn users(count: usize) -> Vec<NewUser> {
    (0..count).map(user).collect()
}

async fn assert_users(engine: &Engine, count: usize) {
    // The live column may have another type than the model's.
    let columns = select((User.name, User.age.cast::<i32>())).order_by(User.id);
    let read = engine.all(columns).await.unwrap();
    let sent: Vec<_> = users(count).into_iter().map(|user| (user.name, user.age)).collect();
    assert_eq!(read, sent);
}

/// What was sent, without what begins and ends transactions.
fn statements(recorded: Recorded) -> Vec<String> {
    let control = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT"];
    let mut statements = recorded.statements;
    statements.retain(|sql| !control.iter().any(|word| sql.starts_with(word)));
    statements
}

/// Inserts many users; says which statement did.
async fn insert_many(fixture: &Fixture) -> String {
    fixture.recorder.take();
    assert_eq!(fixture.engine.execute(insert(User).values(users(MANY))).await.unwrap(), MANY as u64);
    let sent = statements(fixture.recorder.take());
    assert_eq!(sent.len(), 1, "{sent:?}");
    sent[0].clone()
}

#[tokio::test]
async fn many_rows_go_by_copy_in_two_round_trips_and_few_by_insert() {
    let fixture = Fixture::new(schema![User]).await;
    let inserted = fixture.engine.execute(insert(User).values(users(MANY))).await.unwrap();
    assert_eq!(inserted, MANY as u64);
    let sent = fixture.recorder.take();
    assert_eq!((sent.round_trips, sent.statements), (2, vec!["BEGIN".into(), COPY.into(), "COMMIT".into()]));
    assert_users(&fixture.engine, MANY).await;
    fixture.recorder.take();
    fixture.engine.execute(insert(User).values(users(1_999))).await.unwrap();
    assert_eq!(fixture.recorder.take().statements, [INSERT]);
}

#[tokio::test]
async fn a_copy_rides_with_begin_and_keeps_to_savepoints() {
    let fixture = Fixture::new(schema![User]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(insert(User).values(users(MANY))).await.unwrap();
    let sent = fixture.recorder.take();
    assert_eq!((sent.round_trips, sent.statements), (2, vec!["BEGIN".into(), COPY.into()]));
    transaction.savepoint("a");
    transaction.execute(insert(User).values(users(MANY))).await.unwrap();
    assert_eq!(fixture.recorder.take().statements, [r#"SAVEPOINT "a""#, COPY]);
    transaction.rollback_to("a").await.unwrap();
    transaction.commit().await.unwrap();
    assert_users(&fixture.engine, MANY).await;
    let mut session = fixture.session();
    fixture.recorder.take();
    session.connection().await.unwrap().execute(insert(User).values(users(MANY))).await.unwrap();
    assert_eq!(fixture.recorder.take().statements, ["BEGIN", COPY]);
    drop(session);
    assert_users(&fixture.engine, MANY).await;
}

#[tokio::test]
async fn a_violation_says_what_an_insert_says_and_stores_nothing() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.database.execute("CREATE UNIQUE INDEX users_name ON users (name)").await;
    fixture.database.execute("ALTER TABLE users ADD CONSTRAINT age_is_low CHECK (age < 2500)").await;
    let mut twice = users(2_200);
    twice.push(user(7));
    let error = fixture.engine.execute(insert(User).values(twice.clone())).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!((error.constraint(), error.table()), (Some("users_name"), Some("users")));
    assert_eq!(error.statement(), Some(COPY));
    let error = fixture.engine.execute(insert(User).values(users(3_000))).await.unwrap_err();
    assert!(error.is_check_violation(), "{error}");
    assert_eq!(error.constraint(), Some("age_is_low"));
    assert_users(&fixture.engine, 0).await;

    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(insert(User).values(users(3))).await.unwrap();
    transaction.savepoint("a");
    assert!(transaction.execute(insert(User).values(twice)).await.unwrap_err().is_unique_violation());
    transaction.all(select(User)).await.unwrap_err();
    transaction.rollback_to("a").await.unwrap();
    transaction.execute(insert(User).values(users(2_203)[3..].to_vec())).await.unwrap();
    transaction.commit().await.unwrap();
    assert_users(&fixture.engine, 2_203).await;
    assert_eq!(fixture.engine.status().size, 1, "no connection was lost");
}

#[tokio::test]
async fn a_null_and_a_missing_parent_are_refused_as_by_an_insert() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.database.execute("ALTER TABLE users ALTER age SET NOT NULL").await;
    let error = fixture.engine.execute(insert(User).values(users(MANY))).await.unwrap_err();
    assert!(error.is_not_null_violation(), "{error}");
    assert_eq!((error.table(), error.column(), error.statement()), (Some("users"), Some("age"), Some(COPY)));
    fixture.database.execute("ALTER TABLE users ALTER age DROP NOT NULL, ADD FOREIGN KEY (age) REFERENCES users DEFERRABLE INITIALLY DEFERRED").await;
    let error = fixture.engine.execute(insert(User).values(users(MANY))).await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error}");
    assert_eq!((error.constraint(), error.statement()), (Some("users_age_fkey"), Some("COMMIT")));
    assert_users(&fixture.engine, 0).await;
}

#[tokio::test]
async fn a_value_that_cannot_be_sent_names_its_column_and_costs_nothing() {
    let fixture = Fixture::new(schema![User]).await;
    let mut rows = users(50_000);
    rows.push(NewUser::new("a\0b"));
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(insert(User).values(users(1000))).await.unwrap();
    for error in [
        fixture.engine.execute(insert(User).values(rows.clone())).await.unwrap_err(),
        transaction.execute(insert(User).values(rows)).await.unwrap_err(),
    ] {
        assert!(error.is_encode(), "{error:?}");
        assert!(
            error.to_string().starts_with("a value of `User.name` (table \"users\") cannot be sent"),
            "{error}"
        );
        assert_eq!((error.table(), error.column()), (Some("users"), Some("name")));
    }
    transaction.commit().await.expect("the server never saw it");
    assert_users(&fixture.engine, 1000).await;
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "orders")]
struct Order {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(default = "'open'")]
    state: String,
    #[orm(default = "7")]
    rank: Option<i32>,
}

#[tokio::test]
async fn columns_left_out_take_their_defaults_and_uneven_rows_go_by_insert() {
    let fixture = Fixture::new(schema![Order]).await;
    let ranked = |rank: i32| NewOrder { rank: Some(Some(rank)), ..NewOrder::default() };
    fixture.engine.execute(insert(Order).values((0..2_000).map(ranked).collect::<Vec<_>>())).await.unwrap();
    assert_eq!(statements(fixture.recorder.take()), [r#"COPY "orders" ("rank") FROM STDIN (FORMAT binary)"#]);
    let states = fixture.engine.all(select((Order.state, Order.rank)).order_by(Order.id)).await.unwrap();
    assert!(states.iter().zip(0..).all(|((state, rank), nth)| state == "open" && *rank == Some(nth)));
    fixture.recorder.take();
    let mut rows: Vec<_> = (0..2_000).map(ranked).collect();
    rows.push(NewOrder::default());
    fixture.engine.execute(insert(Order).values(rows)).await.unwrap();
    let sent = statements(fixture.recorder.take());
    assert!(sent[0].starts_with(r#"INSERT INTO "orders" ("rank") VALUES ($1)"#), "{sent:?}");
    fixture.engine.execute(insert(Order).values(vec![NewOrder::default(); 2_000])).await.unwrap();
    let sent = statements(fixture.recorder.take());
    assert!(sent[0].starts_with(r#"INSERT INTO "orders" ("id") VALUES (DEFAULT)"#), "{sent:?}");
    let defaults = fixture.engine.one(select(func::count(Order.id)).filter(Order.rank.eq(7))).await.unwrap();
    assert_eq!(defaults, 1 + 1 + 1 + 2_000);
}

#[tokio::test]
async fn enums_go_by_their_labels() {
    let fixture = Fixture::new(schema![Pet]).await;
    let pet = |number: usize| NewPet {
        name: format!("{number:04}"),
        mood: if number.is_multiple_of(2) { Mood::Happy } else { Mood::VerySad },
        wish: number.is_multiple_of(3).then_some(Mood::VerySad),
    };
    let pets: Vec<_> = (0..MANY).map(pet).collect();
    fixture.engine.execute(insert(Pet).values(pets.clone())).await.unwrap();
    assert!(statements(fixture.recorder.take())[0].starts_with("COPY"));
    let read = fixture.engine.all(select(Pet).order_by(Pet.name)).await.unwrap();
    let read: Vec<_> = read.into_iter().map(|pet| (pet.name, pet.mood, pet.wish)).collect();
    let sent: Vec<_> = pets.into_iter().map(|pet| (pet.name, pet.mood, pet.wish)).collect();
    assert_eq!(read, sent);
}

#[tokio::test]
async fn text_may_be_varchar_or_char_in_the_database() {
    let fixture = Fixture::new(schema![User]).await;
    for ty in ["varchar(12)", "char(9)", "varchar"] {
        fixture.database.execute(&format!("TRUNCATE users; ALTER TABLE users ALTER name TYPE {ty}")).await;
        assert_eq!(insert_many(&fixture).await, COPY, "{ty}");
        assert_eq!(fixture.engine.one(select(func::count_distinct(User.name))).await.unwrap(), MANY as i64);
    }
    fixture.database.execute("TRUNCATE users; ALTER TABLE users ALTER name TYPE varchar(8)").await;
    let error = fixture.engine.execute(insert(User).values(users(MANY))).await.unwrap_err();
    assert_eq!((error.code(), error.statement()), (Some("22001"), Some(COPY)));
}

#[tokio::test]
async fn dropped_at_any_await_point_all_rows_are_there_or_none() {
    let fixture = Fixture::new(schema![User]).await;
    let engine = Engine::builder(fixture.database.url()).pool_size(1).connect().await.unwrap();
    let mut finished = 0;
    for polls in 1.. {
        let done = poll_awake(polls, engine.execute(insert(User).values(users(20_000)))).await;
        // The only connection: what was dropped is over before this runs.
        let count = engine.one(select(func::count(User.id))).await.unwrap();
        assert!(count % 20_000 == 0, "{count} rows after {polls} polls");
        finished = if done.is_some() { finished + 1 } else { 0 };
        if finished == 3 {
            break;
        }
    }
    let idle =
        "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database()";
    assert_eq!(fixture.database.query_text(idle).await, [[Some("0".into())]]);
}

#[tokio::test]
async fn dropped_inside_a_transaction_it_can_only_be_rolled_back() {
    let fixture = Fixture::new(schema![User]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.execute(insert(User).values(users(1))).await.unwrap();
    for polls in 1.. {
        transaction.savepoint("a");
        let done = poll_awake(polls, transaction.execute(insert(User).values(users(20_000)))).await;
        if done.is_some() {
            break;
        }
        transaction.rollback_to("a").await.unwrap();
        let count = transaction.one(select(func::count(User.id))).await.unwrap();
        assert_eq!(count, 1, "after {polls} polls");
    }
    transaction.rollback_to("a").await.unwrap();
    let half = poll_awake(6, transaction.execute(insert(User).values(users(50_000)))).await;
    assert!(half.is_none());
    let error = transaction.all(select(User)).await.unwrap_err();
    assert!(error.is_rolled_back() || error.code() == Some("25P02"), "{error}");
    transaction.rollback().await.unwrap();
    assert_users(&fixture.engine, 0).await;
}

#[tokio::test]
async fn a_connection_that_breaks_half_way_leaves_nothing() {
    let fixture = Fixture::new(schema![User]).await;
    let proxy = Proxy::start(fixture.database.url()).await;
    let recorder = std::sync::Arc::new(fixture.recorder.clone());
    let engine = Engine::builder(proxy.url()).observe(recorder).connect().await.unwrap();
    let rows = users(300_000);
    let cutting = tokio::spawn({
        let engine = engine.clone();
        async move { engine.execute(insert(User).values(rows)).await }
    });
    while fixture.recorder.take().statements.is_empty() {
        tokio::task::yield_now().await;
    }
    // The rows are more than what fits between the two ends.
    proxy.stall();
    tokio::time::sleep(Duration::from_millis(50)).await;
    proxy.cut();
    proxy.resume();
    let error = cutting.await.unwrap().unwrap_err();
    assert!(error.is_connection_lost() && error.statement() == Some(COPY), "{error:?}");
    assert!(!error.is_outcome_unknown(), "COMMIT was not sent");
    assert_users(&fixture.engine, 0).await;
    engine
        .execute(insert(User).values(users(MANY)))
        .await
        .expect("the engine goes on with another connection");
    assert_users(&fixture.engine, MANY).await;
}
