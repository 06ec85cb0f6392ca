// expect: a foreign key of one column stands on its field: write `references = Order.id` on `tenant_id`
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
#[orm(foreign_key(tenant_id = Order))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub tenant_id: i64,
    pub number: i32,
}

fn main() {}
