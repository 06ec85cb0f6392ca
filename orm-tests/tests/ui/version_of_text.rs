// expect: a `version` of type `String` cannot count changes
// expect: make this `i32` or `i64`
// at: String
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(version)]
    pub version: String,
}

fn main() {}
