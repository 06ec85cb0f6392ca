// expect: a view has no primary key: remove this, or `view`
// at: primary_key
// expect: a view has no generated columns: remove this, or `view`
// at: generated
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(view)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub path: String,
}

fn main() {}
