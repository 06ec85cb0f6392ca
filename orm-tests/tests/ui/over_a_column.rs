// expect: expected `Over`, found `Column<User, Option<i32>>`
// at: User.age
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::rank().over(User.age));
    Ok(())
}

fn main() {}
