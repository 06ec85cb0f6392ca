// expect: the primary key `i64` is of fewer columns than this `foreign_key` names
// expect: name as many columns as the primary key of the referenced model has
// at: tenant_id
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
#[orm(foreign_key(tenant_id, number = User))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub tenant_id: i64,
    pub number: i64,
}

fn main() {}
