//! What a COPY would do otherwise, or not at all, goes by INSERT.

use orm_core::engine::Isolation;
use orm_core::prelude::*;
use orm_tests::Fixture;
use orm_tests::models::User;

use super::{COPY, INSERT, MANY, assert_users, insert_many, statements, users};

#[tokio::test]
async fn what_copy_would_do_otherwise_is_left_to_insert() {
    for change in [
        "ALTER TABLE users ALTER age TYPE real",
        "ALTER TABLE users ALTER age TYPE bigint",
        "CREATE DOMAIN age AS integer; ALTER TABLE users ALTER age TYPE age",
        "ALTER TABLE users RENAME TO people; CREATE VIEW users AS SELECT * FROM people",
        "CREATE RULE also AS ON INSERT TO users DO ALSO NOTIFY users",
    ] {
        let fixture = Fixture::new(schema![User]).await;
        fixture.database.execute(change).await;
        assert_eq!(insert_many(&fixture).await, INSERT, "{change}");
        assert_users(&fixture.engine, MANY).await;
        let mut transaction = fixture.engine.begin().await.unwrap();
        transaction.execute(insert(User).values(users(MANY))).await.unwrap();
        assert_eq!(statements(fixture.recorder.take()).last().map(String::as_str), Some(INSERT));
        transaction.rollback().await.unwrap();
        assert_users(&fixture.engine, MANY).await;
    }
}

#[tokio::test]
async fn a_rule_is_run() {
    let fixture = Fixture::new(schema![User]).await;
    let rule = "CREATE TABLE kept (name text); \
                CREATE RULE keep AS ON INSERT TO users DO ALSO INSERT INTO kept VALUES (new.name)";
    fixture.database.execute(rule).await;
    insert_many(&fixture).await;
    assert_eq!(fixture.database.query_text("SELECT count(*) FROM kept").await, [[Some("2000".into())]]);
}

#[derive(Model, Clone, Debug)]
#[orm(table = "keyed")]
struct Keyed {
    #[orm(primary_key)]
    id: i64,
}

#[tokio::test]
async fn a_key_that_is_generated_always_is_refused_as_by_an_insert() {
    let fixture = Fixture::new(schema![Keyed]).await;
    fixture.database.execute("ALTER TABLE keyed ALTER id ADD GENERATED ALWAYS AS IDENTITY").await;
    let rows: Vec<_> = (0..2_000).map(|id| NewKeyed { id }).collect();
    let error = fixture.engine.execute(insert(Keyed).values(rows)).await.unwrap_err();
    assert_eq!(error.code(), Some("428C9"));
    assert_eq!(fixture.engine.one(select(func::count(Keyed.id))).await.unwrap(), 0);
}

#[tokio::test]
async fn row_level_security_is_heeded() {
    let fixture = Fixture::new(schema![User]).await;
    if fixture.database.is_superuser().await {
        return println!("skipped: a superuser has every right");
    }
    let policy = "ALTER TABLE users ENABLE ROW LEVEL SECURITY; \
                  CREATE POLICY reading ON users FOR SELECT USING (true); \
                  CREATE POLICY low ON users FOR INSERT WITH CHECK (coalesce(age, 0) < 2500)";
    fixture.database.execute(policy).await;
    assert_eq!(insert_many(&fixture).await, COPY, "the owner is above it");
    fixture.database.execute("TRUNCATE users; ALTER TABLE users FORCE ROW LEVEL SECURITY").await;
    assert_eq!(insert_many(&fixture).await, INSERT);
    let error = fixture.engine.execute(insert(User).values(users(3000))).await.unwrap_err();
    assert!(error.is_insufficient_privilege() && error.to_string().contains("row-level security"), "{error}");
    assert_eq!(fixture.engine.one(select(func::count(User.id))).await.unwrap(), MANY as i64);
}

#[tokio::test]
async fn a_right_to_columns_is_enough_and_a_missing_one_costs_no_connection() {
    let fixture = Fixture::new(schema![User]).await;
    if fixture.database.is_superuser().await {
        return println!("skipped: a superuser has every right");
    }
    fixture
        .database
        .execute(
            "REVOKE INSERT ON users FROM CURRENT_USER; GRANT INSERT (name, age) ON users TO CURRENT_USER",
        )
        .await;
    assert_eq!(insert_many(&fixture).await, COPY);
    fixture.database.execute("REVOKE INSERT (age) ON users FROM CURRENT_USER").await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    transaction.savepoint("a");
    let error = transaction.execute(insert(User).values(users(MANY))).await.unwrap_err();
    assert!(error.is_insufficient_privilege() && error.statement() == Some(INSERT), "{error}");
    transaction.rollback_to("a").await.unwrap();
    assert_eq!(transaction.one(select(func::count(User.id))).await.unwrap(), MANY as i64);
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn other_isolation_and_read_only_go_by_insert() {
    let fixture = Fixture::new(schema![User]).await;
    for isolation in [Isolation::RepeatableRead, Isolation::Serializable] {
        let mut transaction = fixture.engine.begin_with(isolation).await.unwrap();
        transaction.execute(insert(User).values(users(MANY))).await.unwrap();
        assert_eq!(statements(fixture.recorder.take()), [INSERT]);
        transaction.rollback().await.unwrap();
    }
    let mode = TransactionMode::READ_ONLY;
    let mut transaction = fixture.engine.begin_with(mode).await.unwrap();
    let error = transaction.execute(insert(User).values(users(MANY))).await.unwrap_err();
    assert_eq!(error.code(), Some("25006"));
    transaction.rollback().await.unwrap();
    let missing = fixture.database.execute("DROP TABLE users");
    missing.await;
    let error = fixture.engine.execute(insert(User).values(users(MANY))).await.unwrap_err();
    assert_eq!(error.code(), Some("42P01"));
    assert_eq!(fixture.engine.status().size, 1, "no connection was lost");
}

#[tokio::test]
async fn a_type_that_changes_meanwhile_is_seen() {
    let fixture = Fixture::new(schema![User]).await;
    let change = Engine::builder(fixture.database.url()).connect().await.unwrap();
    fixture
        .database
        .execute(
            "CREATE FUNCTION change() RETURNS void LANGUAGE plpgsql AS $$BEGIN \
        ALTER TABLE users ALTER age TYPE real; PERFORM pg_sleep(0.3); END$$",
        )
        .await;
    let altering =
        tokio::spawn(async move { change.one(select(func::call::<Option<String>>("change", ()))).await });
    let locked = "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'users'::regclass AND mode = 'AccessExclusiveLock')";
    while fixture.database.query_text(locked).await != [[Some("t".to_owned())]] {
        tokio::task::yield_now().await;
    }
    // As wide as an integer, so that COPY would take its bytes for those of another number.
    assert_eq!(insert_many(&fixture).await, INSERT);
    let _ = altering.await.unwrap();
    assert_eq!(
        fixture.database.query_text("SELECT max(age)::text FROM users").await,
        [[Some("1999".into())]]
    );
}

#[tokio::test]
async fn a_pooler_of_transactions_gets_inserts() {
    let fixture = Fixture::new(schema![User]).await;
    let recorder = std::sync::Arc::new(fixture.recorder.clone());
    let engine =
        Engine::builder(fixture.database.url()).statement_cache(0).observe(recorder).connect().await.unwrap();
    engine.execute(insert(User).values(users(MANY))).await.unwrap();
    assert_eq!(fixture.recorder.take().statements, [INSERT]);
    assert_users(&fixture.engine, MANY).await;
}
