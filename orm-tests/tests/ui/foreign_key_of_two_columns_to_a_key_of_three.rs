// expect: `foreign_key` must name as many columns as the primary key of the model it references has
// at: tenant_id
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Order {
    #[orm(primary_key)]
    pub tenant_id: i64,
    #[orm(primary_key)]
    pub year: i32,
    #[orm(primary_key)]
    pub number: i32,
}

#[derive(Model, Clone, Debug)]
#[orm(foreign_key(tenant_id, year = Order))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub tenant_id: i64,
    pub year: i32,
}

fn main() {}
