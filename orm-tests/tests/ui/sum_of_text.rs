// expect: PostgreSQL has no `sum` of `String` here
// at: User.name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::sum(User.name));
    Ok(())
}

fn main() {}
