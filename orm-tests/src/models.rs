//! Models that several tests share.

#![expect(missing_docs, reason = "the models of tests explain themselves")]

use chrono::{DateTime, Utc};
use orm_core::prelude::*;
use orm_core::types::Range;
use rust_decimal::Decimal;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "users", has_many(posts = Post.user_id))]
pub struct User {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub name: String,
    pub age: Option<i32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "posts")]
pub struct Post {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = User.id, relation = author, on_delete = cascade)]
    pub user_id: i64,
    pub title: String,
}

/// A table that references itself.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "employees", has_many(reports = Employee.manager_id))]
pub struct Employee {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub name: String,
    #[orm(references = Employee.id, relation = manager, on_delete = set_null)]
    pub manager_id: Option<i64>,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Happy,
    VerySad,
}

/// A table with an enum, and a key the program gives.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "pets")]
pub struct Pet {
    #[orm(primary_key)]
    pub name: String,
    pub mood: Mood,
    pub wish: Option<Mood>,
}

/// A table with types that have functions of their own.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "events")]
pub struct Event {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub title: String,
    pub price: Decimal,
    pub length: f64,
    pub seats: i32,
    pub is_public: bool,
    pub tags: Vec<String>,
    pub scores: Vec<i32>,
    pub details: serde_json::Value,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub open: Range<DateTime<Utc>>,
}
