//! Changing rows.

use chrono::{DateTime, Days, TimeDelta, Utc};
use orm_core::prelude::*;
use rust_decimal::Decimal;

use super::models::{Counter, Customer, Job, NewCounter, OldPurchase, Product, Purchase};

/// A counter that is made when it is first needed, and counted up without a race.
pub async fn count_up(db: &Engine, name: &str) -> Result<i64, Error> {
    db.one(
        insert(Counter)
            .values(NewCounter::new(name, 1))
            .on_conflict(Counter.name)
            .do_update()
            .set(Counter.value, Counter.value + 1)
            .returning(Counter.value),
    )
    .await
}

/// A queue: the next job that no other worker has taken.
pub async fn take_job(db: &Engine) -> Result<Option<Job>, Error> {
    let next = select(Job.id)
        .filter(Job.done_at.is_null() & Job.run_at.le(func::now()))
        .order_by(Job.run_at)
        .limit(1)
        .for_update()
        .skip_locked();
    let taken = update(Job).set(Job.attempts, Job.attempts + 1).filter(Job.id.in_(next));
    db.one_or_none(taken.returning(Job)).await
}

/// PATCH: only what the form gives is changed.
pub async fn patch(
    db: &Engine,
    id: i64,
    name: Option<String>,
    city: Option<Option<String>>,
) -> Result<Option<Customer>, Error> {
    let change = update(Customer).set_some(Customer.name, name).set_some(Customer.city, city);
    db.one_or_none(change.filter(Customer.id.eq(id)).returning(Customer)).await
}

/// A change calculated by the server.
pub async fn raise(db: &Engine, category: &str, factor: f64) -> Result<u64, Error> {
    let price = func::round(Product.price * factor, 2);
    db.execute(update(Product).set(Product.price, price).filter(Product.category.eq(category))).await
}

/// Rows removed, and which they were.
pub async fn clean(db: &Engine, age: TimeDelta) -> Result<Vec<i64>, Error> {
    db.all(delete(Job).filter(Job.done_at.lt(func::now() - age)).returning(Job.id)).await
}

/// A moment moved by some days.
pub async fn postpone(db: &Engine, id: i64, days: Days) -> Result<Option<DateTime<Utc>>, Error> {
    let moved = update(Purchase).set(Purchase.placed_at, Purchase.placed_at + days);
    db.one_or_none(moved.filter(Purchase.id.eq(id)).returning(Purchase.placed_at)).await
}

/// Many rows, each with a value of its own, in one statement.
pub async fn set_prices(db: &Engine, prices: Vec<(i64, Decimal)>) -> Result<u64, Error> {
    let prices = values(prices).derived("prices");
    let (id, price) = prices.columns();
    db.execute(update(Product).set(Product.price, price).from(&prices).filter(Product.id.eq(id))).await
}

/// Rows moved to another table, in one statement.
pub async fn archive(db: &Engine, before: DateTime<Utc>) -> Result<u64, Error> {
    let old = delete(Purchase)
        .filter(Purchase.placed_at.lt(before))
        .returning((Purchase.id, Purchase.customer_id, Purchase.placed_at))
        .cte("old");
    let columns = (OldPurchase.id, OldPurchase.customer_id, OldPurchase.placed_at);
    db.execute(insert(OldPurchase).from_select(columns, select(&old))).await
}

/// Of rows that are the same but for their key, all but the first are removed.
pub async fn remove_duplicates(db: &Engine) -> Result<u64, Error> {
    let first = Job.alias("first");
    db.execute(delete(Job).using(first).filter(Job.kind.eq(first.kind) & Job.id.gt(first.id))).await
}

/// Pieces from one product's stock to another's: both or none, and again after a collision with others.
pub async fn move_stock(db: &Engine, from: i64, to: i64, count: i32) -> Result<(), Error> {
    db.transaction(async |transaction| {
        let add = |count: i32| update(Product).set(Product.stock, Product.stock + count);
        transaction.execute(add(-count).filter(Product.id.eq(from))).await?;
        transaction.execute(add(count).filter(Product.id.eq(to))).await?;
        Ok(())
    })
    .await
}
