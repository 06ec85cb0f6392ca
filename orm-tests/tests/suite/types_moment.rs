//! Moments and columns without a time zone: what PostgreSQL would shift by the zone of the session is refused.

use chrono::{DateTime, NaiveDateTime, Utc};
use orm_core::Error;
use orm_core::prelude::*;
use orm_tests::{Database, Fixture};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "events")]
struct Event {
    #[orm(primary_key)]
    id: i64,
    at: DateTime<Utc>,
    seen: Option<DateTime<Utc>>,
    local: NaiveDateTime,
}

const NOON: &str = "2026-07-01T12:00:00Z";

fn noon() -> DateTime<Utc> {
    NOON.parse().unwrap()
}

fn event(id: i64) -> NewEvent {
    NewEvent { id, at: noon(), seen: Some(noon()), local: noon().naive_utc() }
}

/// A table as another program made it, in a database whose zone is far from UTC.
async fn tokyo(columns: &str) -> (Database, Engine) {
    let database = Database::create().await;
    database.execute(&format!("CREATE TABLE events (id bigint PRIMARY KEY, {columns})")).await;
    database.execute(&format!("ALTER DATABASE \"{}\" SET timezone = 'Asia/Tokyo'", database.name())).await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    (database, engine)
}

/// The error names the field, the column and both types.
fn refused(error: &Error, field: &str) {
    assert!(error.is_encode(), "{error}");
    let text = error.to_string();
    assert!(text.starts_with(&format!("`Event.{field}` is of the type timestamp with time zone")), "{text}");
    assert!(
        text.contains(&format!("column \"{field}\" of table \"events\" is of the type timestamp without")),
        "{text}"
    );
    assert!(text.contains("declare the field as `NaiveDateTime`"), "{text}");
    assert_eq!((error.table(), error.column()), (Some("events"), Some(field)));
}

#[tokio::test]
async fn a_moment_for_a_column_without_a_zone_is_refused_when_written() {
    let (database, engine) = tokyo("at timestamp NOT NULL, seen timestamptz, local timestamp NOT NULL").await;
    let mut session = SessionMaker::new(engine.clone()).session();
    session.add(event(1));
    let mut transaction = engine.begin().await.unwrap();
    for error in [
        engine.execute(insert(Event).values(event(1))).await.unwrap_err(),
        engine.execute(insert(Event).values((1..2000).map(event).collect::<Vec<_>>())).await.unwrap_err(),
        engine.one(insert(Event).values(event(1)).returning(Event.id)).await.unwrap_err(),
        engine.execute(update(Event).set(Event.at, noon()).filter(Event.id.eq(1))).await.unwrap_err(),
        engine.execute(update(Event).set(Event.at, func::now()).filter(Event.id.eq(1))).await.unwrap_err(),
        transaction.execute(insert(Event).values(event(1))).await.unwrap_err(),
        session.commit().await.unwrap_err(),
    ] {
        refused(&error, "at");
    }
    transaction.commit().await.expect("nothing was sent");
    assert_eq!(database.query_text("SELECT FROM events").await.len(), 0);
}

#[tokio::test]
async fn a_moment_beside_a_column_without_a_zone_is_refused_when_filtered() {
    let (_database, engine) =
        tokyo("at timestamptz NOT NULL, seen timestamp, local timestamp NOT NULL").await;
    let mut session = SessionMaker::new(engine.clone()).session();
    let ids = || select(Event.id);
    for error in [
        engine.all(ids().filter(Event.seen.gt(noon()))).await.unwrap_err(),
        engine.first(ids().filter(Event.seen.in_([noon()]))).await.unwrap_err(),
        engine.stream(ids().filter(Event.seen.between(noon(), noon()))).await.map(|_| ()).unwrap_err(),
        engine.all(ids().filter(Event.id.in_(ids().filter(Event.seen.lt(noon()))))).await.unwrap_err(),
        engine.execute(delete(Event).filter(Event.seen.lt(noon()))).await.unwrap_err(),
        session.all(ids().filter(Event.seen.lt(Event.at))).await.unwrap_err(),
    ] {
        refused(&error, "seen");
    }
    engine.all(ids().filter(Event.id.gt(3))).await.expect("it has nothing to do with moments");
}

#[tokio::test]
async fn a_time_without_a_zone_for_a_column_that_has_one_is_refused() {
    let (_database, engine) =
        tokyo("at timestamptz NOT NULL, seen timestamptz, local timestamptz NOT NULL").await;
    let error = engine.execute(insert(Event).values(event(1))).await.unwrap_err();
    assert!(
        error.to_string().starts_with("`Event.local` is of the type timestamp without time zone"),
        "{error}"
    );
    assert!(error.to_string().contains("declare the field as `DateTime<Utc>`"), "{error}");
}

#[tokio::test]
async fn the_database_is_asked_once_and_values_stay_as_they_are() {
    let fixture = Fixture::new(schema![Event]).await;
    let engine = &fixture.engine;
    engine.execute(insert(Event).values(event(1))).await.unwrap();
    assert_eq!(fixture.recorder.take().statements.len(), 2, "the question, and the INSERT");
    engine.execute(insert(Event).values([event(2), event(3)])).await.unwrap();
    let found = engine.all(select(Event).filter(Event.at.eq(noon())).order_by(Event.id)).await.unwrap();
    assert_eq!(fixture.recorder.take().statements.len(), 2);
    assert_eq!(found.len(), 3);
    assert_eq!((found[0].at, found[0].local), (noon(), noon().naive_utc()));
}
