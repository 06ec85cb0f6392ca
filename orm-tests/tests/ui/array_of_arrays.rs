// expect: PostgreSQL has no arrays of `Vec<String>`
// expect: expected a column type that is no array, or an `Option` of one
// at: Vec<Vec<String>>
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub lists: Vec<Vec<String>>,
}

fn main() {}
