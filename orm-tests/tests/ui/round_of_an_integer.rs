// expect: PostgreSQL has no `round` that takes and gives `i32`
// expect: expected f64 or `Decimal`
// at: User.age
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::round(User.age, 2));
    Ok(())
}

fn main() {}
