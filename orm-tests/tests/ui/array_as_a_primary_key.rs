// expect: `Vec<String>` cannot be a primary key
// expect: expected a column type that is `Eq` and `Hash` and not an `Option`, or several `primary_key` fields of such types
// at: Vec<String>
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key)]
    pub path: Vec<String>,
}

fn main() {}
