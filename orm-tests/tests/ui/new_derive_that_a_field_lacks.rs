// expect: binary operation `==` cannot be applied to type `Mood`
// at: pub mood: Mood
use orm_core::prelude::*;

#[derive(Enum, Clone, Debug)]
pub enum Mood {
    Happy,
}

#[derive(Model, Clone, Debug)]
#[orm(new(derive(PartialEq)))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub mood: Mood,
}

fn main() {}
