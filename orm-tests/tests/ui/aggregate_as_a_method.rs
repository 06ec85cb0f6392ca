// expect: aggregates are functions, and no methods of a column
// at: max
// expect: write `func::max(..)`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.age.max());
    Ok(())
}

fn main() {}
