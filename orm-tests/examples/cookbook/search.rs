//! Finding rows.

use orm_core::Page;
use orm_core::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

use super::models::{Customer, Line, Product};

/// What a form may say.
#[derive(Default)]
pub struct Search {
    pub text: Option<String>,
    pub category: Option<String>,
    pub max_price: Option<Decimal>,
    pub in_stock: bool,
    /// The name of a column, from the URL.
    pub sort: Option<String>,
    /// `asc` or `desc`, from the URL.
    pub direction: Option<String>,
    /// From 1.
    pub page: Option<i64>,
}

/// A page of products by filters that may be left out, sorted by a column named in the URL, with the number of all.
pub async fn page(db: &Engine, form: &Search) -> Result<Page<Product>, Error> {
    let column = Product::column(form.sort.as_deref().unwrap_or("name"))?;
    let direction = form.direction.as_deref().unwrap_or("asc").parse()?;
    let mut found = select(Product)
        .filter_some(form.text.as_deref(), |text| Product.name.icontains(text))
        .filter_some(form.category.as_deref(), |category| Product.category.eq(category))
        .filter_some(form.max_price, |price| Product.price.le(price))
        .order_by((column.sorted(direction), Product.id));
    if form.in_stock {
        found = found.filter(Product.stock.gt(0));
    }
    db.page(found, form.page.unwrap_or(1), 20).await
}

/// Customers with a word in one of two columns.
pub async fn people(db: &Engine, word: &str) -> Result<Vec<Customer>, Error> {
    let found = Customer.name.icontains(word) | Customer.email.icontains(word);
    db.all(select(Customer).filter(found).order_by((Customer.name, Customer.id))).await
}

/// The customer with an address, in whatever case it is written.
pub async fn by_email(db: &Engine, email: &str) -> Result<Option<Customer>, Error> {
    db.one_or_none(select(Customer).filter(func::lower(Customer.email).eq(func::lower(email)))).await
}

/// Whether there is such a row.
pub async fn is_taken(db: &Engine, email: &str) -> Result<bool, Error> {
    db.exists(select(Customer).filter(Customer.email.eq(email))).await
}

/// Rows by a list of keys, in the order of the list.
pub async fn by_keys(db: &Engine, keys: &[i64]) -> Result<Vec<Product>, Error> {
    db.find_all::<Product>(keys.iter().copied()).await
}

/// Rows by a list of pairs.
pub async fn by_pairs(db: &Engine, pairs: &[(i64, i64)]) -> Result<Vec<Line>, Error> {
    db.all(select(Line).filter((Line.purchase_id, Line.product_id).in_(pairs)).order_by(Line.purchase_id))
        .await
}

/// Products with all of these tags; a GIN index on the array serves it.
pub async fn tagged(db: &Engine, tags: &[&str]) -> Result<Vec<String>, Error> {
    let tags: Vec<String> = tags.iter().map(|&tag| tag.to_owned()).collect();
    db.all(select(Product.name).filter(Product.tags.contains(tags)).order_by(Product.name)).await
}

/// Products whose document has these attributes.
pub async fn with_attributes(db: &Engine, wanted: Value) -> Result<Vec<String>, Error> {
    db.all(select(Product.name).filter(Product.attributes.contains(wanted)).order_by(Product.name)).await
}

/// A facet: the values of an attribute in the documents, and how many products have each.
pub async fn colours(db: &Engine) -> Result<Vec<(Option<String>, i64)>, Error> {
    let colour = Product.attributes.get_text("colour");
    db.all(
        select((&colour, func::count_star()))
            .group_by(&colour)
            .order_by((func::count_star().desc(), &colour)),
    )
    .await
}

/// The elements of an array column, and how many rows have each.
pub async fn tags(db: &Engine) -> Result<Vec<(String, i64)>, Error> {
    let tags = func::unnest(Product.tags).derived("tags");
    let tag = tags.columns();
    let counts = select((tag, func::count_star())).select_from(Product).cross_join(&tags);
    db.all(counts.group_by(tag).order_by(tag)).await
}

/// Any one row.
pub async fn random(db: &Engine) -> Result<Option<String>, Error> {
    db.first(select(Product.name).order_by(func::random())).await
}
