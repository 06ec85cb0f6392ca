//! An async ORM for PostgreSQL.

// The derives write `::orm_core`, here in our own tests too.
#[cfg(test)]
extern crate self as orm_core;

#[doc(hidden)]
pub mod codegen;
mod ddl;
pub mod engine;
pub mod error;
mod execute;
mod loading;
pub mod model;
pub mod query;
pub mod row;
pub mod schema;
pub mod session;
pub mod types;

pub use engine::Engine;
pub use error::Error;
pub use execute::{RowStream, Transaction};
pub use loading::Relation;
pub use orm_derive::{Enum, Model};
pub use session::{Session, SessionMaker};

/// The explicit list of a program's tables: `schema![User, Post]`, a constant.
#[macro_export]
macro_rules! schema {
    ($($model:path),* $(,)?) => {
        $crate::schema::Schema::new(&[$(<$model as $crate::model::Model>::META),*])
    };
}

/// What a program uses each day.
pub mod prelude {
    pub use orm_derive::{Enum, Model};

    pub use crate::engine::Engine;
    pub use crate::execute::Transaction;
    pub use crate::model::{Handle, Ref, Table};
    pub use crate::query::func::DatePart;
    pub use crate::query::{
        Column, Command, Cond, Expr, Select, Synchronize, case, delete, func, insert, lit, order_by,
        partition_by, select, update,
    };
    pub use crate::session::{Session, SessionMaker};
    pub use crate::{Error, schema};
}
