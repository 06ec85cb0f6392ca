//! What the everyday queries of the cookbook give.

use std::error::Error as StdError;

use chrono::{Days, NaiveDate, TimeDelta};
use orm_core::prelude::*;
use orm_core::types::Interval;
use orm_tests::{Database, Fixture};
use rust_decimal::Decimal;
use serde_json::json;

#[path = "../../examples/cookbook/main.rs"]
#[allow(dead_code, reason = "as an example it is a program of its own")]
mod example;

use example::models::{instant, shop};
use example::search::Search;
use example::{cookbook, each, reports, search, writing};

async fn fixture() -> Fixture {
    let fixture = Fixture::new(schema![]).await;
    shop(&fixture.engine).await.unwrap();
    fixture
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn counts(counts: &[(&str, i64)]) -> Vec<(String, i64)> {
    counts.iter().map(|&(name, count)| (name.to_owned(), count)).collect()
}

#[tokio::test]
async fn the_program_runs() -> Result<(), Box<dyn StdError>> {
    cookbook(Database::create().await.url()).await
}

#[tokio::test]
async fn rows_are_found() {
    let fixture = fixture().await;
    let db = &fixture.engine;
    let form = Search {
        max_price: Some(decimal("20")),
        in_stock: true,
        sort: Some("price".into()),
        direction: Some("desc".into()),
        ..Search::default()
    };
    let page = search::page(db, &form).await.unwrap();
    let names: Vec<&str> = page.rows.iter().map(|product| &*product.name).collect();
    assert_eq!((names, page.total), (vec!["puzzle", "novel", "kite", "ball"], 4));
    let all = search::page(db, &Search { text: Some("L".into()), ..Search::default() }).await.unwrap();
    assert_eq!(all.rows.len(), 4); // ball, atlas, novel, puzzle
    let error =
        search::page(db, &Search { sort: Some("size".into()), ..Search::default() }).await.unwrap_err();
    assert!(error.to_string().contains("it has id, name, category"), "{error}");

    let people = search::people(db, "ann").await.unwrap();
    assert_eq!(people.iter().map(|customer| customer.id).collect::<Vec<_>>(), [1, 4]);
    assert_eq!(search::by_email(db, "ANN@EXAMPLE.org").await.unwrap().map(|customer| customer.id), Some(1));
    assert!(search::is_taken(db, "bob@example.org").await.unwrap());
    assert!(!search::is_taken(db, "bob@example.net").await.unwrap());
    let found = search::by_keys(db, &[3, 99, 1]).await.unwrap();
    assert_eq!(found.iter().map(|product| product.id).collect::<Vec<_>>(), [3, 1]);
    let found = search::by_pairs(db, &[(2, 2), (1, 3), (1, 2)]).await.unwrap();
    assert_eq!(found.iter().map(|line| line.product_id).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(search::tagged(db, &["new", "toy"]).await.unwrap(), ["ball", "kite", "puzzle"]);
    assert_eq!(search::with_attributes(db, json!({"colour": "blue"})).await.unwrap(), ["atlas", "kite"]);
    let colours: Vec<_> = search::colours(db).await.unwrap();
    assert_eq!(colours[0], (Some("red".to_owned()), 3));
    assert_eq!(search::tags(db).await.unwrap(), counts(&[("book", 2), ("new", 3), ("toy", 4)]));
    assert!(search::random(db).await.unwrap().is_some());
}

#[tokio::test]
async fn many_rows_become_a_few_numbers() {
    let fixture = fixture().await;
    let db = &fixture.engine;
    let months = reports::by_month(db).await.unwrap();
    let months: Vec<_> =
        months.into_iter().map(|(month, count, sum)| (month.date_naive(), count, sum)).collect();
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    assert_eq!(months, [(day(3, 1), 2, decimal("45.96")), (day(4, 1), 2, decimal("183.95"))]);
    let days = reports::each_day(db, day(3, 10), 3).await.unwrap();
    assert_eq!(days, [(day(3, 10), 0), (day(3, 11), 1), (day(3, 12), 0)]);
    let categories = reports::by_category(db).await.unwrap();
    let revenue = |category: &str, pieces, revenue| reports::CategoryRevenue {
        category: category.to_owned(),
        pieces: Some(pieces),
        revenue: Some(decimal(revenue)),
    };
    assert_eq!(categories, [revenue("book", 2, "163.98"), revenue("toy", 7, "65.93")]);
    let share = reports::share(db).await.unwrap();
    assert_eq!(
        share.iter().map(|(_, share)| share.unwrap()).collect::<Vec<_>>(),
        [decimal("71.3"), decimal("28.7")]
    );
    let total = reports::running_total(db, 1).await.unwrap();
    assert_eq!(
        total,
        [(1, Some(decimal("24.97"))), (2, Some(decimal("45.96"))), (4, Some(decimal("78.92")))]
    );
    let gaps = reports::gaps(db).await.unwrap();
    let days = |days| Some(Interval::from_days(days));
    assert_eq!(gaps, [(1, None), (2, days(10)), (3, None), (4, days(31))]);
    assert_eq!(reports::by_status(db).await.unwrap(), [(1, 1, 2), (2, 1, 0)]);
    assert_eq!(reports::classes(db).await.unwrap(), counts(&[("cheap", 2), ("dear", 1), ("fair", 3)]));
    assert_eq!(reports::median(db).await.unwrap(), Some(13.99));
    let names = reports::names(db).await.unwrap();
    assert_eq!(names[0], ("book".to_owned(), Some("atlas, novel".to_owned())));
    assert_eq!(reports::duplicates(db).await.unwrap(), counts(&[("Ann", 2)]));
    assert_eq!(reports::hosts(db).await.unwrap(), counts(&[("example.com", 2), ("example.org", 2)]));
    assert_eq!(reports::weekdays(db).await.unwrap(), [(3, 1), (5, 1), (6, 1), (7, 1)]);
    assert_eq!(reports::between(db, instant(0), instant(40)).await.unwrap(), 3);
    assert_eq!(reports::lately(db, 100_000).await.unwrap(), [1, 2, 3, 4]);
    let cities = reports::cities(db).await.unwrap();
    assert_eq!(cities.into_iter().flatten().collect::<Vec<_>>(), ["Oslo", "Paris", "Rome"]);
}

#[tokio::test]
async fn something_of_each_is_found() {
    let fixture = fixture().await;
    let db = &fixture.engine;
    assert_eq!(each::counts(db).await.unwrap(), counts(&[("Ann", 3), ("Bob", 1), ("Cleo", 0), ("Ann", 0)]));
    assert_eq!(each::without_purchases(db).await.unwrap(), ["Cleo", "Ann"]);
    let last = each::last_purchase(db).await.unwrap();
    assert_eq!(last.iter().map(|(_, purchase)| purchase.id).collect::<Vec<_>>(), [4, 3]);
    let recent = each::last_two(db).await.unwrap();
    assert_eq!(recent.iter().map(|(_, at)| *at).collect::<Vec<_>>(), [instant(41), instant(10), instant(40)]);
    let dearest = each::dearest(db, 1).await.unwrap();
    assert_eq!(dearest.into_iter().map(|(_, name, _)| name).collect::<Vec<_>>(), ["atlas", "bear"]);
    assert_eq!(each::above_average(db).await.unwrap(), ["atlas", "bear", "puzzle"]);
    let best = each::best(db, 1).await.unwrap();
    assert_eq!(best, [("Bob".to_owned(), Some(decimal("150.99")))]);
    let lines = each::lines(db, 1).await.unwrap();
    assert_eq!(lines, [("ball".to_owned(), 2, decimal("11.98")), ("novel".to_owned(), 1, decimal("12.99"))]);
    let with_lines = each::with_lines(db).await.unwrap();
    assert_eq!(with_lines.iter().map(|(_, lines)| lines.len()).collect::<Vec<_>>(), [2, 1, 1, 2]);
    let two_levels = each::with_purchases(db).await.unwrap();
    let lines = |purchases: &[(example::models::Purchase, Vec<_>)]| {
        purchases.iter().map(|(purchase, lines)| (purchase.id, lines.len())).collect::<Vec<_>>()
    };
    let found: Vec<_> =
        two_levels.iter().map(|(customer, purchases)| (customer.id, lines(purchases))).collect();
    assert_eq!(found, [(1, vec![(4, 2), (2, 1)]), (2, vec![(3, 1)])]);
    let below = each::below(db, 1).await.unwrap();
    assert_eq!(below, [("things".to_owned(), 0), ("toys".to_owned(), 1), ("kites".to_owned(), 2)]);
}

#[tokio::test]
async fn rows_are_changed() {
    let fixture = fixture().await;
    let db = &fixture.engine;
    for count in 1..=3 {
        assert_eq!(writing::count_up(db, "visits").await.unwrap(), count);
    }
    // Two workers at once do not take the same job.
    let (one, other) = tokio::join!(writing::take_job(db), writing::take_job(db));
    assert_eq!((one.unwrap().unwrap().attempts, other.unwrap().map_or(2, |job| job.attempts)), (1, 2));
    let ann = writing::patch(db, 1, Some("Anna".into()), None).await.unwrap().unwrap();
    assert_eq!((&*ann.name, ann.city.as_deref()), ("Anna", Some("Paris")));
    let ann = writing::patch(db, 1, None, Some(None)).await.unwrap().unwrap();
    assert_eq!((&*ann.name, ann.city), ("Anna", None));
    assert_eq!(writing::raise(db, "book", 1.1).await.unwrap(), 2);
    let prices = select(example::models::Product.price).filter(example::models::Product.category.eq("book"));
    let prices = db.all(prices.order_by(example::models::Product.id)).await.unwrap();
    assert_eq!(prices, [decimal("14.29"), decimal("166.09")]);
    assert_eq!(writing::clean(db, TimeDelta::days(30)).await.unwrap(), [2]);
    let moved = writing::postpone(db, 1, Days::new(7)).await.unwrap();
    assert_eq!(moved, Some(instant(7)));
    let new = vec![(1, decimal("7")), (2, decimal("20")), (99, decimal("1"))];
    assert_eq!(writing::set_prices(db, new).await.unwrap(), 2);
    writing::move_stock(db, 1, 2, 3).await.unwrap();
    let product = example::models::Product;
    let kept = select((product.price, product.stock)).filter(product.id.le(2)).order_by(product.id);
    assert_eq!(db.all(kept).await.unwrap(), [(decimal("7"), 7), (decimal("20"), 3)]);
    let again = ["mail", "mail"].map(|kind| example::models::NewJob::new(kind, instant(3)));
    db.execute(insert(example::models::Job).values(again)).await.unwrap();
    assert_eq!(writing::remove_duplicates(db).await.unwrap(), 2);
    assert_eq!(writing::archive(db, instant(20)).await.unwrap(), 2);
    assert_eq!(db.count(select(example::models::OldPurchase)).await.unwrap(), 2);
    assert_eq!(db.count(select(example::models::Purchase)).await.unwrap(), 2);
}
