//! Values of the types behind the first ones: dates and times, intervals, JSON, addresses, types of a program's own.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use orm_core::column_type;
use orm_core::prelude::*;
use orm_core::query::Column;
use orm_core::types::{BaseType, BytesMut, Cause, DriverType, Interval, Json, PgType};
use orm_tests::Fixture;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(ColumnType, Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct ItemId(i64);

#[derive(ColumnType, Clone, Debug, PartialEq, Eq, Hash)]
struct Email {
    text: String,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Happy,
    Sad,
}

#[derive(ColumnType, Clone, Copy, Debug, PartialEq)]
struct Feeling(Mood);

/// A number below a hundred, kept as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Percent(u8);

impl BaseType for Percent {
    const TYPE: &'static PgType = String::TYPE;

    fn read(ty: &DriverType, raw: &[u8]) -> Result<Self, Cause> {
        let text = String::read(ty, raw)?;
        let number = text.strip_suffix('%').ok_or("a share ends with `%`")?;
        Ok(Percent(number.parse()?))
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        if self.0 > 100 {
            return Err(format!("{} is more than everything", self.0).into());
        }
        format!("{}%", self.0).write(out)
    }

    fn equals(&self, other: &Self) -> Option<bool> {
        Some(self == other)
    }
}
column_type!(Percent);

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Settings {
    theme: String,
    size: Option<i32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "items", has_many(notes = Note.item_id))]
struct Item {
    #[orm(primary_key, generated)]
    id: ItemId,
    day: NaiveDate,
    clock: NaiveTime,
    local: NaiveDateTime,
    span: Interval,
    value: Value,
    settings: Json<Settings>,
    address: IpAddr,
    email: Email,
    feeling: Feeling,
    percent: Percent,
    day_option: Option<NaiveDate>,
    clock_option: Option<NaiveTime>,
    local_option: Option<NaiveDateTime>,
    span_option: Option<Interval>,
    value_option: Option<Value>,
    settings_option: Option<Json<Settings>>,
    address_option: Option<IpAddr>,
    email_option: Option<Email>,
    feeling_option: Option<Feeling>,
    percent_option: Option<Percent>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "notes")]
struct Note {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Item.id, relation = item)]
    item_id: ItemId,
    #[orm(references = Item.id, relation = other)]
    other_id: Option<ItemId>,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Without a value wherever that may be.
fn poor() -> NewItem {
    NewItem {
        day: day("2000-01-01"),
        clock: NaiveTime::MIN,
        local: DateTime::UNIX_EPOCH.naive_utc(),
        span: Interval::default(),
        value: Value::Null,
        settings: Settings { theme: String::new(), size: None }.into(),
        address: "0.0.0.0".parse().unwrap(),
        email: Email { text: String::new() },
        feeling: Feeling(Mood::Happy),
        percent: Percent(0),
        day_option: None,
        clock_option: None,
        local_option: None,
        span_option: None,
        value_option: None,
        settings_option: None,
        address_option: None,
        email_option: None,
        feeling_option: None,
        percent_option: None,
    }
}

/// With the values at the edge of what the types hold.
fn rich() -> NewItem {
    let deep = json!({"a": [1, -2.5, null, true, {"é \" \\ \n": "🦀"}], "": u64::MAX, "n": i64::MIN});
    NewItem {
        day: day("-4712-01-01"),
        clock: "23:59:59.999999".parse().unwrap(),
        local: "1066-10-14T09:00:00.000001".parse().unwrap(),
        span: Interval::new(i32::MIN, i32::MAX, i64::MIN),
        value: deep.clone(),
        settings: Settings { theme: "dark".to_owned(), size: Some(-1) }.into(),
        address: "2001:db8::ff00:42:8329".parse().unwrap(),
        email: Email { text: "a@b.c".to_owned() },
        feeling: Feeling(Mood::Sad),
        percent: Percent(100),
        day_option: Some(NaiveDate::MAX),
        clock_option: Some("00:00:00.5".parse().unwrap()),
        local_option: Some("9999-12-31T23:59:59".parse().unwrap()),
        span_option: Some(Interval::from_microseconds(-1)),
        value_option: Some(Value::Null),
        settings_option: Some(Settings { theme: "t".to_owned(), size: None }.into()),
        address_option: Some("255.255.255.255".parse().unwrap()),
        email_option: Some(Email { text: "ü".to_owned() }),
        feeling_option: Some(Feeling(Mood::Happy)),
        percent_option: Some(Percent(7)),
    }
}

/// The row as the program would write it again.
fn new_of(item: &Item) -> String {
    let shown = format!("{item:?}");
    shown.split_once("), ").expect("fields behind the key").1.to_owned()
}

fn shown(new: &NewItem) -> String {
    let shown = format!("{new:?}");
    shown.split_once(" { ").expect("fields").1.to_owned()
}

