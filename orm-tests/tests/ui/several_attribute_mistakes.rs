// expect: a model has no attribute `tabel`
// expect: `Visit` has no primary key: write `#[orm(primary_key)]` on the field `id`
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(tabel = "visits")]
pub struct Visit {
    pub id: i64,
}

fn main() {}
