//! Values of every column type on their way to the database and back.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use orm_core::prelude::*;
use orm_core::query::Column;
use orm_core::types::BaseType;
use orm_tests::Fixture;
use rust_decimal::Decimal;
use uuid::Uuid;

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[orm(name = "Col\"or")]
enum Color {
    Red,
    #[orm(label = "it's \"green\"")]
    Green,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "things")]
struct Thing {
    #[orm(primary_key, generated)]
    id: i64,
    small: i16,
    medium: i32,
    big: i64,
    single: f32,
    double: f64,
    truth: bool,
    text: String,
    bytes: Vec<u8>,
    uuid: Uuid,
    moment: DateTime<Utc>,
    decimal: Decimal,
    color: Color,
    small_option: Option<i16>,
    medium_option: Option<i32>,
    big_option: Option<i64>,
    single_option: Option<f32>,
    double_option: Option<f64>,
    truth_option: Option<bool>,
    text_option: Option<String>,
    bytes_option: Option<Vec<u8>>,
    uuid_option: Option<Uuid>,
    moment_option: Option<DateTime<Utc>>,
    decimal_option: Option<Decimal>,
    color_option: Option<Color>,
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

/// Without a value wherever that may be.
fn poor() -> NewThing {
    NewThing {
        small: 0,
        medium: 0,
        big: 0,
        single: 0.0,
        double: 0.0,
        truth: false,
        text: String::new(),
        bytes: Vec::new(),
        uuid: Uuid::nil(),
        moment: DateTime::UNIX_EPOCH,
        decimal: decimal("0"),
        color: Color::Red,
        small_option: None,
        medium_option: None,
        big_option: None,
        single_option: None,
        double_option: None,
        truth_option: None,
        text_option: None,
        bytes_option: None,
        uuid_option: None,
        moment_option: None,
        decimal_option: None,
        color_option: None,
    }
}

/// With the values at the edge of what the types hold.
fn rich() -> NewThing {
    let early = Utc.with_ymd_and_hms(1066, 10, 14, 9, 0, 0).single().expect("a moment");
    let late = Utc.with_ymd_and_hms(2999, 12, 31, 23, 59, 59).single().expect("a moment");
    NewThing {
        small: i16::MIN,
        medium: i32::MIN,
        big: i64::MIN,
        single: f32::NEG_INFINITY,
        double: f64::MIN_POSITIVE,
        truth: true,
        text: "🦀 ' \" \\ \n \u{10ffff}".to_owned(),
        bytes: vec![0, 255, 0],
        uuid: Uuid::from_u128(0x1234_5678_9abc_def0_1234_5678_9abc_def0),
        moment: early + TimeDelta::microseconds(1),
        decimal: decimal("-7.9228162514264337593543950335"),
        color: Color::Green,
        small_option: Some(i16::MAX),
        medium_option: Some(i32::MAX),
        big_option: Some(i64::MAX),
        single_option: Some(f32::MAX),
        double_option: Some(f64::INFINITY),
        truth_option: Some(false),
        text_option: Some(String::new()),
        bytes_option: Some(Vec::new()),
        uuid_option: Some(Uuid::max()),
        moment_option: Some(late + TimeDelta::microseconds(999_999)),
        decimal_option: Some(decimal("0.0000000000000000000000000001")),
        color_option: Some(Color::Red),
    }
}

/// The row as the program would write it again.
fn new_of(thing: Thing) -> String {
    let shown = format!("{thing:?}");
    shown.split_once(", ").expect("fields behind the key").1.to_owned()
}

fn shown(new: &NewThing) -> String {
    let shown = format!("{new:?}");
    shown.split_once(" { ").expect("fields").1.to_owned()
}

async fn fixture() -> Fixture {
    Fixture::new(schema![Thing]).await
}

#[tokio::test]
async fn every_type_comes_back_from_an_insert_and_a_read_as_it_was_sent() {
    let fixture = fixture().await;
    for new in [poor(), rich()] {
        let returned =
            fixture.engine.one(insert(Thing).values(new.clone()).returning(Thing)).await.expect("a row");
        let read = fixture.engine.one(select(Thing).filter(Thing.id.eq(returned.id))).await.expect("a row");
        assert_eq!(new_of(returned), shown(&new));
        assert_eq!(new_of(read), shown(&new));
    }
}

#[tokio::test]
async fn every_type_comes_back_from_an_insert_of_many_rows() {
    let fixture = fixture().await;
    let rows = [rich(), poor(), rich()];
    fixture.engine.execute(insert(Thing).values(rows.clone())).await.expect("inserted");
    let mut sent: Vec<_> = rows.iter().map(shown).collect();
    let mut read: Vec<_> =
        fixture.engine.all(select(Thing)).await.expect("rows").into_iter().map(new_of).collect();
    sent.sort();
    read.sort();
    assert_eq!(read, sent);
}

#[tokio::test]
async fn every_type_goes_through_a_session() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    for new in [poor(), rich()] {
        let thing = session.add(new.clone());
        session.commit().await.expect("committed");
        session.refresh(thing).await.expect("refreshed");
        assert_eq!(new_of(session[thing].clone()), shown(&new));
    }
}

