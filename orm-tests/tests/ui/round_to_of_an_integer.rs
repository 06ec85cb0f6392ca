// expect: PostgreSQL rounds `i32` to no number of digits
// at: User.age
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::round_to(User.age, 2));
    Ok(())
}

fn main() {}
