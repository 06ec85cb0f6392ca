// expect: a foreign key of type `String` cannot reference a column of type `i32`
// expect: make this `i32` or `Option<i32>`
// at: number
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Order {
    #[orm(primary_key)]
    pub tenant_id: i64,
    #[orm(primary_key)]
    pub number: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(foreign_key(tenant_id, number = Order))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub tenant_id: i64,
    pub number: String,
}

fn main() {}
