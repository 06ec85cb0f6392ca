// expect: a foreign key of type `String` cannot reference a column of type `i64`
// expect: make this `i64` or `Option<i64>`
// at: number
// expect: a foreign key of type `i64` cannot reference a column of type `String`
// expect: make this `String` or `Option<String>`
// at: tenant_id
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Order {
    #[orm(primary_key)]
    pub tenant_id: i64,
    #[orm(primary_key)]
    pub number: String,
}

#[derive(Model, Clone, Debug)]
#[orm(foreign_key(number, tenant_id = Order))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub tenant_id: i64,
    pub number: String,
}

fn main() {}
