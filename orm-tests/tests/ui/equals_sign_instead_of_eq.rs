// expect: binary operation `==` cannot be applied to type `Column<User, String>`
// at: ==
// expect: ComparedByEqAndNotByTheOperator<&str>
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.name == "Alice");
    Ok(())
}

fn main() {}
