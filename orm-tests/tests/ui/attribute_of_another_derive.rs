// expect: cannot find attribute `model` in this scope
// at: model
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[model(column = "p")]
    pub path: String,
}

fn main() {}
