//! Arithmetic of columns, expressions and values of different types, as PostgreSQL mixes them.

use chrono::{
    DateTime, Days, FixedOffset, Local, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
};
use orm_core::prelude::*;
use orm_core::types::Interval;
use orm_tests::Fixture;
use rust_decimal::Decimal;

use crate::select_rows::{all, one};
use crate::select_text::{condition, expression, gives, parameters};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "sales")]
struct Sale {
    #[orm(primary_key)]
    id: i64,
    price: Decimal,
    discount: Option<Decimal>,
    quantity: i32,
    parts: i16,
    rate: f64,
    day: NaiveDate,
    at: DateTime<Utc>,
    local: NaiveDateTime,
    time: NaiveTime,
    span: Interval,
    name: String,
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

async fn sales() -> Fixture {
    let fixture = Fixture::new(schema![Sale]).await;
    let midday = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
    let sale = NewSale {
        id: 7,
        price: decimal("2.50"),
        discount: Some(decimal("0.1")),
        quantity: 4,
        parts: 3,
        rate: 0.5,
        day: day(1, 31),
        at: day(1, 31).and_time(midday).and_utc(),
        local: day(1, 31).and_time(midday),
        time: midday,
        span: Interval::from_hours(1),
        name: "pen".into(),
    };
    fixture.engine.execute(insert(Sale).values(sale)).await.unwrap();
    fixture
}

#[test]
fn numbers_of_different_types_are_mixed() {
    assert_eq!(expression(Sale.price * 2), "sales.price * $1");
    assert_eq!(expression(1 - Sale.discount), "$1 - sales.discount");
    assert_eq!(
        expression(Sale.price * Sale.quantity * (1 - Sale.discount)),
        "(sales.price * sales.quantity) * ($1 - sales.discount)"
    );
    assert_eq!(expression(Sale.quantity % 2), "sales.quantity % $1");
    assert_eq!(parameters(select(Sale.price * 5_000_000_000_i64)), "[5000000000]");
    gives::<Decimal>(select(Sale.price * Sale.quantity));
    gives::<Option<Decimal>>(select(1 - Sale.discount));
    gives::<i64>(select(Sale.quantity + Sale.id));
    gives::<i32>(select(Sale.quantity * Sale.parts));
    gives::<f64>(select(Sale.rate * Sale.price));
    gives::<f64>(select(2 * Sale.rate - 1));
    gives::<i64>(select(2 * Sale.id));
    gives::<Option<i32>>(select(Sale.quantity + None));
}

#[test]
fn an_expression_is_used_several_times_without_a_clone() {
    let total = Sale.price * Sale.quantity;
    let statement = select((&total, &total * 2, 1 - total.clone()))
        .filter(total.gt(10) & total.lt(&total + 1))
        .order_by(total.desc());
    assert!(statement.to_sql().is_ok());
}

#[test]
fn numbers_of_different_types_are_compared() {
    assert_eq!(condition(Sale.price.gt(10)), "sales.price > $1");
    assert_eq!(condition(Sale.quantity.eq(Sale.id)), "sales.quantity = sales.id");
    assert_eq!(
        condition(Sale.id.between(Sale.parts, Sale.price)),
        "sales.id BETWEEN sales.parts AND sales.price"
    );
    gives::<i64>(select(func::coalesce(Sale.quantity, Sale.id)));
    gives::<i64>(select(func::coalesce(Sale.id, Sale.quantity)));
    gives::<Decimal>(select(func::coalesce(Sale.discount, 0)));
    gives::<Decimal>(select(case().when(Sale.quantity.gt(1), Sale.price).otherwise(0)));
    gives::<i64>(select(case().when(Sale.quantity.gt(1), Sale.quantity).otherwise(Sale.id)));
}

#[tokio::test]
async fn the_server_calculates_in_the_types_that_are_told() {
    let fixture = sales().await;
    let numbers = one(
        &fixture,
        select((
            Sale.price * Sale.quantity * (1 - Sale.discount),
            Sale.id + Sale.quantity,
            Sale.parts * Sale.quantity,
            Sale.rate * Sale.price,
            10 - Sale.id,
            Sale.id % 4,
            Sale.price / 2 + Sale.parts,
            func::coalesce(Sale.quantity, Sale.id),
            func::coalesce(Sale.discount, 0),
            case().when(Sale.quantity.gt(9), Sale.price).otherwise(0),
            func::greatest((Sale.quantity, Sale.parts), Sale.id),
            func::least(Sale.price, 1),
        )),
    )
    .await;
    assert_eq!(
        numbers,
        (
            Some(decimal("9.000")),
            11_i64,
            12_i32,
            1.25_f64,
            3_i64,
            3_i64,
            decimal("4.25"),
            4_i64,
            decimal("0.1"),
            decimal("0"),
            7_i64,
            decimal("1")
        )
    );
    let kept = select(Sale.id)
        .filter(Sale.price.gt(2) & Sale.price.lt(Sale.quantity) & Sale.parts.lt(Sale.id))
        .filter(Sale.rate.lt(1) & Sale.quantity.gt(Sale.price));
    assert_eq!(all(&fixture, kept).await, [7]);
    let bits = select((
        Sale.quantity.bit_or(3),
        Sale.id.bit_and(6),
        Sale.id.bit_xor(1).shift_left(2),
        Sale.id.shift_right(1),
    ));
    assert_eq!(one(&fixture, bits).await, (7, 6, 24, 3));
    let rounded = select((
        func::round(Sale.price / 3, 2),
        func::ceil(Sale.price),
        func::floor(Sale.rate),
        func::power(Sale.price, 2),
        func::sqrt(Sale.rate * 8),
        func::sign(-Sale.price),
    ));
    assert_eq!(
        one(&fixture, rounded).await,
        (decimal("0.83"), decimal("3"), 0.0, decimal("6.2500000000000000"), 2.0, decimal("-1"))
    );
    // A float beside a numeric is the number that it is written as.
    let mixed = select((
        Sale.price * 1.1,
        Sale.price + 0.1,
        func::round(Sale.rate / 3, 3),
        func::round(Sale.rate, 0),
    ));
    let (times, plus, third, whole) = one(&fixture, mixed).await;
    assert_eq!((times, plus), (decimal("2.75"), decimal("2.6")));
    assert_eq!((third, whole), (0.167, 0.0));
    assert_eq!(one(&fixture, select(func::round(Sale.price * 100, -2))).await, decimal("300"));
    assert_eq!(all(&fixture, select(Sale.id).filter(Sale.price.between(2.49, 2.5))).await, [7]);
    assert_eq!(one(&fixture, select((1.1 * Sale.price, 2.0 * Sale.quantity))).await, (decimal("2.75"), 8.0));
    let raised = update(Sale).set(Sale.price, 2.6).filter(Sale.price.eq(2.5)).returning(Sale.price);
    assert_eq!(fixture.engine.all(raised).await.unwrap(), [decimal("2.6")]);
    let counted = update(Sale).set(Sale.price, Sale.quantity).all_rows().returning(Sale.price);
    assert_eq!(fixture.engine.all(counted).await.unwrap(), [decimal("4")]);
    fixture.engine.execute(update(Sale).set(Sale.price, 2.5).all_rows()).await.unwrap();
    let random = one(&fixture, select(func::random()).select_from(Sale)).await;
    assert!((0.0..1.0).contains(&random));
}

#[tokio::test]
async fn functions_of_real_numbers_take_integers() {
    let fixture = sales().await;
    let whole = select((
        func::sqrt(Sale.quantity),
        func::power(Sale.quantity, 2),
        func::power(Sale.quantity, 0.5),
        func::power(Sale.parts, Sale.quantity),
        func::power(Sale.rate, Sale.parts),
        func::ceil(Sale.quantity),
        func::floor(Sale.id),
        func::trunc(Sale.parts),
        func::sign(-Sale.quantity),
    ));
    assert_eq!(one(&fixture, whole).await, (2.0, 16.0, 2.0, 81.0, 0.125, 4.0, 7.0, 3.0, -1.0));
    let curves = select((
        func::exp(Sale.quantity - 3),
        func::ln(func::exp(Sale.parts)),
        func::exp(Sale.rate - 0.5),
        func::ln(Sale.rate * 2),
        func::trunc(Sale.rate * -3),
        func::trunc(Sale.price),
    ));
    let (e, three, one_, zero, minus, two) = one(&fixture, curves).await;
    assert_eq!((e, three), (std::f64::consts::E, 3.0));
    assert_eq!((one_, zero, minus, two), (1.0, 0.0, -1.0, decimal("2")));
    let exact = select((
        func::exp(Sale.price - 1.5),
        func::ln(Sale.price - 1.5),
        func::power(Sale.price, Sale.parts),
    ));
    assert_eq!(
        one(&fixture, exact).await,
        (decimal("2.7182818284590452"), decimal("0.0000000000000000"), decimal("15.6250000000000000"))
    );
    gives::<Option<f64>>(select(func::sqrt(lit(None::<i64>))));
    let negative = fixture.engine.one(select(func::sqrt(-Sale.quantity))).await.unwrap_err();
    assert!(negative.to_string().contains("square root of a negative number"), "{negative}");
}

#[test]
fn moments_are_moved_by_intervals_and_told_apart() {
    gives::<NaiveDate>(select(Sale.day + Days::new(1)));
    gives::<NaiveDate>(select(Sale.day - 1));
    gives::<i32>(select(Sale.day - day(1, 1)));
    gives::<NaiveDateTime>(select(Sale.day + Months::new(1)));
    gives::<DateTime<Utc>>(select(Sale.at + Interval::from_days(7)));
    gives::<DateTime<Utc>>(select(Sale.at - TimeDelta::hours(1)));
    gives::<Interval>(select(Sale.at - Sale.at));
    gives::<Interval>(select(Utc::now() - Sale.at));
    gives::<Interval>(select(Sale.span * 2 + Sale.span / 4));
    gives::<NaiveTime>(select(Sale.time + std::time::Duration::from_secs(60)));
    assert_eq!(
        parameters(select(Sale.at + Days::new(3))),
        "[Interval { months: 0, days: 3, microseconds: 0 }]"
    );
    assert_eq!(parameters(select(Sale.day + Days::new(3))), "[3]");
}

#[tokio::test]
async fn the_server_moves_moments() {
    let fixture = sales().await;
    let midday = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
    let moved = one(
        &fixture,
        select((
            Sale.day + Days::new(1),
            Sale.day + Months::new(1),
            Sale.day - day(1, 1),
            Sale.at + Interval::from_days(1) - TimeDelta::hours(12),
            Sale.local - Sale.day,
            Sale.span * 2 + Sale.span / 4,
            Sale.time + std::time::Duration::from_secs(60),
            Sale.day + Sale.time,
            Sale.at - Sale.at,
        )),
    )
    .await;
    assert_eq!(moved.0, day(2, 1));
    assert_eq!(moved.1, day(2, 28).and_time(NaiveTime::MIN));
    assert_eq!(moved.2, 30);
    assert_eq!(moved.3, day(2, 1).and_time(NaiveTime::MIN).and_utc());
    assert_eq!(moved.4, Interval::from_hours(12));
    assert_eq!(moved.5, Interval::from_minutes(135));
    assert_eq!(moved.6, NaiveTime::from_hms_opt(12, 1, 0).unwrap());
    assert_eq!((moved.7, moved.8), (day(1, 31).and_time(midday), Interval::default()));
    let berlin = FixedOffset::east_opt(3600).unwrap().with_ymd_and_hms(2026, 1, 31, 13, 0, 0).unwrap();
    let same = select(Sale.id)
        .filter(
            Sale.at.eq(berlin) & Sale.at.in_([berlin]) & Sale.local.ge(Sale.day) & Sale.day.lt(Sale.local),
        )
        .filter(Sale.local.gt(day(1, 31)) & Sale.at.gt(day(1, 1)));
    assert_eq!(all(&fixture, same).await, [7]);
    let local = berlin.with_timezone(&Local);
    let same =
        select(Sale.id).filter(Sale.at.eq(local) & Sale.at.in_([local]) & Sale.at.between(local, berlin));
    assert_eq!(all(&fixture, same).await, [7]);
    let later = update(Sale).set(Sale.at, local + TimeDelta::hours(1)).all_rows().returning(Sale.at);
    assert_eq!(all(&fixture, later).await, [(berlin + TimeDelta::hours(1)).to_utc()]);
}

#[tokio::test]
async fn moments_are_cut_and_put_into_zones() {
    let fixture = sales().await;
    let parts = one(
        &fixture,
        select((
            func::date_trunc(DatePart::Month, Sale.local),
            func::extract(DatePart::Second, Sale.span),
            func::extract(DatePart::Year, Sale.day).cast::<i32>(),
            func::at_time_zone(Sale.at, "Europe/Berlin"),
            func::at_time_zone(Sale.local, "Europe/Berlin"),
            func::age(Sale.at, DateTime::UNIX_EPOCH),
            func::to_char(Sale.day, "YYYY-MM"),
            func::to_char(Sale.price, "FM990.00"),
        )),
    )
    .await;
    let hour = |hour| day(1, 31).and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap());
    assert_eq!(parts.0, day(1, 1).and_time(NaiveTime::MIN));
    assert_eq!((parts.1, parts.2), (decimal("0"), 2026));
    assert_eq!((parts.3, parts.4), (hour(13), hour(11).and_utc()));
    assert_eq!(parts.5, Interval { months: 56 * 12, days: 30, ..Interval::from_hours(12) });
    assert_eq!((parts.6.as_str(), parts.7.as_str()), ("2026-01", "2.50"));
    let months = select((func::date_trunc(DatePart::Month, Sale.local), func::count_star()))
        .group_by(func::date_trunc(DatePart::Month, Sale.local));
    assert_eq!(all(&fixture, months).await.len(), 1);
    let today =
        one(&fixture, select((func::age_today(Sale.at), func::current_date())).filter(Sale.id.eq(7))).await;
    assert!(today.1 >= day(1, 31));
}

