// expect: cannot subtract `Column<User, String>` from `{integer}`
// at: -
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(1 - User.name);
    Ok(())
}

fn main() {}
