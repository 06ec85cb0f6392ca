//! Cursors of pages: exact whatever the settings, and of one statement; statements that have no such pages.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use orm_core::prelude::*;
use orm_tests::Fixture;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "points", has_many(marks = Mark.point))]
struct Point {
    #[orm(primary_key)]
    id: i32,
    at: DateTime<Utc>,
    day: NaiveDate,
    wide: f64,
    narrow: f32,
    kind: Option<i32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "marks")]
struct Mark {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Point.id)]
    point: i32,
    weight: Option<i32>,
}

/// Ten points, of which each has as many marks as its number, modulo four.
async fn points() -> Fixture {
    let fixture = Fixture::new(schema![Point, Mark]).await;
    let start = "2020-01-31T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
    let points = (1..=10).map(|id| NewPoint {
        kind: (id % 3 > 0).then_some(id % 3),
        ..NewPoint::new(
            id,
            start + Duration::microseconds(86_401_123_457 * i64::from(id)),
            start.date_naive() + Duration::days(i64::from(id % 4)),
            f64::from(id) / 7.0,
            id as f32 / 7.0,
        )
    });
    fixture.engine.execute(insert(Point).values(points.collect::<Vec<_>>())).await.unwrap();
    let marks = (1..=10).flat_map(|id| (0..id % 4).map(move |nth| (id, nth)));
    let marks = marks.map(|(id, nth)| NewMark { weight: (nth > 0).then_some(id - nth), ..NewMark::new(id) });
    fixture.engine.execute(insert(Mark).values(marks.collect::<Vec<_>>())).await.unwrap();
    fixture
}

/// All rows by pages, there and back.
async fn walk<R: orm_core::model::Row + Clone>(
    engine: &Engine,
    statement: &Select<R>,
    size: i64,
) -> (Vec<R>, Vec<R>) {
    let (mut forward, mut backward, mut cursor) = (Vec::new(), Vec::new(), None::<String>);
    let mut page = loop {
        let page = engine.page_after(statement, cursor.as_deref(), size).await.unwrap();
        forward.extend(page.rows.iter().cloned());
        assert!(forward.len() < 1000, "pages without end");
        match page.next.clone() {
            Some(next) => cursor = Some(next),
            None => break page,
        }
    };
    loop {
        backward.extend(page.rows.iter().rev().cloned());
        let Some(previous) = &page.previous else { break };
        page = engine.page_after(statement, Some(previous), size).await.unwrap();
    }
    backward.reverse();
    (forward, backward)
}

async fn refused<R: orm_core::model::Row>(engine: &Engine, statement: Select<R>) -> String {
    let error = engine.page_after(statement, None, 3).await.map(|_| ()).unwrap_err();
    assert!(error.is_invalid_statement(), "{error}");
    error.to_string()
}

#[tokio::test]
async fn a_cursor_is_exact_whatever_the_settings() {
    let fixture = points().await;
    for settings in [
        &[("extra_float_digits", "0")][..],
        &[("DateStyle", "'SQL, DMY'")],
        &[("DateStyle", "'German'"), ("TimeZone", "'Asia/Kolkata'")],
        &[("DateStyle", "'SQL, MDY'"), ("TimeZone", "'America/New_York'")],
    ] {
        let database = fixture.database.name();
        for (setting, value) in settings {
            fixture.database.execute(&format!("ALTER DATABASE \"{database}\" SET {setting} = {value}")).await;
        }
        let engine = Engine::builder(fixture.database.url()).pool_size(1).connect().await.unwrap();
        for statement in [
            select(Point.id).order_by(Point.wide),
            select(Point.id).order_by(Point.narrow.desc()),
            select(Point.id).order_by(Point.at),
            select(Point.id).order_by((Point.day.desc(), Point.at)),
        ] {
            let all = engine.all(statement.clone()).await.unwrap();
            assert_eq!(walk(&engine, &statement, 3).await, (all.clone(), all), "{settings:?} {statement:?}");
        }
        engine.close().await;
    }
}

#[tokio::test]
async fn a_cursor_is_one_of_the_values_in_order_by() {
    let fixture = points().await;
    let near = |id: i32| select((Point.id, func::abs(Point.id - id))).order_by(func::abs(Point.id - id));
    let next = fixture.engine.page_after(near(1), None, 2).await.unwrap().next.unwrap();
    assert_eq!(fixture.engine.page_after(near(1), Some(&next), 2).await.unwrap().rows[0].0, 3);
    let other = fixture.engine.page_after(near(8), Some(&next), 2).await.unwrap_err();
    assert!(other.is_invalid_statement(), "{other}");
}

#[tokio::test]
async fn a_cursor_with_a_character_more_is_none() {
    let fixture = points().await;
    let statement = select(Point.id);
    let next = fixture.engine.page_after(&statement, None, 2).await.unwrap().next.unwrap();
    for more in [format!("{next}A"), format!("{next}AA"), format!("{next}="), format!("A{next}")] {
        let error = fixture.engine.page_after(&statement, Some(&more), 2).await.unwrap_err();
        assert!(error.is_invalid_statement(), "{error}");
    }
}

#[tokio::test]
async fn rows_are_sorted_by_what_a_subquery_gives() {
    let fixture = points().await;
    let heaviest = || select(func::max(Mark.weight)).filter(Mark.point.eq(Point.id)).scalar();
    let counted = select((Point.id, Point.marks.count())).order_by(Point.marks.count().desc());
    let weighed = select((Point.id, heaviest())).order_by(heaviest().desc().nulls_last());
    for size in [1, 3] {
        let (forward, backward) = walk(&fixture.engine, &counted, size).await;
        assert_eq!(forward, fixture.engine.all(counted.clone().order_by(Point.id.desc())).await.unwrap());
        assert_eq!(forward, backward);
        let (forward, backward) = walk(&fixture.engine, &weighed, size).await;
        assert_eq!(forward, fixture.engine.all(weighed.clone().order_by(Point.id.desc())).await.unwrap());
        assert_eq!(forward, backward);
    }
}

#[tokio::test]
async fn what_looks_at_all_rows_has_no_pages() {
    let fixture = points().await;
    let engine = &fixture.engine;
    let number = || func::row_number().over(order_by(Point.id));
    for message in [
        refused(engine, select((Point.id, number())).order_by(Point.id)).await,
        refused(engine, select((Point.id, number() + 1)).order_by(number() + 1)).await,
        refused(engine, select((Point.id, func::sum(Point.id).over(())))).await,
    ] {
        assert!(message.contains("window") && message.contains(".derived("), "{message}");
    }
    let message = refused(engine, select(func::count(Point.id))).await;
    assert!(message.contains("one row") && message.contains("`one`"), "{message}");
    let totals = select((Point.kind.optional(), func::count(Point.id))).group_by(rollup(Point.kind));
    let message = refused(engine, totals.order_by(Point.kind)).await;
    assert!(message.contains("rollup"), "{message}");
    // What to write instead.
    let numbered = select((Point.id, number())).derived("numbered");
    let (id, number) = numbered.columns();
    let numbered = select((id, number)).select_from(&numbered).order_by(id);
    let page = engine.page(&numbered, 2, 4).await.unwrap();
    assert_eq!(page.rows[0], (5, 5));
}
