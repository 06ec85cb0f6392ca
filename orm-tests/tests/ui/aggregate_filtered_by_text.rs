// expect: `&str` is not a condition
// at: "age > 1"
// expect: expected a condition such as `User.age.ge(18)`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::count(User.id).filter("age > 1"));
    Ok(())
}

fn main() {}
