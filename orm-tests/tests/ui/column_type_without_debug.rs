// expect: `UserId` cannot be a column type
use orm_core::prelude::*;

#[derive(ColumnType, Clone)]
pub struct UserId(i64);

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub user: UserId,
}

fn main() {}
