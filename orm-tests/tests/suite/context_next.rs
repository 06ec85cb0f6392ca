//! A context ends with its transaction: the next user of the connection never has it.

use orm_core::engine::Context;
use orm_core::prelude::*;
use orm_tests::{Fixture, MEMBER, Recorder, poll_awake};

use super::context::{Note, Who, fixture, note, tenant, tenant_of};

/// A fixture whose engine has one connection.
async fn one_connection() -> (Fixture, Engine) {
    let fixture = fixture().await;
    let engine = Engine::builder(fixture.database.url()).pool_size(1).connect().await.unwrap();
    (fixture, engine)
}

/// The tenant and the role that an engine without a context has on its only connection.
async fn left_behind(engine: &Engine) -> (String, bool) {
    let (tenant, role) = engine.one(select((Who.tenant, Who.role))).await.unwrap();
    (tenant.unwrap_or_default(), role == MEMBER)
}

const NOTHING: (String, bool) = (String::new(), false);

async fn with_role(fixture: &Fixture, engine: &Engine) -> Engine {
    let engine = engine.with(tenant("one"));
    if fixture.database.has_roles().await { engine.with(Context::new().role(MEMBER)) } else { engine }
}

#[tokio::test]
async fn after_statements_that_succeed_and_that_fail() {
    let (fixture, engine) = one_connection().await;
    let inside = with_role(&fixture, &engine).await;
    assert_eq!(tenant_of(&inside).await, "one");
    assert_eq!(left_behind(&engine).await, NOTHING);
    inside.one(select(Note)).await.unwrap_err();
    assert_eq!(left_behind(&engine).await, NOTHING);
    fixture.database.execute("ALTER TABLE notes ADD CHECK (text <> '')").await;
    assert!(inside.execute(insert(Note).values(note(""))).await.unwrap_err().is_check_violation());
    assert_eq!(left_behind(&engine).await, NOTHING);
    fixture.database.execute("DROP VIEW who CASCADE").await;
    inside.all(select(Who)).await.unwrap_err();
    fixture.engine.create_all(schema![Who]).await.unwrap();
    fixture.database.execute("GRANT SELECT ON who TO public").await;
    assert_eq!(left_behind(&engine).await, NOTHING);
}

#[tokio::test]
async fn after_transactions_however_they_end() {
    let (fixture, engine) = one_connection().await;
    let inside = with_role(&fixture, &engine).await;
    fixture.database.execute("ALTER TABLE notes ADD CHECK (text <> '')").await;
    for end in 0..4 {
        let mut transaction = inside.begin().await.unwrap();
        transaction.execute(insert(Note).values(note("a"))).await.unwrap();
        if end > 1 {
            transaction.execute(insert(Note).values(note(""))).await.unwrap_err();
        }
        match end {
            0 => transaction.commit().await.unwrap(),
            1 => drop(transaction),
            2 => assert!(transaction.commit().await.is_err()),
            _ => transaction.rollback().await.unwrap(),
        }
        assert_eq!(left_behind(&engine).await, NOTHING, "{end}");
    }
    assert_eq!(engine.one(select(func::count(Note.id))).await.unwrap(), 1);
}

#[tokio::test]
async fn after_streams_that_are_read_dropped_and_fail() {
    let (fixture, engine) = one_connection().await;
    let inside = with_role(&fixture, &engine).await;
    let many: Vec<_> = (0..3_000).map(|n| note(&n.to_string())).collect();
    engine.execute(insert(Note).values(many)).await.unwrap();
    for rows in [0, 1, 3_000] {
        let mut stream = inside.stream(select(Note)).await.unwrap();
        for _ in 0..rows {
            stream.next().await.unwrap().unwrap();
        }
        drop(stream);
        assert_eq!(left_behind(&engine).await, NOTHING, "{rows}");
    }
    let number = sql_number();
    let mut stream = inside.stream(number).await.unwrap();
    while let Some(row) = stream.next().await {
        if row.is_err() {
            break;
        }
    }
    drop(stream);
    assert_eq!(left_behind(&engine).await, NOTHING);
}

/// Fails at a row far from the first.
fn sql_number() -> impl orm_core::query::Query<Row = i64> {
    select(lit(1_i64) / (Note.id - 2_900)).order_by(Note.id)
}

#[tokio::test]
async fn a_stream_that_writes_is_committed_when_it_is_read() {
    let (fixture, engine) = one_connection().await;
    let inside = with_role(&fixture, &engine).await;
    let recorder = Recorder::default();
    let engine = Engine::builder(fixture.database.url())
        .pool_size(1)
        .observe(std::sync::Arc::new(recorder.clone()))
        .connect()
        .await
        .unwrap();
    let mut stream =
        engine.with(tenant(7)).stream(insert(Note).values(note("a")).returning(Note.id)).await.unwrap();
    stream.next().await.unwrap().unwrap();
    assert!(stream.next().await.is_none() && stream.next().await.is_none());
    assert_eq!(inside.one(select(func::count(Note.id))).await.unwrap(), 1);
    assert_eq!(recorder.take().statements.last().unwrap(), "COMMIT");
    drop(stream);
    assert_eq!(left_behind(&engine).await, NOTHING);
}

