// expect: `#[derive(Model)]` needs a struct with named fields, and `Mood` is an enum: write `struct Mood { .. }`
// at: Mood
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub enum Mood {
    Happy,
}

fn main() {}
