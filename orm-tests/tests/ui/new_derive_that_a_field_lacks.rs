// expect: binary operation `==` cannot be applied to type `Grade`
// at: pub mood: Grade
use orm_core::prelude::*;

#[derive(Enum, Clone, Debug)]
pub enum Grade {
    Happy,
}

#[derive(Model, Clone, Debug)]
#[orm(new(derive(PartialEq)))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub mood: Grade,
}

fn main() {}
