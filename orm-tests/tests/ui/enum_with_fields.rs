// expect: a PostgreSQL enum's values are labels without fields: write `Happy` alone
// at: (i32)
// expect: a PostgreSQL enum's values are labels without fields: write `Sad` alone
// at: { why: String }
use orm_core::prelude::*;

#[derive(Enum, Clone, Debug)]
pub enum Signal {
    Happy(i32),
    Sad { why: String },
}

fn main() {}
