// expect: the text has at least 2 empty braces, and only 1 values follow it
// at: "SELECT {} + {}"
// expect: the text has 1 empty braces, one for each value behind it: this one has none
// at: 2
use orm_core::prelude::*;

fn main() {
    let _ = sql!("SELECT {} + {}", 1);
    let _ = sql!("SELECT {}", 1, 2);
}
