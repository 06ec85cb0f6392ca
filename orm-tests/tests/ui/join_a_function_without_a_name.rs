// expect: is not a table
// at: func::generate_series
// expect: a function that gives rows and `values(..)` with `.derived("name")`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).cross_join(func::generate_series(1, 3));
    Ok(())
}

fn main() {}
