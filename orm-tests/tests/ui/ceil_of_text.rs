// expect: PostgreSQL has no `round` that takes and gives `String`
// at: User.name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::ceil(User.name));
    Ok(())
}

fn main() {}
