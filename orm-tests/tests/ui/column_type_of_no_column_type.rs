// expect: `Instant` is not a PostgreSQL column type
// expect: expected a column type that is no `Option`
// at: std::time::Instant
use orm_core::prelude::*;

#[derive(ColumnType, Clone, Debug)]
pub struct At(std::time::Instant);

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub at: At,
}

fn main() {}
