// expect: a foreign key of type `i32` cannot reference a column of type `i64`
// expect: make this `i64` or `Option<i64>`
// at: number
// expect: a foreign key of type `i64` cannot reference a column of type `i32`
// expect: make this `i32` or `Option<i32>`
// at: tenant_id
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Order {
    #[orm(primary_key)]
    pub tenant_id: i64,
    #[orm(primary_key)]
    pub number: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(foreign_key(number, tenant_id = Order))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub tenant_id: i64,
    pub number: i32,
}

fn main() {}
