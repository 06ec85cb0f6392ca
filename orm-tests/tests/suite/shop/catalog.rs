//! What is sold.

use chrono::{DateTime, NaiveDate, Utc};
use orm_core::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::color::Color;
use super::customer::Customer;

#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Brand {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    #[orm(unique)]
    pub(super) name: String,
    pub(super) logo: Option<Vec<u8>>,
}

/// Categories form a tree.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(has_many(children = Category.parent_id))]
pub(super) struct Category {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    #[orm(references = Category.id, relation = parent, on_delete = restrict)]
    pub(super) parent_id: Option<i64>,
    #[orm(unique, column = "urlName")]
    pub(super) url_name: String,
    /// The categories above, from the top.
    pub(super) path: Vec<i64>,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Small,
    Medium,
    #[orm(label = "XXL")]
    Huge,
}

/// The number of a product, which is no other number.
#[derive(ColumnType, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ProductId(pub(super) i64);

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(has_many(reviews = Review.product_id, images = ProductImage.product_id))]
#[orm(check = "withdrawn_on IS NULL OR released_on <= withdrawn_on")]
#[orm(index("to_tsvector('simple', name)", method = "gin"), index(brand_id, "name DESC"))]
pub(super) struct Product {
    #[orm(primary_key, generated)]
    pub(super) id: ProductId,
    #[orm(unique)]
    pub(super) sku: String,
    #[orm(references = Brand.id, relation = brand)]
    pub(super) brand_id: Option<i64>,
    pub(super) name: String,
    #[orm(computed = "lower(name)")]
    pub(super) lower_name: String,
    pub(super) description: Option<String>,
    #[orm(default = "'{}'", index(method = "gin"))]
    pub(super) attributes: serde_json::Value,
    pub(super) price: Decimal,
    /// In kilograms.
    pub(super) weight: f64,
    pub(super) sizes: Vec<Size>,
    /// What a test of a hundred buyers gave.
    pub(super) measures: Vec<Option<f32>>,
    pub(super) released_on: NaiveDate,
    pub(super) withdrawn_on: Option<NaiveDate>,
    #[orm(version)]
    pub(super) version: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "products_in_categories", index(category_id))]
pub(super) struct ProductCategory {
    #[orm(primary_key, references = Product.id, relation = product, on_delete = cascade)]
    pub(super) product_id: ProductId,
    #[orm(primary_key, references = Category.id, relation = category, on_delete = cascade)]
    pub(super) category_id: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(unique(product_id, position))]
pub(super) struct ProductImage {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    #[orm(references = Product.id, relation = product, on_delete = cascade)]
    pub(super) product_id: ProductId,
    pub(super) position: i16,
    pub(super) data: Vec<u8>,
}

/// What can be ordered: a product in a colour and a size.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(unique(product_id, color, size, name = "one variant of a kind"))]
pub(super) struct Variant {
    #[orm(primary_key, references = Product.id, relation = product, on_delete = cascade)]
    pub(super) product_id: ProductId,
    #[orm(primary_key)]
    pub(super) number: i16,
    pub(super) color: Color,
    pub(super) size: Option<Size>,
    /// If it is not that of the product.
    pub(super) price: Option<Decimal>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(foreign_key(product_id, variant = Variant, on_delete = cascade))]
pub(super) struct Barcode {
    #[orm(primary_key)]
    pub(super) code: String,
    pub(super) product_id: ProductId,
    pub(super) variant: i16,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "price_history", check = "valid_from < valid_to")]
#[orm(foreign_key(product_id, variant = Variant, on_delete = cascade))]
pub(super) struct Price {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    pub(super) product_id: ProductId,
    pub(super) variant: i16,
    pub(super) price: Decimal,
    pub(super) valid_from: DateTime<Utc>,
    pub(super) valid_to: Option<DateTime<Utc>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(unique(product_id, customer_id))]
pub(super) struct Review {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    #[orm(references = Product.id, relation = product, on_delete = cascade)]
    pub(super) product_id: ProductId,
    #[orm(references = Customer.id, relation = customer, on_delete = cascade)]
    pub(super) customer_id: Uuid,
    #[orm(check = "stars BETWEEN 1 AND 5")]
    pub(super) stars: i16,
    pub(super) text: Option<String>,
    #[orm(default = "now()")]
    pub(super) written_at: DateTime<Utc>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Question {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    #[orm(references = Product.id, relation = product, on_delete = cascade)]
    pub(super) product_id: ProductId,
    #[orm(references = Customer.id, relation = customer, on_delete = set_null)]
    pub(super) customer_id: Option<Uuid>,
    pub(super) text: String,
    pub(super) answer: Option<String>,
}

/// Others that go with a product.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(check = "product_id <> other_id")]
pub(super) struct RelatedProduct {
    #[orm(primary_key, references = Product.id, relation = product, on_delete = cascade)]
    pub(super) product_id: ProductId,
    #[orm(primary_key, references = Product.id, relation = other, on_delete = cascade)]
    pub(super) other_id: ProductId,
    #[orm(default = "1.0")]
    pub(super) strength: f32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(view = "SELECT product_id, avg(stars) AS stars, count(*) AS reviews FROM reviews GROUP BY product_id")]
pub(super) struct ProductRating {
    pub(super) product_id: ProductId,
    pub(super) stars: Decimal,
    pub(super) reviews: i64,
}
