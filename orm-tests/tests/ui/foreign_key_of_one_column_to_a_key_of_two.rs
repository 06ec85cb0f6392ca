// expect: TODO
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Order {
    #[orm(primary_key)]
    pub tenant_id: i64,
    #[orm(primary_key)]
    pub number: i32,
}

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Order.tenant_id)]
    pub tenant_id: i64,
}

fn main() {}
