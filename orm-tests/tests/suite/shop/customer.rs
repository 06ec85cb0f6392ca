//! Who buys.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use orm_core::prelude::*;
use orm_core::types::Json;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::catalog::Review;

/// A country the shop sends to.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Country {
    /// As in ISO 3166.
    #[orm(primary_key, check = "length(code) = 2")]
    pub(super) code: String,
    #[orm(unique)]
    pub(super) name: String,
}

/// What prices are in.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "currencies")]
pub(super) struct Currency {
    #[orm(primary_key)]
    pub(super) code: String,
    #[orm(default = "2", check = "decimals BETWEEN 0 AND 4")]
    pub(super) decimals: i16,
    /// In US dollars.
    pub(super) rate: f64,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[orm(name = "customer state")]
pub(super) enum CustomerState {
    Active,
    #[orm(label = "under review")]
    UnderReview,
    Closed,
}

/// An address that was checked when it was typed in.
#[derive(ColumnType, Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Email(pub(super) String);

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub(super) struct Settings {
    pub(super) language: String,
    pub(super) newsletter: bool,
}

/// Who buys.
///
/// Closed accounts stay, for their invoices.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(has_many(addresses = Address.customer_id, reviews = Review.customer_id))]
#[orm(index("lower(name)", name = "customers by name"), index(country_code, registered_at))]
#[orm(new(derive(PartialEq)))]
pub(super) struct Customer {
    #[orm(primary_key, client_default = Uuid::now_v7)]
    pub(super) id: Uuid,
    #[orm(unique)]
    pub(super) email: Email,
    pub(super) name: String,
    pub(super) birthday: Option<NaiveDate>,
    #[orm(default = "'active'")]
    pub(super) state: CustomerState,
    #[orm(index(method = "gin"))]
    pub(super) labels: Vec<String>,
    #[orm(references = Country.code, relation = country)]
    pub(super) country_code: String,
    #[orm(check = "credit >= 0")]
    pub(super) credit: Decimal,
    pub(super) settings: Json<Settings>,
    pub(super) last_address: Option<IpAddr>,
    #[orm(default = "now()")]
    pub(super) registered_at: DateTime<Utc>,
    #[orm(on_update = "now()")]
    pub(super) changed_at: Option<DateTime<Utc>>,
    #[orm(version)]
    pub(super) version: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(index(customer_id, unique, where = "is_default"))]
pub(super) struct Address {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    #[orm(references = Customer.id, relation = customer, on_delete = cascade, on_update = cascade)]
    pub(super) customer_id: Uuid,
    pub(super) lines: Vec<String>,
    #[orm(references = Country.code, relation = country)]
    pub(super) country_code: String,
    #[orm(default = "false")]
    pub(super) is_default: bool,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Consent {
    #[orm(primary_key, references = Customer.id, relation = customer, on_delete = cascade)]
    pub(super) customer_id: Uuid,
    #[orm(primary_key)]
    pub(super) purpose: String,
    /// Local time, as it was on the form.
    pub(super) given_at: NaiveDateTime,
    pub(super) withdrawn_at: Option<NaiveDateTime>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct CustomerGroup {
    #[orm(primary_key, generated)]
    pub(super) id: i32,
    #[orm(unique)]
    pub(super) name: String,
    #[orm(check = "discount >= 0 AND discount < 1")]
    pub(super) discount: f32,
    #[orm(references = CustomerGroup.id, relation = parent, on_delete = set_null)]
    pub(super) parent_id: Option<i32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct GroupMember {
    #[orm(primary_key, references = Customer.id, relation = customer, on_delete = cascade)]
    pub(super) customer_id: Uuid,
    #[orm(primary_key, references = CustomerGroup.id, relation = group, on_delete = cascade)]
    pub(super) group_id: i32,
    #[orm(default = "current_date")]
    pub(super) since: NaiveDate,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(schema = "audit")]
pub(super) struct LoginAttempt {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    #[orm(references = Customer.id, relation = customer, on_delete = set_null, index)]
    pub(super) customer_id: Option<Uuid>,
    pub(super) address: IpAddr,
    pub(super) succeeded: bool,
    #[orm(default = "now()")]
    pub(super) at: DateTime<Utc>,
}
