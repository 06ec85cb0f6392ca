// expect: `$1` in the text: the value stands in its place, in braces, and gets its number by itself
// at: "SELECT * FROM users WHERE id = $1"
use orm_core::prelude::*;

fn main() {
    let _ = sql!("SELECT * FROM users WHERE id = $1", 1);
}
