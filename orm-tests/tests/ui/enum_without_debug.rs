// expect: TODO
use orm_core::prelude::*;

#[derive(Enum, Clone)]
pub enum Mood {
    Happy,
}

fn main() {}
