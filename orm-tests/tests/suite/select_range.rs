//! Ranges: written, read, compared, and guarded by an exclusion constraint.

use std::ops::Bound;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use orm_core::prelude::*;
use orm_core::types::{Multirange, Range};
use orm_tests::Fixture;
use rust_decimal::Decimal;

use crate::select_rows::{all, one};
use crate::select_text::{condition, expression, gives};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "bookings")]
struct Booking {
    #[orm(primary_key)]
    id: i64,
    room: i32,
    during: Range<DateTime<Utc>>,
    nights: Option<Range<NaiveDate>>,
    seats: Range<i32>,
    price: Range<Decimal>,
    breaks: Vec<Range<i64>>,
    begins_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
}

fn hour(hour: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, day).unwrap()
}

fn booking(id: i64, from: i64, to: i64) -> NewBooking {
    NewBooking {
        id,
        room: 1,
        during: (hour(from)..hour(to)).into(),
        nights: Some((day(1)..=day(3)).into()),
        seats: (1..=4).into(),
        price: (Decimal::ONE..).into(),
        breaks: vec![(1..3).into(), Range::Empty],
        begins_at: hour(from),
        ends_at: Some(hour(to)),
    }
}

#[test]
fn ranges_have_sqls_operators() {
    gives::<Range<DateTime<Utc>>>(select(Booking.during));
    gives::<Option<DateTime<Utc>>>(select(Booking.during.lower()));
    gives::<Range<DateTime<Utc>>>(select(func::range(Booking.begins_at, Booking.ends_at)));
    gives::<Option<Range<NaiveDate>>>(select(Booking.nights.intersection(day(1)..day(2))));
    assert_eq!(condition(Booking.during.contains(hour(1))), "bookings.during @> $1");
    assert_eq!(condition(Booking.during.contains(Booking.ends_at)), "bookings.during @> bookings.ends_at");
    assert_eq!(condition(Booking.during.overlaps(hour(1)..hour(2))), "bookings.during && $1");
    assert_eq!(condition(Booking.seats.contained_by(1..)), "bookings.seats <@ $1");
    assert_eq!(condition(Booking.seats.is_before(5..)), "bookings.seats << $1");
    assert_eq!(condition(Booking.seats.is_after(..1)), "bookings.seats >> $1");
    assert_eq!(condition(Booking.seats.is_adjacent_to(5..)), "bookings.seats -|- $1");
    assert_eq!(
        expression(func::range(Booking.begins_at, Booking.ends_at)),
        "tstzrange(bookings.begins_at, bookings.ends_at)"
    );
    assert_eq!(expression(Booking.nights.upper()), "upper(bookings.nights)");
}

