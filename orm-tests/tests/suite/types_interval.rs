//! Intervals, as PostgreSQL shows and compares them.

use orm_core::prelude::*;
use orm_core::types::Interval;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug)]
struct Shift {
    #[orm(primary_key, generated)]
    id: i64,
    span: Interval,
    done: i32,
}

#[tokio::test]
async fn intervals_are_shown_as_the_server_shows_them() {
    let fixture = Fixture::new(schema![Shift]).await;
    let intervals = [
        Interval::default(),
        Interval::new(14, 3, 5_400_000_000),
        Interval::new(-14, 3, 1),
        Interval::new(-1, 1, -1),
        Interval::new(1, -1, 3_599_999_999),
        Interval::new(0, -1, 10),
        Interval::new(-12, 0, 3_600_000_000),
        Interval::new(24, 1, 0),
        Interval::from_hours(1_000),
        Interval::from_seconds(-61),
        Interval::new(i32::MAX, i32::MIN, i64::MAX),
        Interval::from_microseconds(i64::MIN),
    ];
    for span in intervals {
        let new = insert(Shift).values(NewShift::new(span, 0)).returning(Shift.span.cast::<String>());
        assert_eq!(fixture.engine.one(new).await.unwrap(), span.to_string());
    }
}

#[tokio::test]
async fn intervals_are_equal_where_the_server_says_so() {
    let fixture = Fixture::new(schema![Shift]).await;
    let mut session = fixture.session();
    let shift = session.add(NewShift::new(Interval::from_months(1), 0));
    session.commit().await.unwrap();
    let change = update(Shift).set(Shift.done, 1).filter(Shift.span.eq(Interval::from_hours(720)));
    assert_eq!(session.execute(change.synchronize(Synchronize::Evaluate)).await.unwrap(), 1);
    assert_eq!(session[shift].done, 1);
    let sum = session.one(select(func::sum(Shift.span))).await.unwrap();
    assert_eq!(sum, Some(Interval::from_months(1)));
}