#[tokio::test]
async fn every_type_is_a_condition_and_a_value_of_an_update() {
    let fixture = fixture().await;
    fixture.engine.execute(insert(Thing).values([poor(), poor()])).await.expect("inserted");
    let new = rich();
    let change = update(Thing)
        .set(Thing.small, new.small)
        .set(Thing.medium, new.medium)
        .set(Thing.big, new.big)
        .set(Thing.single, new.single)
        .set(Thing.double, new.double)
        .set(Thing.truth, new.truth)
        .set(Thing.text, &new.text)
        .set(Thing.bytes, new.bytes.clone())
        .set(Thing.uuid, new.uuid)
        .set(Thing.moment, new.moment)
        .set(Thing.decimal, new.decimal)
        .set(Thing.color, new.color)
        .set(Thing.small_option, new.small_option)
        .set(Thing.medium_option, new.medium_option)
        .set(Thing.big_option, new.big_option)
        .set(Thing.single_option, new.single_option)
        .set(Thing.double_option, new.double_option)
        .set(Thing.truth_option, new.truth_option)
        .set(Thing.text_option, new.text_option.clone())
        .set(Thing.bytes_option, new.bytes_option.clone())
        .set(Thing.uuid_option, new.uuid_option)
        .set(Thing.moment_option, new.moment_option)
        .set(Thing.decimal_option, new.decimal_option)
        .set(Thing.color_option, new.color_option)
        .filter(Thing.small.eq(0) & Thing.medium.eq(0) & Thing.single.eq(0.0) & Thing.double.eq(0.0))
        .filter(Thing.truth.eq(false) & Thing.text.eq("") & Thing.bytes.eq(Vec::new()))
        .filter(Thing.uuid.eq(Uuid::nil()) & Thing.moment.eq(DateTime::UNIX_EPOCH))
        .filter(Thing.decimal.eq(decimal("0")) & Thing.color.eq(Color::Red) & Thing.color_option.eq(None))
        .returning(Thing);
    let changed = fixture.engine.all(change).await.expect("changed");
    assert_eq!(changed.len(), 2);
    for thing in changed {
        assert_eq!(new_of(thing), shown(&new));
    }
}

#[tokio::test]
async fn not_a_number_is_a_float_like_any_other() {
    let fixture = fixture().await;
    let new = NewThing { single: f32::NAN, double: f64::NAN, double_option: Some(-0.0), ..poor() };
    fixture.engine.execute(insert(Thing).values(new)).await.expect("inserted");
    let found = fixture.engine.one(select(Thing).filter(Thing.double.eq(f64::NAN))).await.expect("a row");
    assert!(found.single.is_nan() && found.double.is_nan());
    assert!(found.double_option.is_some_and(f64::is_sign_negative));
}

#[tokio::test]
async fn a_megabyte_of_text_and_of_bytes_comes_back() {
    let fixture = fixture().await;
    let new = NewThing { text: "é".repeat(500_000), bytes: vec![7; 1_000_000], ..poor() };
    let read = fixture.engine.one(insert(Thing).values(new.clone()).returning(Thing)).await.expect("a row");
    assert!(read.text == new.text && read.bytes == new.bytes);
}

#[tokio::test]
async fn moments_are_kept_to_the_microsecond() {
    let fixture = fixture().await;
    let before = DateTime::UNIX_EPOCH - TimeDelta::nanoseconds(1);
    let read = insert(Thing).values(NewThing { moment: before, ..poor() }).returning(Thing.moment);
    let read = fixture.engine.one(read).await.expect("a row");
    assert_eq!(read, DateTime::UNIX_EPOCH - TimeDelta::microseconds(1));
}

#[tokio::test]
async fn decimals_keep_their_scale() {
    let fixture = fixture().await;
    for text in ["0.00", "1.50", "-100", "79228162514264337593543950335", "10000.0000"] {
        let new = NewThing { decimal: decimal(text), ..poor() };
        let read =
            fixture.engine.one(insert(Thing).values(new).returning(Thing.decimal)).await.expect("a row");
        assert_eq!(read.to_string(), text);
    }
}

