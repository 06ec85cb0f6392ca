// expect: a view is read only
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(view = "SELECT 1 AS one")]
struct OneRow {
    one: i32,
}

#[allow(unused)]
fn program(row: OneRow) {
    let tracked = Tracked::new(row);
}

fn main() {}
