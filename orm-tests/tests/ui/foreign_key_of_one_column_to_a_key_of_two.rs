// expect: a foreign key must reference a column no two rows share: the primary key of a model whose key is one column, or a `unique` column; for a key of several columns write `foreign_key(first, second = Model)` on the struct
// at: i64
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
