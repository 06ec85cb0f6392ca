//! An async ORM for PostgreSQL: typed statements, and a session with identity map and unit of work.
//!
//! ```no_run
//! use orm_core::prelude::*;
//!
//! #[derive(Model, Clone, Debug)]
//! #[orm(table = "users")]
//! pub struct User {
//!     #[orm(primary_key, generated)]
//!     pub id: i64,
//!     pub name: String,
//!     pub age: Option<i32>,
//! }
//!
//! # async fn program() -> Result<(), orm_core::Error> {
//! let engine = Engine::builder("postgresql://user:password@localhost/database").connect().await?;
//! engine.create_all(schema![User]).await?;
//!
//! // An engine gives values.
//! let adults: Vec<User> = engine.all(select(User).filter(User.age.ge(18)).order_by(User.name)).await?;
//!
//! // A session keeps objects: handles name them, a commit writes what has changed.
//! let mut session = SessionMaker::new(engine.clone()).session();
//! let alice: Handle<User> = session.add(NewUser::new("Alice"));
//! session.commit().await?;
//! session[alice].age = Some(25);
//! session.commit().await?;
//! # Ok(())
//! # }
//! ```
//!
//! The [guide] explains the parts by example, beginning with a [tour](guide::tour).
//!
//! - A model is a struct with [`#[derive(Model)]`](derive@Model): it gets the constant `User` with its columns, and the
//!   struct `NewUser` that new rows are made of.
//! - Statements begin with [`select`](query::select), [`insert`](query::insert), [`update`](query::update) and
//!   [`delete`](query::delete); a column's methods (`eq`, `ge`, `in_`, `is_null`, `desc`, ..) are those of
//!   [`Column`](query::Column), functions are in [`func`](query::func). They are checked before they are sent.
//! - [`Engine`], [`Transaction`] and [`Session`] have the same verbs: `all`, `first`, `one`, `one_or_none`, `stream`,
//!   `execute`.
//! - [`Error`] is one type with predicates such as [`is_unique_violation`](Error::is_unique_violation).
//!
//! # Features
//! On by default: `chrono`, `rust_decimal`, `serde_json` and `uuid` add the types of these crates; without
//! `rust_decimal` the average of integers, which is numeric in PostgreSQL, does not compile. `tls` encrypts connections; without
//! it a URL that demands that is an error. Off by default: `time` and `jiff` add the dates and times of these crates.

// The derives write `::orm_core`, here in our own tests too.
#[cfg(test)]
extern crate self as orm_core;

#[doc(hidden)]
pub mod codegen;
mod ddl;
pub mod engine;
pub mod error;
mod execute;
pub mod guide;
mod loading;
pub mod model;
pub mod query;
pub mod row;
pub mod schema;
pub mod session;
pub mod types;

pub use ddl::{Difference, DifferenceKind, Differences};
pub use engine::Engine;
pub use error::Error;
pub use execute::{
    Batch, CopyStream, CursorPage, Executor, Page, RowStream, Timeout, Transaction, TransactionConnection,
};
#[cfg(feature = "serde_json")]
pub use execute::{ExplainPlan, PlanBuffers, PlanNode};
pub use loading::{FillRelated, JoinedRelation, Related, RelationCount, RelationOf, ShapeOf};
pub use model::{Model, Row};
pub use orm_derive::{ColumnType, Composite, Enum, Model, Row, sql};
pub use session::{Session, SessionMaker, Tracked};

/// The explicit list of a program's tables: `schema![User, Post]`, a constant.
#[macro_export]
macro_rules! schema {
    ($($model:ty),* $(,)?) => {
        $crate::schema::Schema::new(&[$(<$model as $crate::model::Model>::META),*])
    };
}

/// What a program uses each day.
pub mod prelude {
    pub use orm_derive::{ColumnType, Composite, Enum, Model, Row, sql};

    pub use crate::engine::{Engine, Isolation, Pooler, TransactionMode};
    pub use crate::execute::{CursorPage, Executor, TransactionConnection};
    // Traits beside the derives of their names.
    pub use crate::model::{Handle, Model, Row, Table as _, TableOf, Writable};
    pub use crate::query::func::DatePart;
    pub use crate::query::{
        BatchItem as _, Column, Command as _, Cond, DEFAULT, Derived, Direction, Expr, IntoCond,
        ModelColumns as _, OrderBy, Select, Selectable, Synchronize, Tuple as _, all, and_, and_ as all_of,
        any, case, cube, delete, excluded, exists, func, grouping_sets, insert, insert_into, lit, merge_into,
        not, not_exists, old, or_, or_ as any_of, order_by, partition_by, rollup, select, sql_text, truncate,
        update, values,
    };
    pub use crate::session::{Session, SessionMaker, Tracked};
    #[cfg(feature = "serde_json")]
    pub use crate::types::Json;
    pub use crate::types::{Enum as _, Interval};
    pub use crate::{Error, schema};
}
