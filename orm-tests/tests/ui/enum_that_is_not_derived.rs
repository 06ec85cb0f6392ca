// expect: TODO
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
