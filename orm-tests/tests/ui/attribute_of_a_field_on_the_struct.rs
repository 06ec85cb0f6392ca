// expect: `primary_key` belongs on a field, not on a model
// at: primary_key
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(primary_key)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub path: String,
}

fn main() {}
