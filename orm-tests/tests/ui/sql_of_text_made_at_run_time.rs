// expect: expected the text of the statement as a literal, such as sql!("SELECT ..")
// at: text
use orm_core::prelude::*;

fn main() {
    let text = String::from("SELECT 1");
    let _ = sql!(text);
}
