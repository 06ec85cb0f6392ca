// expect: a `{` is never closed: a brace of the SQL itself is written twice, `{{`
// at: "SELECT 1 {"
// expect: in braces is no Rust expression
// at: "SELECT {a b}"
use orm_core::prelude::*;

fn main() {
    let _ = sql!("SELECT 1 {");
    let _ = sql!("SELECT {a b}");
}