async fn fixture() -> Fixture {
    Fixture::new(schema![Item, Note]).await
}

#[tokio::test]
async fn every_type_comes_back_from_an_insert_and_a_read_as_it_was_sent() {
    let fixture = fixture().await;
    for new in [poor(), rich()] {
        let returned = fixture.engine.one(insert(Item).values(new.clone()).returning(Item)).await.unwrap();
        let read = fixture.engine.one(select(Item).filter(Item.id.eq(returned.id))).await.unwrap();
        assert_eq!(new_of(&returned), shown(&new));
        assert_eq!(read, returned);
    }
}

#[tokio::test]
async fn every_type_comes_back_from_an_insert_of_many_rows() {
    let fixture = fixture().await;
    let rows = [rich(), poor(), rich()];
    fixture.engine.execute(insert(Item).values(rows.clone())).await.unwrap();
    let read = fixture.engine.all(select(Item).order_by(Item.id)).await.unwrap();
    assert_eq!(read.iter().map(new_of).collect::<Vec<_>>(), rows.iter().map(shown).collect::<Vec<_>>());
}

#[tokio::test]
async fn every_type_goes_through_a_session_in_one_row_and_in_many() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    for rows in [vec![rich()], vec![poor(), rich(), rich()]] {
        let items = session.add_all(rows.clone());
        session.commit().await.unwrap();
        for (item, new) in items.into_iter().zip(&rows) {
            session.refresh(item).await.unwrap();
            assert_eq!(new_of(&session[item]), shown(new));
        }
    }
}

#[tokio::test]
async fn every_type_is_updated_by_a_session_in_one_row_and_in_many() {
    let fixture = fixture().await;
    let rich = fixture.engine.one(insert(Item).values(rich()).returning(Item)).await.unwrap();
    for count in [1, 3] {
        let mut session = fixture.session();
        let items = session.add_all(vec![poor(); count]);
        session.commit().await.unwrap();
        for item in &items {
            let id = session[*item].id;
            session[*item] = Item { id, ..rich.clone() };
        }
        session.commit().await.unwrap();
        for item in items {
            session.refresh(item).await.unwrap();
            assert_eq!(new_of(&session[item]), new_of(&rich));
        }
    }
}

#[tokio::test]
async fn assigning_what_is_there_already_sends_nothing() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let item = session.add(rich());
    session.commit().await.unwrap();
    session.refresh(item).await.unwrap();
    session.commit().await.unwrap();
    fixture.recorder.take();
    let copy = session[item].clone();
    session[item] = copy;
    session.flush().await.unwrap();
    assert!(fixture.recorder.take().statements.iter().all(|sent| !format!("{sent:?}").contains("UPDATE")));
}

#[tokio::test]
async fn every_type_is_a_condition() {
    let fixture = fixture().await;
    let item = fixture.engine.one(insert(Item).values(rich()).returning(Item)).await.unwrap();
    fixture.engine.execute(insert(Item).values(poor())).await.unwrap();
    let conditions = vec![
        Item.id.eq(item.id),
        Item.id.in_([item.id]),
        Item.day.eq(item.day),
        Item.clock.eq(item.clock),
        Item.local.eq(item.local),
        Item.span.eq(item.span),
        Item.value.eq(&item.value),
        Item.settings.eq(&item.settings),
        Item.address.eq(item.address),
        Item.address.in_([item.address]),
        Item.email.eq(&item.email),
        Item.feeling.eq(item.feeling),
        Item.feeling.in_([item.feeling]),
        Item.percent.eq(item.percent),
        Item.day_option.gt(day("2000-01-01")),
        Item.clock_option.eq(item.clock_option),
        Item.span_option.lt(Interval::default()),
        Item.value_option.eq(&item.value_option),
        Item.settings_option.is_not_null(),
        Item.feeling_option.eq(item.feeling_option),
        Item.percent_option.in_([Percent(7)]),
    ];
    for condition in conditions {
        let found = fixture.engine.all(select(Item.id).filter(condition.clone())).await.unwrap();
        assert_eq!(found, [item.id], "{condition:?}");
    }
}

#[tokio::test]
async fn every_type_is_a_value_of_an_update() {
    let fixture = fixture().await;
    let item = fixture.engine.one(insert(Item).values(rich()).returning(Item)).await.unwrap();
    let poor = fixture.engine.one(insert(Item).values(poor()).returning(Item)).await.unwrap();
    let change = update(Item)
        .set(Item.day, poor.day)
        .set(Item.clock, poor.clock)
        .set(Item.local, poor.local)
        .set(Item.span, poor.span)
        .set(Item.value, &poor.value)
        .set(Item.settings, &poor.settings)
        .set(Item.address, poor.address)
        .set(Item.email, &poor.email)
        .set(Item.feeling, poor.feeling)
        .set(Item.percent, poor.percent)
        .set(Item.day_option, poor.day_option)
        .set(Item.clock_option, poor.clock_option)
        .set(Item.local_option, poor.local_option)
        .set(Item.span_option, poor.span_option)
        .set(Item.value_option, poor.value_option.clone())
        .set(Item.settings_option, poor.settings_option.clone())
        .set(Item.address_option, poor.address_option)
        .set(Item.email_option, poor.email_option.clone())
        .set(Item.feeling_option, poor.feeling_option)
        .set(Item.percent_option, poor.percent_option)
        .filter(Item.id.eq(item.id))
        .returning(Item);
    let changed = fixture.engine.one(change).await.unwrap();
    assert_eq!(new_of(&changed), new_of(&poor));
}

