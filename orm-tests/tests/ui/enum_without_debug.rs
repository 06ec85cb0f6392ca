// expect: the enum `Mood` cannot be a column type
// expect: write `#[derive(Enum, Clone, Debug)]`
// at: Enum, Clone)]
use orm_core::prelude::*;

#[derive(Enum, Clone)]
pub enum Mood {
    Happy,
}

fn main() {}
