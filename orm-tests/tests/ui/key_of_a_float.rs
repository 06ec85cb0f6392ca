// expect: a primary key is compared exactly, and a `f64` is not: write `i64`, `String` or `Uuid`
// at: f64
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key)]
    pub id: f64,
}

fn main() {}
