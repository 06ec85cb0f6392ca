// expect: braces inside a text of SQL ('..') would be part of it: take the whole text as a value, `{}`, or join it with `||`
// at: "SELECT 'Hello {name}'"
use orm_core::prelude::*;

fn main() {
    let name = "Ann";
    let _ = sql!("SELECT 'Hello {name}'");
}
