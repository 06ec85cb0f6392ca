// expect: `String` is not a number: PostgreSQL has no `ceil`, `sqrt`, `power` and the like of it
// at: User.name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::ceil(User.name));
    Ok(())
}

fn main() {}
