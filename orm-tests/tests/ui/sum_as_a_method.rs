// expect: aggregates are functions of `func`: `func::sum(User.age)`, `func::max(User.age)`, `func::count(User.id)`
// expect: this is no method of a column or an expression
// at: sum
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.age.sum());
    Ok(())
}

fn main() {}
