//! What is bought.

use chrono::{DateTime, NaiveDate, Utc};
use orm_core::prelude::*;
use orm_core::types::{Interval, Json};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::catalog::{ProductId, Variant};
use super::customer::{Address, Currency, Customer, Email};

#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Cart {
    #[orm(primary_key, default = "gen_random_uuid()")]
    pub(super) id: Uuid,
    #[orm(references = Customer.id, relation = customer, on_delete = cascade)]
    pub(super) customer_id: Option<Uuid>,
    #[orm(default = "'7 days'")]
    pub(super) kept_for: Interval,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(foreign_key(product_id, variant = Variant, on_delete = cascade))]
pub(super) struct CartLine {
    #[orm(primary_key, references = Cart.id, relation = cart, on_delete = cascade)]
    pub(super) cart_id: Uuid,
    #[orm(primary_key)]
    pub(super) product_id: ProductId,
    #[orm(primary_key)]
    pub(super) variant: i16,
    #[orm(client_default = one)]
    pub(super) amount: i32,
}

fn one() -> i32 {
    1
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Coupon {
    #[orm(primary_key)]
    pub(super) code: String,
    #[orm(check = "percent BETWEEN 1 AND 100")]
    pub(super) percent: i16,
    pub(super) ends_on: Option<NaiveDate>,
    /// Who may use it; nobody in particular if NULL.
    pub(super) holders: Option<Vec<Email>>,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OrderState {
    Placed,
    Paid,
    Shipped,
    Cancelled,
}

/// Orders are numbered by year.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(index(customer_id, "placed_at DESC"), index(state, where = "state <> 'shipped'", method = "hash"))]
pub(super) struct Order {
    #[orm(primary_key)]
    pub(super) year: i32,
    #[orm(primary_key)]
    pub(super) number: i32,
    #[orm(references = Customer.id, relation = customer, on_delete = restrict, on_update = cascade)]
    pub(super) customer_id: Uuid,
    #[orm(references = Currency.code, relation = currency)]
    pub(super) currency_code: String,
    #[orm(references = Address.id, relation = address, on_delete = set_null)]
    pub(super) address_id: Option<i64>,
    #[orm(references = Coupon.code, relation = coupon, on_delete = set_null)]
    pub(super) coupon_code: Option<String>,
    #[orm(default = "'placed'")]
    pub(super) state: OrderState,
    /// The states it was in before.
    #[orm(default = "'{}'")]
    pub(super) past: Vec<OrderState>,
    #[orm(default = "now()")]
    pub(super) placed_at: DateTime<Utc>,
    #[orm(on_update = "clock_timestamp()")]
    pub(super) changed_at: Option<DateTime<Utc>>,
    #[orm(version)]
    pub(super) version: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(foreign_key(year, number = Order, on_delete = cascade, on_update = cascade))]
#[orm(foreign_key(product_id, variant = Variant))]
pub(super) struct OrderLine {
    #[orm(primary_key)]
    pub(super) year: i32,
    #[orm(primary_key)]
    pub(super) number: i32,
    #[orm(primary_key)]
    pub(super) line: i16,
    pub(super) product_id: ProductId,
    pub(super) variant: i16,
    #[orm(check = "amount > 0")]
    pub(super) amount: i32,
    pub(super) price: Decimal,
    #[orm(computed = "price * amount")]
    pub(super) total: Decimal,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub(super) enum Means {
    Card { last_digits: String },
    Transfer { iban: String },
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(foreign_key(year, number = Order), index(year, number), has_many(refunds = Refund.payment_id))]
pub(super) struct Payment {
    #[orm(primary_key, default = "gen_random_uuid()")]
    pub(super) id: Uuid,
    pub(super) year: i32,
    pub(super) number: i32,
    pub(super) means: Json<Means>,
    #[orm(check = "amount > 0")]
    pub(super) amount: Decimal,
    pub(super) answer: Option<serde_json::Value>,
    #[orm(default = "now()")]
    pub(super) paid_at: DateTime<Utc>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Refund {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    #[orm(references = Payment.id, relation = payment)]
    pub(super) payment_id: Uuid,
    pub(super) amount: Decimal,
    pub(super) reason: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(foreign_key(year, number = Order))]
pub(super) struct Shipment {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    pub(super) year: i32,
    pub(super) number: i32,
    pub(super) carrier: String,
    #[orm(unique)]
    pub(super) tracking_code: Option<String>,
    pub(super) took: Option<Interval>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(foreign_key(year, number, line = OrderLine))]
pub(super) struct ShipmentLine {
    #[orm(primary_key, references = Shipment.id, relation = shipment, on_delete = cascade)]
    pub(super) shipment_id: i64,
    #[orm(primary_key)]
    pub(super) year: i32,
    #[orm(primary_key)]
    pub(super) number: i32,
    #[orm(primary_key)]
    pub(super) line: i16,
    pub(super) amount: i32,
}

/// Kept for ten years, whatever becomes of the order.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(unique(year, number), foreign_key(year, number = Order, on_delete = no_action))]
pub(super) struct Invoice {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    pub(super) year: i32,
    pub(super) number: i32,
    #[orm(references = Customer.email, relation = sent_to, on_update = cascade)]
    pub(super) email: Email,
    pub(super) document: Vec<u8>,
    #[orm(computed = "length(document)")]
    pub(super) bytes: i32,
    #[orm(default = "current_date")]
    pub(super) issued_on: NaiveDate,
}

/// Made by hand, as views sometimes are.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(view, table = "daily_sales")]
pub(super) struct DailySale {
    pub(super) day: NaiveDate,
    pub(super) orders: i64,
    pub(super) turnover: Option<Decimal>,
}
