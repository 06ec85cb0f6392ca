// expect: the enum `Weather` cannot be a column type
// expect: write `#[derive(Enum, Clone, Debug)]`
// at: Enum, Clone)]
use orm_core::prelude::*;

#[derive(Enum, Clone)]
pub enum Weather {
    Happy,
}

fn main() {}
