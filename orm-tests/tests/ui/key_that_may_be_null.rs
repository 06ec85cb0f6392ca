// expect: a primary key is never NULL: write `i64`
// at: Option<i64>
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key)]
    pub id: Option<i64>,
}

fn main() {}
