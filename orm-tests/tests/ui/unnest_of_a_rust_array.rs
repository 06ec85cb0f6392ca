// expect: is not a PostgreSQL column type
// at: func::unnest([1
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let numbers = func::unnest([1, 2, 3]).derived("numbers");
    Ok(())
}

fn main() {}
