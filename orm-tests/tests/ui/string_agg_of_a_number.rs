// expect: `i32` is not text
// at: User.age
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::string_agg(User.age, ", "));
    Ok(())
}

fn main() {}
