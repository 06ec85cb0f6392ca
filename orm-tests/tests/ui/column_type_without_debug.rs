// expect: `UserId` cannot be a column type
// expect: write `#[derive(ColumnType, Clone, Debug)]`
// at: ColumnType, Clone)]
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
