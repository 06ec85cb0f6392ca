// expect: `#[derive(ColumnType)]` needs a struct of one field, and `Point` has 2: write `struct Point(i64);`, or keep it in a `Json` column
// at: Point
use orm_core::prelude::*;

#[derive(ColumnType, Clone, Debug)]
pub struct Point(f64, f64);

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub text: String,
}

fn main() {}