#[tokio::test]
async fn a_stream_whose_commit_is_refused_says_so() {
    let (fixture, engine) = one_connection().await;
    let deferred = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE unique_violation; END $$; \
                    CREATE CONSTRAINT TRIGGER late AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW \
                    EXECUTE FUNCTION refuse()";
    fixture.database.execute(deferred).await;
    let mut stream =
        engine.with(tenant(7)).stream(insert(Note).values(note("a")).returning(Note.id)).await.unwrap();
    stream.next().await.unwrap().unwrap();
    assert!(stream.next().await.unwrap().unwrap_err().is_unique_violation());
    assert!(stream.next().await.is_none());
    drop(stream);
    assert_eq!(left_behind(&engine).await, NOTHING);
    assert_eq!(engine.one(select(func::count(Note.id))).await.unwrap(), 0);
}

#[tokio::test]
async fn after_futures_that_are_dropped_at_any_point() {
    let (fixture, engine) = one_connection().await;
    let inside = with_role(&fixture, &engine).await;
    let mut dropped = 0;
    for polls in 1..40 {
        let work = async {
            inside.one(select(Who.tenant)).await.unwrap();
            inside.execute(insert(Note).values(note("a"))).await.unwrap();
            let mut transaction = inside.begin().await.unwrap();
            transaction.execute(insert(Note).values(note("b"))).await.unwrap();
            transaction.savepoint("s");
            transaction.execute(insert(Note).values(note("b"))).await.unwrap();
            transaction.commit().await.unwrap();
            let mut stream = inside.stream(select(Note)).await.unwrap();
            while let Some(row) = stream.next().await {
                row.unwrap();
            }
        };
        let done = poll_awake(polls, work).await;
        assert_eq!(left_behind(&engine).await, NOTHING, "{polls}");
        if done.is_some() {
            break;
        }
        dropped += 1;
    }
    assert!(dropped > 3, "{dropped}");
    // Whatever was written was written with the context.
    let without = select(func::count(Note.id)).filter(Note.tenant.is_distinct_from("one"));
    assert_eq!(engine.one(without).await.unwrap(), 0);
}

#[tokio::test]
async fn after_a_panic() {
    let (fixture, engine) = one_connection().await;
    let inside = with_role(&fixture, &engine).await;
    let task = tokio::spawn(async move {
        let mut session = SessionMaker::new(inside).session();
        session.add(note("a"));
        session.flush().await.unwrap();
        panic!("the program's own");
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(left_behind(&engine).await, NOTHING);
    assert_eq!(engine.one(select(func::count(Note.id))).await.unwrap(), 0);
}

#[tokio::test]
async fn a_statement_that_is_canceled_leaves_nothing() {
    let (fixture, engine) = one_connection().await;
    let inside = with_role(&fixture, &engine).await.with(Context::new().set("statement_timeout", 20));
    fixture
        .database
        .execute("CREATE VIEW slow AS SELECT pg_sleep(10)::text AS a; GRANT SELECT ON slow TO public")
        .await;
    let error = inside.all(select(Slow.a)).await.unwrap_err();
    assert!(error.is_canceled(), "{error}");
    assert_eq!(left_behind(&engine).await, NOTHING);
    assert_eq!(tenant_of(&inside).await, "one");
}

#[derive(Model, Clone, Debug)]
#[orm(table = "slow", view)]
struct Slow {
    a: String,
}

#[tokio::test]
async fn a_prepared_statement_serves_engines_with_and_without_a_context() {
    let (_fixture, engine) = one_connection().await;
    let other = engine.with(tenant("two"));
    for _ in 0..5 {
        assert_eq!(tenant_of(&engine.with(tenant("one"))).await, "one");
        assert_eq!(tenant_of(&engine).await, "");
        assert_eq!(tenant_of(&other).await, "two");
    }
}

#[tokio::test]
async fn a_lost_connection_is_told_as_of_a_statement_alone() {
    let (fixture, engine) = one_connection().await;
    let inside = engine.with(tenant("one"));
    fixture
        .database
        .execute(
            "CREATE VIEW slow AS SELECT pg_terminate_backend(pg_backend_pid())::text AS a; \
             GRANT SELECT ON slow TO public",
        )
        .await;
    let error = inside.all(select(Slow.a)).await.unwrap_err();
    assert!(error.is_connection_lost() && !error.is_outcome_unknown(), "{error}");
    assert_eq!(left_behind(&engine).await, NOTHING);
}
