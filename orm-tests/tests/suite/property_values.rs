//! Random values of every column type, sent in every way and read back.

use std::net::IpAddr;

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use orm_core::codegen::{NewModel, NewValue};
use orm_core::model::Model as _;
use orm_core::prelude::*;
use orm_core::types::{Interval, Json};
use orm_tests::{Fixture, Random};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

const ROWS: usize = 200;

#[derive(Enum, Clone, Copy, Debug, PartialEq)]
enum Mood {
    Happy,
    #[orm(label = "very, \"sad\" 'and' \\so\\")]
    Sad,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "samples")]
struct Sample {
    #[orm(primary_key, generated)]
    id: i64,
    small: i16,
    number: i32,
    large: i64,
    real: f32,
    double: f64,
    flag: bool,
    text: String,
    bytes: Vec<u8>,
    address: IpAddr,
    span: Interval,
    uuid: Uuid,
    moment: DateTime<Utc>,
    day: NaiveDate,
    clock: NaiveTime,
    local: NaiveDateTime,
    value: Value,
    json: Json<Vec<Option<String>>>,
    decimal: Decimal,
    mood: Mood,
    maybe_double: Option<f64>,
    maybe_text: Option<String>,
    maybe_bytes: Option<Vec<u8>>,
    maybe_moment: Option<DateTime<Utc>>,
    maybe_decimal: Option<Decimal>,
    maybe_mood: Option<Mood>,
    larges: Vec<i64>,
    doubles: Vec<Option<f64>>,
    texts: Vec<Option<String>>,
    byte_strings: Option<Vec<Vec<u8>>>,
    decimals: Option<Vec<Option<Decimal>>>,
    days: Vec<Option<NaiveDate>>,
    spans: Vec<Interval>,
    values: Vec<Value>,
    moods: Vec<Option<Mood>>,
}

/// Makes a value, of those at the edge of the type more often than of others.
trait Arbitrary {
    fn arbitrary(random: &mut Random) -> Self;
}

impl<T: Arbitrary> Arbitrary for Option<T> {
    fn arbitrary(random: &mut Random) -> Self {
        (!random.once_in(4)).then(|| T::arbitrary(random))
    }
}

impl<T: Arbitrary> Arbitrary for Vec<T> {
    fn arbitrary(random: &mut Random) -> Self {
        random.some(5, T::arbitrary)
    }
}

macro_rules! arbitrary {
    ($($ty:ty: $random:ident => [$($edge:expr),* $(,)?] or $other:expr;)*) => { $(
        impl Arbitrary for $ty {
            fn arbitrary($random: &mut Random) -> Self {
                if $random.once_in(2) { $random.pick(&[$($edge),*]).clone() } else { $other }
            }
        }
    )* };
}
arbitrary! {
    bool: random => [false, true] or random.once_in(2);
    u8: random => [0, 1, b'\\', b'\'', 0x7f, 0x80, 0xff] or random.number() as u8;
    i16: random => [0, -1, i16::MIN, i16::MAX] or random.number() as i16;
    i32: random => [0, -1, i32::MIN, i32::MAX] or random.number() as i32;
    i64: random => [0, -1, i64::MIN, i64::MAX] or random.number() as i64;
    f32: random => [0.0, -0.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MIN, f32::MAX, f32::MIN_POSITIVE, 1e-45]
        or f32::from_bits(random.number() as u32);
    f64: random => [0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MIN, f64::MAX, f64::MIN_POSITIVE, 5e-324]
        or f64::from_bits(random.number());
    String: random => [String::new(), "NULL".to_owned(), "\u{10ffff}".to_owned(), "x".repeat(3_000)] or random.text(20);
    IpAddr: random => [IpAddr::from([0; 4]), IpAddr::from([255; 4]), IpAddr::from([0; 16]), IpAddr::from([255_u8; 16])]
        or IpAddr::from((random.number() as u32).to_be_bytes());
    Interval: random => [Interval::default(), Interval::new(i32::MIN, i32::MAX, i64::MIN), Interval::new(1, -1, 1)]
        or Interval::new(i32::arbitrary(random) / 2, i32::arbitrary(random), i64::arbitrary(random));
    Uuid: random => [Uuid::nil(), Uuid::max()] or Uuid::from_u64_pair(random.number(), random.number());
    // The first day of PostgreSQL, the last of chrono, and those where either counts from.
    NaiveDate: random => [day(-4713, 11, 24), NaiveDate::MAX, day(2000, 1, 1), day(1970, 1, 1), day(0, 2, 29)]
        or day(1, 1, 1) + Duration::days(random.below(3_652_058) as i64);
    NaiveTime: random => [NaiveTime::MIN, NaiveTime::MIN - Duration::microseconds(1)]
        or NaiveTime::MIN + Duration::microseconds(random.below(86_400_000_000) as i64);
    NaiveDateTime: random => [day(-4713, 11, 24).into(), NaiveDate::MAX.and_time(NaiveTime::MIN)]
        or NaiveDate::arbitrary(random).and_time(NaiveTime::arbitrary(random));
    DateTime<Utc>: random => [DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH - Duration::microseconds(1)]
        or NaiveDateTime::arbitrary(random).and_utc();
    Decimal: random => [Decimal::ZERO, Decimal::MAX, Decimal::MIN, Decimal::new(0, 28), Decimal::new(1, 28), Decimal::new(-1, 3)]
        or decimal(random);
    Mood: random => [Mood::Happy] or Mood::Sad;
    Value: random => [Value::Null, Value::Bool(true), i64::MIN.into(), u64::MAX.into(), "".into(), "\\u0041\"".into()]
        or json(random, 3);
}

