//! Who works in the shop.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use orm_core::prelude::*;
use rust_decimal::Decimal;

use super::customer::Email;
use super::stock::Warehouse;

/// Departments have heads, who are employees, who are in departments: a circle of foreign keys.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(has_many(employees = Employee.department_id))]
pub(super) struct Department {
    #[orm(primary_key, generated)]
    pub(super) id: i32,
    #[orm(unique)]
    pub(super) name: String,
    #[orm(references = Employee.id, relation = head, on_delete = set_null)]
    pub(super) head_id: Option<i64>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(has_many(reports = Employee.boss_id), index(hired_on, name = "employees in order of seniority"))]
pub(super) struct Employee {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    pub(super) name: String,
    #[orm(unique)]
    pub(super) email: Option<Email>,
    #[orm(references = Department.id, relation = department)]
    pub(super) department_id: i32,
    #[orm(references = Employee.id, relation = boss, on_delete = set_null)]
    pub(super) boss_id: Option<i64>,
    pub(super) hired_on: NaiveDate,
    #[orm(check = "salary > 0")]
    pub(super) salary: Option<Decimal>,
    pub(super) is_present: Option<bool>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(check = "starts_at < ends_at")]
pub(super) struct Shift {
    #[orm(primary_key, references = Employee.id, relation = employee, on_delete = cascade)]
    pub(super) employee_id: i64,
    #[orm(primary_key)]
    pub(super) starts_at: NaiveDateTime,
    pub(super) ends_at: NaiveDateTime,
    #[orm(references = Warehouse.id, relation = warehouse)]
    pub(super) warehouse_id: i16,
}

/// Who changed what.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(schema = "audit", table = "log", index(new, method = "gin", where = "new IS NOT NULL"))]
pub(super) struct LogEntry {
    #[orm(primary_key, generated)]
    pub(super) id: i64,
    #[orm(references = Employee.id, relation = employee)]
    pub(super) employee_id: Option<i64>,
    pub(super) relation: String,
    pub(super) old: Option<serde_json::Value>,
    pub(super) new: Option<serde_json::Value>,
    #[orm(default = "clock_timestamp()")]
    pub(super) at: DateTime<Utc>,
}
