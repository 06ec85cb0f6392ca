// expect: no function or associated item named `name` found for struct `User` in the current scope
// at: name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User::name);
    Ok(())
}

fn main() {}
