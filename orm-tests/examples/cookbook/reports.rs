//! Numbers about many rows.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use orm_core::prelude::*;
use orm_core::types::Interval;
use rust_decimal::Decimal;

use super::models::{Customer, Line, Product, Purchase, Status, Supplier};

/// Groups by month: how many purchases, and what they brought.
pub async fn by_month(db: &Engine) -> Result<Vec<(DateTime<Utc>, i64, Decimal)>, Error> {
    let month = func::date_trunc(DatePart::Month, Purchase.placed_at);
    let revenue = func::coalesce(func::sum(Line.price * Line.quantity), 0);
    let purchases = func::count(Purchase.id).distinct();
    db.all(
        select((&month, purchases, revenue))
            .outer_join(Line, Line.purchase_id.eq(Purchase.id))
            .group_by(&month)
            .order_by(&month),
    )
    .await
}

/// A row for each day, also for those without a purchase.
pub async fn each_day(db: &Engine, first: NaiveDate, days: i32) -> Result<Vec<(NaiveDate, i64)>, Error> {
    let first = first.and_time(NaiveTime::MIN);
    let last = lit(first) + Interval::from_days(days - 1);
    let series = func::generate_series(first, last).step(Interval::from_days(1)).derived("days");
    let day = func::date(series.columns());
    db.all(
        select((&day, func::count(Purchase.id)))
            .select_from(&series)
            .outer_join(Purchase, func::date(Purchase.placed_at).eq(&day))
            .group_by(&day)
            .order_by(&day),
    )
    .await
}

/// What a report line has, by names.
#[derive(Row, Debug, PartialEq)]
pub struct CategoryRevenue {
    pub category: String,
    pub pieces: Option<i64>,
    pub revenue: Option<Decimal>,
}

/// Revenue of each category, the best first.
pub async fn by_category(db: &Engine) -> Result<Vec<CategoryRevenue>, Error> {
    let revenue = func::sum(Line.price * Line.quantity).label("revenue");
    db.all(
        select(SelectCategoryRevenue {
            category: Product.category,
            pieces: func::sum(Line.quantity),
            revenue: &revenue,
        })
        .join(Line, Line.product_id.eq(Product.id))
        .group_by(Product.category)
        .order_by(revenue.desc()),
    )
    .await
}

/// The share of each group in the whole, in percent.
pub async fn share(db: &Engine) -> Result<Vec<(String, Option<Decimal>)>, Error> {
    let revenue = func::sum(Line.price * Line.quantity);
    let share = func::round(&revenue * 100 / func::sum(&revenue).over(()), 1);
    db.all(
        select((Product.category, share))
            .join(Line, Line.product_id.eq(Product.id))
            .group_by(Product.category)
            .order_by(Product.category),
    )
    .await
}

/// A running total: what a customer has spent up to each purchase.
pub async fn running_total(db: &Engine, customer: i64) -> Result<Vec<(i64, Option<Decimal>)>, Error> {
    let spent = func::sum(Line.price * Line.quantity);
    db.all(
        select((Purchase.id, func::sum(&spent).over(order_by(Purchase.placed_at))))
            .join(Line, Line.purchase_id.eq(Purchase.id))
            .filter(Purchase.customer_id.eq(customer))
            .group_by(Purchase.id)
            .order_by(Purchase.placed_at),
    )
    .await
}

/// The difference to the row before: how long after the last purchase of the same customer.
pub async fn gaps(db: &Engine) -> Result<Vec<(i64, Option<Interval>)>, Error> {
    let before =
        func::lag(Purchase.placed_at).over(partition_by(Purchase.customer_id).order_by(Purchase.placed_at));
    db.all(select((Purchase.id, Purchase.placed_at - before)).order_by(Purchase.id)).await
}

/// Counts side by side, a column for each condition.
pub async fn by_status(db: &Engine) -> Result<Vec<(i64, i64, i64)>, Error> {
    let paid = func::count(Purchase.id).filter(Purchase.status.eq(Status::Paid));
    let sent = func::count(Purchase.id).filter(Purchase.status.eq(Status::Sent));
    db.all(
        select((Purchase.customer_id, paid, sent))
            .group_by(Purchase.customer_id)
            .order_by(Purchase.customer_id),
    )
    .await
}

/// Groups by a value that is made of a column.
pub async fn classes(db: &Engine) -> Result<Vec<(String, i64)>, Error> {
    let class =
        case().when(Product.price.lt(10), "cheap").when(Product.price.lt(99.99), "fair").otherwise("dear");
    db.all(select((&class, func::count_star())).select_from(Product).group_by(&class).order_by(&class)).await
}

/// The price in the middle.
pub async fn median(db: &Engine) -> Result<Option<f64>, Error> {
    db.one(select(func::percentile_cont(0.5).within_group(Product.price.cast::<f64>()))).await
}

/// A group as one text.
pub async fn names(db: &Engine) -> Result<Vec<(String, Option<String>)>, Error> {
    let names = func::string_agg(Product.name, ", ").order_by(Product.name);
    db.all(select((Product.category, names)).group_by(Product.category).order_by(Product.category)).await
}

/// Values that several rows have.
pub async fn duplicates(db: &Engine) -> Result<Vec<(String, i64)>, Error> {
    db.all(
        select((Customer.name, func::count_star()))
            .group_by(Customer.name)
            .having(func::count_star().gt(1))
            .order_by(Customer.name),
    )
    .await
}

/// Groups by a part of a text.
pub async fn hosts(db: &Engine) -> Result<Vec<(String, i64)>, Error> {
    let host = func::split_part(Customer.email, "@", 2);
    db.all(select((&host, func::count_star())).group_by(&host).order_by(&host)).await
}

/// Groups by a part of a moment: 1 is Monday.
pub async fn weekdays(db: &Engine) -> Result<Vec<(i32, i64)>, Error> {
    let day = func::extract(DatePart::IsoDow, Purchase.placed_at).cast::<i32>();
    db.all(select((&day, func::count_star())).group_by(&day).order_by(&day)).await
}

/// How many rows are between two moments.
pub async fn between(db: &Engine, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<i64, Error> {
    db.count(select(Purchase).filter(Purchase.placed_at.between(from, to))).await
}

/// Rows of the last days, by the server's clock.
pub async fn lately(db: &Engine, days: i32) -> Result<Vec<i64>, Error> {
    let since = func::now() - Interval::from_days(days);
    db.all(select(Purchase.id).filter(Purchase.placed_at.ge(since)).order_by(Purchase.id)).await
}

/// The rows of two tables in one list, each value once.
pub async fn cities(db: &Engine) -> Result<Vec<Option<String>>, Error> {
    let customers = select(Customer.city).filter(Customer.city.is_not_null());
    db.all(customers.union(select(Supplier.city.optional())).order_by(Customer.city)).await
}
