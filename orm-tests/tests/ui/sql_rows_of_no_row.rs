// expect: rows of `sql!` cannot be read as `Line`
// at: Line
// expect: expected a column type, a tuple of up to 16 column types, a model, or a struct with `#[derive(Row)]`
use orm_core::prelude::*;

struct Line;

fn main() {
    let _ = sql!("SELECT 1").rows::<Line>();
}
