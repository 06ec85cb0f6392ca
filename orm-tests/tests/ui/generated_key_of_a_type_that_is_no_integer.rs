// expect: a `generated` column is an integer: make this `i64`, or give it a `default` instead
// at: Code
use orm_core::prelude::*;

#[derive(ColumnType, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Code(String);

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub code: Code,
}

fn main() {}
