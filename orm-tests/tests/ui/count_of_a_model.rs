// expect: UserTable` is not an SQL expression
// expect: expected a column such as `User.age`, or an expression
// at: User
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::count(User));
    Ok(())
}

fn main() {}
