//! Changing rows.

use chrono::{DateTime, Days, TimeDelta, Utc};
use orm_core::prelude::*;

use super::models::{Counter, Customer, Job, NewCounter, Product, Purchase};

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
