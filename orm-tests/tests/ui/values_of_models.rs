// expect: is no row of `values`
// at: values(users
// expect: expected a value, a tuple of values, such as
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users: Vec<User> = engine.all(select(User)).await?;
    let table = values(users).derived("users");
    Ok(())
}

fn main() {}
