// expect: `Instant` is not a PostgreSQL column type
// expect: not a column type
// at: std::time::Instant
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub at: std::time::Instant,
}

fn main() {}