impl<T: Arbitrary> Arbitrary for Json<T> {
    fn arbitrary(random: &mut Random) -> Self {
        Json(T::arbitrary(random))
    }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

/// Up to 28 digits, each count of them as likely, with the point anywhere.
fn decimal(random: &mut Random) -> Decimal {
    let digits = 10_i128.pow(random.below(29) as u32);
    let number = (i128::from(random.number()) << 32 | i128::from(random.number() as u32)) % digits;
    let sign = if random.once_in(2) { -1 } else { 1 };
    Decimal::from_i128_with_scale(sign * number, random.below(29) as u32)
}

fn json(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 3 } else { 5 }) {
        0 => i64::arbitrary(random).into(),
        // Fractions that every reader of decimals gets right.
        1 => (f64::from(random.number() as i32) / 8.0).into(),
        2 => random.text(6).into(),
        3 => random.some(4, |random| json(random, depth - 1)).into(),
        _ => random.some(4, |random| (random.text(3), json(random, depth - 1))).into_iter().collect(),
    }
}

macro_rules! arbitrary_row {
    ($new:ident: $($field:ident)*) => {
        impl Arbitrary for $new {
            fn arbitrary(random: &mut Random) -> Self {
                $new { $($field: Arbitrary::arbitrary(random),)* }
            }
        }
    };
}
arbitrary_row! {
    NewSample: small number large real double flag text bytes address span uuid moment day clock local value json decimal
    mood maybe_double maybe_text maybe_bytes maybe_moment maybe_decimal maybe_mood larges doubles texts byte_strings
    decimals days spans values moods
}

/// Fails with the names of the columns that came back as something else. Shown, NaN is itself and -0.0 is not 0.0.
fn assert_same(sent: &NewSample, read: &Sample) {
    let differ = Sample::META.columns[1..].iter().filter_map(|column| {
        let NewValue::Value(sent) = sent.value(column.place) else { panic!("{column:?} has no value") };
        let (sent, read) = (format!("{sent:?}"), format!("{:?}", read.value_at(column.place)));
        (sent != read).then(|| format!("{column:?} was sent as {sent} and read as {read}"))
    });
    assert_eq!(differ.collect::<Vec<_>>(), Vec::<String>::new());
}

fn rows(seed: u64, count: usize) -> (Random, Vec<NewSample>) {
    let mut random = Random::new(seed);
    let rows = (0..count).map(|_| NewSample::arbitrary(&mut random)).collect();
    (random, rows)
}

#[tokio::test]
async fn random_values_come_back_from_single_inserts() {
    let (_seed, rows) = rows(2, ROWS);
    let fixture = Fixture::new(schema![Sample]).await;
    for row in rows {
        let read = fixture.engine.one(insert(Sample).values(row.clone()).returning(Sample)).await.unwrap();
        assert_same(&row, &read);
    }
}

