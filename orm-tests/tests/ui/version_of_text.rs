// expect: TODO
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(version)]
    pub version: String,
}

fn main() {}
