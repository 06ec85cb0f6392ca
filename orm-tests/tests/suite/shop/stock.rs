//! What is in store, and where it comes from.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use orm_core::prelude::*;
use orm_core::types::Interval;
use rust_decimal::Decimal;

use super::catalog::{Product, ProductId, Variant};
use super::customer::Currency;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(has_many(shelves = Shelf.warehouse_id))]
pub(super) struct Warehouse {
    #[orm(primary_key, generated)]
    pub(super) id: i16,
    #[orm(unique)]
    pub(super) name: String,
    pub(super) opens_at: NaiveTime,
    pub(super) closes_at: Option<NaiveTime>,
    /// Latitude and longitude.
    pub(super) place: Option<Vec<f64>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "shelves")]
pub(super) struct Shelf {
    #[orm(primary_key, references = Warehouse.id, relation = warehouse, on_delete = cascade)]
    pub(super) warehouse_id: i16,
    #[orm(primary_key)]
    pub(super) code: String,
}

/// How many of a variant are in a warehouse.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(foreign_key(product_id, variant = Variant, on_delete = cascade))]
#[orm(foreign_key(warehouse_id, shelf = Shelf))]
pub(super) struct StockLevel {
    #[orm(primary_key)]
    pub(super) product_id: ProductId,
    #[orm(primary_key)]
    pub(super) variant: i16,
    #[orm(primary_key, references = Warehouse.id, relation = warehouse)]
    pub(super) warehouse_id: i16,
    pub(super) shelf: Option<String>,
    #[orm(check = "amount >= 0")]
    pub(super) amount: i32,
    #[orm(version)]
    pub(super) version: i16,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MovementReason {
    Delivery,
    Sale,
    Return,
    #[orm(label = "lost or broken")]
    Lost,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(foreign_key(product_id, variant, warehouse_id = StockLevel, on_delete = cascade))]
#[orm(index(moved_at, method = "brin"))]
pub(super) struct StockMovement {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    pub(super) product_id: ProductId,
    pub(super) variant: i16,
    pub(super) warehouse_id: i16,
    #[orm(check = "amount <> 0")]
    pub(super) amount: i32,
    pub(super) reason: MovementReason,
    #[orm(default = "now()")]
    pub(super) moved_at: DateTime<Utc>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Supplier {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) delivers_within: Interval,
    pub(super) rating: Option<f32>,
    /// Monday is 1.
    pub(super) delivery_days: Vec<i16>,
    pub(super) holidays: Vec<NaiveDate>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct SupplierProduct {
    #[orm(primary_key, references = Supplier.id, relation = supplier, on_delete = cascade)]
    pub(super) supplier_id: i64,
    #[orm(primary_key, references = Product.id, relation = product)]
    pub(super) product_id: ProductId,
    pub(super) cost: Decimal,
    #[orm(references = Currency.code, relation = currency, default = "'EUR'", on_delete = set_default)]
    pub(super) currency_code: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(has_many(lines = PurchaseLine.purchase_id))]
pub(super) struct Purchase {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    #[orm(references = Supplier.id, relation = supplier)]
    pub(super) supplier_id: i64,
    #[orm(default = "current_date")]
    pub(super) ordered_on: NaiveDate,
    pub(super) expected_on: Option<NaiveDate>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct PurchaseLine {
    #[orm(primary_key, references = Purchase.id, relation = purchase, on_delete = cascade)]
    pub(super) purchase_id: i64,
    #[orm(primary_key)]
    pub(super) number: i16,
    #[orm(references = Product.id, relation = product)]
    pub(super) product_id: ProductId,
    #[orm(check = "amount > 0")]
    pub(super) amount: i32,
    pub(super) cost: Decimal,
    #[orm(computed = "cost * amount")]
    pub(super) total: Decimal,
}
