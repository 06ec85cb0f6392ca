// expect: TODO
use orm_core::prelude::*;

#[derive(Model, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
}

fn main() {}
