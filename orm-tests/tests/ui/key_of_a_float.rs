// expect: TODO
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key)]
    pub id: f64,
}

fn main() {}
