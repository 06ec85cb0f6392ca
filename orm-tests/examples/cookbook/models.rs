//! The tables of the shop, and some rows.

use chrono::{DateTime, TimeDelta, Utc};
use orm_core::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

#[derive(Model, Clone, Debug)]
#[orm(table = "customers", has_many(purchases = Purchase.customer_id))]
pub struct Customer {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub name: String,
    #[orm(unique)]
    pub email: String,
    pub city: Option<String>,
    pub joined_at: DateTime<Utc>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "products")]
pub struct Product {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub name: String,
    pub category: String,
    pub price: Decimal,
    pub stock: i32,
    pub tags: Vec<String>,
    pub attributes: Value,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[orm(name = "purchase_status")]
pub enum Status {
    Open,
    Paid,
    Sent,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "purchases", has_many(lines = Line.purchase_id))]
pub struct Purchase {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Customer.id, relation = customer, index)]
    pub customer_id: i64,
    pub status: Status,
    pub placed_at: DateTime<Utc>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "lines")]
pub struct Line {
    #[orm(primary_key, references = Purchase.id, on_delete = cascade)]
    pub purchase_id: i64,
    #[orm(primary_key, references = Product.id)]
    pub product_id: i64,
    pub quantity: i32,
    pub price: Decimal,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "old_purchases")]
pub struct OldPurchase {
    #[orm(primary_key)]
    pub id: i64,
    pub customer_id: i64,
    pub placed_at: DateTime<Utc>,
    #[orm(default = "now()")]
    pub archived_at: DateTime<Utc>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "jobs")]
pub struct Job {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub kind: String,
    pub run_at: DateTime<Utc>,
    #[orm(default = 0)]
    pub attempts: i32,
    pub done_at: Option<DateTime<Utc>>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "counters")]
pub struct Counter {
    #[orm(primary_key)]
    pub name: String,
    pub value: i64,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "categories")]
pub struct Category {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(references = Category.id)]
    pub parent_id: Option<i64>,
    pub name: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "suppliers")]
pub struct Supplier {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub name: String,
    pub city: String,
}

/// Noon of a day of spring 2026.
pub fn instant(day: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_513 + day) + TimeDelta::hours(12)
}

/// The tables, and some rows.
pub async fn shop(db: &Engine) -> Result<(), Error> {
    db.create_all(schema![Customer, Product, Purchase, OldPurchase, Line, Job, Counter, Category, Supplier])
        .await?;
    let customers = [
        ("Ann", "Ann@example.org", Some("Paris")),
        ("Bob", "bob@example.org", None),
        ("Cleo", "cleo@example.com", Some("Rome")),
        ("Ann", "ann@example.com", None),
    ];
    let customers = customers.map(|(name, email, city)| NewCustomer {
        name: name.into(),
        email: email.into(),
        city: city.map(Into::into),
        joined_at: instant(-100),
    });
    let customers = db.all(insert(Customer).values(customers).returning(Customer)).await?;
    let products = [
        ("ball", "toy", 599, 10, "red"),
        ("bear", "toy", 2099, 0, "brown"),
        ("novel", "book", 1299, 3, "red"),
        ("atlas", "book", 15099, 2, "blue"),
        ("kite", "toy", 999, 4, "blue"),
        ("puzzle", "toy", 1499, 9, "red"),
    ];
    let products = products.map(|(name, category, cents, stock, colour)| NewProduct {
        name: name.into(),
        category: category.into(),
        price: Decimal::new(cents, 2),
        stock,
        tags: if stock > 3 { vec![category.into(), "new".into()] } else { vec![category.into()] },
        attributes: json!({ "colour": colour }),
    });
    let products = db.all(insert(Product).values(products).returning(Product)).await?;
    let purchases = [(0, 0), (0, 10), (1, 40), (0, 41)].map(|(customer, day)| NewPurchase {
        customer_id: (&customers[customer]).into(),
        status: if day < 20 { Status::Sent } else { Status::Paid },
        placed_at: instant(day),
    });
    let purchases = db.all(insert(Purchase).values(purchases).returning(Purchase)).await?;
    let lines = [(0, 0, 2), (0, 2, 1), (1, 1, 1), (2, 3, 1), (3, 0, 3), (3, 5, 1)];
    let lines = lines.map(|(purchase, product, quantity)| NewLine {
        purchase_id: (&purchases[purchase]).into(),
        product_id: (&products[product]).into(),
        quantity,
        price: products[product].price,
    });
    db.execute(insert(Line).values(lines)).await?;
    let jobs = ["mail", "report"].map(|kind| NewJob::new(kind, instant(0)));
    db.execute(insert(Job).values(jobs)).await?;
    let done = update(Job).set(Job.done_at, instant(1)).filter(Job.kind.eq("report"));
    db.execute(done).await?;
    let categories = [(1, None, "things"), (2, Some(1), "toys"), (3, Some(2), "kites"), (4, None, "food")];
    let categories = categories.map(|(id, parent_id, name)| (id, parent_id, name));
    let columns = (Category.id, Category.parent_id, Category.name);
    db.execute(insert(Category).columns(columns).values(categories)).await?;
    db.execute(
        insert(Supplier).values([NewSupplier::new("Bricks", "Oslo"), NewSupplier::new("Kites", "Rome")]),
    )
    .await?;
    Ok(())
}
