// expect: TODO
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(primary_key)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub path: String,
}

fn main() {}