#[tokio::test]
async fn a_key_of_an_own_type_is_a_foreign_key_and_a_relation() {
    let fixture = fixture().await;
    let mut session = fixture.session();
    let item = session.add(poor());
    let other = session.add(poor());
    let note = session.add(NewNote { item_id: item.into(), other_id: Some(other.into()) });
    session.commit().await.unwrap();
    let id = session[item].id;
    assert_eq!((session[note].item_id, session[note].other_id), (id, Some(session[other].id)));
    session.add(NewNote::new(id));
    session.commit().await.unwrap();
    assert_eq!(session.find::<Item>(id).await.unwrap(), Some(item));
    let notes: Vec<(Item, Vec<Note>)> =
        fixture.engine.all(select(Item).with(Item.notes).order_by(Item.id)).await.unwrap();
    assert_eq!(notes.iter().map(|(_, notes)| notes.len()).collect::<Vec<_>>(), [2, 0]);
    let back =
        fixture.engine.all(select(Note).with(Note.item).with(Note.other).order_by(Note.id)).await.unwrap();
    assert_eq!(back[0].1.id, id);
    assert_eq!(back[1].2, None);
}

#[tokio::test]
async fn what_an_own_type_refuses_is_told_with_the_column() {
    let fixture = fixture().await;
    let bad = || NewItem { percent: Percent(101), ..poor() };
    for rows in [vec![poor(), bad()], vec![bad()]] {
        let error = fixture.engine.execute(insert(Item).values(rows)).await.unwrap_err();
        assert!(error.is_encode() && error.to_string().contains("101 is more than everything"), "{error}");
    }
}

/// A value that PostgreSQL has and Rust has not: the error names the column and what to do.
async fn unreadable<T>(change: &str, column: Column<Item, T>, says: &[&str]) {
    let fixture = fixture().await;
    fixture.engine.execute(insert(Item).values(poor())).await.unwrap();
    fixture.database.execute(change).await;
    let name = format!("(\"{}\")", column.meta().name);
    let error = fixture.engine.all(select(Item)).await.unwrap_err();
    assert!(error.is_decode(), "{error:?}");
    for part in says.iter().chain(&[name.as_str()]) {
        assert!(error.to_string().contains(part), "{part} in {error}");
    }
    assert!(error.to_string().contains(&format!("of the table \"items\" (`{column:?}`)")), "{error}");
    fixture.engine.one(select(Item.id)).await.expect("the connection is as good as before");
}

#[tokio::test]
async fn infinite_dates_are_errors() {
    let change = "UPDATE items SET day = 'infinity'";
    unreadable(change, Item.day, &["`infinity` has no place in a `NaiveDate`"]).await;
    let change = "UPDATE items SET local = '-infinity'";
    unreadable(change, Item.local, &["`-infinity` has no place in a `NaiveDateTime`"]).await;
}

#[tokio::test]
async fn a_date_beyond_the_calendar_of_rust_is_an_error() {
    let change = "UPDATE items SET day = '5000000-01-01'";
    unreadable(change, Item.day, &["beyond what a `NaiveDate` can hold"]).await;
}

#[tokio::test]
async fn the_end_of_a_day_is_an_error() {
    unreadable("UPDATE items SET clock = '24:00'", Item.clock, &["`24:00:00` has no place"]).await;
}

#[tokio::test]
async fn a_network_is_no_address() {
    let change = "UPDATE items SET address = '10.0.0.0/8'";
    unreadable(change, Item.address, &["the network 10.0.0.0/8", ".cast::<String>()"]).await;
}

#[tokio::test]
async fn json_of_another_shape_is_an_error() {
    let change = "UPDATE items SET settings = '{\"theme\": 1}'";
    unreadable(change, Item.settings, &["Settings", "expected a string"]).await;
    let change = "UPDATE items SET value = '1e400'";
    unreadable(change, Item.value, &["number out of range"]).await;
}

#[tokio::test]
async fn what_an_own_type_cannot_be_is_an_error() {
    let change = "UPDATE items SET percent = 'much'";
    unreadable(change, Item.percent, &["Percent", "a share ends with `%`"]).await;
}
