//! Dates and times of `jiff` and `time`: what is said of those of `chrono` is true of them.
//!
//! `cargo test -p orm-core --features jiff,time --test moments`

#![allow(missing_docs, clippy::unwrap_used)]

use std::time::Duration;

use orm_core::prelude::*;
use orm_tests::Database;

/// The tests of one crate: its four types, a value of each, and what is its own.
macro_rules! moments {
    ($date:ty = $day:expr, $time:ty = $clock:expr, $local:ty = $noon:expr, $zoned:ty = $at:expr) => {
        #[derive(Composite, Clone, Debug, PartialEq)]
        struct Stamp {
            day: $date,
            clock: $time,
            local: $local,
            at: Option<$zoned>,
        }

        #[derive(Model, Clone, Debug, PartialEq)]
        #[orm(table = "events")]
        struct Event {
            #[orm(primary_key)]
            id: i32,
            day: $date,
            clock: $time,
            local: $local,
            at: $zoned,
            ended: Option<$zoned>,
            span: Interval,
            stamp: Stamp,
        }

        fn stamp() -> Stamp {
            Stamp { day: $day, clock: $clock, local: $noon, at: Some($at) }
        }

        /// The end of January 2026, at noon, in a database whose zone is UTC.
        async fn events() -> (Database, Engine) {
            let database = Database::create().await;
            database.execute(&format!("ALTER DATABASE \"{}\" SET timezone = 'UTC'", database.name())).await;
            let engine = Engine::builder(database.url()).pool_size(1).connect().await.unwrap();
            engine.create_all(schema![Event]).await.unwrap();
            let event = NewEvent {
                id: 1,
                day: $day,
                clock: $clock,
                local: $noon,
                at: $at,
                ended: None,
                span: Interval::from_hours(36),
                stamp: stamp(),
            };
            engine.execute(insert(event)).await.unwrap();
            (database, engine)
        }

        /// What the server has for the one event, as it writes it.
        async fn text<T: SqlType>(engine: &Engine, expression: Expr<T>) -> String {
            let text = sql!("SELECT ({expression})::text FROM events").rows::<String>();
            engine.one(text).await.unwrap()
        }

        #[tokio::test]
        async fn values_and_fields_of_composites_are_what_the_server_has() {
            let (_database, engine) = events().await;
            assert_eq!(text(&engine, Event.day.cast::<String>()).await, "2026-01-31");
            assert_eq!(text(&engine, Event.clock.cast::<String>()).await, "12:00:00.25");
            assert_eq!(text(&engine, Event.local.cast::<String>()).await, "2026-01-31 12:00:00");
            assert_eq!(text(&engine, Event.at.cast::<String>()).await, "2026-01-31 12:00:00+00");
            let within = sql!("({Event.stamp}).at").expr::<$zoned>();
            assert_eq!(text(&engine, within).await, "2026-01-31 12:00:00+00");
            let found = engine.one(select(Event)).await.unwrap();
            assert_eq!((found.day, found.clock, found.local, found.at), ($day, $clock, $noon, $at));
            assert_eq!((found.ended, found.stamp), (None, stamp()));
        }

        #[tokio::test]
        async fn every_year_is_a_value_and_a_field() {
            let (_database, engine) = events().await;
            for text in ["0044-03-15 BC", "0001-01-01", "9999-12-31"] {
                let change = sql!(
                    "UPDATE events SET day = {text}::text::date, local = {text}::text::timestamp + '23:59:59', \
                     stamp.day = {text}::text::date, stamp.local = {text}::text::timestamp + '23:59:59'"
                );
                engine.execute(change).await.unwrap();
                let mut event = Tracked::new(engine.one(select(Event)).await.unwrap());
                assert_eq!((event.stamp.day, event.stamp.local), (event.day, event.local));
                event.id += 1;
                let found = select(Event).filter(Event.day.eq(event.day) & Event.local.eq(event.local));
                engine.save(&mut event).await.unwrap();
                assert_eq!(engine.one(found.filter(Event.stamp.eq(event.stamp.clone()))).await.unwrap(), *event);
            }
        }

        #[tokio::test]
        async fn they_are_moved_and_told_apart() {
            let (_database, engine) = events().await;
            let hour = Duration::from_secs(3_600);
            assert_eq!(text(&engine, Event.day + 1).await, "2026-02-01");
            assert_eq!(text(&engine, Event.day - 31).await, "2025-12-31");
            assert_eq!(text(&engine, 1 + Event.day).await, "2026-02-01");
            assert_eq!(text(&engine, Event.day - $day).await, "0");
            assert_eq!(text(&engine, Event.day + Interval::from_months(1)).await, "2026-02-28 00:00:00");
            assert_eq!(text(&engine, Event.day + $clock).await, "2026-01-31 12:00:00.25");
            assert_eq!(text(&engine, Event.at + Interval::from_days(1)).await, "2026-02-01 12:00:00+00");
            assert_eq!(text(&engine, Event.at - hour).await, "2026-01-31 11:00:00+00");
            assert_eq!(text(&engine, Event.local + hour).await, "2026-01-31 13:00:00");
            assert_eq!(text(&engine, Event.local - $day).await, "12:00:00");
            assert_eq!(text(&engine, Event.clock + hour).await, "13:00:00.25");
            assert_eq!(text(&engine, Interval::from_days(1) + Event.at).await, "2026-02-01 12:00:00+00");
            assert_eq!(text(&engine, Event.span + $day).await, "2026-02-01 12:00:00");
            assert_eq!(text(&engine, $at - Event.at).await, "00:00:00");
            assert_eq!(text(&engine, $clock - Event.clock).await, "00:00:00");
            let read: ($date, $local, $zoned, Interval) = engine
                .one(select((Event.day + 1, Event.local + hour, Event.at + hour, Event.at - Event.at)))
                .await
                .unwrap();
            assert_eq!((read.1, read.2, read.3), ($noon + hour, $at + hour, Interval::default()));
            assert_eq!(read.0, ($noon + hour * 24).date());
        }

        #[tokio::test]
        async fn a_date_stands_beside_moments() {
            let (_database, engine) = events().await;
            let same = select(Event.id)
                .filter(Event.local.gt($day) & Event.at.gt($day))
                .filter(Event.day.lt(Event.local) & Event.at.ge(Event.day) & Event.day.eq($day))
                .filter(Event.at.in_([$at]) & Event.at.between($at, $at) & Event.ended.is_null());
            assert_eq!(engine.all(same).await.unwrap(), [1]);
            let none = select(Event.id).filter(Event.local.le($day) | Event.at.lt(Event.day));
            assert_eq!(engine.all(none).await.unwrap(), [0; 0]);
            let later = update(Event).set(Event.ended, $at + Duration::from_secs(60)).all_rows();
            engine.execute(later).await.unwrap();
            assert_eq!(text(&engine, Event.ended.cast::<String>()).await, "2026-01-31 12:01:00+00");
            let cut = func::date_trunc(DatePart::Month, Event.local);
            assert_eq!(text(&engine, cut).await, "2026-01-01 00:00:00");
            assert_eq!(
                text(&engine, func::at_time_zone(Event.at, "Asia/Tokyo")).await,
                "2026-01-31 21:00:00"
            );
        }
    };
}