#[tokio::test]
async fn ranges_are_kept_and_asked() {
    let fixture = Fixture::new(schema![Booking]).await;
    let engine = &fixture.engine;
    assert!(engine.check_schema(schema![Booking]).await.unwrap().is_empty());
    let mut session = fixture.session();
    let first = session.add(booking(1, 1, 3));
    session.add(booking(2, 5, 8));
    session.commit().await.unwrap();
    session.refresh(first).await.unwrap();
    let kept = session[first].clone();
    // Days and whole numbers come back as the server keeps them.
    assert_eq!(kept.nights, Some((day(1)..day(4)).into()));
    assert_eq!((kept.seats, kept.price), ((1..5).into(), (Decimal::ONE..).into()));
    assert_eq!(kept.breaks, [Range::from(1..3), Range::Empty]);
    assert_eq!(kept.during.lower(), Some(Bound::Included(&hour(1))));
    // The same range in other words is no change.
    session[first].seats = (1..=4).into();
    session.commit().await.unwrap();
    let sent = fixture.recorder.take().statements;
    assert!(!sent.iter().any(|sql| sql.starts_with("UPDATE")), "{sent:?}");

    let ids = |found: Cond| select(Booking.id).filter(found).order_by(Booking.id);
    assert_eq!(all(&fixture, ids(Booking.during.overlaps(hour(2)..hour(5)))).await, [1]);
    assert_eq!(all(&fixture, ids(Booking.during.overlaps(hour(2)..=hour(5)))).await, [1, 2]);
    assert_eq!(all(&fixture, ids(Booking.during.contains(hour(7)))).await, [2]);
    assert_eq!(all(&fixture, ids(Booking.during.contains(Booking.begins_at))).await, [1, 2]);
    assert_eq!(all(&fixture, ids(Booking.during.contained_by(hour(4)..))).await, [2]);
    assert_eq!(all(&fixture, ids(Booking.during.is_before(hour(4)..))).await, [1]);
    assert_eq!(all(&fixture, ids(lit(Range::from(..hour(2))).contains(Booking.begins_at))).await, [1]);
    assert_eq!(all(&fixture, ids(Booking.seats.eq(1..=4))).await, [1, 2]);
    let other = Booking.alias("other");
    let gaps = select((Booking.during.upper(), other.during.lower()))
        .join(other, Booking.during.is_before(other.during))
        .filter(!func::range(Booking.begins_at, Booking.ends_at).overlaps(other.during));
    assert_eq!(one(&fixture, gaps).await, (Some(hour(3)), Some(hour(5))));

    let moved = update(Booking).set(Booking.during, hour(9)..hour(10)).set(Booking.nights, day(5)..day(6));
    let moved = moved.filter(Booking.id.eq(2)).returning((Booking.during, Booking.nights));
    assert_eq!(engine.one(moved).await.unwrap(), ((hour(9)..hour(10)).into(), Some((day(5)..day(6)).into())));

    // What an exclusion constraint refuses has a predicate.
    fixture.database.execute("ALTER TABLE bookings ADD EXCLUDE USING gist (during WITH &&)").await;
    let error = engine.execute(insert(Booking).values(booking(3, 2, 4))).await.unwrap_err();
    assert!(error.is_exclusion_violation(), "{error}");
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "shifts")]
struct Shift {
    #[orm(primary_key)]
    id: i64,
    hours: Multirange<i32>,
    days: Option<Multirange<NaiveDate>>,
    others: Vec<Multirange<i64>>,
}

#[tokio::test]
async fn multiranges_are_written_read_and_asked() {
    let fixture = Fixture::new(schema![Shift]).await;
    let multirange = |ranges: &[(i32, i32)]| -> Multirange<i32> {
        ranges.iter().map(|(from, to)| Range::from(*from..*to)).collect()
    };
    let others: Multirange<i64> = [Range::from(..3), Range::from(7..)].into_iter().collect();
    let shift = |id, hours| NewShift { id, hours, days: None, others: vec![others.clone()] };
    let rows = [
        shift(1, multirange(&[(8, 12), (13, 17)])),
        shift(2, multirange(&[(1, 3), (2, 5)])),
        shift(3, multirange(&[])),
    ];
    fixture.engine.execute(insert(Shift).values(rows[0].clone())).await.unwrap();
    fixture.engine.execute(insert(Shift).values(rows[1..].to_vec())).await.unwrap();
    let read: Vec<Shift> = fixture.engine.all(select(Shift).order_by(Shift.id)).await.unwrap();
    assert_eq!((&read[0].hours, &read[0].others), (&rows[0].hours, &rows[0].others));
    assert_eq!((&read[1].hours, &read[2].hours), (&multirange(&[(1, 5)]), &multirange(&[])));
    let ids = |condition| all(&fixture, select(Shift.id).filter(condition).order_by(Shift.id));
    assert_eq!(ids(Shift.hours.contains(9)).await, [1]);
    assert_eq!(ids(Shift.hours.contains(2..4)).await, [2]);
    assert_eq!(ids(Shift.hours.overlaps(multirange(&[(4, 9)]))).await, [1, 2]);
    assert_eq!(ids(Shift.hours.eq(multirange(&[(1, 5)]))).await, [2]);
    let spans = select(func::range_agg(func::range(Shift.id.cast::<i32>(), Shift.id.cast::<i32>() + 1)));
    assert_eq!(one(&fixture, spans).await, Some(multirange(&[(1, 4)])));
}
