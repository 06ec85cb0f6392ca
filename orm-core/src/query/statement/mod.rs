//! Typed builders of statements.

mod batch;
mod change;
mod columns;
mod conflict;
mod copy;
mod delete;
mod given;
mod insert;
mod lock;
mod make;
mod named;
mod part;
mod query;
mod rows;
mod select;
mod selectable;
mod sql;
mod synchronize;
mod tuple;
mod update;

pub use batch::BatchItem;
pub(crate) use batch::Draft;
pub use columns::{ColumnList, InsertColumns, RowOf};
pub use conflict::{Conflicting, OnConflict, Upsert};
pub use copy::Copying;
pub use delete::{Delete, delete};
pub use insert::{Insert, Values, insert};
pub(crate) use make::{Intake, Load, Make, Making, Step, Then};
pub use query::{Command, Plan, Query, Returning};
pub use rows::{Gone, Kept, Rows};
pub use select::{Select, select};
pub use selectable::{Items, Selectable};
pub use sql::Sql;
pub use synchronize::{Synchronize, Target};
pub use update::{Update, update};
