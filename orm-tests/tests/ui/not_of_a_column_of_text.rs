// expect: cannot apply unary operator `!` to type `Column<User, String>`
// at: !User.name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(!User.name);
    Ok(())
}

fn main() {}
