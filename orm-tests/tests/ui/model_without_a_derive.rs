// expect: cannot find attribute `orm` in this scope
// at: orm
use orm_core::prelude::*;

pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
}

fn main() {}
