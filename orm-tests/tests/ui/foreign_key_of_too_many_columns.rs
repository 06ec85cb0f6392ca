// expect: the primary key `(i64, i32)` is of fewer columns than this `foreign_key` names
// expect: name as many columns as the primary key of the referenced model has
// at: line
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Order {
    #[orm(primary_key)]
    pub tenant_id: i64,
    #[orm(primary_key)]
    pub number: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(foreign_key(tenant_id, number, line = Order))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub tenant_id: i64,
    pub number: i32,
    pub line: i32,
}

fn main() {}
