// expect: `Column<User, String>` is not a condition
// expect: expected a condition such as `User.age.ge(18)`, or a bool column
// at: User.name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.name);
    Ok(())
}

fn main() {}
