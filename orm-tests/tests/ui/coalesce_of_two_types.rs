// expect: is not an SQL expression, nor a tuple of them of one type
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::coalesce((User.name, User.age), "x"));
    Ok(())
}

fn main() {}
