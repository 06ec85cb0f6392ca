// expect: `#[derive(Model)]` needs a struct with named fields, and `Phase` is an enum: write `struct Phase { .. }`
// at: Phase
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub enum Phase {
    Happy,
}

fn main() {}
