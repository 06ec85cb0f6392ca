// expect: `&str` cannot be calculated with an SQL `i32` here
// expect: PostgreSQL has no such operator of `i32`
// at: +
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.age + "1");
    Ok(())
}

fn main() {}
