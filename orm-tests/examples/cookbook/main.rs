//! Everyday queries of a shop, each a function with its question.
//!
//! `cargo run --example cookbook` runs them all; `search.rs`, `reports.rs`, `each.rs` and `writing.rs` have the queries.

#![allow(missing_docs, reason = "the models are those of a program, which needs no documentation")]

pub mod each;
pub mod models;
pub mod reports;
pub mod search;
pub mod writing;

use std::error::Error as StdError;
use std::fmt::Debug;

use chrono::{Days, TimeDelta};
use orm_core::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;

use self::models::{instant, shop};
use self::search::Search;

fn show(question: &str, answer: &impl Debug) {
    println!("{question}\n    {answer:?}");
}

/// All queries, on the database of this URL.
///
/// # Errors
/// If the server refuses one.
pub async fn cookbook(url: &str) -> Result<(), Box<dyn StdError>> {
    let engine = Engine::builder(url).connect().await?;
    let db = &engine;
    shop(db).await?;

    let form = Search {
        text: Some("a".into()),
        max_price: Some(Decimal::from(100)),
        in_stock: true,
        sort: Some("price".into()),
        direction: Some("desc".into()),
        ..Search::default()
    };
    show("a page of products by a form", &search::page(db, &form).await?);
    show("whose name or address has a word", &search::people(db, "ann").await?);
    show("whose address it is, in whatever case", &search::by_email(db, "ANN@example.org").await?);
    show("is an address taken", &search::is_taken(db, "bob@example.org").await?);
    show("products by a list of keys", &search::by_keys(db, &[1, 3]).await?);
    show("lines by a list of pairs", &search::by_pairs(db, &[(1, 1), (2, 2)]).await?);
    show("products with all of these tags", &search::tagged(db, &["toy", "new"]).await?);
    show("red products", &search::with_attributes(db, json!({"colour": "red"})).await?);
    show("colours, and how many products have them", &search::colours(db).await?);
    show("tags, and how many products have them", &search::tags(db).await?);
    show("some product", &search::random(db).await?);

    show("purchases and revenue of a month", &reports::by_month(db).await?);
    show("purchases of each day, also none", &reports::each_day(db, instant(0).date_naive(), 4).await?);
    show("revenue of categories", &reports::by_category(db).await?);
    show("share of categories", &reports::share(db).await?);
    show("running total of a customer", &reports::running_total(db, 1).await?);
    show("days since the purchase before", &reports::gaps(db).await?);
    show("purchases by status, a column each", &reports::by_status(db).await?);
    show("products by class of price", &reports::classes(db).await?);
    show("median of prices", &reports::median(db).await?);
    show("names of each category as one text", &reports::names(db).await?);
    show("names that several customers have", &reports::duplicates(db).await?);
    show("hosts of addresses", &reports::hosts(db).await?);
    show("purchases by day of the week", &reports::weekdays(db).await?);
    show("purchases between two moments", &reports::between(db, instant(0), instant(20)).await?);
    show("purchases of the last 90 days", &reports::lately(db, 90).await?);
    show("cities of customers and suppliers", &reports::cities(db).await?);

    show("customers and how many purchases they have", &each::counts(db).await?);
    show("customers without purchases", &each::without_purchases(db).await?);
    show("last purchase of each customer", &each::last_purchase(db).await?);
    show("last two purchases of each customer", &each::last_two(db).await?);
    show("two dearest products of each category", &each::dearest(db, 2).await?);
    show("products dearer than the average of their category", &each::above_average(db).await?);
    show("customers who spent most", &each::best(db, 3).await?);
    show("what is in a purchase", &each::lines(db, 1).await?);
    show("purchases with their lines", &each::with_lines(db).await?);
    show("customers with purchases with lines", &each::with_purchases(db).await?);
    show("a category and all below it", &each::below(db, 1).await?);

    show("count up", &writing::count_up(db, "visits").await?);
    show("count up again", &writing::count_up(db, "visits").await?);
    show("take a job", &writing::take_job(db).await?);
    show("change what a form gives", &writing::patch(db, 1, Some("Anna".into()), None).await?);
    show("raise prices of a category", &writing::raise(db, "book", 1.1).await?);
    show("remove what is done for a month", &writing::clean(db, TimeDelta::days(30)).await?);
    show("move a purchase by a week", &writing::postpone(db, 1, Days::new(7)).await?);
    show("set prices", &writing::set_prices(db, vec![(1, Decimal::from(7)), (2, Decimal::from(20))]).await?);
    show("move stock", &writing::move_stock(db, 1, 2, 3).await?);
    show("remove duplicates", &writing::remove_duplicates(db).await?);
    show("archive old purchases", &writing::archive(db, instant(20)).await?);
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    // `DATABASE_URL`, or a private server of the installed PostgreSQL programs, or the one of docker-compose.yml.
    orm_tests::try_server()?;
    let database = orm_tests::Database::create().await;
    cookbook(database.url()).await
}