#[tokio::test]
async fn random_values_come_back_from_bulk_inserts() {
    let (mut random, rows) = rows(3, ROWS * 4);
    let fixture = Fixture::new(schema![Sample]).await;
    let mut rest = &rows[..];
    while !rest.is_empty() {
        let (chunk, behind) = rest.split_at((2 + random.below(60)).min(rest.len()));
        fixture.engine.execute(insert(Sample).values(chunk.to_vec())).await.unwrap();
        rest = behind;
    }
    let read = fixture.engine.all(select(Sample).order_by(Sample.id)).await.unwrap();
    assert_eq!(read.len(), rows.len());
    rows.iter().zip(&read).for_each(|(sent, read)| assert_same(sent, read));
}

#[tokio::test]
async fn random_values_come_back_from_copies() {
    let (_seed, rows) = rows(6, 2_000);
    let fixture = Fixture::new(schema![Sample]).await;
    fixture.engine.execute(insert(Sample).values(rows.clone())).await.unwrap();
    assert!(fixture.recorder.take().statements[1].starts_with("COPY"));
    let read = fixture.engine.all(select(Sample).order_by(Sample.id)).await.unwrap();
    assert_eq!(read.len(), rows.len());
    rows.iter().zip(&read).for_each(|(sent, read)| assert_same(sent, read));
}

#[tokio::test]
async fn random_values_come_back_from_a_session() {
    let (mut random, rows) = rows(4, ROWS);
    let fixture = Fixture::new(schema![Sample]).await;
    let mut session = fixture.session();
    let handles = session.add_all(rows.clone());
    session.commit().await.unwrap();
    rows.iter().zip(&handles).for_each(|(sent, handle)| assert_same(sent, &session[*handle]));
    // What is read is written again, to other rows.
    let from: Vec<usize> = (0..ROWS).map(|_| random.below(ROWS)).collect();
    let copies: Vec<Sample> = from.iter().map(|place| session[handles[*place]].clone()).collect();
    for (handle, copy) in handles.iter().zip(copies) {
        let id = session[*handle].id;
        session[*handle] = Sample { id, ..copy };
    }
    session.commit().await.unwrap();
    let read = fixture.engine.all(select(Sample).order_by(Sample.id)).await.unwrap();
    from.iter().zip(&read).for_each(|(place, read)| assert_same(&rows[*place], read));
}

#[tokio::test]
async fn random_values_come_back_as_plain_parameters() {
    let (_seed, rows) = rows(5, ROWS);
    let fixture = Fixture::new(schema![Sample]).await;
    for row in rows {
        let r = row.clone();
        let numbers = (
            lit(r.small),
            lit(r.number),
            lit(r.large),
            lit(r.real),
            lit(r.double),
            lit(r.decimal),
            lit(r.flag),
        );
        let texts =
            (lit(r.text), lit(r.bytes), lit(r.uuid), lit(r.value), lit(r.json), lit(r.mood), lit(r.address));
        let times = (lit(r.moment), lit(r.day), lit(r.clock), lit(r.local), lit(r.span));
        let arrays =
            (lit(r.doubles), lit(r.texts), lit(r.byte_strings), lit(r.decimals), lit(r.days), lit(r.moods));
        let r = row;
        let sent = format!(
            "{:?} {:?} {:?} {:?}",
            (r.small, r.number, r.large, r.real, r.double, r.decimal, r.flag),
            (r.text, r.bytes, r.uuid, r.value, r.json, r.mood, r.address),
            (r.moment, r.day, r.clock, r.local, r.span),
            (r.doubles, r.texts, r.byte_strings, r.decimals, r.days, r.moods),
        );
        let engine = &fixture.engine;
        let (numbers, texts) = (engine.one(select(numbers)).await, engine.one(select(texts)).await);
        let (times, arrays) = (engine.one(select(times)).await, engine.one(select(arrays)).await);
        let read = (numbers.unwrap(), texts.unwrap(), times.unwrap(), arrays.unwrap());
        assert_eq!(format!("{:?} {:?} {:?} {:?}", read.0, read.1, read.2, read.3), sent);
    }
}
