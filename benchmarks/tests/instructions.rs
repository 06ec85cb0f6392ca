//! Holds how many instructions the engine takes beyond what the same program by hand does.

use std::path::Path;

use orm_benchmarks::{
    BY_KEY_INSTRUCTIONS_HELD, INSERT_INSTRUCTIONS, LOAD_INSTRUCTIONS, RELATED_INSTRUCTIONS_HELD,
    instruction_ratio,
};

fn assert_ratio(cell: &str, limit: f64) {
    let program = Path::new(env!("CARGO_BIN_EXE_orm-benchmarks"));
    match instruction_ratio(program, cell, "engine").expect("the cell is counted") {
        Some(ratio) => {
            println!("{cell}: {ratio:.3} of the floor's");
            assert!(ratio <= limit, "{cell}: expected at most {limit} of the floor's, found {ratio:.3}")
        }
        None => println!("{cell} is not counted: valgrind is not installed"),
    }
}

#[test]
#[cfg_attr(debug_assertions, ignore = "instructions of a debug build say nothing: cargo test --release")]
fn one_row_by_key_takes_no_more_instructions_than_it_did() {
    assert_ratio("by_key", BY_KEY_INSTRUCTIONS_HELD);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "instructions of a debug build say nothing: cargo test --release")]
fn a_row_of_ten_thousand_takes_fewer_instructions_than_by_hand() {
    assert_ratio("load_10000", LOAD_INSTRUCTIONS);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "instructions of a debug build say nothing: cargo test --release")]
fn related_rows_take_fewer_instructions_than_by_hand() {
    assert_ratio("posts", RELATED_INSTRUCTIONS_HELD);
    assert_ratio("related", RELATED_INSTRUCTIONS_HELD);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "instructions of a debug build say nothing: cargo test --release")]
fn rows_that_are_inserted_take_little_more_than_by_hand() {
    assert_ratio("insert_100", INSERT_INSTRUCTIONS);
}
