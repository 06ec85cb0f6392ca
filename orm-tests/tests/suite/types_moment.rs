//! Moments and columns without a time zone: what PostgreSQL would shift by the zone of the session is refused.

use chrono::{DateTime, NaiveDateTime, Utc};
use orm_core::Error;
use orm_core::prelude::*;
use orm_core::query::{CopyFormat, sql_text};
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

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "visits")]
struct Visit {
    #[orm(primary_key)]
    id: i64,
    at: DateTime<Utc>,
    days: Vec<DateTime<Utc>>,
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

#[tokio::test]
async fn copy_of_rows_to_the_program_is_checked_as_any_statement() {
    let (_database, engine) =
        tokyo("at timestamp NOT NULL, seen timestamptz, local timestamp NOT NULL").await;
    let ids = || select((Event.id, Event.at));
    for statement in [ids(), ids().filter(Event.at.lt(func::now())), ids().filter(Event.at.lt(noon()))] {
        refused(&engine.copy_out(statement, CopyFormat::Csv).await.unwrap_err(), "at");
    }
}

#[tokio::test]
async fn the_type_below_a_domain_is_what_counts() {
    let database = Database::create().await;
    database.execute("CREATE DOMAIN naive AS timestamp; CREATE DOMAIN inner_zoned AS timestamptz").await;
    database.execute("CREATE DOMAIN zoned AS inner_zoned NOT NULL; CREATE DOMAIN naives AS naive[]").await;
    database.execute("CREATE TABLE visits (id bigint PRIMARY KEY, at zoned, days naives)").await;
    let engine = Engine::builder(database.url()).connect().await.unwrap();
    let new = |days| NewVisit { id: 1, at: noon(), days };
    let error = engine.execute(insert(Visit).values(new(vec![noon()]))).await.unwrap_err();
    assert!(error.is_encode() && error.column() == Some("days"), "{error}");

    database.execute("ALTER TABLE visits ALTER days TYPE timestamptz[]").await;
    let record = engine.record();
    for id in 1..4 {
        engine.execute(insert(Visit).values(NewVisit { id, ..new(Vec::new()) })).await.unwrap();
    }
    assert_eq!(record.statements().len(), 4, "the database is asked once");
}

#[tokio::test]
async fn what_a_transaction_has_found_out_is_forgotten_with_it() {
    let (database, engine) = tokyo("at timestamp NOT NULL, seen timestamptz, local timestamp NOT NULL").await;
    let mut transaction = engine.begin().await.unwrap();
    let columns = "id bigint PRIMARY KEY, at timestamptz, seen timestamptz, local timestamp";
    transaction.execute(sql_text(format!("CREATE TEMP TABLE events ({columns})"))).await.unwrap();
    transaction.execute(insert(Event).values(event(1))).await.expect("it fits the temporary table");
    transaction.rollback().await.unwrap();
    refused(&engine.execute(insert(Event).values(event(1))).await.unwrap_err(), "at");
    assert_eq!(database.query_text("SELECT FROM events").await.len(), 0);
}
