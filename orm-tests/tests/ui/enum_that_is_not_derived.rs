// expect: `Mood` is not a PostgreSQL column type
// expect: not a column type
// at: Mood
use orm_core::prelude::*;

#[derive(Clone, Debug)]
pub enum Mood {
    Happy,
}

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub mood: Mood,
}

fn main() {}
