//! An async ORM for PostgreSQL.

#[doc(hidden)]
pub mod codegen;
pub mod engine;
pub mod error;
pub mod model;
pub mod query;
pub mod row;
pub mod schema;
pub mod types;

pub use engine::Engine;
pub use error::Error;
pub use orm_derive::{Enum, Model};

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
    pub use crate::model::{Handle, Ref, Table};
    pub use crate::query::Column;
    pub use crate::{Error, schema};
}
