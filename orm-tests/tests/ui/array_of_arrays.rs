// expect: PostgreSQL has no arrays of `Vec<String>`
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub lists: Vec<Vec<String>>,
}

fn main() {}
