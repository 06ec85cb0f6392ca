// expect: `Instant` is not a PostgreSQL column type
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
