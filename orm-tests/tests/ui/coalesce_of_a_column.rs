// expect: a value for NULL is given by `func::coalesce`
// at: coalesce
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.age.coalesce(0));
    Ok(())
}

fn main() {}
