// expect: write `let days = func::generate_series(first, last).derived("days")`, and `days.columns()` for its column
// at: table
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    func::generate_series(1, 9).table("days");
    Ok(())
}

fn main() {}
