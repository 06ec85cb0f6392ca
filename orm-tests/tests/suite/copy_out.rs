//! COPY of the rows of a select to the program.

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use orm_core::CopyStream;
use orm_core::engine::Context;
use orm_core::prelude::*;
use orm_core::query::CopyFormat;
use orm_tests::Fixture;
use orm_tests::models::{NewPost, NewUser, Post, User};

#[derive(Enum, Clone, Copy, Debug, PartialEq)]
enum Mood {
    Happy,
    Sad,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "things")]
struct Thing {
    #[orm(primary_key)]
    id: i64,
    text: String,
    mood: Mood,
    at: DateTime<Utc>,
    bytes: Vec<u8>,
    tags: Vec<String>,
}

async fn text(mut stream: CopyStream<'_>) -> String {
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece.unwrap());
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn rows_come_as_csv_and_text() {
    let fixture = Fixture::new(schema![User]).await;
    let engine = &fixture.engine;
    let users =
        [NewUser { name: "Ann, \"A\"".into(), age: Some(30) }, NewUser::new("Bob"), NewUser::new("it's $1")];
    engine.execute(insert(User).values(users)).await.unwrap();
    let names = || select((User.name, User.age)).order_by(User.id);
    let csv = text(engine.copy_out(names(), CopyFormat::CsvWithHeader).await.unwrap()).await;
    assert_eq!(csv, "name,age\n\"Ann, \"\"A\"\"\",30\nBob,\nit's $1,\n");
    let rows =
        text(engine.copy_out(names().filter(User.name.eq("it's $1")), CopyFormat::Text).await.unwrap()).await;
    assert_eq!(rows, "it's $1\t\\N\n");
    assert_eq!(
        text(engine.copy_out(names().filter(User.id.lt(0)), CopyFormat::Csv).await.unwrap()).await,
        ""
    );
    let binary: Vec<_> = engine.copy_out(names(), CopyFormat::Binary).await.unwrap().collect().await;
    assert!(binary[0].as_ref().unwrap().starts_with(b"PGCOPY\n"));
}

#[tokio::test]
async fn values_of_all_kinds_select_the_same_rows() {
    let fixture = Fixture::new(schema![Thing]).await;
    let engine = &fixture.engine;
    let at = DateTime::from_timestamp_micros(1_234_567_890_123_456).unwrap();
    let thing = |id, text: &str, mood| NewThing {
        id,
        text: text.into(),
        mood,
        at,
        bytes: vec![0, 255, 39],
        tags: vec!["a,b".into(), String::new(), "\"".into()],
    };
    engine
        .execute(insert(Thing).values([thing(1, "", Mood::Happy), thing(2, "x", Mood::Sad)]))
        .await
        .unwrap();
    for condition in [
        Thing.text.eq(""),
        Thing.mood.eq(Mood::Happy),
        Thing.mood.in_([Mood::Happy]),
        Thing.at.eq(at) & Thing.id.lt(2),
        Thing.bytes.eq(vec![0, 255, 39]) & Thing.id.in_([1, 3]),
        Thing.tags.eq(vec!["a,b".to_owned(), String::new(), "\"".to_owned()]) & Thing.id.between(0, 1),
    ] {
        let stream = engine.copy_out(select(Thing.id).filter(condition.clone()), CopyFormat::Csv).await;
        assert_eq!(text(stream.unwrap()).await, "1\n", "{condition:?}");
    }
}

#[tokio::test]
async fn sql_of_the_program_is_copied_whatever_quotes_and_comments_it_has() {
    let fixture = Fixture::new(schema![User]).await;
    let statement = sql!(r"SELECT E'it\'s $1', $a$ $1's $a$, {} /* it's /* $1 */ */; -- it's $1", "value");
    let rows = statement.rows::<(String, String, String)>();
    let copied = text(fixture.engine.copy_out(rows, CopyFormat::Csv).await.unwrap()).await;
    assert_eq!(copied, "it's $1, $1's ,value\n");
}

#[tokio::test]
async fn a_stream_that_is_dropped_or_fails_leaves_a_connection_in_order() {
    let fixture = Fixture::new(schema![User, Post]).await;
    let engine = &fixture.engine;
    let users: Vec<_> = (0..2000).map(|n| NewUser::new(format!("{n}{}", "x".repeat(200)))).collect();
    engine.execute(insert(User).values(users)).await.unwrap();
    let mut stream = engine.copy_out(select(User), CopyFormat::Csv).await.unwrap();
    stream.next().await.unwrap().unwrap();
    drop(stream);
    assert_eq!(engine.count(select(User)).await.unwrap(), 2000);
    let failing = select(lit(1_i64) / (User.id - 1000)).order_by(User.id);
    let mut stream = engine.copy_out(failing, CopyFormat::Csv).await.unwrap();
    let error = loop {
        if let Err(error) = stream.next().await.expect("it fails before its end") {
            break error;
        }
    };
    assert_eq!(error.code(), Some("22012"));
    assert!(stream.next().await.is_none());
    assert_eq!(engine.count(select(User)).await.unwrap(), 2000);
    engine.execute(insert(Post).values(NewPost { user_id: 1_i64.into(), title: "t".into() })).await.unwrap();
    let error = engine.copy_out(select(User).with(User.posts), CopyFormat::Csv).await.unwrap_err();
    assert!(error.to_string().starts_with("a select with relations is several statements"), "{error}");
}