mod jiff_moments {
    use ::jiff::civil::{Date, DateTime, Time, date, time};
    use ::jiff::tz::TimeZone;
    use ::jiff::{SignedDuration, Timestamp, ToSpan};
    use orm_core::query::Expr;
    use orm_core::types::{Interval, SqlType};

    use super::*;

    moments!(
        Date = date(2026, 1, 31),
        Time = time(12, 0, 0, 250_000_000),
        DateTime = date(2026, 1, 31).at(12, 0, 0, 0),
        Timestamp = "2026-01-31T12:00:00Z".parse::<Timestamp>().unwrap()
    );

    #[tokio::test]
    async fn spans_and_moments_of_zones_stand_for_their_like() {
        let (_database, engine) = events().await;
        let span = 1.month().days(2).weeks(1).hours(3).minutes(4).milliseconds(5);
        assert_eq!(text(&engine, Event.local + span).await, "2026-03-09 15:04:00.005");
        assert_eq!(text(&engine, Event.at + 1.day()).await, "2026-02-01 12:00:00+00");
        assert_eq!(text(&engine, Event.day - 1.year()).await, "2025-01-31 00:00:00");
        assert_eq!(text(&engine, Event.clock - SignedDuration::from_mins(1)).await, "11:59:00.25");
        assert_eq!(text(&engine, Event.span + 1.hour()).await, "37:00:00");
        let long =
            select(Event.id).filter(Event.span.gt(SignedDuration::from_hours(35)) & Event.span.lt(2.days()));
        assert_eq!(engine.all(long).await.unwrap(), [1]);
        let tokyo = "2026-01-31T12:00:00Z"
            .parse::<Timestamp>()
            .unwrap()
            .to_zoned_datetime(TimeZone::fixed(::jiff::tz::offset(9)));
        let same = select(Event.id).filter(Event.at.eq(&tokyo) & Event.at.in_([&tokyo]));
        assert_eq!(engine.all(same).await.unwrap(), [1]);
        engine.execute(update(Event).set(Event.ended, tokyo).all_rows()).await.unwrap();
        assert_eq!(text(&engine, Event.ended.cast::<String>()).await, "2026-01-31 12:00:00+00");
    }
}

mod time_moments {
    use ::time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};
    use orm_core::query::Expr;
    use orm_core::types::{Interval, SqlType};

    use super::*;

    fn day() -> Date {
        Date::from_calendar_date(2026, Month::January, 31).unwrap()
    }

    fn noon() -> PrimitiveDateTime {
        day().with_hms(12, 0, 0).unwrap()
    }

    moments!(
        Date = day(),
        Time = Time::from_hms_milli(12, 0, 0, 250).unwrap(),
        PrimitiveDateTime = noon(),
        OffsetDateTime = noon().assume_utc()
    );

    #[tokio::test]
    async fn durations_and_moments_of_offsets_stand_for_their_like() {
        let (_database, engine) = events().await;
        let minute = ::time::Duration::MINUTE;
        assert_eq!(text(&engine, Event.local + minute).await, "2026-01-31 12:01:00");
        assert_eq!(text(&engine, Event.at - minute).await, "2026-01-31 11:59:00+00");
        assert_eq!(text(&engine, Event.day + ::time::Duration::DAY).await, "2026-02-01 00:00:00");
        assert_eq!(text(&engine, Event.clock - minute).await, "11:59:00.25");
        assert_eq!(text(&engine, Event.span - minute).await, "35:59:00");
        let long = select(Event.id).filter(Event.span.gt(::time::Duration::hours(35)));
        assert_eq!(engine.all(long).await.unwrap(), [1]);
        let tokyo = noon().assume_utc().to_offset(UtcOffset::from_hms(9, 0, 0).unwrap());
        let same = select(Event.id).filter(Event.at.eq(tokyo) & Event.at.in_([tokyo]));
        assert_eq!(engine.all(same).await.unwrap(), [1]);
    }
}
