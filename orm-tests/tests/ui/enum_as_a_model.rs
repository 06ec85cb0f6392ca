// expect: TODO
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub enum Mood {
    Happy,
}

fn main() {}
