// expect: `Season` is not a PostgreSQL column type
// expect: not a column type
// at: Season
use orm_core::prelude::*;

#[derive(Clone, Debug)]
pub enum Season {
    Happy,
}

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub mood: Season,
}

fn main() {}
