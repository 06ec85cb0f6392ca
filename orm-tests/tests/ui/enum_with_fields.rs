// expect: TODO
use orm_core::prelude::*;

#[derive(Enum, Clone, Debug)]
pub enum Mood {
    Happy(i32),
    Sad { why: String },
}

fn main() {}
