//! The guide: what the parts are for and how they work together, by example. Details stand on each item.

/// Every operation of a day's work, in one program.
#[doc = ""]
#[doc = include_str!("tour.md")]
pub mod tour {}

/// Coming from SQLAlchemy.
#[doc = ""]
#[doc = include_str!("sqlalchemy.md")]
pub mod sqlalchemy {}

/// Coming from Diesel or SeaORM.
#[doc = ""]
#[doc = include_str!("diesel.md")]
pub mod diesel {}

/// Sessions and transactions, and what a session guarantees.
#[doc = ""]
#[doc = include_str!("session.md")]
pub mod session {}

/// Statements that read: expressions, subqueries, windows, rows with names, verbs.
#[doc = ""]
#[doc = include_str!("query.md")]
pub mod query {}

/// Relations: declaring, reading and asking for them.
#[doc = ""]
#[doc = include_str!("relations.md")]
pub mod relations {}

/// Writing rows: insert, update, delete, upserts, many rows, several statements in one round trip.
#[doc = ""]
#[doc = include_str!("writing.md")]
pub mod writing {}

/// SQL of your own.
#[doc = ""]
#[doc = include_str!("sql.md")]
pub mod sql {}

/// Column types and tables.
#[doc = ""]
#[doc = include_str!("schema.md")]
pub mod schema {}

/// What is found when, and what an error tells.
#[doc = ""]
#[doc = include_str!("errors.md")]
pub mod errors {}

/// Settings of an engine.
#[doc = ""]
#[doc = include_str!("engine.md")]
pub mod engine {}

/// Tenants, roles and notifications.
#[doc = ""]
#[doc = include_str!("tenants.md")]
pub mod tenants {}

/// Production: what bounds what, and which settings a pooler, a cloud or a failover asks for.
#[doc = ""]
#[doc = include_str!("production.md")]
pub mod production {}

/// Sharded and compatible servers.
#[doc = ""]
#[doc = include_str!("compatible.md")]
pub mod compatible {}

/// Speed and cost.
#[doc = ""]
#[doc = include_str!("cost.md")]
pub mod cost {}