#[tokio::test]
async fn decimals_are_read_as_the_server_writes_them() {
    let fixture = fixture().await;
    let numbers =
        "0.1, 1e20, 12345678.000, 0.000000001234, 99999999999999999999.99999999, -1e-28, 1.5::numeric(40,30)";
    fixture.database.execute("CREATE TABLE numbers (id int GENERATED ALWAYS AS IDENTITY, n numeric)").await;
    let values = numbers.replace(", ", "), (");
    fixture.database.execute(&format!("INSERT INTO numbers (n) VALUES ({values})")).await;
    fixture.database.execute("ALTER TABLE things DROP decimal_option, ADD decimal_option numeric").await;
    fixture.engine.execute(insert(Thing).values(poor())).await.expect("inserted");
    for row in fixture.database.query_text("SELECT n FROM numbers ORDER BY id").await {
        let text = row[0].clone().expect("a number");
        fixture.database.execute(&format!("UPDATE things SET decimal_option = {text}")).await;
        let read = fixture.engine.one(select(Thing.decimal_option)).await.expect("a row").expect("a number");
        assert_eq!(read, decimal(&text), "{text}");
    }
}

/// A value that PostgreSQL has and Rust has not: the error names the column and what to do.
async fn unreadable<T: BaseType>(change: &str, column: Column<Thing, T>, says: &[&str]) {
    let fixture = fixture().await;
    fixture.engine.execute(insert(Thing).values(poor())).await.expect("inserted");
    fixture.database.execute(change).await;
    let name = format!("(\"{}\")", column.meta().name);
    let error = fixture.engine.all(select(Thing)).await.expect_err("no such value");
    assert!(error.is_decode(), "{error:?}");
    for part in says.iter().chain(&[name.as_str()]) {
        assert!(error.to_string().contains(part), "{part} in {error}");
    }
    let name = format!("of the table \"things\" (`{column:?}`)");
    assert!(error.to_string().contains(&name), "{error}");
    assert_eq!((error.table(), error.column()), (Some("things"), Some(column.meta().name)));
    assert!(error.statement().is_some_and(|sql| sql.starts_with("SELECT ")));
    fixture.engine.one(select(Thing.id)).await.expect("the connection is as good as before");
}

#[tokio::test]
async fn an_infinite_moment_is_an_error() {
    let change = "UPDATE things SET moment = 'infinity'";
    unreadable(change, Thing.moment, &["`infinity`", "DateTime"]).await;
}

#[tokio::test]
async fn a_moment_beyond_the_calendar_of_rust_is_an_error() {
    let change = "UPDATE things SET moment = '294276-01-01'";
    unreadable(change, Thing.moment, &["beyond what a `DateTime<Utc>` can hold"]).await;
}

#[tokio::test]
async fn a_numeric_that_is_no_number_is_an_error() {
    unreadable("UPDATE things SET decimal = 'NaN'", Thing.decimal, &["`NaN`", "Decimal"]).await;
}

#[tokio::test]
async fn an_infinite_numeric_is_an_error() {
    unreadable("UPDATE things SET decimal = '-Infinity'", Thing.decimal, &["`-Infinity`", "Decimal"]).await;
}

#[tokio::test]
async fn a_numeric_of_forty_digits_is_an_error() {
    let change = "UPDATE things SET decimal = 1234567890123456789012345678901234567890";
    unreadable(change, Thing.decimal, &["more digits than the 28", ".cast::<String>()"]).await;
}

#[tokio::test]
async fn a_numeric_that_would_have_to_be_rounded_is_an_error() {
    let change = "UPDATE things SET decimal = 0.00000000000000000000000000014";
    unreadable(change, Thing.decimal, &["more digits than the 28", "`round`"]).await;
}

#[tokio::test]
async fn null_in_a_field_that_is_no_option_is_an_error() {
    let change = "ALTER TABLE things ALTER medium DROP NOT NULL; UPDATE things SET medium = NULL";
    unreadable(change, Thing.medium, &["is NULL", "`Option<i32>`"]).await;
}

#[tokio::test]
async fn a_column_of_another_type_is_an_error() {
    let change = "ALTER TABLE things ALTER medium TYPE bigint";
    unreadable(change, Thing.medium, &["int8", "`i32` holds integer"]).await;
}

#[tokio::test]
async fn an_unknown_label_is_an_error() {
    let change = "ALTER TYPE \"Col\"\"or\" RENAME VALUE 'Red' TO 'blue'".replace("Red", "red");
    unreadable(&change, Thing.color, &["Col\"\"or\" has no variant with the label that it has", "[\"red"])
        .await;
}

#[tokio::test]
async fn what_a_decimal_cannot_hold_can_be_read_as_text() {
    let fixture = fixture().await;
    fixture.engine.execute(insert(Thing).values(poor())).await.expect("inserted");
    fixture.database.execute("UPDATE things SET decimal = 1e40").await;
    let text = fixture.engine.one(select(Thing.decimal.cast::<String>())).await.expect("text");
    assert_eq!(text, format!("1{}", "0".repeat(40)));
}
