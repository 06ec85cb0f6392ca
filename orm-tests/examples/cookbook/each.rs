//! Something of each: counts, the last, the first few, what belongs to it.

use chrono::{DateTime, Utc};
use orm_core::prelude::*;
use rust_decimal::Decimal;

use super::models::{Category, Customer, Line, Product, Purchase};

/// How many purchases each customer has, also none.
pub async fn counts(db: &Engine) -> Result<Vec<(String, i64)>, Error> {
    db.all(
        select((Customer.name, func::count(Purchase.id)))
            .outer_join(Purchase, Purchase.customer_id.eq(Customer.id))
            .group_by(Customer.id)
            .order_by(Customer.id),
    )
    .await
}

/// Customers without a purchase.
pub async fn without_purchases(db: &Engine) -> Result<Vec<String>, Error> {
    let purchases = select(Purchase).filter(Purchase.customer_id.eq(Customer.id));
    db.all(select(Customer.name).filter(!exists(purchases)).order_by(Customer.id)).await
}

/// The last purchase of each customer who has one.
pub async fn last_purchase(db: &Engine) -> Result<Vec<(String, Purchase)>, Error> {
    db.all(
        select((Customer.name, Purchase))
            .join(Purchase, Purchase.customer_id.eq(Customer.id))
            .distinct_on(Customer.id)
            .order_by((Customer.id, Purchase.placed_at.desc())),
    )
    .await
}

/// The last two purchases of each customer, by a subquery that is run for each.
pub async fn last_two(db: &Engine) -> Result<Vec<(String, DateTime<Utc>)>, Error> {
    let recent = select((Purchase.placed_at,))
        .filter(Purchase.customer_id.eq(Customer.id))
        .order_by(Purchase.placed_at.desc())
        .limit(2)
        .lateral("recent");
    db.all(
        select((Customer.name, recent.0))
            .select_from(Customer)
            .cross_join(&recent)
            .order_by((Customer.id, recent.0.desc())),
    )
    .await
}

/// The first few of each group, by a window function.
pub async fn dearest(db: &Engine, count: i64) -> Result<Vec<(String, String, Decimal)>, Error> {
    let place = func::row_number().over(partition_by(Product.category).order_by(Product.price.desc()));
    db.all(
        select((Product.category, Product.name, Product.price))
            .keep(place.le(count))
            .order_by((Product.category, Product.price.desc())),
    )
    .await
}

/// Rows beside the average of their group.
pub async fn above_average(db: &Engine) -> Result<Vec<String>, Error> {
    let other = Product.alias("other");
    let average = select(func::avg(other.price)).filter(other.category.eq(Product.category));
    db.all(select(Product.name).filter(Product.price.gt(average)).order_by(Product.name)).await
}

/// Who spent most, and how much.
pub async fn best(db: &Engine, count: i64) -> Result<Vec<(String, Option<Decimal>)>, Error> {
    let spent = func::sum(Line.price * Line.quantity).label("spent");
    db.all(
        select((Customer.name, &spent))
            .join(Purchase, Purchase.customer_id.eq(Customer.id))
            .join(Line, Line.purchase_id.eq(Purchase.id))
            .group_by(Customer.id)
            .order_by(spent.desc())
            .limit(count),
    )
    .await
}

/// What is in a purchase: names, pieces and amounts.
pub async fn lines(db: &Engine, purchase: i64) -> Result<Vec<(String, i32, Decimal)>, Error> {
    db.all(
        select((Product.name, Line.quantity, Line.price * Line.quantity))
            .join(Line, Line.product_id.eq(Product.id))
            .filter(Line.purchase_id.eq(purchase))
            .order_by(Product.name),
    )
    .await
}

/// Rows with those that belong to them, in two statements.
pub async fn with_lines(db: &Engine) -> Result<Vec<(Purchase, Vec<Line>)>, Error> {
    db.all(select(Purchase).with(Purchase.lines).order_by(Purchase.id)).await
}

/// Two levels: customers who have bought something, with their last two purchases and what is in them.
pub async fn with_purchases(db: &Engine) -> Result<Vec<(Customer, Vec<(Purchase, Vec<Line>)>)>, Error> {
    let last = Customer.purchases.order_by(Purchase.placed_at.desc()).limit(2).with(Purchase.lines);
    let bought = Customer.purchases.any(Purchase.id.is_not_null());
    db.all(select(Customer).filter(bought).order_by(Customer.id).with(last)).await
}

/// A row of a tree and all below it, with their depth.
pub async fn below(db: &Engine, root: i64) -> Result<Vec<(String, i32)>, Error> {
    let tree = select((Category.id, Category.name, lit(0)))
        .filter(Category.id.eq(root))
        .recursive("tree", |above| {
            select((Category.id, Category.name, above.2 + 1)).join(above, Category.parent_id.eq(above.0))
        });
    db.all(select((tree.1, tree.2)).select_from(&tree).order_by((tree.2, tree.0))).await
}