#[derive(Model, Clone, Debug)]
#[orm(table = "measures")]
struct Measure {
    #[orm(primary_key)]
    id: i64,
    value: f64,
    at: DateTime<Utc>,
}

#[tokio::test]
async fn settings_of_the_server_change_no_value_of_a_filter() {
    let fixture = Fixture::new(schema![Measure]).await;
    let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let value = 0.1 + 0.2;
    fixture.engine.execute(insert(Measure).values(NewMeasure { id: 1, value, at })).await.unwrap();
    let set = |setting: &str| {
        format!("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {setting}', current_database()); END $$")
    };
    for setting in ["extra_float_digits = 0", "DateStyle = SQL, DMY", "TimeZone = \"Asia/Kolkata\""] {
        fixture.database.execute(&set(setting)).await;
    }
    let engine = Engine::builder(fixture.database.url()).connect().await.unwrap();
    for condition in [Measure.value.eq(value), Measure.at.eq(at), Measure.value.in_([value])] {
        let ids = select(Measure.id).filter(condition);
        assert_eq!(text(engine.copy_out(ids, CopyFormat::Csv).await.unwrap()).await, "1\n");
    }
    // What comes is written as the database is set.
    let dates = text(engine.copy_out(select(Measure.at), CopyFormat::Csv).await.unwrap()).await;
    assert_eq!(dates, "15/11/2023 03:43:20 IST\n");
}

#[tokio::test]
async fn a_context_holds_in_it_with_values_and_without() {
    let fixture = Fixture::new(schema![User]).await;
    fixture.engine.execute(insert(User).values(NewUser::new("Ann"))).await.unwrap();
    let engine = fixture.engine.with(Context::new().set("app.tenant", 7));
    let tenant = func::call::<Option<String>>("current_setting", ("app.tenant", true));
    for condition in [User.age.is_null(), User.name.eq("Ann")] {
        let tenants = select(&tenant).select_from(User).filter(condition);
        assert_eq!(text(engine.copy_out(tenants, CopyFormat::Csv).await.unwrap()).await, "7\n");
    }
    let none = select(sql!("current_setting('app.tenant')").expr::<String>()).select_from(User);
    assert_eq!(text(engine.copy_out(none, CopyFormat::Csv).await.unwrap()).await, "7\n");
}

#[tokio::test]
async fn exports_of_a_transaction_are_of_one_moment() {
    let fixture = Fixture::new(schema![User]).await;
    let engine = &fixture.engine;
    engine.execute(insert([NewUser::new("Ann"), NewUser::new("Ben")])).await.unwrap();
    let names = select(User.name).order_by(User.id);
    let mut transaction = engine.begin_with(Isolation::RepeatableRead).await.unwrap();
    let csv = text(transaction.copy_out(&names, CopyFormat::Csv).await.unwrap()).await;
    engine.execute(insert(NewUser::new("Cid"))).await.unwrap();
    assert_eq!(text(transaction.copy_out(&names, CopyFormat::Csv).await.unwrap()).await, csv);
    let some = names.clone().filter(User.name.gt("Ann"));
    assert_eq!(text(transaction.copy_out(some, CopyFormat::Csv).await.unwrap()).await, "Ben\n");
    assert_eq!(transaction.count(&names).await.unwrap(), 2);
    // What it wrote itself is there, and is committed by it alone.
    transaction.execute(delete(User).filter(User.name.eq("Ben"))).await.unwrap();
    assert_eq!(text(transaction.copy_out(&names, CopyFormat::Csv).await.unwrap()).await, "Ann\n");
    assert_eq!(engine.count(&names).await.unwrap(), 3);
    transaction.commit().await.unwrap();
    assert_eq!(engine.count(&names).await.unwrap(), 2);
}

#[tokio::test]
async fn a_transaction_goes_on_behind_one_that_is_dropped_half_way() {
    let fixture = Fixture::new(schema![User]).await;
    let mut transaction = fixture.engine.begin().await.unwrap();
    let many = sql!("SELECT repeat('x', 1000) FROM generate_series(1, 20000)").rows::<String>();
    let mut stream = transaction.copy_out(many, CopyFormat::Csv).await.unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    drop(stream);
    transaction.execute(insert(NewUser::new("Ann"))).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(fixture.engine.count(select(User)).await.unwrap(), 1);
}