#[tokio::test]
async fn text_is_joined_by_plus() {
    let fixture = sales().await;
    assert_eq!(expression(Sale.name + "!" + Sale.name), "(sales.name || $1) || sales.name");
    assert_eq!(one(&fixture, select(Sale.name + "!" + Sale.name)).await, "pen!pen");
}

#[tokio::test]
async fn objects_of_a_session_follow_what_only_the_server_calculates() {
    let fixture = sales().await;
    let mut session = fixture.session();
    let sale = session.one(select(Sale)).await.unwrap();
    session
        .execute(
            update(Sale).set(Sale.name, Sale.name + "s").set(Sale.id, Sale.id % 4).filter(Sale.price.gt(2)),
        )
        .await
        .unwrap();
    assert_eq!((session[sale].name.as_str(), session[sale].id), ("pens", 3));
    let evaluated =
        update(Sale).set(Sale.name, Sale.name + "!").all_rows().synchronize(Synchronize::Evaluate);
    session.execute(evaluated).await.unwrap();
    assert_eq!(session[sale].name, "pens!");
    let refused =
        update(Sale).set(Sale.quantity, 1).filter(Sale.price.gt(2)).synchronize(Synchronize::Evaluate);
    let error = session.execute(refused).await.unwrap_err();
    assert!(error.to_string().contains("only the server knows how numeric and integer compare"), "{error}");
}
