// expect: several statements in one text: send them one by one, or without values as a script, `engine.run_script(..)`
// at: "DELETE FROM a; DELETE FROM b"
use orm_core::prelude::*;

fn main() {
    let _ = sql!("DELETE FROM a; DELETE FROM b");
}
