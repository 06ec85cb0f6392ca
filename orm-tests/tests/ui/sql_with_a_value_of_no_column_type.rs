// expect: `Instant` cannot stand in the braces of `sql!`
// at: now
// expect: expected a table, a column, an expression, a condition, a select, or a value of a column type
use orm_core::prelude::*;

fn main() {
    let now = std::time::Instant::now();
    let _ = sql!("SELECT {}", now);
}
