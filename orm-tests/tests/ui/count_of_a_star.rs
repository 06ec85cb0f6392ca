// expect: `&str` cannot be counted
// at: "*"
// expect: `count(*)`, the number of all rows, is `func::count_star()`
// at: "*"
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::count("*"));
    Ok(())
}

fn main() {}
